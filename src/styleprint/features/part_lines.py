"""Part lines: the melody of every part, all parts taken together, as jSymbolic takes the channels of a MIDI file.

A part's line is the highest pitch of each frame in which it attacks something. Tracks tell the encoder as well as the
composer: none of it is safe. *Arcs* lead from one turn of a line to the next, repetitions left out.
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.melody import INTERVAL_COLUMNS, interval_histogram
from styleprint.features.numbers import borders, differences, mean, ratio, run_lengths, share
from styleprint.features.parts import part_lines
from styleprint.music.score import FloatArray, IntArray

__all__ = ["FEATURES"]

FEATURES = Family()

_JSYMBOLIC = "McKay, Cumming & Fujinaga 2018 (jSymbolic 2.2), {!r}, over the lines of parts"
_OURS = "our own"
_KEEPS = ("transposition", "tempo", "velocity", "resolution", "legato", "staccato", "part_order")
_COMMON = 0.09
_ARPEGGIO = (0, 3, 4, 7, 10, 11, 12, 15, 16)
_VARIETY_WITHIN = 16
_EMBELLISHED = 2.9  # three times, less what rounding to a grid may take

Counts = npt.NDArray[np.int64]


def _moves(context: ScoreContext) -> tuple[IntArray, IntArray]:
    """Intervals within the lines of parts, rising positive, and the part of each."""
    lines = context.shared(part_lines)
    inside = lines.part[1:] == lines.part[:-1]
    return differences(lines.midi_pitch)[inside], lines.part[1:][inside]


def _sizes(context: ScoreContext) -> Counts:
    """How often each size of interval occurs, 0 … 127 semitones."""
    return np.bincount(np.abs(context.shared(_moves)[0]), minlength=128)


def _arcs(context: ScoreContext) -> tuple[Counts, Counts]:
    """Notes and semitones of each arc."""
    intervals, part = context.shared(_moves)
    moving = intervals != 0
    motion, part = intervals[moving], part[moving]
    if not len(motion):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    way = part * 2 + (motion > 0)
    return run_lengths(way), np.abs(np.add.reduceat(motion.astype(np.int64), borders(way)))


def _returns(context: ScoreContext) -> Counts:
    """For each note of a line whose pitch came within the 16 notes before: how many notes ago, itself counted."""
    lines = context.shared(part_lines)
    key = lines.part.astype(np.int64) * 128 + lines.midi_pitch
    if len(key) and key.max() < 1 << 16:
        key = key.astype(np.uint16)  # sixteen bits sort fast
    order = np.argsort(key, kind="stable")
    rising = key[order]
    apart: Counts = differences(order)[rising[1:] == rising[:-1]]
    return apart[apart <= _VARIETY_WITHIN]


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Melodic Interval Histogram") + ", with direction",
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=tuple(column for column in INTERVAL_COLUMNS if column != "repeated"),
)
def part_motion(context: ScoreContext) -> FloatArray:
    """Share of each interval of the lines of parts, by direction and semitones; repetitions are `part_interval_0`."""
    return np.delete(interval_histogram(context.shared(_moves)[0]), INTERVAL_COLUMNS.index("repeated"))


@FEATURES.add(
    unit="semitones",
    range=(0, 127),
    source=_JSYMBOLIC.format("Most Common Melodic Interval"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def commonest_part_interval(context: ScoreContext) -> float:
    """Size of the commonest interval; the smallest of several."""
    sizes = context.shared(_sizes)
    return float(sizes.argmax()) if sizes.any() else float("nan")


@FEATURES.add(
    unit="semitones",
    range=(1, 127),
    source=_JSYMBOLIC.format("Distance Between Most Prevalent Melodic Intervals"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def distance_of_commonest_part_intervals(context: ScoreContext) -> float:
    """Difference in size of the two commonest intervals; of several the smallest count."""
    sizes = context.shared(_sizes)
    first, second = np.argsort(-sizes, kind="stable")[:2]
    return float(abs(int(first) - int(second))) if sizes[second] else float("nan")


@FEATURES.add(
    unit="intervals",
    range=(0, 11),
    source=_JSYMBOLIC.format("Number of Common Melodic Intervals"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def common_part_intervals(context: ScoreContext) -> float:
    """How many sizes of intervals have 9 % of all."""
    sizes = context.shared(_sizes)
    return float(np.count_nonzero(sizes >= _COMMON * sizes.sum())) if sizes.any() else float("nan")


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Prevalence of Most Common Melodic Interval"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def commonest_part_interval_share(context: ScoreContext) -> float:
    """Share of the commonest size of interval."""
    sizes = context.shared(_sizes)
    return ratio(sizes.max(), sizes.sum())


@FEATURES.add(
    unit="ratio",
    range=(0, 1),
    source=_JSYMBOLIC.format("Relative Prevalence of Most Common Melodic Intervals"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def second_of_commonest_part_interval(context: ScoreContext) -> float:
    """How often the second commonest size occurs, over how often the commonest does."""
    second, first = np.sort(context.shared(_sizes))[-2:]
    return ratio(second, first)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Amount of Arpeggiation"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def part_arpeggiation(context: ScoreContext) -> float:
    """Share of repetitions, thirds, fifths, sevenths, octaves and tenths."""
    sizes = context.shared(_sizes)
    return ratio(sizes[list(_ARPEGGIO)].sum(), sizes.sum())


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Stepwise Motion, Melodic Thirds, Melodic Sixths and Melodic Sevenths"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("steps", "thirds", "fourths_and_fifths", "sixths_and_sevenths"),
)
def part_interval_group(context: ScoreContext) -> FloatArray:
    """Share of seconds, of thirds, of fourths and fifths, and of sixths and sevenths."""
    sizes = context.shared(_sizes)
    groups = np.array([sizes[1:3].sum(), sizes[3:5].sum(), sizes[5] + sizes[7], sizes[8:12].sum()])
    return groups / sizes.sum() if sizes.any() else np.full(4, np.nan)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Minor Major Melodic Third Ratio") + "; of both",
    unchanged_by=_KEEPS,
    encoding_safe=False,
    missing="a piece whose parts move by no third",
)
def minor_of_part_thirds(context: ScoreContext) -> float:
    """Minor thirds among thirds."""
    sizes = context.shared(_sizes)
    return ratio(sizes[3], sizes[3] + sizes[4])


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Direction of Melodic Motion"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def part_rising_motion(context: ScoreContext) -> float:
    """Share of rising among moving intervals."""
    intervals = context.shared(_moves)[0]
    return share(intervals[intervals != 0] > 0)


@FEATURES.add(
    unit="notes",
    range=(1, np.inf),
    source=_JSYMBOLIC.format("Average Length of Melodic Arcs"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def part_arc_length(context: ScoreContext) -> float:
    """Mean number of moving intervals of an arc."""
    return mean(context.shared(_arcs)[0])


@FEATURES.add(
    unit="semitones",
    range=(1, 127),
    source=_JSYMBOLIC.format("Average Interval Spanned by Melodic Arcs"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def part_arc_span(context: ScoreContext) -> float:
    """Mean distance from the beginning to the end of an arc."""
    return mean(context.shared(_arcs)[1])


@FEATURES.add(
    unit="notes",
    range=(1, _VARIETY_WITHIN),
    source=_JSYMBOLIC.format("Melodic Pitch Variety"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def part_pitch_variety(context: ScoreContext) -> float:
    """Mean number of notes until a pitch comes again, of those that do within 16 notes."""
    return mean(context.shared(_returns))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Melodic Embellishments") + ", of attacks rather than durations",
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def part_embellishments(context: ScoreContext) -> float:
    """Share of attacks of a part whose time to the next is at most a third of the times on both sides."""
    lines = context.shared(part_lines)
    times = differences(context.frames.onset_quarters[lines.frame])
    before, own, after = times[:-2], times[1:-1], times[2:]
    one_part = lines.part[3:] == lines.part[:-3]
    return share((_EMBELLISHED * own <= np.minimum(before, after))[one_part])
