"""Several machines answer together: what each is worth is learnt from rows held out.

The probability is proportional to exp(bias + Σ scale · decision) (:mod:`styleprint.models.calibration`), a product of
experts whose scales, never negative, and biases are fitted on what the machines said of training rows while those were
held out in the same inner folds (stacked generalisation, Wolpert, *Neural Networks* 5, 1992, in its smallest form: one
number a machine). A machine that is too sure counts less.
"""

from collections.abc import Callable, Sequence

import numpy as np

from styleprint.models.base import FloatArray, IndexArray, Training
from styleprint.models.calibration import fit_calibration
from styleprint.models.held_out import Splits, answered_rows

__all__ = ["learn_scales", "pool_held_out", "weigh"]

Decisions = Sequence[FloatArray]


def weigh(decisions: Decisions, scales: FloatArray) -> FloatArray:
    """Sum of decisions, each times its scale."""
    total: FloatArray = np.tensordot(scales, np.stack(decisions), axes=1)
    return total


def learn_scales(decisions: Decisions, training: Training, rows: IndexArray) -> FloatArray:
    """What each machine counts, shape (n_machines,), from some of the rows that were held out."""
    scales, _ = fit_calibration([found[rows] for found in decisions], training.y[rows], training.weight[rows])
    return scales


def pool_held_out(
    decisions: Decisions,
    training: Training,
    splits: Splits,
    learn: Callable[[Decisions, Training, IndexArray], FloatArray] = learn_scales,
) -> tuple[FloatArray, FloatArray]:
    """What machines say together of rows held out, and what each counts.

    Parameters
    ----------
    decisions : sequence of ndarray, shape (n_rows, n_classes)
        Of machines that had not seen the row, one array a kind of machine; NaN for rows that no fold held out.
    training : Training
    splits : sequence of pairs of row numbers
        Train, test.
    learn : callable
        As :func:`learn_scales`.

    Returns
    -------
    pooled : ndarray, shape (n_rows, n_classes)
        A fold's rows are weighed by what was learnt from the rows of the other folds.
    scales : ndarray, shape (n_machines,)
        Learnt from all folds.
    """
    is_answered = answered_rows(training, splits) & np.isfinite(np.concatenate(decisions, axis=1)).all(axis=1)
    pooled = np.full(decisions[0].shape, np.nan)
    for i, (_, test) in enumerate(splits):
        others = np.concatenate([rows for j, (_, rows) in enumerate(splits) if j != i] or [test])
        scales = learn(decisions, training, others[is_answered[others]])
        pooled[test] = weigh([found[test] for found in decisions], scales)
    return pooled, learn(decisions, training, np.flatnonzero(is_answered))
