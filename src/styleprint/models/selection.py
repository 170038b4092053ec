"""Which features a machine gets to see, chosen from training rows.

``variance=T``
    Those whose deviation is at least T times their greatest absolute value.
``union=K``
    The best K by the F test of a one-way analysis of variance, and the best K by mutual information with the class
    (features in ten bins of equal frequency, in nats): their union.
``recursive=K``
    Recursive elimination (Guyon, Weston, Barnhill and Vapnik, *Machine Learning* 46, 2002): a ridge classifier on
    standard scores is fitted, the tenth of the features with the least squared coefficients goes, until K remain.
"""

import numpy as np
from scipy.stats import rankdata

from styleprint.models.base import FloatArray, IndexArray
from styleprint.models.lesson import Lesson

__all__ = ["SELECTIONS", "f_values", "mutual_information", "select"]

SELECTIONS = ("variance", "union", "recursive")
_BINS = 10
_RIDGE = 1.0
_DROP = 0.1


def select(name: str, size: float, lesson: Lesson) -> IndexArray:
    """Columns to keep, rising; at least one.

    Parameters
    ----------
    name : str
        One of :data:`SELECTIONS`.
    size : float
        T or K of the module's text.
    lesson : Lesson
        Rows without NaN.
    """
    rows = lesson.rows
    n_features = rows.shape[1]
    if name == "variance":
        largest = np.abs(rows).max(axis=0)
        share = np.divide(rows.std(axis=0), largest, out=np.zeros(n_features), where=largest > 0)
        kept = np.flatnonzero(share >= size)
        return kept if len(kept) else np.array([int(share.argmax())])
    count = int(min(max(1, size), n_features))
    if name == "union":
        best = [np.argsort(-value, kind="stable")[:count] for value in (f_values(lesson), mutual_information(lesson))]
        return np.unique(np.concatenate(best))
    return _eliminate(lesson, count)


def f_values(lesson: Lesson) -> FloatArray:
    """F of a one-way analysis of variance for each feature: between classes over within, each by its freedom."""
    rows, y = lesson.rows, lesson.y
    present, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
    sums = np.zeros((len(present), rows.shape[1]))
    np.add.at(sums, codes, rows)
    means, mean = sums / counts[:, None], rows.mean(axis=0)
    between = (counts[:, None] * (means - mean) ** 2).sum(axis=0) / max(1, len(present) - 1)
    within = ((rows - means[codes]) ** 2).sum(axis=0) / max(1, len(rows) - len(present))
    found: FloatArray = np.divide(between, within, out=np.full(rows.shape[1], np.inf), where=within > 0)
    found[between <= 0] = 0.0
    return found


def mutual_information(lesson: Lesson) -> FloatArray:
    """Mutual information of each feature, in ten bins of equal frequency, with the class; in nats."""
    rows, y = lesson.rows, lesson.y
    n_rows, n_classes = len(rows), lesson.n_classes
    classes = np.bincount(y, minlength=n_classes) / n_rows
    found = np.zeros(rows.shape[1])
    for j in range(rows.shape[1]):
        ranks = rankdata(rows[:, j], method="average") - 0.5
        binned = np.minimum((ranks / n_rows * _BINS).astype(np.intp), _BINS - 1)
        joint = np.bincount(binned * n_classes + y, minlength=_BINS * n_classes).reshape(_BINS, n_classes) / n_rows
        expected = joint.sum(axis=1, keepdims=True) * classes
        seen = joint > 0
        found[j] = float((joint[seen] * np.log(joint[seen] / expected[seen])).sum())
    return found


def _eliminate(lesson: Lesson, count: int) -> IndexArray:
    width = lesson.rows.std(axis=0)
    scores = (lesson.rows - lesson.rows.mean(axis=0)) / np.where(width > 0, width, 1.0)
    target = np.where(lesson.y[:, None] == np.arange(lesson.n_classes), 1.0, -1.0)
    target -= target.mean(axis=0)
    gram, across = scores.T @ scores, scores.T @ target
    kept = np.arange(scores.shape[1])
    while len(kept) > count:
        matrix = gram[np.ix_(kept, kept)] + _RIDGE * np.eye(len(kept))
        worth = (np.linalg.solve(matrix, across[kept]) ** 2).sum(axis=1)
        n_drop = max(1, min(int(_DROP * len(kept)), len(kept) - count))
        kept = np.sort(kept[np.argsort(worth, kind="stable")[n_drop:]])
    return kept
