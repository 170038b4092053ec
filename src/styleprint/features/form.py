"""Form: what returns, at once and later, whatever the key it returns in.

Figures are runs of skyline or bass intervals. What returns at once does not depend on whether an encoder
wrote repeats out; what returns later does, and is marked so.
"""

import numpy as np

from styleprint.features.bass import bass_intervals
from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.loops import count_repeats
from styleprint.features.melody import skyline_intervals
from styleprint.features.numbers import contained, figures, kinds, mean, ratio, share
from styleprint.music.score import FloatArray, IntArray

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own"
_PERIODS = (2, 3, 4, 6, 8, 12, 16)
_PERIOD_COLUMNS = tuple(f"{period}" for period in _PERIODS)


def _immediate(intervals: IntArray) -> tuple[FloatArray, FloatArray]:
    """For each period the share of places that are repeated on the spot, and moved."""
    counts = count_repeats(intervals, np.array(_PERIODS)).astype(np.float64)
    places = np.maximum(len(intervals) - 2 * np.array(_PERIODS) + 1.0, 0.0)
    still, moved = counts / np.where(places > 0, places, np.nan)
    return still, moved


def _of_skyline(context: ScoreContext) -> tuple[FloatArray, FloatArray]:
    return _immediate(context.shared(skyline_intervals))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_PERIOD_COLUMNS)
def exact_repetition(context: ScoreContext) -> FloatArray:
    """Share of places where the next 2, 3, 4 … notes of the skyline are played again at once, on the same pitches."""
    return context.shared(_of_skyline)[0]


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_PERIOD_COLUMNS)
def sequences(context: ScoreContext) -> FloatArray:
    """Share of places where the next 2, 3, 4 … intervals of the skyline follow again at once, on other pitches."""
    return context.shared(_of_skyline)[1]


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_PERIOD_COLUMNS)
def bass_repetition(context: ScoreContext) -> FloatArray:
    """Share of places where the next 2, 3, 4 … notes of the bass are played again at once, on the same pitches."""
    return _immediate(context.shared(bass_intervals))[0]


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_PERIOD_COLUMNS)
def frames_again(context: ScoreContext) -> FloatArray:
    """Share of frames that attack the same pitch classes as the frame 2, 3, 4 … frames before."""
    masks = context.pitch_class_masks
    return np.array([share(masks[period:] == masks[:-period]) for period in _PERIODS])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def imitation(context: ScoreContext) -> float:
    """Share of the bass's figures of five intervals, repetitions left out, that the skyline has anywhere."""
    high, low = context.shared(skyline_intervals), context.shared(bass_intervals)
    single = context.frames.size[1:] == 1
    low = low[~single]
    return share(contained(figures(low[low != 0], 5), figures(high[high != 0], 5)))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False)
def figures_return(context: ScoreContext) -> float:
    """Share of the second half's figures of six skyline intervals that the first half has.

    Not safe: it rests on whether repeats were written out.
    """
    found = figures(context.shared(skyline_intervals), 6)
    half = len(found) // 2
    return share(contained(found[half:], found[:half])) if half else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False)
def long_figures_return(context: ScoreContext) -> float:
    """Share of figures of sixteen skyline intervals that stand elsewhere too.

    Not safe: it rests on whether repeats were written out.
    """
    found = figures(context.shared(skyline_intervals), 16)
    counts = kinds(found)
    return ratio(int(counts[counts > 1].sum()), len(found))


@FEATURES.add(unit="correlation", range=(0, 1), source=_OURS)
def harmony_of_neighbours(context: ScoreContext) -> float:
    """Mean cosine of the pitch classes of successive stretches of sixteen frames; NaN under 32 frames."""
    n = len(context.frames) // 16
    if n < 2:
        return float("nan")
    counts = context.pitch_class_presence[: n * 16].reshape(n, 16, 12).sum(axis=1)
    unit = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    return min(1.0, mean((unit[1:] * unit[:-1]).sum(axis=1)))
