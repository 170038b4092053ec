"""Metrical place: where in the measure things begin, and what goes against the beat.

The file must give time signatures, and many give 4/4 because a program put it there: none of it is safe. A measure
falls into beats (dotted ones where its numerator is a multiple of three above three), beats into halves, quarters and
thirds. The *level* of a frame is the highest in that tree on which it begins, to within a tick: the measure, a beat,
half a beat (or a third of a dotted one), a quarter, or none of these (Lerdahl and Jackendoff 1983).
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import TICKS_A_QUARTER, ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import borders, mean, median, run_lengths, share, shares
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family(
    unchanged_by_repeats=("metrical_level", "measure_place", "thickness_by_level", "off_beat_frames", "upbeat")
)

_OURS = "our own"
_LEVELS = ("measure", "beat", "half_beat", "quarter_beat", "other")
_PLACES = 12
_HALF = 0.5 + 1e-6  # what stands halfway is not left to rounding
_ON_QUARTERS = 1.01 / TICKS_A_QUARTER
_NO_METRE = "a file without time signatures"

Levels = npt.NDArray[np.int64]


def _beats(context: ScoreContext) -> tuple[FloatArray, FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    """Place in quarters, and length of measure and beat, of each frame within measures; which frames those are.

    A measure without length holds nothing.
    """
    score, measure = context.score, context.measure_of_frame
    table = score.time_signatures
    if not len(table.numerator) or not len(measure):
        return np.empty(0), np.empty(0), np.empty(0), np.zeros(len(measure), dtype=bool)
    length = np.append(score.measures.length_quarters, 0.0)[measure]  # of what is outside measures, -1, the last
    inside = length > 0
    starts = score.measures.start_quarters[measure[inside]]
    which = np.maximum(np.searchsorted(table.onset_quarters, starts + _ON_QUARTERS, side="right") - 1, 0)
    numerator, denominator = table.numerator[which], table.denominator[which]
    beat = 4.0 / denominator * np.where((numerator > 3) & (numerator % 3 == 0), 3, 1)
    place = np.maximum(0.0, context.frames.onset_quarters[inside] - starts)
    return place, length[inside], beat, inside


def _levels(context: ScoreContext) -> Levels:
    """Level of each frame within measures, 0 the measure."""
    place, _, beat, _ = context.shared(_beats)
    level = np.full(len(place), 4, dtype=np.int64)
    dotted = context.shared(_is_dotted)
    for depth, (simple, compound) in ((3, (4, 6)), (2, (2, 3)), (1, (1, 1))):
        grid = beat / np.where(dotted, compound, simple)
        level[np.abs(place - grid * np.rint(place / grid)) <= _ON_QUARTERS] = depth
    level[place <= _ON_QUARTERS] = 0
    return level


def _is_dotted(context: ScoreContext) -> npt.NDArray[np.bool_]:
    beat = context.shared(_beats)[2]
    octaves = np.log2(beat)
    dotted: npt.NDArray[np.bool_] = np.abs(octaves - np.rint(octaves)) > 0.1  # three halves of a power of two
    return dotted


def _times(context: ScoreContext) -> FloatArray:
    """Time from each frame within measures to the next, in beats; infinite for the last."""
    _, _, beat, inside = context.shared(_beats)
    following = np.append(context.inter_onset_quarters, np.inf)[: len(inside)][inside]
    times: FloatArray = following / beat
    return times


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False, columns=_LEVELS, missing=_NO_METRE)
def metrical_level(context: ScoreContext) -> FloatArray:
    """Share of frames that begin a measure, a beat, half a beat, a quarter of a beat, or on none of them."""
    return shares(context.shared(_levels), len(_LEVELS))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS + "; as musif's and music21's metrical positions",
    encoding_safe=False,
    columns=tuple(f"{place}" for place in range(_PLACES)),
    version=2,
    missing=_NO_METRE,
)
def measure_place(context: ScoreContext) -> FloatArray:
    """Share of frames in each twelfth of the measure, around its beginning, its first twelfth, and so on.

    What stands halfway between two belongs to the later one.
    """
    place, length, _, _ = context.shared(_beats)
    return shares(np.floor(place / length * _PLACES + _HALF).astype(np.int64) % _PLACES, _PLACES)


@FEATURES.add(
    unit="pitches",
    range=(-127, 127),
    source=_OURS,
    encoding_safe=False,
    columns=("beat", "half_beat", "quarter_beat"),
    missing=_NO_METRE + " or frames on a level",
)
def thickness_by_level(context: ScoreContext) -> FloatArray:
    """How many pitches more frames that begin a measure have, on average, than those on a beat, a half, a quarter."""
    level = context.shared(_levels)
    size = context.frames.size[context.shared(_beats)[3]]
    first = mean(size[level == 0])
    return np.array([first - mean(size[level == depth]) for depth in (1, 2, 3)])


@FEATURES.add(
    unit="beats",
    range=(0, np.inf),
    source=_OURS,
    encoding_safe=False,
    columns=("measure", "beat", "half_beat"),
    missing=_NO_METRE + " or frames on a level",
)
def time_by_level(context: ScoreContext) -> FloatArray:
    """Median time to the next frame from frames on the measure, on a beat, on half a beat: long on strong places."""
    level, times = context.shared(_levels), context.shared(_times)
    finite = np.isfinite(times)
    chosen = (times[finite & (level == depth)] for depth in (0, 1, 2))
    return np.array([median(own) for own in chosen])


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source="Longuet-Higgins and Lee 1984, syncopation, in our own count",
    encoding_safe=False,
    missing=_NO_METRE,
)
def syncopated_frames(context: ScoreContext) -> float:
    """Share of frames that hold on over a place of higher level than their own."""
    return share(context.shared(_held_over) > 0)


@FEATURES.add(
    unit="levels a frame",
    range=(0, 4),
    source="Longuet-Higgins and Lee 1984, syncopation, mean over frames",
    encoding_safe=False,
    missing=_NO_METRE,
)
def syncopation(context: ScoreContext) -> float:
    """Mean, over frames, of how many levels the highest place over which each holds is above its own."""
    return mean(context.shared(_held_over))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False, missing=_NO_METRE)
def off_beat_frames(context: ScoreContext) -> float:
    """Share of frames on no beat whose beat nothing attacks: upbeats and after-beats."""
    place, _, beat, inside = context.shared(_beats)
    if not len(place):
        return float("nan")
    number = np.floor((place + _ON_QUARTERS) / beat).astype(np.int64) + context.measure_of_frame[inside] * 1024
    on = context.shared(_levels) <= 1
    # frames are in order, and so are the beats that they are in: a beat is attacked where its first frame is on it
    first = borders(number)
    attacked = np.repeat(np.logical_or.reduceat(on, first), run_lengths(number))
    return share(~on & ~attacked)


@FEATURES.add(unit="beats", range=(0, np.inf), source=_OURS, encoding_safe=False, missing=_NO_METRE)
def upbeat(context: ScoreContext) -> float:
    """From the first frame to the first beginning of a measure at or after it."""
    place, length, beat, _ = context.shared(_beats)
    if not len(place):
        return float("nan")
    first = 0.0 if place[0] <= _ON_QUARTERS else float(length[0] - place[0])
    return max(0.0, first) / float(beat[0])


def _held_over(context: ScoreContext) -> Levels:
    """How many levels the highest place that each frame holds over stands above its own; 0 where none does."""
    place, length, beat, _ = context.shared(_beats)
    level, times = context.shared(_levels), context.shared(_times)
    end = place + np.where(np.isfinite(times), times * beat, 0.0)
    raised = np.zeros(len(place), dtype=np.int64)
    dotted = context.shared(_is_dotted)
    for depth, grid in (
        (3, beat / np.where(dotted, 6, 4)),
        (2, beat / np.where(dotted, 3, 2)),
        (1, beat),
        (0, length),
    ):
        following = (np.floor((place + _ON_QUARTERS) / grid) + 1) * grid
        over = (following < end - _ON_QUARTERS) & (level > depth)
        raised[over] = (level - depth)[over]
    return raised
