"""How well a score orders rows: ROC curves and the area under them.

The area (AUC) is the chance that a positive row scores above a negative one, equal scores counting one
half (Hanley and McNeil 1982), each row by its weight. For several classes: each against the rest.
"""

import numpy as np
import numpy.typing as npt

from styleprint.evaluation.pieces import FloatArray

__all__ = ["auc", "roc_points"]

_N_POINTS = 100


def auc(score: FloatArray, is_positive: npt.NDArray[np.bool_], weight: FloatArray) -> float:
    """Area under the ROC curve.

    Parameters
    ----------
    score : ndarray, shape (n,)
        Higher speaks for positive.
    is_positive : ndarray of bool, shape (n,)
    weight : ndarray, shape (n,)

    Returns
    -------
    float
        NaN where there are no positive or no negative rows.
    """
    code = np.unique(score, return_inverse=True)[1]
    positive = np.bincount(code, weights=weight * is_positive)
    negative = np.bincount(code, weights=weight * ~is_positive)
    if not positive.sum() > 0 or not negative.sum() > 0:
        return float("nan")
    below = np.cumsum(negative) - negative / 2
    return float(positive @ below / (positive.sum() * negative.sum()))


def roc_points(score: FloatArray, is_positive: npt.NDArray[np.bool_], weight: FloatArray) -> list[list[float]]:
    """At most 101 points (share of negatives, share of positives) of the ROC curve, from (0, 0) to (1, 1)."""
    code = np.unique(-score, return_inverse=True)[1]
    positive = np.cumsum(np.bincount(code, weights=weight * is_positive))
    negative = np.cumsum(np.bincount(code, weights=weight * ~is_positive))
    if not positive[-1] > 0 or not negative[-1] > 0:
        return []
    x = np.concatenate([[0.0], negative / negative[-1]])
    y = np.concatenate([[0.0], positive / positive[-1]])
    keep = np.unique(np.linspace(0, len(x) - 1, min(len(x), _N_POINTS + 1)).astype(np.intp))
    return [[float(a), float(b)] for a, b in zip(x[keep], y[keep], strict=True)]
