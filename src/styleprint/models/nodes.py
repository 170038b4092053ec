"""The nodes of decision trees as arrays, and the walk of rows down all of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, State

__all__ = ["Nodes"]

_WHOLE = ("roots", "feature", "left", "right", "leaf")


@dataclass(frozen=True, eq=False)
class Nodes:
    """The nodes of all trees, one after the other, parents before their children.

    Attributes
    ----------
    roots : ndarray of int, shape (n_trees,)
    feature : ndarray of int, shape (n_nodes,)
        0 at a leaf.
    threshold : ndarray of float64, shape (n_nodes,)
        A value up to it goes left.
    left, right : ndarray of int, shape (n_nodes,)
        Children; a leaf is its own child.
    leaf : ndarray of int, shape (n_nodes,)
        Number of the leaf; 0 where a node is none.
    """

    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int32]
    threshold: FloatArray
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    leaf: npt.NDArray[np.int32]

    @classmethod
    def join(cls, trees: Sequence[Mapping[str, npt.NDArray[Any]]]) -> "Nodes":
        """The nodes of trees that each count from 0; where a node is a leaf, its children are negative."""
        parts: dict[str, list[npt.NDArray[Any]]] = {n: [] for n in ("feature", "threshold", "left", "right", "leaf")}
        roots, start, leaves = [], 0, 0
        for tree in trees:
            is_leaf, own = tree["left"] < 0, np.arange(len(tree["left"]))
            roots.append(start)
            parts["feature"].append(np.where(is_leaf, 0, tree["feature"]))
            parts["threshold"].append(np.where(is_leaf, 0.0, tree["threshold"]))
            parts["left"].append(start + np.where(is_leaf, own, tree["left"]))
            parts["right"].append(start + np.where(is_leaf, own, tree["right"]))
            parts["leaf"].append(np.where(is_leaf, leaves + np.cumsum(is_leaf) - 1, 0))
            start, leaves = start + len(own), leaves + int(is_leaf.sum())
        joined = {name: np.concatenate(found) for name, found in parts.items()}
        threshold = joined.pop("threshold").astype(np.float64)
        whole = {name: array.astype(np.int32) for name, array in joined.items()}
        return cls(np.array(roots, np.int32), threshold=threshold, **whole)

    def walk(self, rows: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """The leaf of each tree that each row reaches, shape (n_rows, n_trees)."""
        nodes, order = np.repeat(self.roots[None], len(rows), axis=0), np.arange(len(rows))[:, None]
        while True:
            goes_left = rows[order, self.feature[nodes]] <= self.threshold[nodes]
            reached = np.where(goes_left, self.left[nodes], self.right[nodes])
            if (reached == nodes).all():
                return self.leaf[nodes]
            nodes = reached

    def to_state(self) -> dict[str, Any]:
        """Arrays."""
        return {name: getattr(self, name) for name in (*_WHOLE, "threshold")}

    @classmethod
    def from_state(cls, state: State, n_leaves: int) -> "Nodes":
        """What :meth:`to_state` described, with so many leaves.

        Raises
        ------
        ValueError
            Where a node leads nowhere, or back: the walk ends because children come after their parents.
        """
        whole = {name: np.asarray(state[name], np.int32) for name in _WHOLE}
        threshold = np.asarray(state["threshold"], np.float64)
        n_nodes, limits = len(threshold), {"leaf": n_leaves, "feature": np.iinfo(np.int32).max}
        for name, array in whole.items():
            if array.ndim != 1 or not len(array) or array.min() < 0 or array.max() >= limits.get(name, n_nodes):
                raise ValueError("the nodes of trees must lead to nodes")
        if threshold.ndim != 1 or any(len(whole[name]) != n_nodes for name in whole if name != "roots"):
            raise ValueError("each node must have a question, two children and a leaf")
        own, left, right = np.arange(n_nodes), whole["left"], whole["right"]
        if not (((left == own) & (right == own)) | ((left > own) & (right > own))).all():
            raise ValueError("children must come after their parents")
        return cls(threshold=threshold, **whole)
