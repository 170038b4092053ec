"""Rhythm from onset to onset: durations, rests and articulation are the encoder's as often as the composer's.

Times are measured against the pulse of the piece (its commonest time between frames) or against the time
before. Classes of ratios have their borders halfway, in logarithm, between simple ratios, so that rounded
onsets fall into the same class.
"""

from math import sqrt

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.loops import pairs_at_distance
from styleprint.features.numbers import (
    bits,
    chance_of_equal,
    consists_of,
    deviation,
    differences,
    figures,
    mean,
    ratio,
    run_lengths,
    share,
    shares,
)
from styleprint.music.score import FloatArray

__all__ = ["FEATURES", "RATIOS", "ratio_classes", "successive_ratios"]

FEATURES = Family()

_OURS = "our own"
_SIMPLE = (1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 3.0, 4.0, 6.0)
RATIOS = ("1_6", "1_4", "1_3", "1_2", "2_3", "3_4", "1", "4_3", "3_2", "2", "3", "4", "6")
"""Classes of ratios between times; the first and the last hold all beyond."""

_BORDERS = np.sqrt(np.array(_SIMPLE[1:]) * np.array(_SIMPLE[:-1]))
_EQUAL = RATIOS.index("1")
_TRIPLE = tuple(RATIOS.index(name) for name in ("1_3", "2_3", "3_2", "3"))
_LAGS = (2, 3, 4, 6, 8, 12)
_NEAR_PULSE = 0.1

ClassArray = npt.NDArray[np.int64]


def ratio_classes(ratios: FloatArray) -> ClassArray:
    """Index into `RATIOS` of the nearest simple ratio."""
    return np.searchsorted(_BORDERS, ratios)


def _over_pulse(context: ScoreContext) -> FloatArray:
    over: FloatArray = context.inter_onset_quarters / context.pulse_quarters
    return over


def _pulse_classes(context: ScoreContext) -> ClassArray:
    return ratio_classes(context.shared(_over_pulse))


def successive_ratios(context: ScoreContext) -> ClassArray:
    """Class of the ratio of each time between frames to the one before."""
    times = context.inter_onset_quarters
    return ratio_classes(times[1:] / times[:-1])


def _all_pairs(context: ScoreContext) -> list[tuple[int, ClassArray, ClassArray]]:
    """For each lag how many frames have so much music after them, those that another follows then, and that other."""
    onset, pulse = context.frames.onset_quarters, context.pulse_quarters
    if len(onset) < 2:
        return [(0, np.empty(0, np.int64), np.empty(0, np.int64))] * len(_LAGS)
    return [pairs_at_distance(onset, lag * pulse, _NEAR_PULSE * pulse) for lag in _LAGS]


def _correlation(a: ClassArray, b: ClassArray) -> float:
    """Pearson's correlation, step by step as :func:`numpy.corrcoef` takes it, without its checks."""
    both = np.array([a, b], dtype=np.float64)
    both -= np.add.reduce(both, axis=1, keepdims=True) / len(a)
    (a_variance, together), (_, b_variance) = (np.dot(both, both.T) * (1 / (len(a) - 1))).tolist()
    return float(max(-1.0, min(1.0, together / sqrt(a_variance) / sqrt(b_variance))))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=RATIOS)
def inter_onset(context: ScoreContext) -> FloatArray:
    """Share of the times between frames by their ratio to the pulse."""
    return shares(context.shared(_pulse_classes), len(RATIOS))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=RATIOS)
def inter_onset_ratio(context: ScoreContext) -> FloatArray:
    """Share of the ratios of each time between frames to the one before."""
    return shares(context.shared(successive_ratios), len(RATIOS))


@FEATURES.add(unit="nPVI", range=(0, 200), source="Grabe & Low 2002, normalised pairwise variability, over frames")
def rhythmic_variability(context: ScoreContext) -> float:
    """Mean contrast of successive times between frames: 200 |a − b| / (a + b)."""
    times = context.inter_onset_quarters
    return mean(200 * np.abs(differences(times)) / (times[1:] + times[:-1]))


@FEATURES.add(unit="bits", range=(0, 3.71), source=_OURS)
def inter_onset_entropy(context: ScoreContext) -> float:
    """Entropy of the times between frames by their ratio to the pulse."""
    return bits(np.bincount(context.shared(_pulse_classes)))


@FEATURES.add(unit="octaves", range=(0, np.inf), source=_OURS)
def inter_onset_deviation(context: ScoreContext) -> float:
    """Standard deviation of the times between frames, as octaves (doublings)."""
    return deviation(np.log2(context.shared(_over_pulse)))


@FEATURES.add(unit="pulses", range=(0, np.inf), source=_OURS)
def mean_inter_onset(context: ScoreContext) -> float:
    """Mean time between frames, in pulses."""
    return mean(context.shared(_over_pulse))


@FEATURES.add(unit="times", range=(1, np.inf), source=_OURS)
def even_run(context: ScoreContext) -> float:
    """Mean length of the stretches of equal times between frames."""
    changes = context.shared(successive_ratios) != _EQUAL
    if not len(context.inter_onset_quarters):
        return float("nan")
    return len(context.inter_onset_quarters) / (1 + np.count_nonzero(changes))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def longest_even_run(context: ScoreContext) -> float:
    """Longest stretch of equal times between frames, as a share of all."""
    runs = run_lengths(np.cumsum(context.shared(successive_ratios) != _EQUAL))
    return ratio(int(runs.max()), int(runs.sum())) if len(runs) else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def dotted_pairs(context: ScoreContext) -> float:
    """Share of successive times in the ratio three to one, either way."""
    return share(consists_of(context.shared(successive_ratios), (RATIOS.index("1_3"), RATIOS.index("3"))))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def triple_times(context: ScoreContext) -> float:
    """Share of times between frames that are a third, two thirds, three halves or three times the pulse."""
    return share(consists_of(context.shared(_pulse_classes), _TRIPLE))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def short_before_long(context: ScoreContext) -> float:
    """Share of lengthening among the changes of time between frames."""
    classes = context.shared(successive_ratios)
    return share(classes[classes != _EQUAL] > _EQUAL)


@FEATURES.add(unit="chance", range=(0, 1), source=_OURS)
def rhythmic_figure_recurrence(context: ScoreContext) -> float:
    """Chance that two figures of four successive ratios, drawn at random, are the same."""
    return chance_of_equal(figures(context.shared(successive_ratios), 4))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=tuple(f"{lag}" for lag in _LAGS))
def onset_after_pulses(context: ScoreContext) -> FloatArray:
    """Share of frames that another follows after 2, 3, 4 … pulses: the grain of the metre, which is not given."""
    return np.array([ratio(len(first), inside) for inside, first, _ in context.shared(_all_pairs)])


@FEATURES.add(unit="correlation", range=(-1, 1), source=_OURS, columns=tuple(f"{lag}" for lag in _LAGS))
def accent_after_pulses(context: ScoreContext) -> FloatArray:
    """Correlation of the sizes of frames 2, 3, 4 … pulses apart: where thick chords return, beats are."""
    size = context.frames.size
    result = np.full(len(_LAGS), np.nan)
    for i, (_, first, second) in enumerate(context.shared(_all_pairs)):
        a, b = size[first], size[second]
        if len(a) > 1 and (a != a[0]).any() and (b != b[0]).any():
            result[i] = _correlation(a, b)
    return result


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing="a piece without frames of three pitches")
def long_notes_in_thick_frames(context: ScoreContext) -> float:
    """Share of frames with a time longer than the pulse after them among those of three pitches or more."""
    thick = context.frames.size[:-1] >= 3
    return share(context.shared(_pulse_classes)[thick] > _EQUAL)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing="a piece without times shorter than its pulse")
def fast_steps(context: ScoreContext) -> float:
    """Share of seconds among skyline intervals faster than the pulse: runs and ornaments."""
    fast = context.shared(_pulse_classes) < _EQUAL
    size = np.abs(differences(context.skyline))[fast]
    return share((size == 1) | (size == 2))


@FEATURES.add(unit="deviation of logarithm", range=(0, np.inf), source=_OURS)
def activity_variation(context: ScoreContext) -> float:
    """Standard deviation, over stretches of 32 frames, of the logarithm of their length; NaN under 65 frames."""
    edges = context.frames.onset_quarters[::32]
    return deviation(np.log2(differences(edges))) if len(edges) > 2 else float("nan")


@FEATURES.add(unit="quarters", range=(0, np.inf), source=_OURS, encoding_safe=False)
def pulse(context: ScoreContext) -> float:
    """Commonest time between frames. Not safe: quarters mean nothing in a file that was played in."""
    return context.pulse_quarters


@FEATURES.add(unit="frames a quarter", range=(0, np.inf), source=_OURS, encoding_safe=False)
def frames_a_quarter(context: ScoreContext) -> float:
    """Frames a quarter, from the first to the last. Not safe: see `pulse`."""
    return ratio(len(context.inter_onset_quarters), float(context.inter_onset_quarters.sum()))
