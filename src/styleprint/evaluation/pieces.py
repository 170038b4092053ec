"""The pieces that an evaluation scores: labels, groups, copies, works and weights of a table's rows.

A *group* is what no split may divide. A set of *copies* is one piece of music in several files. A *work*
is an identity inside one label. Which rows count, and what a *label conflict* is, is the corpus's to say
(:mod:`styleprint.corpus.selection`): no protocol scores a conflict or learns from it; it is counted and reported.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.corpus.selection import column_text, select_rows
from styleprint.support.errors import EvaluationError

__all__ = ["FloatArray", "IndexArray", "Pieces", "collect_pieces", "take_rows"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Pieces:
    """What is scored, one entry a row.

    Attributes
    ----------
    rows : ndarray of int, shape (n,)
        Positions in the table.
    frame : DataFrame, n rows
        Those rows, numbered from 0.
    classes : tuple of str
        Labels, sorted.
    truth : ndarray of int, shape (n,)
        Position of the label in `classes`.
    group, copies, work : ndarray of int, shape (n,)
        Codes. A row without group, copies or work has a code of its own.
    weight : ndarray of float, shape (n,)
        1 / number of rows in the set of copies.
    conflict_sets, conflict_rows : int
        Label conflicts, and the rows in them, which are left out.
    """

    rows: IndexArray
    frame: pd.DataFrame
    classes: tuple[str, ...]
    truth: IndexArray
    group: IndexArray
    copies: IndexArray
    work: IndexArray
    weight: FloatArray
    conflict_sets: int
    conflict_rows: int

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def labels(self) -> npt.NDArray[np.str_]:
        """The label of each row."""
        return np.asarray(self.classes)[self.truth]

    @property
    def paths(self) -> list[str]:
        """The name of each row: its path, or its number where the table has no paths."""
        if "path" in self.frame:
            return [str(path) for path in self.frame["path"]]
        return [f"row {row}" for row in self.rows]


def collect_pieces(frame: pd.DataFrame) -> Pieces:
    """Choose the rows that count and code what protocols need.

    Parameters
    ----------
    frame : DataFrame
        With ``label``; ``group``, ``copies``, ``work``, ``status`` and ``attribution`` are used where present.

    Raises
    ------
    EvaluationError
        E102, where there is no label column; E103, where fewer than two labels remain.
    """
    if "label" not in frame:
        raise EvaluationError("E102", "an evaluation needs a column of labels.", remedy="Name it with --target.")
    chosen = select_rows(frame)
    rows = chosen.rows
    classes, truth = np.unique(column_text(frame, "label")[rows], return_inverse=True)
    if len(classes) < 2:
        found = f"only '{classes[0]}'" if len(classes) else "none"
        raise EvaluationError(
            "E103",
            f"telling labels apart needs at least two labels with pieces, but there is {found}.",
            remedy="Put the pieces of each label in a folder of its own, or give --labels.",
        )
    group = _codes(column_text(frame, "group"))[rows]
    work_name = column_text(frame, "work")[rows]
    work = np.unique(_codes(work_name) * len(classes) + truth, return_inverse=True)[1] if "work" in frame else group
    return Pieces(
        rows=rows,
        frame=frame.iloc[rows].reset_index(drop=True),
        classes=tuple(str(name) for name in classes),
        truth=truth.astype(np.intp),
        group=np.unique(group, return_inverse=True)[1],
        copies=np.unique(_codes(column_text(frame, "copies"))[rows], return_inverse=True)[1],
        work=np.unique(work, return_inverse=True)[1],
        weight=chosen.weight,
        conflict_sets=len(chosen.conflicts),
        conflict_rows=len(chosen.conflict_rows),
    )


def take_rows(
    inputs: pd.DataFrame | npt.NDArray[np.generic], rows: IndexArray
) -> pd.DataFrame | npt.NDArray[np.generic]:
    """Rows by position, of a DataFrame, an array or anything that takes an array of positions."""
    return inputs.iloc[rows] if isinstance(inputs, pd.DataFrame) else inputs[rows]


def _codes(names: npt.NDArray[np.str_]) -> IndexArray:
    """A code for each name, in the order of names; an empty name gets one of its own."""
    found, codes = np.unique(names, return_inverse=True)
    codes = codes.astype(np.intp)
    alone = names == ""
    codes[alone] = len(found) + np.arange(alone.sum())
    return codes
