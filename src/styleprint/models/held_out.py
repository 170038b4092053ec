"""Inner folds of a model: which training rows are held out, so that something honest can be said of them."""

import numpy as np

from styleprint.corpus.splits import grouped_splits
from styleprint.models.base import IndexArray, Training

__all__ = ["inner_pairs"]


def inner_pairs(training: Training, folds: int, seed: int) -> list[tuple[IndexArray, IndexArray]]:
    """Pairs of row numbers (train, test) from whole groups, each with two classes to learn; copies count once.

    With fewer groups than folds there are as many folds as groups, and none with a single group.
    """
    folds = min(folds, len(np.unique(training.groups)))
    if folds < 2:
        return []
    y, groups = training.y.tolist(), training.groups.tolist()
    found = grouped_splits(y, groups, folds=folds, seed=seed, weight=training.weight)
    return [(train, test) for train, test in found if len(np.unique(training.y[train])) > 1]
