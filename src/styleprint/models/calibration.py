"""Decision values become probabilities: a weighted sum and a softmax, fitted on rows that were held out.

The probability of class c is proportional to exp(bias_c + Σ_m scale_m · decision_m[c]); with one machine this is
bias-corrected temperature scaling (Guo, Pleiss, Sun and Weinberger, ICML 2017; Alexandari, Kundaje and Shrikumar,
ICML 2020), with two it also says how much each is worth. Machines that learn with every class weighing the same know
nothing of how frequent classes are: the biases put that back, so that a probability holds where classes are as
frequent as among the rows that it was fitted on. Scales are not negative, so a higher decision never lowers a
probability. All is held near 0 and 1 by a small penalty, so that few rows say little.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import log_softmax, softmax

from styleprint.models.base import FloatArray, IndexArray

__all__ = ["fit_calibration", "fit_scales", "to_probabilities"]

_SHRINK = 1e-3
_LARGEST_LOG = 6.0


def to_probabilities(
    decisions: Sequence[FloatArray], scales: FloatArray, biases: FloatArray | float = 0.0
) -> FloatArray:
    """Probabilities, shape (n_rows, n_classes).

    Parameters
    ----------
    decisions : sequence of ndarray, shape (n_rows, n_classes)
        One a machine.
    scales : ndarray, shape (n_machines,)
    biases : ndarray, shape (n_classes,), optional
    """
    total = sum(scale * decision for scale, decision in zip(scales, decisions, strict=True)) + biases
    probabilities: FloatArray = softmax(total, axis=1)
    return probabilities


def fit_scales(decisions: Sequence[FloatArray], y: IndexArray, weight: FloatArray) -> FloatArray:
    """Scales under which held-out rows are likeliest, without biases.

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
    return _fit(decisions, y, weight, with_biases=False)[0]


def fit_calibration(
    decisions: Sequence[FloatArray], y: IndexArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Scales and biases under which held-out rows are likeliest.

    Parameters
    ----------
    decisions, y, weight
        As in :func:`fit_scales`.

    Returns
    -------
    scales : ndarray, shape (n_machines,)
    biases : ndarray, shape (n_classes,)
        0 for a class without rows.
    """
    return _fit(decisions, y, weight, with_biases=True)


def _fit(
    decisions: Sequence[FloatArray], y: IndexArray, weight: FloatArray, *, with_biases: bool
) -> tuple[FloatArray, FloatArray]:
    from scipy.optimize import minimize  # takes a fifth of a second, and only learning needs it

    n_machines, n_classes = len(decisions), decisions[0].shape[1]
    if not len(y):
        return np.ones(n_machines), np.zeros(n_classes)
    stack = np.stack(decisions)
    share = weight / weight.sum()
    truth = (y[:, None] == np.arange(n_classes)).astype(np.float64)
    is_free = (truth.any(axis=0) & with_biases).astype(np.float64)

    def loss(values: FloatArray) -> tuple[float, FloatArray]:
        scales, biases = np.exp(values[:n_machines]), is_free * values[n_machines:]
        logarithms = log_softmax(np.tensordot(scales, stack, axes=1) + biases, axis=1)
        likelihood = (share * (truth * logarithms).sum(axis=1)).sum()
        error = share[:, None] * (np.exp(logarithms) - truth)
        slope = np.concatenate([scales * np.tensordot(stack, error, axes=2), is_free * error.sum(axis=0)])
        return float(-likelihood + _SHRINK * (values**2).sum()), slope + 2 * _SHRINK * values

    start = np.zeros(n_machines + n_classes)
    bounds = [(-_LARGEST_LOG, _LARGEST_LOG)] * len(start)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.exp(found[:n_machines]), is_free * found[n_machines:]
