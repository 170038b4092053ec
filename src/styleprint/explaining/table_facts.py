"""Facts about a table before any model: what is missing, constant or double, and how the classes are filled."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from styleprint.evaluation.pieces import FloatArray, Pieces, collect_pieces

__all__ = [
    "IMBALANCE",
    "ClassCount",
    "Facts",
    "class_counts",
    "imbalance_notes",
    "imbalance_warning",
    "look_at_columns",
    "numbers",
]

IMBALANCE = 10.0
"""Largest class over smallest from which a warning is given."""

_LENGTH = re.compile(
    r"^((track|song|clip|piece|total)_)?(length|duration)(_(seconds|samples|quarters|ms|s))?$", re.IGNORECASE
)


@dataclass(frozen=True)
class ClassCount:
    """How often a label occurs."""

    name: str
    rows: int
    groups: int
    share: float


@dataclass(frozen=True)
class Facts:
    """What the columns hold.

    Attributes
    ----------
    columns : tuple of str
        Of numbers, as the table has them.
    missing : dict of str to float
        Column → share of rows without a finite number, where there are any.
    constant : tuple of str
        Columns with one value or none.
    duplicate_columns : tuple of pairs
        Columns that equal an earlier one: (column, earlier).
    duplicate_rows : int
        Rows whose numbers all equal those of an earlier row.
    duplicate_conflicts : int
        Of these, rows under another label than the earlier one.
    lengths : tuple of str
        Columns that are a length by their name: what an extractor cut, or a true duration.
    """

    columns: tuple[str, ...]
    missing: dict[str, float]
    constant: tuple[str, ...]
    duplicate_columns: tuple[tuple[str, str], ...]
    duplicate_rows: int
    duplicate_conflicts: int
    lengths: tuple[str, ...]

    @property
    def varying(self) -> tuple[str, ...]:
        """Columns that are neither constant nor a copy of another."""
        left_out = {*self.constant, *(name for name, _ in self.duplicate_columns)}
        return tuple(name for name in self.columns if name not in left_out)


def numbers(frame: pd.DataFrame, columns: Sequence[str]) -> FloatArray:
    """These columns as numbers; what is not finite becomes NaN."""
    found: FloatArray = frame[list(columns)].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)


def look_at_columns(pieces: Pieces, columns: Sequence[str]) -> Facts:
    """Facts about the columns of the rows that count."""
    values = numbers(pieces.frame, columns)
    missing = np.isnan(values).mean(axis=0) if len(values) else np.zeros(len(columns))
    is_constant = [len(np.unique(column[~np.isnan(column)])) < 2 for column in values.T]
    first: dict[bytes, str] = {}
    duplicates = []
    for name, column, constant in zip(columns, values.T, is_constant, strict=True):
        if constant:
            continue
        earlier = first.setdefault(np.ascontiguousarray(column).tobytes(), name)
        if earlier != name:
            duplicates.append((name, earlier))
    double, conflicts = _duplicate_rows(values, pieces)
    return Facts(
        columns=tuple(columns),
        missing={name: float(share) for name, share in zip(columns, missing, strict=True) if share > 0},
        constant=tuple(name for name, constant in zip(columns, is_constant, strict=True) if constant),
        duplicate_columns=tuple(duplicates),
        duplicate_rows=double,
        duplicate_conflicts=conflicts,
        lengths=tuple(name for name in columns if _LENGTH.search(name)),
    )


def imbalance_notes(frame: pd.DataFrame) -> tuple[str, ...]:
    """The warning, where rows with these labels deserve it, as notes that an evaluation or comparison carries."""
    warning = imbalance_warning(class_counts(collect_pieces(frame)))
    return (warning,) if warning else ()


def _duplicate_rows(values: FloatArray, pieces: Pieces) -> tuple[int, int]:
    first: dict[bytes, int] = {}
    double = conflicts = 0
    for i, row in enumerate(np.ascontiguousarray(values)):
        earlier = first.setdefault(row.tobytes(), i)
        if earlier != i:
            double += 1
            conflicts += int(pieces.truth[i] != pieces.truth[earlier])
    return double, conflicts


def class_counts(pieces: Pieces) -> tuple[ClassCount, ...]:
    """Rows and groups of each label, the largest first."""
    counts = []
    for code, name in enumerate(pieces.classes):
        own = pieces.truth == code
        counts.append(ClassCount(name, int(own.sum()), len(np.unique(pieces.group[own])), float(own.mean())))
    return tuple(sorted(counts, key=lambda count: (-count.rows, count.name)))


def imbalance_warning(counts: Sequence[Any]) -> str:
    """A sentence where the largest class has over ten times the rows of the smallest; else empty.

    Parameters
    ----------
    counts : sequence of ClassCount
        The largest first.
    """
    ratio = counts[0].rows / counts[-1].rows
    if ratio <= IMBALANCE:
        return ""
    return (
        f"{counts[0].name} has {ratio:.0f} times as many rows as {counts[-1].name}: accuracy hardly notices the rare "
        f"labels. Look at balanced accuracy, and consider --optimise balanced."
    )
