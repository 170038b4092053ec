"""Kernel ridge regression on features: Gaussian, and Laplacian, whose distance adds up what features differ by.

The Laplacian kernel adds up features one by one, so it is worth most where they have been whitened: then each says
something that the others do not (:mod:`styleprint.models.whitening`, decision 0052).
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import scipy.linalg
from scipy.spatial.distance import cdist

from styleprint.models.base import FloatArray, State
from styleprint.models.lesson import MANY_ROWS, Lesson
from styleprint.models.search_space import Real
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["KernelRidgeModel", "Landmarks", "LaplaceRidgeModel"]

_KINDS = ("gauss", "laplace")

_MOST = 3000
_MOST_OF_MANY = 1500
_BLOCK = 4096
_JITTER = 1e-6


@dataclass(frozen=True, eq=False)
class Landmarks:
    """Rows that others are compared with, and what each says for each class.

    Attributes
    ----------
    kind : str
        ``gauss``, exp(−width · mean squared difference), or ``laplace``, exp(−width · mean absolute difference).
    width : float
    rows : ndarray of float32, shape (n_landmarks, n_features)
    coefficients : ndarray, shape (n_landmarks, n_classes)
    intercepts : ndarray, shape (n_classes,)
    """

    kind: str
    width: float
    rows: npt.NDArray[np.float32]
    coefficients: FloatArray
    intercepts: FloatArray

    def decide(self, rows: FloatArray) -> FloatArray:
        """Decision values, shape (n_rows, n_classes)."""
        parts = [rows[i : i + _BLOCK] for i in range(0, len(rows), _BLOCK)]
        found = [_kernel(self.kind, part, self.rows, self.width) @ self.coefficients for part in parts]
        decided: FloatArray = np.concatenate([np.empty((0, len(self.intercepts))), *found]) + self.intercepts
        return decided

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "kind": self.kind,
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
        kind = str(state["kind"])
        if kind not in _KINDS or rows.ndim != 2 or coefficients.shape != (len(rows), len(intercepts)):
            raise ValueError("landmarks and coefficients must fit together")
        return cls(kind, float(state["width"]), rows, coefficients, intercepts)


class KernelRidgeModel(TableModel):
    """Ridge regression on ±1 for each class with a Gaussian kernel (Saunders, Gammerman and Vovk, ICML 1998).

    Beyond 3,000 rows the kernel is spanned by a draw of them, beyond 20,000 by one of 1,500 (Nyström).

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
    kernel: ClassVar = "gauss"

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
        return _fit(self.kernel, lesson, width=self.width, ridge=self.ridge, seed=self.random_state)


class LaplaceRidgeModel(KernelRidgeModel):
    """Ridge regression on ±1 for each class with a Laplacian kernel.

    Beyond 3,000 rows the kernel is spanned by a draw of them, beyond 20,000 by one of 1,500 (Nyström).

    Parameters
    ----------
    width : float
        The kernel is exp(−width · mean absolute difference of the prepared features).
    ridge : float
        Penalty on the coefficients.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    kernel: ClassVar = "laplace"
    search_space: ClassVar[SearchSpace] = {
        "width": Real(0.1, 10.0, log=True),
        "ridge": Real(0.01, 10.0, log=True),
        "preparation": PREPARATIONS,
    }

    def __init__(
        self,
        width: float = 2.0,
        ridge: float = 0.3,
        preparation: str = "quantile, whitened=0.3, balanced",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        super().__init__(width, ridge, preparation, optimise, inner_folds, random_state)


def _fit(kind: str, lesson: Lesson, *, width: float, ridge: float, seed: int) -> Landmarks:
    weight = lesson.weight / lesson.weight.mean()
    target = np.where(lesson.y[:, None] == np.arange(lesson.n_classes), 1.0, -1.0)
    intercepts = (weight[:, None] * target).sum(axis=0) / weight.sum()
    rows = lesson.rows.astype(np.float32)
    if len(rows) <= _MOST:
        matrix = _kernel(kind, rows, rows, width)
        matrix[np.diag_indices_from(matrix)] += ridge / weight
        coefficients = scipy.linalg.solve(matrix, target - intercepts, assume_a="pos", overwrite_a=True)
        return Landmarks(kind, width, rows, np.asarray(coefficients), intercepts)
    most = _MOST if len(rows) <= MANY_ROWS else _MOST_OF_MANY
    chosen = np.sort(np.random.default_rng(seed).choice(len(rows), most, replace=False))
    landmarks = rows[chosen]
    matrix = ridge * _kernel(kind, landmarks, landmarks, width)
    right = np.zeros((most, lesson.n_classes))
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        across = _kernel(kind, rows[part], landmarks, width)
        matrix += across.T @ (weight[part, None] * across)
        right += across.T @ (weight[part, None] * (target[part] - intercepts))
    matrix[np.diag_indices_from(matrix)] += _JITTER * len(rows)
    coefficients = scipy.linalg.solve(matrix, right, assume_a="pos", overwrite_a=True)
    return Landmarks(kind, width, landmarks, np.asarray(coefficients), intercepts)


def _kernel(kind: str, rows: npt.NDArray[Any], others: npt.NDArray[Any], width: float) -> FloatArray:
    one, two, n_features = rows.astype(np.float64), others.astype(np.float64), max(1, rows.shape[1])
    if kind == "laplace":
        distance = cdist(one, two, "cityblock")
    else:
        square = (one**2).sum(axis=1)[:, None] + (two**2).sum(axis=1) - 2 * one @ two.T
        distance = np.maximum(square, 0.0)
    kernel: FloatArray = np.exp(-width / n_features * distance)
    return kernel
