"""Which pieces teach and count: one rule for a scan, for training, for evaluating and for what is shown.

A row counts if it has a label, could be read and was kept by the filters (status ``ok``), and is of certain
attribution; and if its music does not stand under another label among such rows. Copies under several labels are a
*label conflict*: nobody can be right about them. A disputed or spurious copy makes no conflict, since it does not
count itself. Each set of copies weighs as much as one piece.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Selection", "column_text", "select_rows"]


@dataclass(frozen=True, eq=False)
class Selection:
    """The rows that teach and count.

    Attributes
    ----------
    rows : ndarray of int, shape (n,)
        Positions in the table, rising.
    weight : ndarray of float, shape (n,)
        1 / number of these rows in the set of copies.
    conflicts : tuple of str
        Sets of copies under more than one label, sorted.
    conflict_rows : ndarray of int
        Positions of the rows in them, which are left out.
    """

    rows: npt.NDArray[np.intp]
    weight: npt.NDArray[np.float64]
    conflicts: tuple[str, ...]
    conflict_rows: npt.NDArray[np.intp]


def select_rows(table: pd.DataFrame) -> Selection:
    """Choose the rows that teach and count.

    Parameters
    ----------
    table : DataFrame
        With ``label``; ``status``, ``attribution`` and ``copies`` are used where present.
    """
    label, copies = column_text(table, "label"), column_text(table, "copies")
    can_count = label != ""
    for column, value in (("status", "ok"), ("attribution", "certain")):
        if column in table:
            can_count &= column_text(table, column) == value
    has_copies = can_count & (copies != "")
    named, unit = np.unique(copies[has_copies], return_inverse=True)
    labels = np.unique(label[has_copies], return_inverse=True)[1]
    pairs = np.unique(np.stack([unit, labels]), axis=1)
    in_conflict = np.bincount(pairs[0], minlength=len(named)) > 1
    is_conflict = np.zeros(len(table), dtype=bool)
    is_conflict[has_copies] = in_conflict[unit]
    weight = np.ones(len(table))
    weight[has_copies] = 1.0 / np.bincount(unit, minlength=len(named))[unit]
    rows = np.flatnonzero(can_count & ~is_conflict)
    conflicts = tuple(str(name) for name in named[in_conflict])
    return Selection(rows, weight[rows], conflicts, np.flatnonzero(is_conflict))


def column_text(table: pd.DataFrame, column: str) -> npt.NDArray[np.str_]:
    """A column as text: empty where a value is missing, or the whole column."""
    if column not in table:
        return np.full(len(table), "")
    values = table[column]
    return values.astype(object).where(values.notna(), "").astype(str).to_numpy(dtype=str)
