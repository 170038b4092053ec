"""Note values: how long notes are written, in quarters, as a player's or an editor's file has them.

Values are the nearest of twelve, from a thirty-second to a dotted double whole note, by the midpoints between
them. Encoders decide where notes end and what a quarter is: none of it is safe. A *run* is a stretch of equal
values among the attacks of one part (chords of a part count once).
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, borders, mean, moments, ratio, run_lengths, share, shares, spread
from styleprint.music.score import FloatArray

__all__ = ["FEATURES", "VALUES", "VALUE_NAMES", "values_of"]

FEATURES = Family(
    unchanged_by_repeats=(
        "note_value",
        "number_of_note_values",
        "common_note_values",
        "note_value_group",
        "dotted_notes",
        "commonest_note_value",
        "second_of_commonest_note_value",
        "note_value_entropy",
        "mean_note_duration",
        "note_duration_deviation",
        "note_duration_skewness",
    )
)

_JSYMBOLIC = "McKay, Cumming & Fujinaga 2018 (jSymbolic 2.2), {!r}"
_OURS = "our own"
_KEEPS = ("transposition", "tempo", "velocity", "part_order")

VALUES = np.array([1 / 8, 1 / 4, 1 / 2, 3 / 4, 1, 3 / 2, 2, 3, 4, 6, 8, 12])
"""Quarters of each value."""

VALUE_NAMES = (
    "thirty_second",
    "sixteenth",
    "eighth",
    "dotted_eighth",
    "quarter",
    "dotted_quarter",
    "half",
    "dotted_half",
    "whole",
    "dotted_whole",
    "double_whole",
    "dotted_double_whole",
)
_BORDERS = (VALUES[1:] + VALUES[:-1]) / 2
_DOTTED = np.array([name.startswith("dotted") for name in VALUE_NAMES])
_COMMON = 0.15
_EXACT = 1e-6

CodeArray = npt.NDArray[np.int64]


def values_of(duration_quarters: FloatArray) -> CodeArray:
    """Index into `VALUES` of the nearest value."""
    return np.searchsorted(_BORDERS, duration_quarters - _EXACT)


def _values(context: ScoreContext) -> CodeArray:
    """Value of each note that lasts."""
    duration = context.notes.duration_quarters
    return values_of(duration[duration > 0])


def _lasting(context: ScoreContext) -> FloatArray:
    duration = context.notes.duration_quarters
    return duration[duration > 0]


def _counts(context: ScoreContext) -> CodeArray:
    return np.bincount(context.shared(_values), minlength=len(VALUES))


def _moments(context: ScoreContext) -> tuple[float, float, float, float]:
    return moments(context.shared(_lasting))


def _runs(context: ScoreContext) -> tuple[CodeArray, CodeArray]:
    """Value and length of each run: successive attacks of a part whose longest notes have one value."""
    notes = context.notes
    lasting = notes.duration_quarters > 0
    part, frame = notes.part[lasting].astype(np.int64), notes.frame[lasting]
    value = context.shared(_values)
    n_frames = int(frame[-1]) + 1 if len(frame) else 1
    key = np.sort((part * n_frames + frame) * 16 + value)
    key = key[run_lengths(key >> 4).cumsum() - 1]  # the last, the longest, of each attack
    part, value = (key >> 4) // n_frames, key & 15
    same = part * 16 + value
    return value[borders(same)], run_lengths(same)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Rhythmic Value Histogram"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=VALUE_NAMES,
)
def note_value(context: ScoreContext) -> FloatArray:
    """Share of each value among the notes."""
    return shares(context.shared(_values), len(VALUES))


@FEATURES.add(
    unit="values",
    range=(1, 12),
    source=_JSYMBOLIC.format("Number of Different Rhythmic Values Present"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def number_of_note_values(context: ScoreContext) -> float:
    """How many of the values there are."""
    return float(np.count_nonzero(context.shared(_counts))) or float("nan")


@FEATURES.add(
    unit="values",
    range=(0, 6),
    source=_JSYMBOLIC.format("Number of Common Rhythmic Values Present"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def common_note_values(context: ScoreContext) -> float:
    """How many values have 15 % of the notes."""
    counts = context.shared(_counts)
    return float(np.count_nonzero(counts >= _COMMON * counts.sum())) if counts.any() else float("nan")


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Prevalence of Short, Medium, Long and Very Long Rhythmic Values"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("to_eighth", "eighth_to_half", "from_half", "over_whole"),
)
def note_value_group(context: ScoreContext) -> FloatArray:
    """Share of notes up to an eighth, from an eighth to a half, from a half, and longer than a whole note."""
    counts = context.shared(_counts)
    groups = np.array([counts[:3].sum(), counts[2:7].sum(), counts[6:].sum(), counts[9:].sum()])
    return groups / counts.sum() if counts.any() else np.full(4, np.nan)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Prevalence of Dotted Notes"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def dotted_notes(context: ScoreContext) -> float:
    """Share of dotted values."""
    return share(_DOTTED[context.shared(_values)])


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Prevalence of Most Common Rhythmic Value"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def commonest_note_value(context: ScoreContext) -> float:
    """Share of the commonest value."""
    counts = context.shared(_counts)
    return ratio(counts.max(), counts.sum())


@FEATURES.add(
    unit="ratio",
    range=(0, 1),
    source=_JSYMBOLIC.format("Relative Prevalence of Most Common Rhythmic Values"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def second_of_commonest_note_value(context: ScoreContext) -> float:
    """How often the second commonest value occurs, over how often the commonest does."""
    second, first = np.sort(context.shared(_counts))[-2:]
    return ratio(second, first)


@FEATURES.add(unit="bits", range=(0, 3.59), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def note_value_entropy(context: ScoreContext) -> float:
    """Entropy of the values."""
    return bits(context.shared(_counts))


@FEATURES.add(
    unit="quarters",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Mean Rhythmic Value") + ", before rounding",
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def mean_note_duration(context: ScoreContext) -> float:
    """Mean duration of notes."""
    return context.shared(_moments)[0]


@FEATURES.add(
    unit="quarters",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Rhythmic Value Variability") + ", before rounding",
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def note_duration_deviation(context: ScoreContext) -> float:
    """Standard deviation of the durations of notes."""
    return context.shared(_moments)[1]


@FEATURES.add(
    unit="skewness",
    range=(-np.inf, np.inf),
    source=_JSYMBOLIC.format("Rhythmic Value Skewness") + ", before rounding",
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def note_duration_skewness(context: ScoreContext) -> float:
    """Skewness of the durations of notes; NaN where all are the same."""
    return context.shared(_moments)[2]


@FEATURES.add(
    unit="quarters",
    range=(0, np.inf),
    source=_OURS,
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("shortest_tenth", "median", "longest_tenth"),
)
def note_duration(context: ScoreContext) -> FloatArray:
    """Durations that a tenth, half and nine tenths of the notes do not exceed."""
    duration = context.shared(_lasting)
    if not len(duration):
        return np.full(3, np.nan)
    places = (np.array([0.1, 0.5, 0.9]) * (len(duration) - 1)).astype(np.int64)
    return np.partition(duration, places)[places]


@FEATURES.add(
    unit="attacks",
    range=(1, np.inf),
    source=_JSYMBOLIC.format("Mean Rhythmic Value Run Length"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def note_value_run(context: ScoreContext) -> float:
    """Mean length of runs."""
    lengths = context.shared(_runs)[1]
    return mean(lengths)


@FEATURES.add(
    unit="ratio",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Variability in Rhythmic Value Run Lengths") + ", over the mean",
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def note_value_run_variation(context: ScoreContext) -> float:
    """Standard deviation of the lengths of runs, over their mean."""
    lengths = context.shared(_runs)[1]
    return ratio(spread(lengths), mean(lengths)) if len(lengths) else float("nan")


@FEATURES.add(
    unit="attacks",
    range=(1, np.inf),
    source=_JSYMBOLIC.format("Rhythmic Value Median Run Lengths Histogram") + ", means, not normalised",
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=VALUE_NAMES[:9],
    missing="a value that does not occur",
)
def note_value_run_of(context: ScoreContext) -> FloatArray:
    """Mean length of the runs of each value up to a whole note; NaN for a value that does not occur."""
    values, lengths = context.shared(_runs)
    count = np.bincount(values, minlength=len(VALUES)).astype(np.float64)
    total = np.bincount(values, weights=lengths, minlength=len(VALUES))
    mean_length: FloatArray = np.divide(total, count, out=np.full(len(VALUES), np.nan), where=count > 0)
    return mean_length[:9]
