"""A hierarchy of classes: which class belongs to which branch, from names or from what a model mixes up.

Names with levels, ``Electronic/Ambient``, give their first level. Where no name has levels, branches are learnt: a
model's held-out probabilities say how much of each class it gives to which other; classes that are often taken for
each other are joined (average linkage of Murtagh, *Computer Journal* 26, 1983) until about √n branches are left.
"""

from collections.abc import Sequence

import numpy as np
import scipy.cluster.hierarchy
from scipy.spatial.distance import squareform

from styleprint.models.base import FloatArray, IndexArray

__all__ = ["branches_from_confusion", "branches_from_names"]


def branches_from_names(classes: Sequence[str]) -> tuple[IndexArray, tuple[str, ...]] | None:
    """Branch of each class and names of the branches; None where no class has levels."""
    if not any("/" in name for name in classes):
        return None
    first = [name.split("/", 1)[0] for name in classes]
    names = tuple(sorted(set(first)))
    return np.array([names.index(name) for name in first], dtype=np.intp), names


def branches_from_confusion(
    probabilities: FloatArray, y: IndexArray, classes: Sequence[str]
) -> tuple[IndexArray, tuple[str, ...]]:
    """Branches of classes that are taken for each other.

    Parameters
    ----------
    probabilities : ndarray, shape (n_rows, n_classes)
        Of rows that were held out.
    y : ndarray of int, shape (n_rows,)
    classes : sequence of str

    Returns
    -------
    branch : ndarray of int, shape (n_classes,)
    names : tuple of str
        Of the branches, after their classes.
    """
    n_classes = len(classes)
    confusion = np.zeros((n_classes, n_classes))
    np.add.at(confusion, y, probabilities)
    confusion /= np.maximum(confusion.sum(axis=1, keepdims=True), 1e-12)
    alike = (confusion + confusion.T) / 2
    distance = 1.0 - alike / max(float(alike.max()), 1e-12)
    np.fill_diagonal(distance, 0.0)
    count = max(1, round(n_classes**0.5))
    tree = scipy.cluster.hierarchy.linkage(squareform(np.maximum(distance, 0.0), checks=False), "average")
    found = scipy.cluster.hierarchy.fcluster(tree, count, "maxclust")
    # numbered by their first class, so that equal trees give equal branches
    first = list(dict.fromkeys(found.tolist()))
    branch = np.array([first.index(label) for label in found.tolist()], dtype=np.intp)
    names = tuple(" + ".join(classes[k] for k in np.flatnonzero(branch == b).tolist()) for b in range(len(first)))
    return branch, names
