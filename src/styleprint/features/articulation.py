"""What sounds, by note-offs: rests, overlaps, sustained notes. Encoders decide much of it: none of it is safe."""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import deviation, ratio, share
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own"
_KEEPS = ("transposition", "tempo", "velocity", "part_order")


def _weighted_share(context: ScoreContext, least: int, most: int) -> float:
    slices = context.sounding
    inside = (slices.count >= least) & (slices.count <= most)
    part, whole = float(slices.length_quarters[inside].sum()), float(slices.length_quarters.sum())
    return ratio(min(part, whole), whole)


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
    limits = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 128)]
    return np.array([_weighted_share(context, least, most) for least, most in limits])


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
    return float(np.median(ratios)) if len(ratios) else float("nan")


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
