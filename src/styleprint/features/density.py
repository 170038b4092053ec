"""Density: how attacks crowd and thin out over the piece.

The time from the first onset to the last is cut into 30 windows of equal length, or as many as let each have eight
attacks on average, but no fewer than five; under 40 attacks there are none. Density is notes or frames a window over
the mean of all windows, so that tempo and length do not show. Where a window ends rests on rounding and repeats: none
of it is safe.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import run_lengths
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own"
_KEEPS = ("transposition", "tempo", "velocity", "legato", "staccato", "part_order")
_KEEPS_MERGED = (*_KEEPS, "merged_parts")
_MOST, _FEWEST, _ATTACKS = 30, 5, 8
_PEAK = 1.5
_SHORT = "a piece of fewer than 40 attacks"


def _windows(onset: FloatArray) -> FloatArray:
    """Attacks of each window over the mean of all; empty where there are too few."""
    n_windows = min(_MOST, len(onset) // _ATTACKS)
    if n_windows < _FEWEST or not onset[-1] > onset[0]:
        return np.empty(0)
    place = (onset - onset[0]) / (onset[-1] - onset[0]) * n_windows
    counts = np.bincount(np.minimum(place.astype(np.int64), n_windows - 1), minlength=n_windows)
    return counts * n_windows / len(onset)


def _of_notes(context: ScoreContext) -> FloatArray:
    return _windows(context.notes.onset_quarters)


def _of_frames(context: ScoreContext) -> FloatArray:
    return _windows(context.frames.onset_quarters)


def _summary(density: FloatArray) -> FloatArray:
    if not len(density):
        return np.full(5, np.nan)
    half = len(density) // 2
    peaks = np.count_nonzero(density > _PEAK) / len(density)
    late = density[-half:].sum() / (density[:half].sum() + density[-half:].sum())
    return np.array([density.var(), density.min(), density.max(), peaks, late])


_COLUMNS = ("variance", "least", "greatest", "peaks", "second_half")


@FEATURES.add(
    unit="over the mean",
    range=(0, _MOST**2),
    source=_OURS,
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=_COLUMNS,
    missing=_SHORT,
)
def note_density(context: ScoreContext) -> FloatArray:
    """Variance, least and greatest density of notes, share of windows over 1.5 × the mean, of the second half."""
    return _summary(context.shared(_of_notes))


@FEATURES.add(
    unit="over the mean",
    range=(0, _MOST**2),
    source=_OURS,
    unchanged_by=_KEEPS_MERGED,
    encoding_safe=False,
    columns=_COLUMNS,
    missing=_SHORT,
)
def frame_density(context: ScoreContext) -> FloatArray:
    """The same of frames: how the rhythm of all parts together crowds."""
    return _summary(context.shared(_of_frames))


@FEATURES.add(
    unit="windows", range=(1, _MOST), source=_OURS, unchanged_by=_KEEPS_MERGED, encoding_safe=False, missing=_SHORT
)
def density_wave(context: ScoreContext) -> float:
    """Mean length of the stretches of windows above, or not above, the mean density of frames."""
    density = context.shared(_of_frames)
    return float(run_lengths(density > 1).mean()) if len(density) else float("nan")
