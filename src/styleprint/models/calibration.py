"""Decision values become probabilities: a weighted sum and a softmax, fitted on rows that were held out.

The probability of class c is proportional to exp(Σ_m scale_m · decision_m[c]); with one machine this is
temperature scaling (Guo, Pleiss, Sun and Weinberger, ICML 2017), with two it also says how much each is worth.
Scales are not negative, so a higher decision never lowers a probability.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import log_softmax, softmax

from styleprint.models.base import FloatArray, IndexArray

__all__ = ["fit_scales", "to_probabilities"]

_SHRINK = 1e-3
_LARGEST_LOG = 6.0


def to_probabilities(decisions: Sequence[FloatArray], scales: FloatArray) -> FloatArray:
    """Probabilities, shape (n_rows, n_classes).

    Parameters
    ----------
    decisions : sequence of ndarray, shape (n_rows, n_classes)
        One a machine.
    scales : ndarray, shape (n_machines,)
    """
    total = sum(scale * decision for scale, decision in zip(scales, decisions, strict=True))
    probabilities: FloatArray = softmax(total, axis=1)
    return probabilities


def fit_scales(decisions: Sequence[FloatArray], y: IndexArray, weight: FloatArray) -> FloatArray:
    """Scales under which held-out rows are likeliest.

    Parameters
    ----------
    decisions : sequence of ndarray, shape (n_rows, n_classes)
        Of rows that the machines have not seen; one array a machine.
    y : ndarray of int, shape (n_rows,)
    weight : ndarray of float, shape (n_rows,)

    Returns
    -------
    ndarray, shape (n_machines,)
        1 for each machine where there are no rows to fit on.
    """
    from scipy.optimize import minimize  # takes a fifth of a second, and only learning needs it

    if not len(y):
        return np.ones(len(decisions))
    stack = np.stack(decisions)
    share = weight / weight.sum()
    rows = np.arange(len(y))

    def loss(logarithms: FloatArray) -> float:
        total = np.tensordot(np.exp(logarithms), stack, axes=1)
        likelihood = log_softmax(total, axis=1)[rows, y]
        return float(-(share * likelihood).sum() + _SHRINK * (logarithms**2).sum())

    start = np.zeros(len(decisions))
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(-_LARGEST_LOG, _LARGEST_LOG)] * len(decisions))
    return np.exp(found.x)
