"""Kernel ridge regression on features."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import scipy.linalg

from styleprint.models.base import FloatArray, State
from styleprint.models.lesson import Lesson
from styleprint.models.search_space import Real
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["KernelRidgeModel", "Landmarks"]

_MOST = 3000
_BLOCK = 4096
_JITTER = 1e-6


@dataclass(frozen=True, eq=False)
class Landmarks:
    """Rows that others are compared with, and what each says for each class.

    Attributes
    ----------
    width : float
        The kernel is exp(−width · mean squared difference).
    rows : ndarray of float32, shape (n_landmarks, n_features)
    coefficients : ndarray, shape (n_landmarks, n_classes)
    intercepts : ndarray, shape (n_classes,)
    """

    width: float
    rows: npt.NDArray[np.float32]
    coefficients: FloatArray
    intercepts: FloatArray

    def decide(self, rows: FloatArray) -> FloatArray:
        """Decision values, shape (n_rows, n_classes)."""
        parts = [rows[i : i + _BLOCK] for i in range(0, len(rows), _BLOCK)]
        found = [_gaussian(part, self.rows, self.width) @ self.coefficients for part in parts]
        decided: FloatArray = np.concatenate([np.empty((0, len(self.intercepts))), *found]) + self.intercepts
        return decided

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "width": self.width,
            "rows": self.rows,
            "coefficients": self.coefficients,
            "intercepts": self.intercepts,
        }

    @classmethod
    def from_state(cls, state: State) -> "Landmarks":
        """What :meth:`to_state` described."""
        rows = np.asarray(state["rows"], dtype=np.float32)
        coefficients, intercepts = np.asarray(state["coefficients"]), np.asarray(state["intercepts"])
        if rows.ndim != 2 or coefficients.shape != (len(rows), len(intercepts)):
            raise ValueError("landmarks and coefficients must fit together")
        return cls(float(state["width"]), rows, coefficients, intercepts)


class KernelRidgeModel(TableModel):
    """Ridge regression on ±1 for each class with a Gaussian kernel (Saunders, Gammerman and Vovk, ICML 1998).

    Beyond 3,000 rows the kernel is spanned by a draw of them (Nyström).

    Parameters
    ----------
    width : float
        The kernel is exp(−width · mean squared difference of the prepared features).
    ridge : float
        Penalty on the coefficients.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "width": Real(0.02, 5.0, log=True),
        "ridge": Real(0.01, 10.0, log=True),
        "preparation": PREPARATIONS,
    }
    machine_type: ClassVar = Landmarks

    def __init__(
        self,
        width: float = 0.5,
        ridge: float = 0.3,
        preparation: str = "quantile, balanced",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.width = width
        self.ridge = ridge
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> Landmarks:
        weight = lesson.weight / lesson.weight.mean()
        target = np.where(lesson.y[:, None] == np.arange(lesson.n_classes), 1.0, -1.0)
        intercepts = (weight[:, None] * target).sum(axis=0) / weight.sum()
        rows = lesson.rows.astype(np.float32)
        if len(rows) <= _MOST:
            matrix = _gaussian(rows, rows, self.width)
            matrix[np.diag_indices_from(matrix)] += self.ridge / weight
            coefficients = scipy.linalg.solve(matrix, target - intercepts, assume_a="pos", overwrite_a=True)
            return Landmarks(self.width, rows, np.asarray(coefficients), intercepts)
        chosen = np.sort(np.random.default_rng(self.random_state).choice(len(rows), _MOST, replace=False))
        landmarks = rows[chosen]
        matrix = self.ridge * _gaussian(landmarks, landmarks, self.width)
        right = np.zeros((_MOST, lesson.n_classes))
        for start in range(0, len(rows), _BLOCK):
            part = slice(start, start + _BLOCK)
            across = _gaussian(rows[part], landmarks, self.width)
            matrix += across.T @ (weight[part, None] * across)
            right += across.T @ (weight[part, None] * (target[part] - intercepts))
        matrix[np.diag_indices_from(matrix)] += _JITTER * len(rows)
        coefficients = scipy.linalg.solve(matrix, right, assume_a="pos", overwrite_a=True)
        return Landmarks(self.width, landmarks, np.asarray(coefficients), intercepts)


def _gaussian(rows: npt.NDArray[Any], others: npt.NDArray[Any], width: float) -> FloatArray:
    one, two = rows.astype(np.float64), others.astype(np.float64)
    square = (one**2).sum(axis=1)[:, None] + (two**2).sum(axis=1) - 2 * one @ two.T
    kernel: FloatArray = np.exp(-width / max(1, one.shape[1]) * np.maximum(square, 0.0))
    return kernel
