"""The rows of a table that a model learns from, with what it is told of each."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.corpus.selection import column_text, select_rows
from styleprint.extraction.table import Table
from styleprint.extraction.variants import Variants
from styleprint.support.errors import ModelError

__all__ = ["TrainingRows", "choose_training_rows"]


@dataclass(frozen=True, eq=False)
class TrainingRows:
    """The rows that train.

    Attributes
    ----------
    rows : ndarray of int
        Positions in the table.
    inputs : DataFrame
    labels, groups : ndarray of str
    weights : ndarray of float
        1 / number of rows in the set of copies.
    variants : Variants or None
        Further rows to learn from.
    """

    rows: npt.NDArray[np.intp]
    inputs: pd.DataFrame
    labels: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_]
    weights: npt.NDArray[np.float64]
    variants: Variants | None = None

    def teach(self, estimator: Any) -> None:
        """Let an estimator learn from them."""
        told: dict[str, Any] = {"groups": self.groups, "sample_weight": self.weights}
        if self.variants is not None:
            told["variants"] = self.variants
        estimator.fit(self.inputs, self.labels, **told)


def choose_training_rows(table: Table, augmented: Variants | None = None) -> TrainingRows:
    """The rows that may teach (:mod:`styleprint.corpus.selection`); a row without a group is its own.

    Parameters
    ----------
    table : Table
    augmented : Variants, optional
        Of rows of the table.

    Raises
    ------
    ModelError
        M101, where they have fewer than two labels.
    """
    frame = table.frame
    chosen = select_rows(frame)
    labels = column_text(frame, "label")[chosen.rows]
    if len(np.unique(labels)) < 2:
        found = f"only '{labels[0]}'" if len(labels) else "none"
        raise ModelError(
            "M101",
            f"telling labels apart needs at least two labels with pieces, but there is {found}.",
            remedy="Put the pieces of each label in a folder of its own, or give --labels.",
        )
    group = column_text(frame, "group")[chosen.rows]
    alone = np.array([f"row {row}" for row in chosen.rows])
    return TrainingRows(
        rows=chosen.rows,
        inputs=table.inputs().iloc[chosen.rows].reset_index(drop=True),
        labels=labels,
        groups=np.where(group == "", alone, group),
        weights=chosen.weight,
        variants=augmented.of_training(chosen.rows, column_text(frame, "label")) if augmented is not None else None,
    )
