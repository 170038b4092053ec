"""A machine behind its preparation: from raw rows to decisions about all classes, those without training rows too."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from styleprint.models.base import MOST_STORED, FloatArray, IndexArray, State, read_count
from styleprint.models.lesson import Machine, nest, nested
from styleprint.models.preparation import Preparation

__all__ = ["Prepared"]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Preparation and machine, and which classes the machine knows.

    Attributes
    ----------
    preparation : Preparation
    machine : Machine
    present : ndarray of int, shape (n_present,)
        A class that is not among them is as unlikely as the least likely of those that are.
    n_classes : int
    """

    preparation: Preparation
    machine: Machine
    present: IndexArray
    n_classes: int

    def decide(self, rows: FloatArray) -> FloatArray:
        """Decision values about all classes, shape (n_rows, n_classes)."""
        known = self.machine.decide(self.preparation.apply(rows))
        if len(self.present) == self.n_classes:
            return known
        found = np.repeat(known.min(axis=1, keepdims=True), self.n_classes, axis=1)
        found[:, self.present] = known
        return found

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "present": self.present.astype(np.int32),
            "n_classes": self.n_classes,
            **nest("preparation", self.preparation.to_state()),
            **nest("machine", self.machine.to_state()),
        }

    @classmethod
    def from_state(cls, state: State, kind: type[Machine]) -> "Prepared":
        """What :meth:`to_state` described, of a machine of that kind."""
        present = np.asarray(state["present"], dtype=np.intp)
        n_classes = read_count(state["n_classes"], "classes", least=1, most=MOST_STORED)
        if present.ndim != 1 or not len(present) or present.min() < 0 or present.max() >= n_classes:
            raise ValueError("a machine must know some of the classes")
        preparation = Preparation.from_state(nested("preparation", state))
        machine = kind.from_state(nested("machine", state))
        nodes = getattr(machine, "nodes", None)  # of trees, which look at some features only where a row comes by
        if nodes is not None and nodes.feature.max() >= len(preparation.columns):
            raise ValueError("trees must ask about features that there are")
        found = cls(preparation, machine, present, n_classes)
        answered = found.decide(np.zeros((1, preparation.n_columns)))
        if answered.shape != (1, n_classes) or not np.isfinite(answered).all():
            raise ValueError("a machine must decide about each of its classes")
        return found
