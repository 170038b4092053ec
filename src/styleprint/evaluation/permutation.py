"""Could chance have done it? A permutation test on a fast reference model.

The labels are exchanged between whole groups of like size, so that what is exchanged keeps its works whole and
each label keeps nearly its number of pieces; a group with several labels keeps them. The reference model is
a ridge regression of the labels on standardised features, tested in folds that know groups and sizes
but no labels, so that every exchange is as likely as the truth if features say nothing of labels.
p = (b + 1) / (n + 1), with b the exchanges whose balanced accuracy reaches the observed one (Phipson and Smyth
2010).

Ridge predictions are linear in the labels: a fold's predictions for all exchanges are one product of
matrices. Labels are standardised, so that a rare label is as easily answered as a common one.
"""

from dataclasses import dataclass

import numpy as np

from styleprint.evaluation.pieces import FloatArray, IndexArray

__all__ = ["PERMUTATIONS", "Permutation", "exchange_labels", "permutation_test"]

PERMUTATIONS = 999
_MIN_BLOCK = 10
_RIDGE = 1.0  # rows of standardised features have a mean square length of 1
_BLOCK = 50
_MOST_DEVIATIONS = 10.0
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Permutation:
    """What the test found.

    Attributes
    ----------
    observed : float
        Balanced accuracy of the reference model.
    chance_mean, chance_high : float
        Mean and 95th percentile over the exchanges.
    p_value : float
    permutations : int
    """

    observed: float
    chance_mean: float
    chance_high: float
    p_value: float
    permutations: int


def permutation_test(
    features: FloatArray,
    truth: IndexArray,
    group: IndexArray,
    weight: FloatArray,
    *,
    folds: int = 5,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Permutation:
    """Test whether features say anything of labels, works kept whole.

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
        NaN stands for the mean.
    truth, group : ndarray of int, shape (n,)
    weight : ndarray, shape (n,)
    folds, permutations, seed : int
    """
    rng = np.random.default_rng(seed)
    fold = _folds_of_groups(group, folds, rng)
    labels = np.stack([truth, *exchange_labels(truth, group, permutations, rng)])
    n_classes = int(truth.max()) + 1
    predicted = np.empty_like(labels)
    for k in range(folds):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        if len(test):
            predicted[:, test] = _ridge(features[train], features[test], weight[train], labels[:, train], n_classes)
    found = np.array([_balanced(y, p, weight, n_classes) for y, p in zip(labels, predicted, strict=True)])
    observed, chance = float(found[0]), found[1:]
    reached = int((chance >= observed - _ROUNDING).sum())
    return Permutation(
        observed=observed,
        chance_mean=float(chance.mean()),
        chance_high=float(np.percentile(chance, 95)),
        p_value=(reached + 1) / (permutations + 1),
        permutations=permutations,
    )


def exchange_labels(truth: IndexArray, group: IndexArray, times: int, rng: np.random.Generator) -> list[IndexArray]:
    """Labels exchanged between groups of like size.

    Groups are ordered by size; groups of one size form a block, joined with the next until it has ten
    groups. Inside a block the labels are shuffled.
    """
    members = np.unique(group, return_inverse=True)[1]
    size = np.bincount(members)
    lowest, highest = np.full(len(size), truth.max()), np.zeros(len(size), dtype=np.intp)
    np.minimum.at(lowest, members, truth)
    np.maximum.at(highest, members, truth)
    is_pure = lowest == highest
    blocks = _blocks(size, np.flatnonzero(is_pure))
    found = []
    for _ in range(times):
        label = lowest.copy()
        for block in blocks:
            label[block] = lowest[rng.permutation(block)]
        found.append(np.where(is_pure[members], label[members], truth))
    return found


def _blocks(size: IndexArray, groups: IndexArray) -> list[IndexArray]:
    order = groups[np.argsort(size[groups], kind="stable")]
    blocks: list[IndexArray] = []
    start = 0
    for end in range(1, len(order) + 1):
        is_border = end == len(order) or size[order[end]] != size[order[end - 1]]
        if is_border and (end - start >= _MIN_BLOCK or end == len(order)):
            blocks.append(order[start:end])
            start = end
    if len(blocks) > 1 and len(blocks[-1]) < _MIN_BLOCK:
        blocks[-2:] = [np.concatenate(blocks[-2:])]
    return blocks


def _folds_of_groups(group: IndexArray, folds: int, rng: np.random.Generator) -> IndexArray:
    """Folds of groups by size alone: largest first, in turn."""
    members = np.unique(group, return_inverse=True)[1]
    size = np.bincount(members)
    order = rng.permutation(len(size))
    order = order[np.argsort(-size[order], kind="stable")]
    fold_of_group = np.empty(len(size), dtype=np.intp)
    fold_of_group[order] = np.arange(len(size)) % folds
    return fold_of_group[members]


def _ridge(train: FloatArray, test: FloatArray, weight: FloatArray, labels: IndexArray, n_classes: int) -> IndexArray:
    """Predicted classes, shape (n_labellings, n_test)."""
    train, test = _standardise(train, test, weight)
    root = np.sqrt(weight)[:, None]
    scaled = train * root
    if train.shape[1] <= len(train):
        gram = scaled.T @ scaled + _RIDGE * np.eye(train.shape[1])
        left, right = test, np.linalg.solve(gram, (scaled * root).T)
    else:
        gram = scaled @ scaled.T + _RIDGE * np.eye(len(train))
        left, right = test @ scaled.T, np.linalg.solve(gram, np.diag(root[:, 0]))
    found = np.empty((len(labels), len(test)), dtype=np.intp)
    for start in range(0, len(labels), _BLOCK):
        some = labels[start : start + _BLOCK]
        onehot = (some.T[:, :, None] == np.arange(n_classes)).astype(np.float64).reshape(len(train), -1)
        share = weight @ onehot / weight.sum()
        targets = (onehot - share) / np.sqrt(np.maximum(share * (1 - share), _ROUNDING))
        scores = left @ (right @ targets)
        found[start : start + _BLOCK] = scores.reshape(len(test), len(some), n_classes).argmax(axis=2).T
    return found


def _standardise(train: FloatArray, test: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    known = np.isfinite(train)
    total = np.maximum((known * weight[:, None]).sum(axis=0), 1e-12)
    filled = np.where(known, train, 0.0)
    mean = (filled * weight[:, None]).sum(axis=0) / total
    deviation = np.sqrt((np.where(known, train - mean, 0.0) ** 2 * weight[:, None]).sum(axis=0) / total)
    scale = np.where(deviation > 0, deviation, np.inf) * np.sqrt(train.shape[1])

    def apply(values: FloatArray) -> FloatArray:
        clipped = np.clip(values - mean, -_MOST_DEVIATIONS * deviation, _MOST_DEVIATIONS * deviation)
        scaled: FloatArray = np.where(np.isfinite(values), clipped, 0.0) / scale
        return scaled

    return apply(train), apply(test)


def _balanced(truth: IndexArray, predicted: IndexArray, weight: FloatArray, n_classes: int) -> float:
    whole = np.bincount(truth, weights=weight, minlength=n_classes)
    right = np.bincount(truth, weights=weight * (truth == predicted), minlength=n_classes)
    return float((right[whole > 0] / whole[whole > 0]).mean())
