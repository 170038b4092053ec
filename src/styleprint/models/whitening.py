"""Features mixed so that, inside a class, none goes with another and all vary alike.

Rows are multiplied by the inverse square root of the covariance within classes, shrunk towards its own diagonal:
the symmetric root (ZCA; Kessy, Lewin and Strimmer, *The American Statistician* 72, 2018), which leaves each feature as
near to itself as can be, of the covariance that verification of speakers removes (Hatch, Kajarekar and Stolcke,
Interspeech 2006). A kernel that adds up what rows differ by then counts a difference little where rows of one class
differ like that themselves, and counts what several features say together once.
"""

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, IndexArray

__all__ = ["MOST_FEATURES", "learn_whitening"]

MOST_FEATURES = 1000
"""With more, features stay as they are: a covariance of so many is neither quick nor well known."""

_LEAST = 1e-9


def learn_whitening(
    shrinkage: float, rows: FloatArray, y: IndexArray, weight: FloatArray
) -> npt.NDArray[np.float32] | None:
    """The matrix that rows are multiplied by.

    Parameters
    ----------
    shrinkage : float
        From 0 (the covariance as it is) to 1 (its diagonal alone).
    rows : ndarray, shape (n_rows, n_features)
    y : ndarray of int, shape (n_rows,)
        Each class from 0 has rows.
    weight : ndarray of float, shape (n_rows,)

    Returns
    -------
    ndarray of float32, shape (n_features, n_features), or None
        Symmetric; the mean square of a mixed feature's deviation, over all, is 1. None beyond `MOST_FEATURES`.
    """
    if rows.shape[1] > MOST_FEATURES:
        return None
    share = weight / weight.sum()
    sums = np.zeros((y.max() + 1, rows.shape[1]))
    np.add.at(sums, y, share[:, None] * rows)
    rest = rows - (sums / np.bincount(y, weights=share)[:, None])[y]
    covariance = (share[:, None] * rest).T @ rest
    diagonal = np.diag(covariance).copy()
    covariance *= 1.0 - shrinkage
    covariance[np.diag_indices_from(covariance)] = diagonal
    values, vectors = np.linalg.eigh(covariance)
    root = (vectors / np.sqrt(np.maximum(values, max(_LEAST, _LEAST * values.max())))) @ vectors.T
    spread = np.sqrt((share[:, None] * ((rows - share @ rows) @ root) ** 2).sum() / rows.shape[1])
    found: npt.NDArray[np.float32] = (root / max(float(spread), _LEAST)).astype(np.float32)
    return found
