"""Decision trees as arrays: which feature is asked at each node, where one goes then, what the leaves say.

Trees are trained by scikit-learn and kept side by side; a row walks down all of them at once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, State
from styleprint.models.lesson import to_logarithms

__all__ = ["Trees"]

_BLOCK = 1 << 18
_FLOOR = 1e-3


@dataclass(frozen=True, eq=False)
class Trees:
    """The nodes of all trees, one after the other.

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
        Row of `values`; 0 where a node is no leaf.
    values : ndarray of float16, shape (n_leaves, n_classes)
        Shares of the classes.
    depth : int
        Steps to the deepest leaf.
    """

    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int32]
    threshold: FloatArray
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    leaf: npt.NDArray[np.int32]
    values: npt.NDArray[np.float16]
    depth: int

    @classmethod
    def of(cls, trees: list[Any]) -> "Trees":
        """From fitted ``sklearn.tree`` estimators over the same classes."""
        parts: dict[str, list[npt.NDArray[Any]]] = {n: [] for n in ("feature", "threshold", "left", "right", "leaf")}
        roots, values, start, leaves, depth = [], [], 0, 0, 0
        for tree in (estimator.tree_ for estimator in trees):
            is_leaf, own = tree.children_left < 0, np.arange(tree.node_count)
            roots.append(start)
            parts["feature"].append(np.where(is_leaf, 0, tree.feature))
            parts["threshold"].append(np.where(is_leaf, 0.0, tree.threshold))
            parts["left"].append(start + np.where(is_leaf, own, tree.children_left))
            parts["right"].append(start + np.where(is_leaf, own, tree.children_right))
            parts["leaf"].append(np.where(is_leaf, leaves + np.cumsum(is_leaf) - 1, 0))
            shares = tree.value[is_leaf, 0, :]
            values.append((shares / shares.sum(axis=1, keepdims=True)).astype(np.float16))
            start, leaves, depth = start + tree.node_count, leaves + int(is_leaf.sum()), max(depth, tree.max_depth)
        joined = {name: np.concatenate(found) for name, found in parts.items()}
        threshold = joined.pop("threshold").astype(np.float64)
        nodes = {name: array.astype(np.int32) for name, array in joined.items()}
        return cls(np.array(roots, np.int32), threshold=threshold, values=np.concatenate(values), depth=depth, **nodes)

    def shares(self, rows: FloatArray) -> FloatArray:
        """Mean over the trees of the shares of the leaves that rows reach, shape (n_rows, n_classes)."""
        found = np.zeros((len(rows), self.values.shape[1]))
        step = max(1, _BLOCK // len(self.roots))
        # scikit-learn compares in single precision
        single = rows.astype(np.float32)
        for start in range(0, len(rows), step):
            block = single[start : start + step]
            nodes = self._walk(block)
            total = found[start : start + len(block)]
            for tree in range(len(self.roots)):
                total += self.values[self.leaf[nodes[:, tree]]]
        return found / len(self.roots)

    def _walk(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
        nodes = np.repeat(self.roots[None], len(rows), axis=0)
        order = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[order, self.feature[nodes]] <= self.threshold[nodes]
            nodes = np.where(goes_left, self.left[nodes], self.right[nodes])
        return nodes

    def decide(self, rows: FloatArray) -> FloatArray:
        """Logarithms of shares, none under that of a thousandth."""
        return to_logarithms(self.shares(rows), _FLOOR)

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        names = ("roots", "feature", "threshold", "left", "right", "leaf", "values", "depth")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_state(cls, state: State) -> "Trees":
        """What :meth:`to_state` described."""
        whole = {name: np.asarray(state[name], np.int32) for name in ("roots", "feature", "left", "right", "leaf")}
        threshold, values = np.asarray(state["threshold"], np.float64), np.asarray(state["values"], np.float16)
        n_nodes, limits = len(threshold), {"leaf": len(values), "feature": np.iinfo(np.int32).max}
        for name, array in whole.items():
            if array.ndim != 1 or not len(array) or array.min() < 0 or array.max() >= limits.get(name, n_nodes):
                raise ValueError("the nodes of trees must lead to nodes")
        if any(len(whole[name]) != n_nodes for name in whole if name != "roots") or values.ndim != 2:
            raise ValueError("each node must have a question, two children and a leaf")
        return cls(threshold=threshold, values=values, depth=min(int(state["depth"]), n_nodes), **whole)
