"""Metre, where the file gives measures. Many files hold 4/4 because a program put it there: none of it is safe.

A frame is *on* a place of the measure when it begins within a tick of it.
"""

import numpy as np

from styleprint.features.context import TICKS_A_QUARTER, ScoreContext
from styleprint.features.feature import Family
from styleprint.features.melody import skyline_intervals
from styleprint.features.numbers import borders, chance_of_equal, deviation, distinct, mean, ratio, run_lengths, share
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family(
    unchanged_by_repeats=(
        "frames_on_downbeat",
        "frames_on_quarters",
        "frames_on_eighths",
        "frames_a_measure",
        "downbeat_accent",
    )
)

_OURS = "our own"
_ON_QUARTERS = 1.01 / TICKS_A_QUARTER


def _in_measure(context: ScoreContext) -> FloatArray:
    """Quarters from the start of the measure to each frame that lies in one; empty without measures."""
    measure = context.measure_of_frame
    inside = measure >= 0
    starts = context.score.measures.start_quarters
    if not len(starts):
        return np.empty(0)
    position: FloatArray = np.maximum(0.0, context.frames.onset_quarters[inside] - starts[measure[inside]])
    return position


def _on(position: FloatArray, grid: float) -> FloatArray:
    """Distance to the nearest multiple of `grid`."""
    distance: FloatArray = np.abs(position - grid * np.rint(position / grid))
    return distance


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False, missing="a file without measures")
def frames_on_downbeat(context: ScoreContext) -> float:
    """Share of frames that begin a measure."""
    return share(context.shared(_in_measure) <= _ON_QUARTERS)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False, missing="a file without measures")
def frames_on_quarters(context: ScoreContext) -> float:
    """Share of frames on a whole number of quarters from the start of their measure."""
    return share(_on(context.shared(_in_measure), 1.0) <= _ON_QUARTERS)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False, missing="a file without measures")
def frames_on_eighths(context: ScoreContext) -> float:
    """Share of frames on a whole number of eighths from the start of their measure."""
    return share(_on(context.shared(_in_measure), 0.5) <= _ON_QUARTERS)


@FEATURES.add(unit="frames", range=(0, np.inf), source=_OURS, encoding_safe=False, missing="a file without measures")
def frames_a_measure(context: ScoreContext) -> float:
    """Mean number of frames in a measure that has any."""
    measure = context.measure_of_frame
    inside = measure[measure >= 0]
    return ratio(len(inside), len(borders(inside)))


@FEATURES.add(unit="frames", range=(0, np.inf), source=_OURS, encoding_safe=False, missing="a file without measures")
def frames_a_measure_deviation(context: ScoreContext) -> float:
    """Standard deviation of the number of frames in measures that have any."""
    measure = context.measure_of_frame
    return deviation(run_lengths(measure[measure >= 0]))


@FEATURES.add(
    unit="pitches",
    range=(-128, 128),
    source=_OURS,
    encoding_safe=False,
    missing="a file without measures, or frames on or off downbeats",
)
def downbeat_accent(context: ScoreContext) -> float:
    """How many pitches more a frame on the downbeat attacks than others, on average."""
    down = context.shared(_in_measure) <= _ON_QUARTERS
    size = context.frames.size[context.measure_of_frame >= 0] if len(down) else np.empty(0)
    return mean(size[down]) - mean(size[~down])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False, missing="a file without measures")
def tied_downbeats(context: ScoreContext) -> float:
    """Share of measures, from the first to the last with a frame, whose downbeat no frame begins."""
    measure = context.measure_of_frame
    inside = measure[measure >= 0]
    if not len(inside):
        return float("nan")
    begun = len(distinct(inside[context.shared(_in_measure) <= _ON_QUARTERS]))
    return 1.0 - begun / (int(inside[-1]) - int(inside[0]) + 1)


@FEATURES.add(unit="chance", range=(0, 1), source=_OURS, encoding_safe=False, missing="a file without measures")
def measure_rhythm_recurrence(context: ScoreContext) -> float:
    """Chance that two measures, drawn at random, have the same rhythm (onsets to a 24th of a quarter)."""
    return chance_of_equal(_measure_hashes(context, np.zeros(len(context.frames), dtype=np.int64)))


@FEATURES.add(unit="chance", range=(0, 1), source=_OURS, encoding_safe=False, missing="a file without measures")
def measure_recurrence(context: ScoreContext) -> float:
    """Chance that two measures, drawn at random, have the same rhythm and skyline intervals."""
    intervals = np.append(context.shared(skyline_intervals), 0)[: len(context.frames)]
    intervals[borders(context.measure_of_frame)[1:] - 1] = 0
    intervals[-1:] = 0
    return chance_of_equal(_measure_hashes(context, intervals))


def _measure_hashes(
    context: ScoreContext, content: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """One number for each measure with a frame: sums of hashes of places and what stands there."""
    measure = context.measure_of_frame
    inside = measure >= 0
    if not inside.any():
        return np.empty(0, dtype=np.uint64)
    place = np.rint(context.shared(_in_measure) * 24).astype(np.uint64)
    token = (place * np.uint64(1009) + (content[inside] + 128).astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    token = (token ^ (token >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    token ^= token >> np.uint64(29)
    return np.add.reduceat(token, borders(measure[inside]))
