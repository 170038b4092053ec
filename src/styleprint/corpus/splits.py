"""Folds from groups, by one rule, for outer splits and inner ones.

A group is never divided. Groups are dealt out so that each class is spread over the folds as evenly
as whole groups allow: in an order drawn by seed, largest first, each to the fold where it leaves the
classes most even (the rule of Sechidis, Tsoumakas and Vlahavas 2011 for stratification, applied to
groups). The result depends on the labels, the groups and the seed alone, not on the order of rows.
"""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from styleprint.support.errors import EvaluationError

__all__ = ["Split", "grouped_folds", "grouped_splits", "training_variants"]

Split = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


def grouped_folds(
    labels: Sequence[Hashable],
    groups: Sequence[Hashable],
    *,
    folds: int,
    seed: int,
    weight: npt.ArrayLike | None = None,
) -> npt.NDArray[np.intp]:
    """The fold of each row.

    Parameters
    ----------
    labels, groups : sequences of length n_rows
    folds : int
        At least 2.
    seed : int
    weight : array of float, shape (n_rows,), optional
        What each row counts: 1/n for each of n copies, so that a further copy changes no fold.

    Returns
    -------
    ndarray of int, shape (n_rows,)
        0 … folds − 1.

    Raises
    ------
    EvaluationError
        E101, where there are fewer groups than folds.
    """
    label_names, label_codes = np.unique(np.asarray([str(x) for x in labels]), return_inverse=True)
    group_names, group_codes = np.unique(np.asarray([str(x) for x in groups]), return_inverse=True)
    n_groups, n_labels = len(group_names), len(label_names)
    if folds < 2 or n_groups < folds:
        raise EvaluationError(
            "E101",
            f"{folds} folds need at least 2 folds and as many groups as folds, but there are {n_groups} groups.",
            remedy="Ask for fewer folds, or add works.",
        )
    counts = np.zeros((n_groups, n_labels))
    np.add.at(counts, (group_codes, label_codes), 1.0 if weight is None else np.asarray(weight, dtype=np.float64))
    shares = counts / counts.sum(axis=0)
    order = np.random.default_rng(seed).permutation(n_groups)
    order = order[np.argsort(-np.round(shares[order].max(axis=1), 12), kind="stable")]
    fold_of_group = np.empty(n_groups, dtype=np.intp)
    filled = np.zeros((folds, n_labels))
    sizes = np.zeros(folds)
    for group in order:
        own = shares[group]
        fullness = (filled * own).sum(axis=1)
        fold = int(np.lexsort((np.round(sizes, 9), np.round(fullness, 12)))[0])
        fold_of_group[group] = fold
        filled[fold] += own
        sizes[fold] += counts[group].sum()
    return fold_of_group[group_codes]


def grouped_splits(
    labels: Sequence[Hashable],
    groups: Sequence[Hashable],
    *,
    folds: int,
    seed: int,
    weight: npt.ArrayLike | None = None,
) -> list[Split]:
    """Pairs of row numbers (train, test), one a fold; every row is tested once."""
    fold = grouped_folds(labels, groups, folds=folds, seed=seed, weight=weight)
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(folds)]


def training_variants(
    train: npt.NDArray[np.intp], of: npt.NDArray[np.intp], labels: npt.NDArray[np.str_], target: int | None
) -> npt.NDArray[np.intp]:
    """Which variants stand on a training side: those of its pieces, and no other.

    Parameters
    ----------
    train : ndarray of int
        The rows that train.
    of : ndarray of int, shape (n_variants,)
        The row that each is a variant of, in the order in which variants are taken.
    labels : ndarray of str, one a row
    target : int, optional
        A class with fewer training rows gets variants until it has so many; classes with more get none. Without it all
        classes get all variants.

    Returns
    -------
    ndarray of int
        Positions in `of`, rising.
    """
    chosen = np.flatnonzero(np.isin(of, train))
    if target is None:
        return chosen
    names, counts = np.unique(labels[train], return_counts=True)
    own = labels[of[chosen]]
    parts = [
        chosen[own == name][: max(0, target - int(count))] for name, count in zip(names, counts.tolist(), strict=True)
    ]
    return np.sort(np.concatenate([np.empty(0, np.intp), *parts])).astype(np.intp)
