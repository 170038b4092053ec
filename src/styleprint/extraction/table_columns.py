"""What each column of a table from elsewhere is: a feature, or something that must not be learnt from.

Looked at in this order; the first that fits counts. Columns named by `keep` are features whatever they look like.

``text``
    No numbers: names, paths, other labels.
``empty``
    No values at all.
``date``
    Dates, or a number whose name says year or date.
``made``
    How the file was made: sample rate, bit rate, number of samples or frames, size (by name).
``identifier``
    Whole numbers that differ in nine of ten rows and lie as close as numbers given one after another, or such a name.
``cut``
    A length (by name) that nine of ten rows share to 2 %: the extractor cut it.
``giveaway``
    It alone gives the label away: rows with the same value, or the next one, nearly always have the same label.
``duration``
    A length that varies: a real duration. It stays, and is named, so that figures without it can stand beside.
``feature``
    All other numbers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.support.errors import TableError

__all__ = ["DURATION", "LEFT_OUT", "Judged", "judge_column", "same_next_label", "shorten", "to_numbers"]

LEFT_OUT = {
    "text": "text: names, paths, other labels",
    "empty": "no values",
    "date": "dates",
    "made": "how the file was made",
    "identifier": "numbers that only identify a row",
    "cut": "a length that was cut to one value",
    "giveaway": "the label is nearly always the same where the value is: it may have been made from the label",
}
"""Kind → why such columns are left out."""

DURATION = "duration"
"""Kind, and unit, of a feature that is the length of a piece."""

_DURATION = re.compile(r"(^|_)(length|duration|dur|seconds)(_|$)")
_MADE = re.compile(
    r"(^|_)(n_?samples|num_samples|samples|sample_count|n_?frames|num_frames|frames|sample_?rate|sr|bit_?rate|"
    r"bit_?depth|channels|file_?size|size|bytes|codec)(_|$)"
)
_DATE = re.compile(r"(^|_)(date|year|timestamp|created|modified|released?)(_|$)")
_IDENTIFIER = re.compile(r"^(unnamed.*|index|idx|row|row_?number)$|(^|_)(id|ids|uuid|number|track_?no)$")
_MIXED = 0.5
_SAME = 0.02
_SHARE = 0.9
_TELLS = 0.99
_LEAST_ROWS = 30
_DENSE = 3


@dataclass(frozen=True, eq=False)
class Judged:
    """A column, judged.

    Attributes
    ----------
    name : str
    kind : str
    values : ndarray of float64, or None
        Numbers, NaN where missing; None for text.
    missing, infinite : int
        Cells without a value, and infinities, which count as missing too.
    """

    name: str
    kind: str
    values: npt.NDArray[np.float64] | None = None
    missing: int = 0
    infinite: int = 0


def judge_column(column: "pd.Series[Any]", labels: npt.NDArray[np.str_] | None, *, keep: bool, place: str) -> Judged:
    """What a column is.

    Parameters
    ----------
    column : Series
    labels : ndarray of str, or None
        Of the same rows; None where they are not known, so that nothing can give them away.
    keep : bool
        Whether the user wants it as a feature.
    place : str
        For messages.

    Raises
    ------
    TableError
        T125, where most cells are numbers and some are text; T126, where a column to keep has no numbers.
    """
    name = str(column.name)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return _refused(name, keep, "date", place)
    numbers = to_numbers(column, place)
    if numbers is None:
        return _refused(name, keep, "date" if _looks_like_dates(column) else "text", place)
    infinite = int(np.isinf(numbers).sum())
    values = np.where(np.isfinite(numbers), numbers, np.nan)
    known = values[~np.isnan(values)]
    about: dict[str, Any] = {"values": values, "missing": len(values) - len(known) - infinite, "infinite": infinite}
    if not len(known):
        return Judged(name, "empty", **about)
    is_duration = bool(_DURATION.search(name.lower()))
    if keep:
        return Judged(name, "duration" if is_duration else "feature", **about)
    return Judged(name, _kind(name.lower(), values, known, labels, is_duration=is_duration), **about)


def _kind(
    name: str,
    values: npt.NDArray[np.float64],
    known: npt.NDArray[np.float64],
    labels: npt.NDArray[np.str_] | None,
    *,
    is_duration: bool,
) -> str:
    if _DATE.search(name):
        return "date"
    if _MADE.search(name):
        return "made"
    if _IDENTIFIER.search(name) or _counts_rows(known):
        return "identifier"
    if is_duration:
        middle = float(np.median(known))
        return "cut" if (np.abs(known - middle) <= _SAME * abs(middle)).mean() >= _SHARE else "duration"
    if labels is not None and same_next_label(values, labels) >= _TELLS:
        return "giveaway"
    return "feature"


def to_numbers(column: "pd.Series[Any]", place: str) -> npt.NDArray[np.float64] | None:
    """The cells as numbers, NaN where missing; None where they are text.

    Raises
    ------
    TableError
        T125, where at least half of the cells are numbers and some are not.
    """
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_numeric_dtype(column.dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    there = column.notna()
    if not there.any():
        return np.full(len(column), np.nan)
    numbers = pd.to_numeric(column.astype(str).str.strip().where(there), errors="coerce")
    wrong = numbers.isna() & there & (column.astype(str).str.strip().str.lower() != "nan")
    if not wrong.any():
        return numbers.to_numpy(dtype=np.float64, na_value=np.nan)
    if wrong.sum() > _MIXED * there.sum():
        return None
    first = int(np.flatnonzero(wrong.to_numpy())[0])
    raise TableError(
        "T125",
        f"a column must hold numbers or text, but {str(column.name)!r} has {int(wrong.sum())} texts among numbers; the "
        f"first is {str(column.iloc[first])[:40]!r} in row {first + 1}.",
        remedy="Correct the cells, empty them (a missing value), or leave the column out with --leave-out.",
        place=place,
    )


def same_next_label(values: npt.NDArray[np.float64], labels: npt.NDArray[np.str_]) -> float:
    """How well the value alone gives the label: each row takes the label of those with its value, or of the next one.

    Rows with equal values take the commonest label among the others of them; a row whose value is its own takes that
    of the nearest value. The share that is right; 0 with fewer than 30 rows, or where one label has nine of ten.
    """
    known = ~np.isnan(values)
    values, labels = values[known], labels[known]
    names, codes = np.unique(labels, return_inverse=True)
    if len(values) < _LEAST_ROWS or np.bincount(codes).max() > _SHARE * len(values):
        return 0.0
    order = np.argsort(values, kind="stable")
    values, codes = values[order], codes[order]
    distinct, block, sizes = np.unique(values, return_inverse=True, return_counts=True)
    counts = np.zeros((len(distinct), len(names)))
    np.add.at(counts, (block, codes), 1.0)
    others = counts[block]
    others[np.arange(len(values)), codes] -= 1.0
    right = others.argmax(axis=1) == codes
    alone = sizes[block] == 1
    gap = np.diff(values)
    before, after = np.concatenate([[np.inf], gap]), np.concatenate([gap, [np.inf]])
    neighbour = np.arange(len(values)) + np.where(before <= after, -1, 1)
    right[alone] = codes[neighbour[alone]] == codes[alone]
    return float(right.mean())


def _counts_rows(known: npt.NDArray[np.float64]) -> bool:
    if len(known) < _LEAST_ROWS or not (known == np.round(known)).all():
        return False
    distinct = len(np.unique(known))
    return distinct >= _SHARE * len(known) and known.max() - known.min() <= _DENSE * len(known)


def _looks_like_dates(column: "pd.Series[Any]") -> bool:
    there = column.dropna().astype(str).head(50)
    pattern = r"\d{4}-\d{2}-\d{2}([T ].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    return bool(len(there)) and bool(there.str.fullmatch(pattern).all())


def _refused(name: str, keep: bool, kind: str, place: str) -> Judged:
    if keep:
        raise TableError("T126", f"a column to keep must hold numbers, but {name!r} does not.", place=place)
    return Judged(name, kind)


def shorten(names: Sequence[str], most: int = 6) -> str:
    """Names for a sentence."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
