"""Extent: how much music there is, and what the file says of metre and tempo.

A file tells its metre and tempo, or a program put a default there; lengths in quarters rest on the encoder's
choice of a quarter; notes on whether repeats are written out. None of it is safe. Where a file gives no metre or
tempo, what needs them is missing. Counted are pitched notes without graces, all parts, from the first onset to
the last end.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import CHANGE_NAMES, Family
from styleprint.features.numbers import differences, ratio
from styleprint.music.score import FloatArray
from styleprint.music.time import to_seconds

__all__ = ["FEATURES", "seconds_of"]

FEATURES = Family(unchanged_by_repeats=("time_signatures", "first_tempo", "parts_with_notes"))

_OURS = "our own"
_JSYMBOLIC = "McKay, Cumming & Fujinaga 2018 (jSymbolic 2.2), {!r}"
_NOT_MERGED = ("transposition", "tempo", "velocity", "resolution", "legato", "staccato", "part_order")
_BY_TIME = ("transposition", "tempo", "velocity", "part_order")
_BY_SECONDS = ("transposition", "velocity", "part_order")
_BY_TABLE = tuple(change for change in CHANGE_NAMES if change != "tempo")


def _span(context: ScoreContext) -> tuple[float, float]:
    """First onset and last end, in quarters."""
    notes = context.notes
    if not len(notes):
        return float("nan"), float("nan")
    return float(notes.onset_quarters[0]), float((notes.onset_quarters + notes.duration_quarters).max())


def _seconds(context: ScoreContext) -> float:
    start, end = context.shared(_span)
    if not end > start or not len(context.score.tempos.tempo_qpm):
        return float("nan")
    moments = to_seconds(np.array([start, end]), context.score.tempos)
    return float(moments[1] - moments[0])


def seconds_of(context: ScoreContext) -> float:
    """From the first onset to the last end, by the tempos of the file; NaN where it has none."""
    return context.shared(_seconds)


def _measures(context: ScoreContext) -> int:
    """Measures from that of the first onset to that of the last."""
    measure = context.measure_of_frame
    inside = measure[measure >= 0]
    return int(inside[-1] - inside[0]) + 1 if len(inside) else 0


def _main_metre(context: ScoreContext) -> tuple[float, float]:
    """Numerator and denominator of the time signature that holds longest; NaN without one."""
    table = context.score.time_signatures
    end = context.shared(_span)[1]
    if not len(table.numerator) or not end > 0:
        return float("nan"), float("nan")
    starts = np.minimum(table.onset_quarters, end)
    lengths = np.diff(starts, append=end)
    code = table.numerator.astype(np.int64) * 1024 + table.denominator
    kinds, place = np.unique(code, return_inverse=True)
    best = int(kinds[np.bincount(place, weights=lengths).argmax()])
    return float(best // 1024), float(best % 1024)


@FEATURES.add(unit="notes", range=(1, np.inf), source=_OURS, unchanged_by=_NOT_MERGED, encoding_safe=False)
def total_notes(context: ScoreContext) -> float:
    """How many notes there are."""
    return float(len(context.notes)) if len(context.notes) else float("nan")


@FEATURES.add(unit="quarters", range=(0, np.inf), source=_OURS, unchanged_by=_BY_TIME, encoding_safe=False)
def length_quarters(context: ScoreContext) -> float:
    """From the first onset to the last end."""
    start, end = context.shared(_span)
    return end - start


@FEATURES.add(
    unit="seconds",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Duration"),
    unchanged_by=_BY_SECONDS,
    encoding_safe=False,
    missing="a file without tempos",
)
def length_seconds(context: ScoreContext) -> float:
    """From the first onset to the last end, by the tempos of the file; NaN where it has none."""
    return context.shared(_seconds)


@FEATURES.add(unit="measures", range=(1, np.inf), source=_OURS, encoding_safe=False, missing="a file without measures")
def measures(context: ScoreContext) -> float:
    """Measures from the one in which the first note begins to the one in which the last does."""
    return float(context.shared(_measures)) if context.shared(_measures) else float("nan")


@FEATURES.add(
    unit="notes a measure",
    range=(0, np.inf),
    source=_OURS,
    unchanged_by=_NOT_MERGED,
    encoding_safe=False,
    missing="a file without measures",
)
def notes_a_measure(context: ScoreContext) -> float:
    """Notes over measures."""
    return ratio(len(context.notes), context.shared(_measures))


@FEATURES.add(
    unit="notes a second",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Note Density"),
    unchanged_by=_BY_SECONDS,
    encoding_safe=False,
    missing="a file without tempos",
)
def notes_a_second(context: ScoreContext) -> float:
    """Notes over the length in seconds."""
    return ratio(len(context.notes), context.shared(_seconds))


@FEATURES.add(
    unit="notes a quarter",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Note Density per Quarter Note"),
    unchanged_by=_BY_TIME,
    encoding_safe=False,
)
def notes_a_quarter(context: ScoreContext) -> float:
    """Notes over the length in quarters."""
    start, end = context.shared(_span)
    return ratio(len(context.notes), end - start) if len(context.notes) else float("nan")


@FEATURES.add(
    unit="count",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Initial Time Signature") + ", of the one that holds longest",
    encoding_safe=False,
    columns=("numerator", "denominator"),
    missing="a file without time signatures",
)
def time_signature(context: ScoreContext) -> FloatArray:
    """Numerator and denominator of the time signature that holds longest."""
    return np.array(context.shared(_main_metre))


@FEATURES.add(
    unit="claim",
    range=(0, 1),
    source=_JSYMBOLIC.format("Compound Or Simple Meter"),
    encoding_safe=False,
    missing="a file without time signatures",
)
def compound_metre(context: ScoreContext) -> float:
    """1 where the numerator is 6, 9, 12 or another multiple of three above it, 0 where it is not."""
    numerator = context.shared(_main_metre)[0]
    return float(numerator > 3 and numerator % 3 == 0) if numerator == numerator else float("nan")


@FEATURES.add(
    unit="claim",
    range=(0, 1),
    source=_JSYMBOLIC.format("Triple Meter"),
    encoding_safe=False,
    missing="a file without time signatures",
)
def triple_metre(context: ScoreContext) -> float:
    """1 where the numerator is 3 or 9, 0 where it is not."""
    numerator = context.shared(_main_metre)[0]
    return float(numerator in (3, 9)) if numerator == numerator else float("nan")


@FEATURES.add(
    unit="time signatures",
    range=(1, np.inf),
    source=_JSYMBOLIC.format("Metrical Diversity"),
    encoding_safe=False,
    missing="a file without time signatures",
)
def time_signatures(context: ScoreContext) -> float:
    """How many different time signatures there are."""
    table = context.score.time_signatures
    if not len(context.notes) or not len(table.numerator):
        return float("nan")
    return float(len(np.unique(table.numerator.astype(np.int64) * 1024 + table.denominator)))


@FEATURES.add(
    unit="quarters a minute",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Mean Tempo"),
    unchanged_by=_BY_SECONDS,
    encoding_safe=False,
    missing="a file without tempos",
)
def mean_tempo(context: ScoreContext) -> float:
    """Length in quarters over length in minutes."""
    start, end = context.shared(_span)
    return 60 * ratio(end - start, context.shared(_seconds))


@FEATURES.add(
    unit="quarters a minute",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Initial Tempo"),
    unchanged_by=_BY_TABLE,
    encoding_safe=False,
    missing="a file without tempos",
)
def first_tempo(context: ScoreContext) -> float:
    """The first tempo of the file."""
    tempo = context.score.tempos.tempo_qpm
    return float(tempo[0]) if len(tempo) and len(context.notes) else float("nan")


@FEATURES.add(
    unit="changes a hundred quarters",
    range=(0, np.inf),
    source=_OURS,
    unchanged_by=_BY_TIME,
    encoding_safe=False,
    missing="a file without tempos",
)
def tempo_changes(context: ScoreContext) -> float:
    """Changes of tempo in a hundred quarters; NaN where the file has no tempo."""
    tempo = context.score.tempos.tempo_qpm
    start, end = context.shared(_span)
    if not len(tempo) or not end > start:
        return float("nan")
    return 100 * np.count_nonzero(differences(tempo)) / (end - start)


@FEATURES.add(unit="parts", range=(1, np.inf), source=_OURS, unchanged_by=(*_NOT_MERGED,), encoding_safe=False)
def parts_with_notes(context: ScoreContext) -> float:
    """How many parts have notes."""
    return float(np.count_nonzero(np.bincount(context.notes.part))) if len(context.notes) else float("nan")
