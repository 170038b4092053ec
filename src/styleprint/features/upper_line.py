"""Upper line: the melody where an accompaniment is broken below it.

The skyline falls into the accompaniment whenever that is attacked alone. The *upper line* leaves such
frames out: it keeps a frame's highest pitch where none of the three frames before and after it reaches
more than a fifth higher, and holds a pitch through the frames between.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.melody import INTERVAL_COLUMNS, interval_histogram
from styleprint.features.numbers import (
    bits,
    chance_of_equal,
    deviation,
    differences,
    figures,
    kinds,
    mean,
    share,
    shares,
)
from styleprint.features.rhythm import RATIOS, ratio_classes
from styleprint.music.score import FloatArray, IntArray

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own"
_REACH = 3
_BELOW = 7


def _frames_of_line(context: ScoreContext) -> IntArray:
    """Frames that the upper line attacks."""
    sky = context.skyline
    padded = np.concatenate([np.zeros(_REACH, sky.dtype), sky, np.zeros(_REACH, sky.dtype)])
    highest = sky
    for i in range(2 * _REACH + 1):
        highest = np.maximum(highest, padded[i : i + len(sky)])
    return (sky >= highest - _BELOW).nonzero()[0].astype(np.int32)


def _intervals(context: ScoreContext) -> IntArray:
    intervals: IntArray = differences(context.skyline[context.shared(_frames_of_line)])
    return intervals


def _times(context: ScoreContext) -> FloatArray:
    return differences(context.frames.onset_quarters[context.shared(_frames_of_line)])


def _time_ratios(context: ScoreContext) -> IntArray:
    times = context.shared(_times)
    return ratio_classes(times[1:] / times[:-1]).astype(np.int32)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def upper_line_frames(context: ScoreContext) -> float:
    """Share of frames that the upper line attacks: how much of the piece is accompaniment alone."""
    n = len(context.frames)
    return len(context.shared(_frames_of_line)) / n if n else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=INTERVAL_COLUMNS)
def upper_line_interval(context: ScoreContext) -> FloatArray:
    """Share of each interval of the upper line, by direction and semitones."""
    return interval_histogram(context.shared(_intervals))


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS)
def mean_upper_line_interval(context: ScoreContext) -> float:
    """Mean absolute interval of the upper line."""
    return mean(np.abs(context.shared(_intervals)))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def upper_line_turns(context: ScoreContext) -> float:
    """Share of moving intervals of the upper line that go against the one before."""
    intervals = context.shared(_intervals)
    sign = np.sign(intervals[intervals != 0])
    return share(sign[1:] != sign[:-1])


@FEATURES.add(unit="bits", range=(0, 8), source=_OURS)
def upper_line_entropy(context: ScoreContext) -> float:
    """Entropy of the upper line's intervals, with direction."""
    return bits(kinds(context.shared(_intervals)))


@FEATURES.add(unit="semitones", range=(0, 64), source=_OURS)
def upper_line_deviation(context: ScoreContext) -> float:
    """Standard deviation of the upper line's pitches."""
    return deviation(context.skyline[context.shared(_frames_of_line)])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=RATIOS)
def upper_line_time_ratio(context: ScoreContext) -> FloatArray:
    """Share of the ratios of each time between attacks of the upper line to the one before."""
    return shares(context.shared(_time_ratios), len(RATIOS))


@FEATURES.add(
    unit="nPVI", range=(0, 200), source="Grabe & Low 2002, normalised pairwise variability, over the upper line"
)
def upper_line_variability(context: ScoreContext) -> float:
    """Mean contrast of successive times between attacks of the upper line: 200 |a − b| / (a + b)."""
    times = context.shared(_times)
    return mean(200 * np.abs(differences(times)) / (times[1:] + times[:-1]))


@FEATURES.add(unit="chance", range=(0, 1), source=_OURS)
def upper_line_figure_recurrence(context: ScoreContext) -> float:
    """Chance that two figures of four intervals of the upper line, drawn at random, are the same."""
    return chance_of_equal(figures(context.shared(_intervals), 4))
