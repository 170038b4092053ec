"""Out-of-fold predictions: what models that had not seen a piece said of it, pooled over folds.

A row is a piece in one repeat. Its weight is what the piece counts divided by the number of repeats, so
that any weighted figure averages repeats a piece first, and pools folds rather than averaging them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.evaluation.folds import FoldResult
from styleprint.evaluation.pieces import FloatArray, IndexArray, Pieces
from styleprint.evaluation.splitting import Division

__all__ = ["OutOfFold", "pool"]


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Predictions under one protocol.

    Attributes
    ----------
    protocol : str
    pieces : Pieces
    position : ndarray of int, shape (n,)
        Which piece.
    repeat, fold : ndarray of int, shape (n,)
    probabilities : ndarray, shape (n, n_classes)
    weight : ndarray, shape (n,)
    typicality : ndarray, shape (n, n_classes), or None
    variants : dict of str to ndarray of int, shape (n,)
        Predictions for changed rows.
    train_accuracy : float
        Share of right answers about the training rows, weighted alike, pooled over folds.
    """

    protocol: str
    pieces: Pieces
    position: IndexArray
    repeat: IndexArray
    fold: IndexArray
    probabilities: FloatArray
    weight: FloatArray
    typicality: FloatArray | None
    variants: dict[str, IndexArray]
    train_accuracy: float

    def __len__(self) -> int:
        return len(self.position)

    @property
    def truth(self) -> IndexArray:
        """Position of the true label in the classes, a row."""
        return self.pieces.truth[self.position]

    @property
    def prediction(self) -> IndexArray:
        """The likeliest class of each row; the first of equals."""
        return np.asarray(self.probabilities.argmax(axis=1), dtype=np.intp)

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Whether the likeliest class is the true one."""
        return np.asarray(self.prediction == self.truth, dtype=np.bool_)

    @property
    def group(self) -> IndexArray:
        """Group of each row."""
        return self.pieces.group[self.position]

    def to_frame(self) -> pd.DataFrame:
        """One row a prediction, for Parquet: path, labels, group, fold, weight, probabilities."""
        names = np.asarray(self.pieces.classes)
        columns: dict[str, object] = {
            "protocol": np.full(len(self), self.protocol),
            "row": self.pieces.rows[self.position],
            "path": np.asarray(self.pieces.paths)[self.position],
            "label": names[self.truth],
            "prediction": names[self.prediction],
            "group": self.group,
            "repeat": self.repeat,
            "fold": self.fold,
            "weight": self.weight,
        }
        for column, name in enumerate(self.pieces.classes):
            columns[f"probability.{name}"] = self.probabilities[:, column]
        if self.typicality is not None:
            for column, name in enumerate(self.pieces.classes):
                columns[f"typicality.{name}"] = self.typicality[:, column]
        for change, prediction in self.variants.items():
            columns[f"prediction.{change}"] = names[prediction]
        return pd.DataFrame(columns)


def pool(
    protocol: str, pieces: Pieces, weight: FloatArray, divisions: list[Division], results: list[FoldResult]
) -> OutOfFold:
    """Put the results of all folds and repeats together, in the order of repeats and pieces."""
    n_repeats = 1 + max(division.repeat for division in divisions)
    position = np.concatenate([division.test for division in divisions])
    repeat = np.concatenate([np.full(len(d.test), d.repeat, dtype=np.intp) for d in divisions])
    fold = np.concatenate([np.full(len(d.test), d.fold, dtype=np.intp) for d in divisions])
    order = np.lexsort((position, repeat))
    typicality = [result.typicality for result in results if result.typicality is not None]
    return OutOfFold(
        protocol=protocol,
        pieces=pieces,
        position=position[order],
        repeat=repeat[order],
        fold=fold[order],
        probabilities=np.concatenate([result.probabilities for result in results])[order],
        weight=(weight[position] / n_repeats)[order],
        typicality=np.concatenate(typicality)[order] if len(typicality) == len(results) else None,
        variants={
            name: np.concatenate([result.variants[name] for result in results])[order] for name in results[0].variants
        },
        train_accuracy=_train_accuracy(weight, divisions, results),
    )


def _train_accuracy(weight: FloatArray, divisions: list[Division], results: list[FoldResult]) -> float:
    right = total = 0.0
    for division, result in zip(divisions, results, strict=True):
        if result.train_right is not None:
            right += float(weight[division.train] @ result.train_right)
            total += float(weight[division.train].sum())
    return right / total if total else float("nan")
