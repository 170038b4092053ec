"""Is this piece like those of a class at all? Conformal p-values, one a class.

A *conformity* says how much a row belongs to a class. Each class keeps the conformities of its own training
rows, taken while they were held out; the p-value of a new row is the share of them that do not exceed its own.
If the piece is one of the class, p ≤ α happens with a chance of α at most (Vovk, Gammerman and Shafer, *Algorithmic
Learning in a Random World*, 2005, label-conditional conformal predictors). Movements of a work are no
independent witnesses: each group counts once, its rows sharing its voice.

That promise is for conformities that one model gives to its held-out rows and to the new piece. Here those kept come
from models of two thirds of the groups, and the new piece meets the model of them all (and the inventory of n-grams,
which knows no labels, was taken from all training rows). So a piece of the class is excluded with a chance of about α,
not exactly at most α; the evaluation measures how often.

Two conformities are at hand: the *margin* of the decision for a class over that for the next best, and the
*familiarity* of the piece's language (:mod:`styleprint.models.familiarity`). Each becomes a p-value; the
smaller of the two is the conformity that counts, and is made a p-value in turn: a piece is typical if neither
speaks against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, IndexArray, read_count

__all__ = ["Conformal", "Typicality", "learn_conformal", "learn_typicality", "margins"]

_MOST_SCALES = 8


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

    def to_state(self, prefix: str) -> dict[str, Any]:
        """Arrays and values, their names beginning with `prefix`."""
        return {
            f"{prefix}_values": np.concatenate([np.empty(0), *self.values]),
            f"{prefix}_voices": np.concatenate([np.empty(0), *self.voices]),
            f"{prefix}_counts": [len(values) for values in self.values],
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any], prefix: str) -> "Conformal":
        """What :meth:`to_state` described."""
        values = np.asarray(state[f"{prefix}_values"], dtype=np.float64)
        voices = np.asarray(state[f"{prefix}_voices"], dtype=np.float64)
        counts = [read_count(n, "conformities of a class", most=len(values)) for n in state[f"{prefix}_counts"]]
        if not counts or values.ndim != 1 or values.shape != voices.shape or len(values) != sum(counts):
            raise ValueError("values, voices and counts must fit together")
        cuts = np.cumsum(counts)[:-1]
        found = cls(tuple(np.split(values, cuts)), tuple(np.split(voices, cuts)))
        if (voices <= 0).any() or (voices > 1).any() or any((np.diff(own) < 0).any() for own in found.values):
            raise ValueError("conformities must rise, and each must have a voice")
        return found


def learn_conformal(
    conformity: FloatArray, y: IndexArray, groups: npt.NDArray[np.str_], weight: FloatArray, n_classes: int
) -> Conformal:
    """Keep the conformities of held-out rows to their own classes.

    Parameters
    ----------
    conformity : ndarray, shape (n_rows, n_classes)
    y : ndarray of int, shape (n_rows,)
    groups : ndarray of str, shape (n_rows,)
    weight : ndarray of float, shape (n_rows,)
        How the rows of a group share its voice.
    n_classes : int
    """
    values, voices = [], []
    for k in range(n_classes):
        own = np.flatnonzero(y == k)
        names, codes = np.unique(groups[own], return_inverse=True)
        total = np.bincount(codes, weights=weight[own], minlength=len(names))
        order = np.argsort(conformity[own, k], kind="stable")
        values.append(conformity[own, k][order])
        voices.append((weight[own] / total[codes])[order] if len(own) else np.empty(0))
    return Conformal(tuple(values), tuple(voices))


@dataclass(frozen=True, eq=False)
class Typicality:
    """One conformal scale a conformity, and one for the smallest of their p-values.

    Attributes
    ----------
    scales : tuple of Conformal
    smallest : Conformal
    """

    scales: tuple[Conformal, ...]
    smallest: Conformal

    def p_values(self, conformities: Sequence[FloatArray]) -> FloatArray:
        """p-values, shape (n_rows, n_classes), from one conformity of that shape a scale."""
        return self.smallest.p_values(_smallest(self.scales, conformities))

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        state: dict[str, Any] = {"typicality_scales": len(self.scales)} | self.smallest.to_state("typicality_smallest")
        for i, scale in enumerate(self.scales):
            state |= scale.to_state(f"typicality_{i}")
        return state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Typicality":
        """What :meth:`to_state` described."""
        n_scales = read_count(state["typicality_scales"], "scales of typicality", least=1, most=_MOST_SCALES)
        scales = [Conformal.from_state(state, f"typicality_{i}") for i in range(n_scales)]
        smallest = Conformal.from_state(state, "typicality_smallest")
        if any(len(scale.values) != len(smallest.values) for scale in scales):
            raise ValueError("scales must know the same classes")
        return cls(tuple(scales), smallest)


def learn_typicality(
    conformities: Sequence[FloatArray],
    y: IndexArray,
    groups: npt.NDArray[np.str_],
    weight: FloatArray,
    n_classes: int,
) -> Typicality:
    """Scales of conformities of held-out rows, each of shape (n_rows, n_classes), at least one."""
    scales = tuple(learn_conformal(conformity, y, groups, weight, n_classes) for conformity in conformities)
    return Typicality(scales, learn_conformal(_smallest(scales, conformities), y, groups, weight, n_classes))


def margins(decisions: FloatArray) -> FloatArray:
    """Decision for each class less the best of the others, shape (n_rows, n_classes)."""
    ordered = np.sort(decisions, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1]
    found: FloatArray = decisions - np.where(decisions == best, second, best)
    return found


def _smallest(scales: Sequence[Conformal], conformities: Sequence[FloatArray]) -> FloatArray:
    found = [scale.p_values(conformity) for scale, conformity in zip(scales, conformities, strict=True)]
    return np.asarray(np.min(found, axis=0), dtype=np.float64)
