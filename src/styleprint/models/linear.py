"""A linear support-vector machine over sparse rows, all classes at once.

One against the rest, squared hinge loss, by dual coordinate descent (Hsieh, Chang, Lin, Keerthi and
Sundararajan, *A dual coordinate descent method for large-scale linear SVM*, ICML 2008, algorithm 1). The
order in which rows are visited is drawn by seed, so results are equal on every run.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from styleprint.models.base import FloatArray, IndexArray

__all__ = ["balance", "decide", "fit_linear"]

_EPOCHS = 40
_TOLERANCE = 0.02


def balance(y: IndexArray, weight: FloatArray, n_classes: int) -> FloatArray:
    """Weights under which every class weighs the same, in sum what they were.

    Parameters
    ----------
    y : ndarray of int, shape (n,)
    weight : ndarray of float, shape (n,)
    n_classes : int
        Classes that `y` lacks are left out of account.
    """
    total = np.bincount(y, weights=weight, minlength=n_classes)
    balanced: FloatArray = weight / total[y]
    scaled: FloatArray = balanced * (weight.sum() / balanced.sum())
    return scaled


def fit_linear(
    rows: sp.csr_matrix,
    y: IndexArray,
    weight: FloatArray,
    n_classes: int,
    *,
    strength: float,
    seed: int,
    chosen: IndexArray | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Coefficients that tell each class from the rest.

    Parameters
    ----------
    rows : sparse matrix, shape (n, n_columns)
    y : ndarray of int, shape (n,)
    weight : ndarray of float, shape (n,)
        Positive for the rows that are learnt from.
    n_classes : int
    strength : float
        C: what an error of weight 1 costs against the size of the coefficients.
    seed : int
    chosen : ndarray of int, optional
        The rows to learn from, without a copy of them; all by default.

    Returns
    -------
    coefficients : ndarray, shape (n_columns, n_classes)
    intercepts : ndarray, shape (n_classes,)
    """
    sign = np.where(y[:, None] == np.arange(n_classes), 1.0, -1.0)
    cost = strength * weight
    square = np.asarray(rows.multiply(rows).sum(axis=1), dtype=np.float64).ravel() + 1.0
    coefficients = np.zeros((rows.shape[1] + 1, n_classes))
    alpha = np.zeros((len(y), n_classes))
    descend = _compiled()
    random = np.random.default_rng(seed)
    data, indices = rows.data.astype(np.float32, copy=False), rows.indices.astype(np.int32, copy=False)
    indptr = rows.indptr.astype(np.int64, copy=False)
    every = np.arange(len(y)) if chosen is None else chosen
    for _ in range(_EPOCHS):
        order = random.permutation(every)
        violation = descend(data, indices, indptr, square, sign, cost, alpha, coefficients, order)
        if violation < _TOLERANCE:
            break
    return coefficients[:-1], coefficients[-1]


def _compiled() -> Any:
    """The inner loop, compiled when first needed: numba takes long to import, and asking needs none of it."""
    from styleprint.models.linear_loop import descend

    return descend


def decide(rows: sp.csr_matrix, coefficients: npt.NDArray[Any], intercepts: npt.NDArray[Any]) -> FloatArray:
    """Decision values, shape (n, n_classes)."""
    decided: FloatArray = np.asarray(rows @ coefficients, dtype=np.float64) + intercepts
    return decided
