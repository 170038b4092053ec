"""The k nearest training rows vote."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, IndexArray, State
from styleprint.models.lesson import Lesson, to_logarithms
from styleprint.models.search_space import Integer
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["KnnModel", "NearestRows"]

_BLOCK = 512
_SMALLEST = 1e-6


@dataclass(frozen=True, eq=False)
class NearestRows:
    """The training rows themselves.

    Attributes
    ----------
    rows : ndarray of float32, shape (n_rows, n_features)
    y : ndarray of int, shape (n_rows,)
    weight : ndarray of float, shape (n_rows,)
    k : int
    n_classes : int
    """

    rows: npt.NDArray[np.float32]
    y: IndexArray
    weight: FloatArray
    k: int
    n_classes: int

    def votes(self, rows: FloatArray) -> FloatArray:
        """Share of the k nearest (Euclidean) that each class has, each voting with its weight over its distance."""
        found = np.zeros((len(rows), self.n_classes))
        own = self.rows.astype(np.float64)
        square, k = (own**2).sum(axis=1), min(self.k, len(own))
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            distance = np.maximum((block**2).sum(axis=1)[:, None] + square - 2 * block @ own.T, 0.0)
            nearest = np.argsort(distance, axis=1, kind="stable")[:, :k]
            far = np.sqrt(np.take_along_axis(distance, nearest, axis=1))
            voice = self.weight[nearest] / np.maximum(far, _SMALLEST)
            for j in range(k):
                np.add.at(found, (np.arange(start, start + len(block)), self.y[nearest[:, j]]), voice[:, j])
        share: FloatArray = found / found.sum(axis=1, keepdims=True)
        return share

    def decide(self, rows: FloatArray) -> FloatArray:
        """Logarithms of votes, with half a vote for everybody."""
        return to_logarithms((self.k * self.votes(rows) + 0.5) / (self.k + 0.5 * self.n_classes))

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "rows": self.rows,
            "y": self.y.astype(np.int32),
            "weight": self.weight,
            "k": self.k,
            "n_classes": self.n_classes,
        }

    @classmethod
    def from_state(cls, state: State) -> "NearestRows":
        """What :meth:`to_state` described."""
        rows, y = np.asarray(state["rows"], dtype=np.float32), np.asarray(state["y"], dtype=np.intp)
        weight, k, n_classes = np.asarray(state["weight"]), int(state["k"]), int(state["n_classes"])
        fits = rows.ndim == 2 and len(rows) == len(y) == len(weight) > 0 and k > 0 and (weight > 0).all()
        if not fits or y.min() < 0 or y.max() >= n_classes:
            raise ValueError("rows, classes and weights must fit together")
        return cls(rows, y, weight, k, n_classes)


class KnnModel(TableModel):
    """The k nearest training rows vote, the nearer the louder.

    Parameters
    ----------
    k : int
        How many vote.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {"k": Integer(1, 50, log=True), "preparation": PREPARATIONS}
    machine_type: ClassVar = NearestRows

    def __init__(
        self,
        k: int = 9,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.k = k
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> NearestRows:
        return NearestRows(lesson.rows.astype(np.float32), lesson.y, lesson.weight, self.k, lesson.n_classes)
