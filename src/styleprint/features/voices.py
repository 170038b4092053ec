"""Voices: parts against each other, each taken as a voice. Where a file holds a keyboard's hands or everything in
one track, parts are no voices: none of it is safe, and what compares parts is missing where there is one.
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.loops import count_steps_of_pairs
from styleprint.features.numbers import differences, moments, ratio, share
from styleprint.features.parts import order_by_part, part_lines
from styleprint.features.rests import SAME_QUARTERS, part_stretches
from styleprint.music.score import FloatArray
from styleprint.theory.outer_voices import MOTIONS

__all__ = ["FEATURES"]

FEATURES = Family(
    unchanged_by_repeats=(
        "sounding_parts",
        "notes_of_parts_variation",
        "range_of_parts_deviation",
        "part_separation",
        "part_overlap",
        "attacks_together",
        "doubled_parts",
    )
)

_JSYMBOLIC = "McKay, Cumming & Fujinaga 2018 (jSymbolic 2.2), {!r}, of parts"
_TEXTBOOK = "kinds of motion of counterpoint (Fux 1725), in our own count"
_KEEPS = ("transposition", "tempo", "velocity", "part_order")
_KEEPS_OFFS = (*_KEEPS, "resolution", "legato", "staccato")
_ONE_PART = "a piece with notes in one part alone"
_PARALLELS = ("fifths", "octaves", "thirds", "sixths")
_MOST_PARTS = 12
"""More parts than these are an orchestra, whose doublings are no counterpoint: the busiest are compared."""

Table = npt.NDArray[np.int64]


def _by_part(context: ScoreContext) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Of each part with notes: how many, mean pitch, lowest, highest, mean interval of its line (NaN of one note)."""
    notes, lines = context.notes, context.shared(part_lines)
    if not len(notes):
        empty = np.empty(0)
        return empty, empty, empty, empty, empty
    counts = np.bincount(notes.part)
    used = np.flatnonzero(counts)
    count = counts[used].astype(np.float64)
    height = np.bincount(notes.part, weights=notes.midi_pitch)[used] / count
    order = context.shared(order_by_part)
    starts = np.cumsum(counts[used]) - counts[used]
    lowest = np.minimum.reduceat(notes.midi_pitch[order], starts).astype(np.float64)
    highest = np.maximum.reduceat(notes.midi_pitch[order], starts).astype(np.float64)
    inside = differences(lines.part) == 0
    line = np.searchsorted(used, lines.part[1:][inside])
    moves = np.bincount(line, minlength=len(used))
    total = np.bincount(line, weights=np.abs(differences(lines.midi_pitch)[inside]), minlength=len(used))
    leap = np.divide(total, moves, out=np.full(len(used), np.nan), where=moves > 0)
    return count, height, lowest, highest, leap


def _sounding_parts(context: ScoreContext) -> tuple[Table, FloatArray]:
    """How many parts sound, and for how long, between any two changes; silence left out."""
    stretches = context.shared(part_stretches)
    if not len(stretches.part):
        return np.empty(0, np.int64), np.empty(0)
    times = np.concatenate([stretches.start_quarters, stretches.end_quarters])
    steps = np.repeat([1, -1], len(stretches.part))
    order = np.argsort(times, kind="stable")
    count, length = np.cumsum(steps[order])[:-1], differences(times[order])
    kept = (count > 0) & (length > SAME_QUARTERS)
    return count[kept], length[kept]


def _pairs(context: ScoreContext) -> tuple[FloatArray, FloatArray]:
    """Share of each motion, and of parallels by interval, among the steps of pairs of parts; NaN without steps."""
    lines = context.shared(part_lines)
    counts = np.bincount(lines.part)
    total = np.bincount(lines.part, weights=lines.midi_pitch)
    used = np.flatnonzero(counts).tolist()
    busiest = sorted(used, key=lambda part: (-counts[part], total[part] / counts[part]))[:_MOST_PARTS]
    pitch = np.full((len(busiest), len(context.frames)), -1, dtype=np.int32)
    for row, part in enumerate(busiest):
        own = lines.part == part
        pitch[row, lines.frame[own]] = lines.midi_pitch[own]
    motions, parallels = count_steps_of_pairs(pitch)
    steps = int(motions.sum())
    if not steps:
        return np.full(len(MOTIONS), np.nan), np.full(len(_PARALLELS), np.nan)
    return motions / steps, parallels / steps


@FEATURES.add(
    unit="parts",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Maximum and Average Number and Variability of Number of Independent Voices"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("most", "mean", "deviation"),
)
def sounding_parts(context: ScoreContext) -> FloatArray:
    """Most, mean and standard deviation, over the sounding time, of the number of parts that sound."""
    count, length = context.shared(_sounding_parts)
    if not len(count):
        return np.full(3, np.nan)
    return np.array([count.max(), *moments(count, length)[:2]])


@FEATURES.add(
    unit="ratio",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Voice Equality - Number of Notes") + ", over the mean",
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    missing=_ONE_PART,
)
def notes_of_parts_variation(context: ScoreContext) -> float:
    """Standard deviation of the number of notes of parts, over the mean."""
    count = context.shared(_by_part)[0]
    return float(count.std() / count.mean()) if len(count) > 1 else float("nan")


@FEATURES.add(
    unit="semitones",
    range=(0, 127),
    source=_JSYMBOLIC.format("Voice Equality - Range"),
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    missing=_ONE_PART,
)
def range_of_parts_deviation(context: ScoreContext) -> float:
    """Standard deviation of the ranges of parts."""
    _, _, lowest, highest, _ = context.shared(_by_part)
    return float((highest - lowest).std()) if len(lowest) > 1 else float("nan")


@FEATURES.add(
    unit="semitones",
    range=(0, 127),
    source=_JSYMBOLIC.format("Voice Equality - Melodic Leaps"),
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    missing=_ONE_PART,
)
def leaps_of_parts_deviation(context: ScoreContext) -> float:
    """Standard deviation of the mean intervals of parts."""
    leap = context.shared(_by_part)[4]
    leap = leap[~np.isnan(leap)]
    return float(leap.std()) if len(leap) > 1 else float("nan")


@FEATURES.add(
    unit="semitones",
    range=(0, 127),
    source=_JSYMBOLIC.format("Voice Separation"),
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    missing=_ONE_PART,
)
def part_separation(context: ScoreContext) -> float:
    """Mean distance of the mean pitches of parts that are next to each other in height."""
    height = np.sort(context.shared(_by_part)[1])
    return float(differences(height).mean()) if len(height) > 1 else float("nan")


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Voice Overlap"),
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    missing=_ONE_PART,
)
def part_overlap(context: ScoreContext) -> float:
    """Share of notes within the range of another part."""
    notes = context.notes
    _, _, lowest, highest, _ = context.shared(_by_part)
    if len(lowest) < 2:
        return float("nan")
    steps = np.bincount(lowest.astype(np.int64), minlength=129) - np.bincount(
        highest.astype(np.int64) + 1, minlength=129
    )
    return share(np.cumsum(steps)[notes.midi_pitch] > 1)


@FEATURES.add(
    unit="ratio",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Relative Range, Relative Note Density of Highest Line, Melodic Intervals in Lowest Line"),
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    columns=("range_of_highest", "notes_of_highest", "leaps_of_lowest"),
    missing=_ONE_PART,
)
def outer_part(context: ScoreContext) -> FloatArray:
    """Range of the highest part over that of the piece; its notes, and leaps of the lowest, over the mean of parts."""
    count, height, lowest, highest, leap = context.shared(_by_part)
    if len(height) < 2:
        return np.full(3, np.nan)
    top, bottom = height == height.max(), height == height.min()
    return np.array(
        [
            ratio(float((highest - lowest)[top].max()), float(highest.max() - lowest.min())),
            float(count[top].max() / count.mean()),
            ratio(float(_or_nan(leap[bottom])), float(_or_nan(leap))),
        ]
    )


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_TEXTBOOK + "; jSymbolic's Parallel, Similar, Contrary and Oblique Motion",
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    columns=MOTIONS,
    missing=_ONE_PART,
)
def part_pairs(context: ScoreContext) -> FloatArray:
    """Share of each motion among the steps of pairs of parts, from one frame that both attack to the next.

    Steps in which the two cross are left out.
    """
    return context.shared(_pairs)[0]


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_TEXTBOOK + "; jSymbolic's Parallel Fifths and Parallel Octaves",
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    columns=_PARALLELS,
    missing=_ONE_PART,
)
def part_parallels(context: ScoreContext) -> FloatArray:
    """Share of parallel fifths, octaves and unisons, thirds and sixths among the steps of pairs of parts.

    Thirds, and sixths, of which one is major and one minor are parallel too.
    """
    return context.shared(_pairs)[1]


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source="our own",
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    missing=_ONE_PART,
)
def attacks_together(context: ScoreContext) -> float:
    """Share of frames that several parts attack, among all: homophony against independent rhythm."""
    lines = context.shared(part_lines)
    if np.count_nonzero(np.bincount(lines.part)) < 2:
        return float("nan")
    return share(np.bincount(lines.frame, minlength=len(context.frames)) > 1)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source="our own",
    unchanged_by=_KEEPS_OFFS,
    encoding_safe=False,
    missing=_ONE_PART,
)
def doubled_parts(context: ScoreContext) -> float:
    """Share of the attacks of parts whose pitch class another part attacks in the same frame: doublings."""
    lines = context.shared(part_lines)
    if np.count_nonzero(np.bincount(lines.part)) < 2:
        return float("nan")
    counts = np.bincount(lines.frame * 12 + lines.midi_pitch % 12)
    return share(counts[lines.frame * 12 + lines.midi_pitch % 12] > 1)


def _or_nan(values: FloatArray) -> float:
    """Mean of the values that are known; NaN of none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
