"""What inner choices maximise: a figure of rows that were held out inside the training rows.

``accuracy``
    Share of the weight that is right.
``balanced``
    Mean over the classes of their recall. Probabilities then hold where all classes are equally frequent.
``macro_f1``
    Mean over the classes of the harmonic mean of precision and recall.
``log_loss``
    The mean logarithm of the probability of the true class, in nats (so that more is better).
"""

import numpy as np

from styleprint.models.base import FloatArray, IndexArray
from styleprint.models.lesson import to_logarithms
from styleprint.support.errors import UsageError

__all__ = ["AIMS", "check_aim", "score", "shift_prior"]

AIMS = ("accuracy", "balanced", "macro_f1", "log_loss")


def check_aim(aim: str) -> str:
    """The aim, where it is one.

    Raises
    ------
    UsageError
        U161, where there is no such aim.
    """
    if aim not in AIMS:
        raise UsageError("U161", f"inner choices cannot maximise {aim!r}.", remedy=f"Choose one of: {', '.join(AIMS)}.")
    return aim


def score(aim: str, probabilities: FloatArray, y: IndexArray, weight: FloatArray) -> float:
    """The figure; more is better.

    Parameters
    ----------
    aim : str
        One of :data:`AIMS`.
    probabilities : ndarray, shape (n_rows, n_classes)
    y : ndarray of int, shape (n_rows,)
    weight : ndarray of float, shape (n_rows,)
    """
    if aim == "log_loss":
        return float(np.average(to_logarithms(probabilities)[np.arange(len(y)), y], weights=weight))
    n_classes, said = probabilities.shape[1], probabilities.argmax(axis=1)
    right = np.bincount(y, weights=weight * (said == y), minlength=n_classes)
    if aim == "accuracy":
        return float(right.sum() / weight.sum())
    true = np.bincount(y, weights=weight, minlength=n_classes)
    if aim == "balanced":
        return float((right[true > 0] / true[true > 0]).mean())
    both = true + np.bincount(said, weights=weight, minlength=n_classes)
    return float((2 * right[both > 0] / both[both > 0]).mean())


def shift_prior(probabilities: FloatArray, shares: FloatArray) -> FloatArray:
    """Probabilities as they would be if all classes were equally frequent, where `shares` were their shares."""
    shifted = probabilities / shares
    found: FloatArray = shifted / shifted.sum(axis=1, keepdims=True)
    return found
