"""Is this piece like those of a class at all? Conformal p-values, one a class.

A *conformity* says how much a row belongs to a class. Each class keeps the conformities of its own training
rows, taken while they were held out; the p-value of a new row is the share of them that do not exceed its own.
If the piece is one of the class, p ≤ α happens with a chance of α at most (Vovk, Gammerman and Shafer, *Algorithmic
Learning in a Random World*, 2005, label-conditional conformal predictors). Movements of a work are no
independent witnesses: each group counts once, its rows sharing its voice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, IndexArray

__all__ = ["Conformal", "learn_conformal"]


@dataclass(frozen=True, eq=False)
class Conformal:
    """Conformities of held-out rows, class by class.

    Attributes
    ----------
    values : tuple of ndarray
        Rising, one array a class.
    voices : tuple of ndarray
        Of each value; a group's sum to 1.
    """

    values: tuple[FloatArray, ...]
    voices: tuple[FloatArray, ...]

    def p_values(self, conformity: FloatArray) -> FloatArray:
        """p-values, shape (n_rows, n_classes): (1 + groups that conform no more) / (1 + groups).

        Parameters
        ----------
        conformity : ndarray, shape (n_rows, n_classes)
        """
        found = np.ones(conformity.shape)
        for k, (values, voices) in enumerate(zip(self.values, self.voices, strict=True)):
            below = np.concatenate([[0.0], np.cumsum(voices)])
            at_most = np.searchsorted(values, conformity[:, k], side="right")
            found[:, k] = (1.0 + below[at_most]) / (1.0 + below[-1])
        return np.clip(found, 0.0, 1.0)

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "typicality_values": np.concatenate([np.empty(0), *self.values]),
            "typicality_voices": np.concatenate([np.empty(0), *self.voices]),
            "typicality_counts": [len(values) for values in self.values],
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Conformal":
        """What :meth:`to_state` described."""
        counts = [int(n) for n in state["typicality_counts"]]
        values = np.asarray(state["typicality_values"], dtype=np.float64)
        voices = np.asarray(state["typicality_voices"], dtype=np.float64)
        if not len(values) == len(voices) == sum(counts) or not counts:
            raise ValueError("values, voices and counts must fit together")
        cuts = np.cumsum(counts)[:-1]
        return cls(tuple(np.split(values, cuts)), tuple(np.split(voices, cuts)))


def learn_conformal(conformity: FloatArray, y: IndexArray, groups: npt.NDArray[np.str_], n_classes: int) -> Conformal:
    """Keep the conformities of held-out rows to their own classes.

    Parameters
    ----------
    conformity : ndarray, shape (n_rows, n_classes)
    y : ndarray of int, shape (n_rows,)
    groups : ndarray of str, shape (n_rows,)
    n_classes : int
    """
    values, voices = [], []
    for k in range(n_classes):
        own = np.flatnonzero(y == k)
        _, codes, sizes = np.unique(groups[own], return_inverse=True, return_counts=True)
        order = np.argsort(conformity[own, k], kind="stable")
        values.append(conformity[own, k][order])
        voices.append((1.0 / sizes[codes])[order] if len(own) else np.empty(0))
    return Conformal(tuple(values), tuple(voices))
