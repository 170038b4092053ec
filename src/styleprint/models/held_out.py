"""Inner folds of a model: which training rows are held out, so that something honest can be said of them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from styleprint.corpus.splits import grouped_splits
from styleprint.models.base import IndexArray, Training

__all__ = ["Splits", "answered_rows", "inner_pairs"]

Splits = Sequence[tuple[IndexArray, IndexArray]]
"""Inner folds: pairs of row numbers, those that teach and those that are held out."""


def inner_pairs(training: Training, folds: int, seed: int) -> list[tuple[IndexArray, IndexArray]]:
    """Pairs of row numbers (train, test) from whole groups, each with two classes to learn; copies count once.

    With fewer groups than folds there are as many folds as groups, and none with a single group. Variants change no
    fold: they stand on the side that trains, with their pieces, and are never held out.
    """
    pieces = training.pieces
    folds = min(folds, len(np.unique(pieces.groups)))
    if folds < 2:
        return []
    y, groups = pieces.y.tolist(), pieces.groups.tolist()
    found = grouped_splits(y, groups, folds=folds, seed=seed, weight=pieces.weight)
    return [(training.join(train), test) for train, test in found if len(np.unique(pieces.y[train])) > 1]


def answered_rows(training: Training, splits: Splits) -> npt.NDArray[np.bool_]:
    """Which rows are held out from others of their class, so that what is said of them counts."""
    found = np.zeros(len(training.y), dtype=bool)
    for train, test in splits:
        found[test] = np.isin(training.y[test], training.y[train])
    return found
