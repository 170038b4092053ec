"""Errors weighed by how alike labels are: taking one label for its neighbour is less wrong than for any other.

The distance of two labels is, where labels are paths (genre/subgenre), the share of the path that they do not have in
common; else the Euclidean distance of their median ranks over all features, one value a group, scaled so that two
labels are 1 apart on average. The similarity-weighted error is the mean distance from the true label to the answer:
0 for a right one. Beside the plain error it says whether a model errs among neighbours.
"""

from typing import Any

import numpy as np
from scipy import stats

from styleprint.evaluation.intervals import GroupBootstrap, weighted_share
from styleprint.evaluation.pieces import FloatArray, IndexArray
from styleprint.explaining.separation import group_means

__all__ = ["class_distances", "path_distances", "weighted_error"]


def path_distances(classes: tuple[str, ...]) -> FloatArray:
    """Share of the levels, from the first, that two labels do not have in common; between 0 and 1."""
    paths = [name.split("/") for name in classes]
    deepest = max(len(path) for path in paths)
    found = np.zeros((len(paths), len(paths)))
    for i, one in enumerate(paths):
        for j, other in enumerate(paths):
            common = 0
            while common < min(len(one), len(other)) and one[common] == other[common]:
                common += 1
            found[i, j] = 0.0 if one == other else 1.0 - common / deepest
    return found


def class_distances(values: FloatArray, truth: IndexArray, group: IndexArray, n_classes: int) -> FloatArray:
    """Distances of labels by their features, 1 on average.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_features)
        NaN where a feature does not apply.
    truth, group : ndarray of int, shape (n_rows,)
    n_classes : int
        Each has rows.
    """
    means, label = group_means(values, truth, group)
    known = ~np.isnan(means)
    ranks = np.full_like(means, 0.5)
    for column in range(means.shape[1]):
        own = known[:, column]
        if own.any():
            ranks[own, column] = (stats.rankdata(means[own, column]) - 0.5) / own.sum()
    centres = np.stack([np.median(ranks[label == k], axis=0) for k in range(n_classes)])
    apart = np.sqrt(((centres[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2))
    mean = apart.sum() / max(n_classes * (n_classes - 1), 1)
    return apart / mean if mean > 0 else 1.0 - np.eye(n_classes)


def weighted_error(
    truth: IndexArray,
    prediction: IndexArray,
    weight: FloatArray,
    group: IndexArray,
    distances: FloatArray,
    *,
    seed: int,
) -> dict[str, Any]:
    """The similarity-weighted error beside the plain one, each with its interval.

    Parameters
    ----------
    truth, prediction, group : ndarray of int, shape (n,)
    weight : ndarray, shape (n,)
    distances : ndarray, shape (n_classes, n_classes)
    seed : int

    Returns
    -------
    dict
        ``weighted``, ``plain`` (``value``, ``low``, ``high``), and ``distance_of_an_error``: of the errors alone, the
        mean distance; ``by_chance``, what it would be if errors fell on the other labels alike.
    """
    bootstrap = GroupBootstrap.of(truth, group, seed=seed)
    costs, wrong = distances[truth, prediction], truth != prediction
    others = distances.sum(axis=1) / (len(distances) - 1)
    total = float(weight[wrong].sum())
    return {
        "weighted": weighted_share(costs, weight, bootstrap),
        "plain": weighted_share(wrong, weight, bootstrap),
        "distance_of_an_error": float(weight[wrong] @ costs[wrong]) / total if total else float("nan"),
        "by_chance": float(weight[wrong] @ others[truth[wrong]]) / total if total else float("nan"),
    }
