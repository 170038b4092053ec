"""Decision trees that say shares of the classes.

Trees are trained by scikit-learn and kept side by side; a row walks down all of them at once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, State
from styleprint.models.lesson import to_logarithms
from styleprint.models.nodes import Nodes

__all__ = ["Trees"]

_BLOCK = 1 << 18
_FLOOR = 1e-3


@dataclass(frozen=True, eq=False)
class Trees:
    """Several trees over the same classes.

    Attributes
    ----------
    nodes : Nodes
    values : ndarray of float16, shape (n_leaves, n_classes)
        Shares of the classes.
    """

    nodes: Nodes
    values: npt.NDArray[np.float16]

    @classmethod
    def of(cls, trees: list[Any]) -> "Trees":
        """From fitted ``sklearn.tree`` estimators over the same classes."""
        nodes, values = [], []
        for tree in (estimator.tree_ for estimator in trees):
            children = {"left": tree.children_left, "right": tree.children_right}
            nodes.append(children | {"feature": tree.feature, "threshold": tree.threshold})
            shares = tree.value[tree.children_left < 0, 0, :]
            values.append((shares / shares.sum(axis=1, keepdims=True)).astype(np.float16))
        return cls(Nodes.join(nodes), np.concatenate(values))

    def shares(self, rows: FloatArray) -> FloatArray:
        """Mean over the trees of the shares of the leaves that rows reach, shape (n_rows, n_classes)."""
        n_trees, found = len(self.nodes.roots), np.zeros((len(rows), self.values.shape[1]))
        step = max(1, _BLOCK // n_trees)
        # scikit-learn compares in single precision
        single = rows.astype(np.float32)
        for start in range(0, len(rows), step):
            leaves = self.nodes.walk(single[start : start + step])
            total = found[start : start + len(leaves)]
            for tree in range(n_trees):
                total += self.values[leaves[:, tree]]
        return found / n_trees

    def decide(self, rows: FloatArray) -> FloatArray:
        """Logarithms of shares, none under that of a thousandth."""
        return to_logarithms(self.shares(rows), _FLOOR)

    def to_state(self) -> dict[str, Any]:
        """Arrays."""
        return self.nodes.to_state() | {"values": self.values}

    @classmethod
    def from_state(cls, state: State) -> "Trees":
        """What :meth:`to_state` described."""
        values = np.asarray(state["values"], np.float16)
        if values.ndim != 2 or (values < 0).any():
            raise ValueError("each leaf must have shares of the classes")
        return cls(Nodes.from_state(state, len(values)), values)
