"""What sounds, by note-offs: rests, overlaps, sustained notes. Encoders decide much of it: none of it is safe."""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import bounded_ratio, deviation, median, ratio, share
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own"
_KEEPS = ("transposition", "tempo", "velocity", "part_order")


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("0", "1", "2", "3", "4", "5_and_more"),
)
def sounding(context: ScoreContext) -> FloatArray:
    """Share of the piece's time in which 0, 1, 2 … pitches sound."""
    lengths, count = context.sounding.length_quarters, np.minimum(context.sounding.count, 5)
    whole = float(lengths.sum())
    return np.array([bounded_ratio(float(lengths[count == pitches].sum()), whole) for pitches in range(6)])


@FEATURES.add(unit="pitches", range=(0, 128), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def mean_sounding(context: ScoreContext) -> float:
    """Mean number of sounding pitches over the piece's time."""
    slices = context.sounding
    return ratio(float(slices.count @ slices.length_quarters), float(slices.length_quarters.sum()))


@FEATURES.add(unit="ratio", range=(0, np.inf), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def held_ratio(context: ScoreContext) -> float:
    """Median of note durations over the time to the next frame: under 1 detached, over 1 held."""
    notes, times = context.notes, context.inter_onset_quarters
    before_last = notes.frame < len(times)
    ratios = notes.duration_quarters[before_last] / times[notes.frame[before_last]]
    return median(ratios)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def held_over(context: ScoreContext) -> float:
    """Share of notes that last at least half beyond the next frame: pedals, inner voices, suspensions."""
    notes, times = context.notes, context.inter_onset_quarters
    before_last = notes.frame < len(times)
    return share(notes.duration_quarters[before_last] >= 1.5 * times[notes.frame[before_last]])


@FEATURES.add(unit="octaves", range=(0, np.inf), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def duration_deviation(context: ScoreContext) -> float:
    """Standard deviation of the logarithm (base 2) of note durations."""
    duration = context.notes.duration_quarters
    return deviation(np.log2(duration[duration > 0]))
