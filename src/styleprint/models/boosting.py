"""Gradient boosting by LightGBM."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, State, read_count
from styleprint.models.lesson import Lesson
from styleprint.models.nodes import Nodes
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["Boosted", "LightgbmModel"]

_MANY_CLASSES = 50
_BLOCK = 1 << 18


@dataclass(frozen=True, eq=False)
class Boosted:
    """Trees of which each adds to the decision about one class.

    LightGBM learns them; what it has learnt is kept as arrays, because its own text would be read by a parser that
    was not made for texts from anywhere (decision 0055).

    Attributes
    ----------
    nodes : Nodes
        Tree i is of class i modulo `n_classes`.
    values : ndarray of float64, shape (n_leaves,)
    n_classes : int
    booster : lightgbm.Booster or None
        What learnt them, in the process where it did: for what LightGBM can say of its trees. It is not stored.
    """

    nodes: Nodes
    values: FloatArray
    n_classes: int
    booster: Any = None

    @classmethod
    def of(cls, booster: Any, n_classes: int) -> "Boosted":
        """From a ``lightgbm.Booster``."""
        trees: list[Mapping[str, Any]] = booster.dump_model()["tree_info"]
        listed = [_list_nodes(tree["tree_structure"]) for tree in trees]
        values = np.concatenate([tree.pop("value")[tree["left"] < 0] for tree in listed])
        return cls(Nodes.join(listed), values.astype(np.float64), n_classes, booster)

    def decide(self, rows: FloatArray) -> FloatArray:
        """Sums of leaves, shape (n_rows, n_classes)."""
        n_trees, found = len(self.nodes.roots), np.zeros((len(rows), self.n_classes))
        step = max(1, _BLOCK // n_trees)
        for start in range(0, len(rows), step):
            leaves = self.values[self.nodes.walk(rows[start : start + step])]
            found[start : start + len(leaves)] = leaves.reshape(len(leaves), -1, self.n_classes).sum(axis=1)
        return found

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return self.nodes.to_state() | {"values": self.values, "n_classes": self.n_classes}

    @classmethod
    def from_state(cls, state: State) -> "Boosted":
        """What :meth:`to_state` described."""
        values = np.asarray(state["values"], np.float64)
        nodes = Nodes.from_state(state, len(values))
        n_classes = read_count(state["n_classes"], "classes", least=1, most=len(nodes.roots))
        if values.ndim != 1 or len(nodes.roots) % n_classes:
            raise ValueError("each round must have a tree a class, and each leaf a value")
        return cls(nodes, values, n_classes)


def _list_nodes(root: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """The nodes of one tree, parents before their children; a leaf's children are −1."""
    found: list[list[float]] = []
    waiting: list[tuple[Mapping[str, Any], int, int]] = [(root, -1, 0)]
    while waiting:
        node, parent, side = waiting.pop()
        if parent >= 0:
            found[parent][side] = len(found)
        if "leaf_value" in node:
            found.append([-1, -1, 0, 0.0, node["leaf_value"]])
            continue
        if node["decision_type"] != "<=":
            raise ValueError("boosted trees must ask whether a number is at most another")
        found.append([-1, -1, node["split_feature"], node["threshold"], 0.0])
        waiting += [(node["right_child"], len(found) - 1, 1), (node["left_child"], len(found) - 1, 0)]
    table = np.array(found)
    whole = {name: table[:, j].astype(np.int32) for j, name in enumerate(("left", "right", "feature"))}
    return whole | {"threshold": table[:, 3], "value": table[:, 4]}


class LightgbmModel(TableModel):
    """Gradient-boosted trees (Ke and others, *LightGBM*, NeurIPS 2017), softmax.

    Parameters
    ----------
    rounds : int
        Trees a class; with more than 50 classes half of them.
    rate : float
        What each tree counts.
    leaves : int
        Of a tree, at most.
    least_leaf : int
        A leaf has at least so many training rows.
    features : float
        Share of the features that each tree is grown from.
    rows : float
        Share of the rows that each tree is grown from.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "rounds": Integer(30, 300, log=True),
        "rate": Real(0.02, 0.3, log=True),
        "leaves": Integer(4, 31, log=True),
        "least_leaf": Integer(3, 40, log=True),
        "features": Real(0.1, 1.0),
        "rows": Real(0.5, 1.0),
        "preparation": Choice(("raw", *PREPARATIONS.values)),
    }
    machine_type: ClassVar = Boosted

    def __init__(
        self,
        rounds: int = 200,
        rate: float = 0.05,
        leaves: int = 7,
        least_leaf: int = 10,
        features: float = 0.2,
        rows: float = 0.7,
        preparation: str = "raw",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.rounds = rounds
        self.rate = rate
        self.leaves = leaves
        self.least_leaf = least_leaf
        self.features = features
        self.rows = rows
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> Boosted:
        import lightgbm

        n_classes = lesson.n_classes
        data = lightgbm.Dataset(
            lesson.rows, lesson.y, weight=lesson.weight, params={"verbosity": -1}, free_raw_data=True
        )
        rounds = self.rounds if n_classes <= _MANY_CLASSES else max(1, self.rounds // 2)
        booster = lightgbm.train(self._settings(n_classes), data, num_boost_round=rounds)
        return Boosted.of(booster, n_classes)

    def _settings(self, n_classes: int) -> dict[str, Any]:
        return {
            "objective": "multiclass",
            "num_class": n_classes,
            "learning_rate": self.rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.least_leaf,
            "feature_fraction": self.features,
            "bagging_fraction": self.rows,
            "bagging_freq": 1 if self.rows < 1 else 0,
            "seed": self.random_state,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
