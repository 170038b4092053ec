"""Harmonic rhythm: how long chords last and how evenly they change, from onsets and pitches alone."""

import numpy as np

from styleprint.features.chords import chord_lengths
from styleprint.features.context import TICKS_A_QUARTER, ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, mean, median, ratio, run_lengths, share, shares
from styleprint.features.rhythm import RATIOS, ratio_classes
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own, over the chords of Raphael and Stoddard 2004"
_EQUAL = RATIOS.index("1")
_ON_QUARTERS = 1.01 / TICKS_A_QUARTER


def _ratios(context: ScoreContext) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Class of the ratio of each chord's length to that of the one before."""
    lengths = context.shared(chord_lengths)
    return ratio_classes(lengths[1:] / lengths[:-1])


@FEATURES.add(
    unit="quarters", range=(0, np.inf), source=_OURS, encoding_safe=False, columns=("mean", "median", "variance")
)
def chord_length(context: ScoreContext) -> FloatArray:
    """Mean, median and variance of the lengths of chords. Not safe: see `pulse`."""
    lengths = context.shared(chord_lengths)
    if not len(lengths):
        return np.full(3, np.nan)
    return np.array([mean(lengths), median(lengths), lengths.var()])


@FEATURES.add(unit="pulses", range=(0, np.inf), source=_OURS)
def chord_length_in_pulses(context: ScoreContext) -> float:
    """Mean length of chords, in pulses (the commonest time between frames)."""
    return mean(context.shared(chord_lengths)) / context.pulse_quarters


@FEATURES.add(unit="ratio", range=(0, np.inf), source=_OURS)
def chord_length_variation(context: ScoreContext) -> float:
    """Standard deviation of the lengths of chords, over their mean."""
    lengths = context.shared(chord_lengths)
    return ratio(float(lengths.std()), float(lengths.mean())) if len(lengths) else float("nan")


@FEATURES.add(unit="chords", range=(1, np.inf), source=_OURS)
def even_chord_run(context: ScoreContext) -> float:
    """Mean length of the stretches of chords of one length."""
    if not len(context.chords):
        return float("nan")
    return len(context.chords) / (1 + np.count_nonzero(context.shared(_ratios) != _EQUAL))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=RATIOS)
def chord_length_ratio(context: ScoreContext) -> FloatArray:
    """Share of the ratios of each chord's length to that of the one before; `1` is how regularly chords change."""
    return shares(context.shared(_ratios), len(RATIOS))


@FEATURES.add(unit="bits", range=(0, 3.71), source=_OURS)
def chord_length_entropy(context: ScoreContext) -> float:
    """Entropy of these ratios."""
    return bits(np.bincount(context.shared(_ratios)))


@FEATURES.add(unit="frames", range=(1, np.inf), source=_OURS)
def longest_chord(context: ScoreContext) -> float:
    """Frames of the chord that lasts through most."""
    harmony = context.harmony
    if not len(harmony.root):
        return float("nan")
    return float(run_lengths(harmony.root * 16 + harmony.quality).max())


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False, missing="a file without time signatures")
def chords_on_downbeat(context: ScoreContext) -> float:
    """Share of chords that begin with a measure. Not safe: many files have no metre of their own."""
    starts, measures = context.chords.start_quarters, context.score.measures.start_quarters
    if not len(measures) or not len(starts):
        return float("nan")
    near = np.minimum(np.searchsorted(measures, starts - _ON_QUARTERS), len(measures) - 1)
    return share(np.abs(measures[near] - starts) <= _ON_QUARTERS)
