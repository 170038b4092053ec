"""Figures of merit over weighted predictions.

Definitions, with w the weight of a row, y its true class, p its probabilities and ŷ the likeliest class
(the first of equals):

accuracy
    Σ w [ŷ = y] / Σ w.
balanced accuracy
    Mean over the classes of their recall (Brodersen et al. 2010); classes without rows are left out.
macro F1
    Mean over the classes of the harmonic mean of precision and recall; 0 for a class never found.
top-3 accuracy
    Share of rows whose true class is among the three likeliest.
log loss
    Mean of −ln p_y, in nats; p is clipped at 2.2e-16.
Brier
    Mean over rows of Σ over classes of (p − [class = y])²: from 0 to 2, the definition of Brier 1950.

All of these are sums over groups, or follow from them: a :class:`Tally` keeps the sums of each unit of the
bootstrap, so that 2,000 resamples are one product of matrices. ECE is in :mod:`.calibration`, AUC in
:mod:`.ranking`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from styleprint.evaluation.pieces import FloatArray, IndexArray
from styleprint.support.errors import UsageError

__all__ = [
    "LOWER_IS_BETTER",
    "METRICS",
    "OPTIMISED",
    "Tally",
    "classwise",
    "confusion_matrix",
    "named_metric",
    "row_scores",
]

METRICS = ("accuracy", "balanced_accuracy", "macro_f1", "top3_accuracy", "log_loss", "brier", "ece")
LOWER_IS_BETTER = frozenset({"log_loss", "brier", "ece"})
OPTIMISED = ("accuracy", "balanced_accuracy", "macro_f1", "top3_accuracy", "log_loss", "brier")
"""Metrics by which models can be chosen and compared: those that a Tally gives."""

_SMALLEST = float(np.finfo(np.float64).eps)
_TOP = 3


def named_metric(text: str) -> str:
    """The metric that ``--optimise`` names: ``"balanced"`` is short for balanced accuracy.

    Raises
    ------
    UsageError
        U124, where no model can be chosen by it.
    """
    name = {"balanced": "balanced_accuracy"}.get(text, text)
    if name not in OPTIMISED:
        raise UsageError(
            "U124",
            f"models are chosen and compared by a metric, and {text!r} is none of those.",
            remedy=f"Choose balanced or one of: {', '.join(OPTIMISED)}.",
        )
    return name


def row_scores(truth: IndexArray, probabilities: FloatArray) -> dict[str, FloatArray]:
    """What each row adds to the metrics that are means over rows.

    Parameters
    ----------
    truth : ndarray of int, shape (n,)
    probabilities : ndarray, shape (n, n_classes)

    Returns
    -------
    dict of str to ndarray, shape (n,)
        ``accuracy``, ``top3_accuracy``, ``log_loss`` (nats), ``brier``.
    """
    rows = np.arange(len(truth))
    own = probabilities[rows, truth]
    before = (probabilities > own[:, None]).sum(axis=1)
    ties = (probabilities == own[:, None]) & (np.arange(probabilities.shape[1]) < truth[:, None])
    rank = before + ties.sum(axis=1)
    onehot = np.zeros_like(probabilities)
    onehot[rows, truth] = 1.0
    return {
        "accuracy": (rank == 0).astype(np.float64),
        "top3_accuracy": (rank < _TOP).astype(np.float64),
        "log_loss": -np.log(np.clip(own, _SMALLEST, 1.0)),
        "brier": ((probabilities - onehot) ** 2).sum(axis=1),
    }


def classwise(confusion: FloatArray) -> dict[str, FloatArray]:
    """Precision, recall and F1 of each class.

    Parameters
    ----------
    confusion : ndarray, shape (…, n_classes, n_classes)
        True classes in rows, predicted in columns.

    Returns
    -------
    dict of str to ndarray, shape (…, n_classes)
        Recall is NaN for a class without rows; precision NaN for one never predicted; F1 then 0.
    """
    found = np.diagonal(confusion, axis1=-2, axis2=-1)
    true, predicted = confusion.sum(axis=-1), confusion.sum(axis=-2)
    return {
        "precision": _ratio(found, predicted),
        "recall": _ratio(found, true),
        "f1": np.nan_to_num(_ratio(2 * found, true + predicted)),
    }


def confusion_matrix(truth: IndexArray, prediction: IndexArray, weight: FloatArray, n_classes: int) -> FloatArray:
    """Weight of each pair of true class (rows) and predicted class (columns)."""
    cells = np.bincount(truth * n_classes + prediction, weights=weight, minlength=n_classes**2)
    return cells.astype(np.float64).reshape(n_classes, n_classes)


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums of each unit of resampling, from which the metrics follow.

    Attributes
    ----------
    cells : sparse array, shape (n_units, n_classes²)
        Weight of each pair of true and predicted class.
    sums : ndarray, shape (n_units, 1 + number of mean metrics)
        Weight, then weighted scores.
    names : tuple of str
        Of the mean metrics.
    n_classes : int
    """

    cells: sparse.csr_array
    sums: FloatArray
    names: tuple[str, ...]
    n_classes: int

    @classmethod
    def count(cls, truth: IndexArray, probabilities: FloatArray, weight: FloatArray, unit: IndexArray) -> "Tally":
        """Add up the rows of each unit (codes from 0)."""
        n_classes, n_units = probabilities.shape[1], int(unit.max(initial=-1)) + 1
        pair = truth * n_classes + probabilities.argmax(axis=1)
        cells = sparse.coo_array((weight, (unit, pair)), shape=(n_units, n_classes**2)).tocsr()
        scores = row_scores(truth, probabilities)
        columns = [weight, *(weight * score for score in scores.values())]
        sums = [np.bincount(unit, weights=column, minlength=n_units).astype(np.float64) for column in columns]
        return cls(cells, np.stack(sums, axis=1), tuple(scores), n_classes)

    def values(self, times: FloatArray) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
        """The metrics where each unit is taken so many times.

        Parameters
        ----------
        times : ndarray, shape (n_resamples, n_units)

        Returns
        -------
        overall : dict of str to ndarray, shape (n_resamples,)
        by_class : dict of str to ndarray, shape (n_resamples, n_classes)
        """
        sums = times @ self.sums
        overall = {name: sums[:, 1 + column] / sums[:, 0] for column, name in enumerate(self.names)}
        confusion = np.asarray((self.cells.T @ times.T).T).reshape(len(times), self.n_classes, self.n_classes)
        by_class = classwise(confusion)
        has_rows = confusion.sum(axis=-1) > 0
        is_used = has_rows | (confusion.sum(axis=-2) > 0)
        overall["balanced_accuracy"] = _mean(by_class["recall"], has_rows)
        overall["macro_f1"] = _mean(by_class["f1"], is_used)
        return overall, by_class


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    filled: FloatArray = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return filled


def _mean(values: FloatArray, used: npt.NDArray[np.bool_]) -> FloatArray:
    mean: FloatArray = np.where(used, np.nan_to_num(values), 0.0).sum(axis=-1) / np.maximum(used.sum(axis=-1), 1)
    return mean
