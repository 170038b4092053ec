"""Variants of pieces: further rows to learn from, each of a piece among the rows that train, and never scored.

A variant shows a piece as it might have been: in another key, with notes left out, louder. It learns nothing from other
pieces, so it may be made before any split; but it stands on training sides alone, with its piece
(:func:`styleprint.corpus.splits.training_variants`). A piece and its variants share the weight of the piece, so that
augmenting changes what a piece is known by and not how much it counts.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.corpus.splits import training_variants

__all__ = ["Variants"]


@dataclass(frozen=True, eq=False)
class Variants:
    """Rows of variants.

    Attributes
    ----------
    inputs : DataFrame
        Columns as the pieces have them.
    of : ndarray of int, shape (n_variants,)
        The row of the piece. The order is that in which variants are taken where not all are needed.
    target : int, optional
        Rows that a class is filled up to; None gives every piece all its variants.
    """

    inputs: pd.DataFrame
    of: npt.NDArray[np.intp]
    target: int | None = None

    def __len__(self) -> int:
        return len(self.of)

    def of_training(self, train: npt.NDArray[np.intp], labels: npt.NDArray[np.str_]) -> "Variants | None":
        """Those that a training side is given, of rows numbered as in `train`; None where there are none.

        Parameters
        ----------
        train : ndarray of int
            Rows, each once.
        labels : ndarray of str
            Of all rows.
        """
        chosen = training_variants(train, self.of, labels, self.target)
        if not len(chosen):
            return None
        place = np.full(int(max(train.max(), self.of.max())) + 1, -1, dtype=np.intp)
        place[train] = np.arange(len(train))
        return Variants(self.inputs.iloc[chosen].reset_index(drop=True), place[self.of[chosen]])
