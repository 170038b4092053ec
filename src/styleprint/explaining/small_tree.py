"""One tree that a person can read: a few questions that tell labels apart, and how far they get.

A classification tree (CART; Breiman, Friedman, Olshen and Stone 1984) of at most four questions, learnt from raw
features, each leaf holding at least 2 % of the rows. It is no model to use: it is a picture of what simple questions
can do, so its accuracy on held-out groups stands beside it.
"""

from typing import Any

import numpy as np

from styleprint.corpus.splits import grouped_splits
from styleprint.evaluation.pieces import FloatArray, IndexArray

__all__ = ["small_tree"]

_DEPTH = 4
_LEAST_SHARE = 0.02
_FOLDS = 5


def small_tree(
    values: FloatArray,
    truth: IndexArray,
    group: IndexArray,
    weight: FloatArray,
    features: tuple[str, ...],
    classes: tuple[str, ...],
    *,
    seed: int,
) -> dict[str, Any]:
    """The tree as nested nodes, with its accuracy on groups that it has not seen.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_features)
        NaN becomes the median of the training rows.
    truth, group : ndarray of int, shape (n_rows,)
    weight : ndarray, shape (n_rows,)
    features, classes : tuple of str
    seed : int

    Returns
    -------
    dict
        ``accuracy`` and ``root``: a node has ``rows``, ``label``, ``share`` of its commonest label, and, where it
        asks, ``feature``, ``threshold``, ``yes`` (up to the threshold) and ``no``.
    """
    right = np.zeros(len(truth))
    folds = min(_FOLDS, len(np.unique(group)))
    accuracy = float("nan")
    if folds > 1:
        for train, test in grouped_splits(truth.tolist(), group.tolist(), folds=folds, seed=seed):
            fill = _medians(values[train])
            tree = _fit(_filled(values[train], fill), truth[train], weight[train], seed)
            right[test] = tree.predict(_filled(values[test], fill)) == truth[test]
        accuracy = float(right @ weight / weight.sum())
    whole = _fit(_filled(values, _medians(values)), truth, weight, seed)
    return {"accuracy": accuracy, "root": _node(whole, 0, features, classes)}


def _fit(values: FloatArray, truth: IndexArray, weight: FloatArray, seed: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    least = max(2, int(_LEAST_SHARE * len(values)))
    learner = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=least, random_state=seed)
    return learner.fit(values, truth, sample_weight=weight)


def _medians(values: FloatArray) -> FloatArray:
    known = ~np.isnan(values)
    return np.array([np.median(v[k]) if k.any() else 0.0 for v, k in zip(values.T, known.T, strict=True)])


def _filled(values: FloatArray, fill: FloatArray) -> FloatArray:
    return np.where(np.isnan(values), fill, values)


def _node(fitted: Any, index: int, features: tuple[str, ...], classes: tuple[str, ...]) -> dict[str, Any]:
    tree = fitted.tree_
    shares = tree.value[index, 0] / tree.value[index, 0].sum()
    node: dict[str, Any] = {
        "rows": int(tree.n_node_samples[index]),
        "label": classes[int(fitted.classes_[shares.argmax()])],
        "share": float(shares.max()),
    }
    if tree.children_left[index] >= 0:
        node |= {
            "feature": features[int(tree.feature[index])],
            "threshold": float(tree.threshold[index]),
            "yes": _node(fitted, int(tree.children_left[index]), features, classes),
            "no": _node(fitted, int(tree.children_right[index]), features, classes),
        }
    return node
