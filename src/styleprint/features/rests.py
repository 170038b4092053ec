"""Rests: where parts are silent, one by one and all together. They rest on note-offs and parts: none of it is safe.

The time of the piece runs from its first onset to its last end. A part rests wherever none of its notes sounds
within that time; rests shorter than a tenth of a quarter do not count, as a player's detached notes are none.
"""

from dataclasses import dataclass

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import borders, bounded_ratio, distinct, mean, median, ratio, run_lengths, spread
from styleprint.features.parts import order_by_part
from styleprint.music.score import FloatArray, IntArray

__all__ = ["FEATURES", "SAME_QUARTERS", "Stretches", "part_stretches"]

FEATURES = Family()

_JSYMBOLIC = "McKay, Cumming & Fujinaga 2018 (jSymbolic 2.2), {!r}"
_OURS = "our own"
_KEEPS = ("transposition", "tempo", "velocity", "part_order")
_KEEPS_MERGED = (*_KEEPS, "merged_parts")
_LEAST_QUARTERS = 0.1
SAME_QUARTERS = 1e-6
"""Times closer than this are one time: the exactness of a Score."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches in which a part sounds without interruption.

    Attributes
    ----------
    part : ndarray of int32, shape (n_stretches,)
        Rising.
    start_quarters, end_quarters : ndarray of float64, shape (n_stretches,)
        Rising within each part.
    """

    part: IntArray
    start_quarters: FloatArray
    end_quarters: FloatArray


def part_stretches(context: ScoreContext) -> Stretches:
    """When each part sounds."""
    notes = context.notes
    order = context.shared(order_by_part)
    return _stretches(notes.part[order], notes.onset_quarters[order], notes.duration_quarters[order])


def _all_stretches(context: ScoreContext) -> Stretches:
    """When anything sounds."""
    notes = context.notes
    return _stretches(np.zeros_like(notes.part), notes.onset_quarters, notes.duration_quarters)


def _stretches(part: IntArray, onset: FloatArray, duration: FloatArray) -> Stretches:
    """Notes, in the order of their parts and then of their onsets, joined where they touch."""
    if not len(part):
        return Stretches(part, onset, duration)
    end = onset + duration
    # one axis for all parts, so that one running maximum serves them
    shift = part * (float(end.max()) + 1.0)
    reach = np.maximum.accumulate(end + shift)
    apart = (onset + shift)[1:] > reach[:-1] + SAME_QUARTERS
    firsts = np.append(0, apart.nonzero()[0] + 1)
    lasts = np.append(firsts[1:], len(part)) - 1
    return Stretches(part[firsts], onset[firsts], reach[lasts] - shift[firsts])


def _rests(stretches: Stretches, start: float, end: float) -> tuple[IntArray, FloatArray]:
    """Part and length of each rest, before, between and after the stretches of each part."""
    part, starts, ends = stretches.part, stretches.start_quarters, stretches.end_quarters
    before, first = starts.copy(), borders(part)
    before[1:] -= ends[:-1]
    before[first] = starts[first] - start
    last = run_lengths(part).cumsum() - 1
    lengths = np.concatenate([before, end - ends[last]])
    parts = np.concatenate([part, part[last]])
    long = lengths >= _LEAST_QUARTERS
    return parts[long], lengths[long]


def _time(context: ScoreContext) -> tuple[float, float]:
    stretches = context.shared(_all_stretches)
    if not len(stretches.part):
        return 0.0, 0.0
    return float(stretches.start_quarters[0]), float(stretches.end_quarters[-1])


def _part_rests(context: ScoreContext) -> tuple[IntArray, FloatArray]:
    return _rests(context.shared(part_stretches), *context.shared(_time))


def _complete_rests(context: ScoreContext) -> FloatArray:
    return _rests(context.shared(_all_stretches), *context.shared(_time))[1]


def _rest_of_parts(context: ScoreContext) -> FloatArray:
    """Share of the time that each part rests; empty where no time passes."""
    start, end = context.shared(_time)
    if not end > start:
        return np.empty(0)
    used = distinct(context.shared(part_stretches).part)
    part, length = context.shared(_part_rests)
    total = np.bincount(part, weights=length, minlength=int(used[-1]) + 1)
    return np.minimum(total[used] / (end - start), 1.0)


@FEATURES.add(unit="rests", range=(0, np.inf), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def rests(context: ScoreContext) -> float:
    """How many rests the parts have."""
    return float(len(context.shared(_part_rests)[1])) if len(context.notes) else float("nan")


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Average Rest Fraction Across Voices"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def rest_ratio(context: ScoreContext) -> float:
    """Share of the time that a part rests, mean of the parts."""
    return mean(context.shared(_rest_of_parts))


@FEATURES.add(unit="share", range=(0, 0.5), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def rest_ratio_deviation(context: ScoreContext) -> float:
    """Standard deviation, over parts, of the share of the time that each rests."""
    silent = context.shared(_rest_of_parts)
    return float(silent.std()) if len(silent) else float("nan")


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Complete Rests Fraction"),
    unchanged_by=_KEEPS_MERGED,
    encoding_safe=False,
)
def complete_rest_ratio(context: ScoreContext) -> float:
    """Share of the time in which nothing sounds."""
    start, end = context.shared(_time)
    return bounded_ratio(float(context.shared(_complete_rests).sum()), end - start) if end > start else float("nan")


@FEATURES.add(
    unit="quarters",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Mean, Median and Longest Rest Duration"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("mean", "median", "longest", "deviation"),
    missing="a piece whose parts never rest",
)
def rest_length(context: ScoreContext) -> FloatArray:
    """Mean, median, longest and standard deviation of the rests of parts."""
    return _summary(context.shared(_part_rests)[1])


@FEATURES.add(
    unit="quarters",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Mean, Median and Longest Complete Rest Duration"),
    unchanged_by=_KEEPS_MERGED,
    encoding_safe=False,
    columns=("mean", "median", "longest", "deviation"),
    missing="a piece without complete rests",
)
def complete_rest_length(context: ScoreContext) -> FloatArray:
    """Mean, median, longest and standard deviation of the rests of all."""
    return _summary(context.shared(_complete_rests))


@FEATURES.add(
    unit="rests a hundred quarters", range=(0, np.inf), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False
)
def rests_a_part(context: ScoreContext) -> float:
    """Rests of a part in a hundred quarters, mean of the parts."""
    start, end = context.shared(_time)
    silent = context.shared(_rest_of_parts)
    return (
        100 * ratio(len(context.shared(_part_rests)[1]), len(silent) * (end - start)) if len(silent) else float("nan")
    )


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("highest", "lowest"),
)
def rest_ratio_of_part(context: ScoreContext) -> FloatArray:
    """Share of the time that the part of highest and the part of lowest mean pitch rest."""
    silent = context.shared(_rest_of_parts)
    if not len(silent):
        return np.full(2, np.nan)
    notes = context.notes
    counts = np.bincount(notes.part)
    used = np.flatnonzero(counts)
    height = np.bincount(notes.part, weights=notes.midi_pitch)[used] / counts[used]
    # of parts of one mean pitch the one that rests least, so that their order does not show
    return np.array([silent[height == height.max()].min(), silent[height == height.min()].min()])


def _summary(lengths: FloatArray) -> FloatArray:
    if not len(lengths):
        return np.full(4, np.nan)
    return np.array([mean(lengths), median(lengths), lengths.max(), spread(lengths)])
