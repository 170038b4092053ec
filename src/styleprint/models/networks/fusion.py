"""How the hybrid network joins windows with what is known of whole pieces: branches of numbers ask windows, in NumPy.

Each branch makes a vector of its features (two layers, the second with a skip) and a question of that; the windows of
the piece are averaged by how well they answer it and by their own weights, in which longer windows count more
(cross-attention, Vaswani and others, NIPS 2017, with one head).
Windows and features of a row belong to one piece. What comes out is the windows by their own weights, and for each
branch the windows that it asked for and its own vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, IndexArray, State, read_count

__all__ = ["Branch", "Fusion", "pool_rows", "split_columns"]

_MOST_BRANCHES = 4
_PARTS = ("columns", "first", "second", "question")


@dataclass(frozen=True, eq=False)
class Branch:
    """The layers of one branch; the first row of each is the bias.

    Attributes
    ----------
    columns : ndarray of int
        Which features it reads.
    first, second, question : ndarray, shape (1 + n_in, n_out)
    """

    columns: IndexArray
    first: FloatArray
    second: FloatArray
    question: FloatArray

    def read(self, tabular: FloatArray) -> FloatArray:
        """A vector for each row."""
        seen = np.maximum(_layer(tabular[:, self.columns], self.first), 0.0)
        found: FloatArray = seen + np.maximum(_layer(seen, self.second), 0.0)
        return found


@dataclass(frozen=True, eq=False)
class Fusion:
    """Branches, at least one."""

    branches: tuple[Branch, ...]

    def combine(
        self, vectors: FloatArray, scores: FloatArray, row: IndexArray, n_rows: int, tabular: FloatArray
    ) -> FloatArray:
        """What the head sees of each row.

        Parameters
        ----------
        vectors : ndarray, shape (n_windows, n_dimensions)
        scores : ndarray, shape (n_windows,)
        row : ndarray of int, shape (n_windows,)
        n_rows : int
        tabular : ndarray, shape (n_rows, n_features)
        """
        parts = [pool_rows(vectors, scores, row, n_rows)]
        for branch in self.branches:
            own = branch.read(tabular)
            asked = _layer(own, branch.question)
            answer = scores + (vectors * asked[row]).sum(axis=1) / np.sqrt(vectors.shape[1])
            parts += [pool_rows(vectors, answer, row, n_rows), own]
        return np.concatenate(parts, axis=1)

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        state: dict[str, Any] = {"branches": len(self.branches)}
        for i, branch in enumerate(self.branches):
            state |= {f"branch_{i}_{part}": getattr(branch, part) for part in _PARTS}
        return state

    @classmethod
    def from_state(cls, state: State, n_features: int) -> "Fusion":
        """What :meth:`to_state` described."""
        count = read_count(state["branches"], "branches", least=1, most=_MOST_BRANCHES)
        branches = []
        for i in range(count):
            columns = np.asarray(state[f"branch_{i}_columns"], np.intp)
            layers = [np.asarray(state[f"branch_{i}_{part}"], np.float64) for part in _PARTS[1:]]
            fits = columns.ndim == 1 and all(layer.ndim == 2 for layer in layers)
            is_known = bool(((columns >= 0) & (columns < n_features)).all())
            if (
                not fits
                or not is_known
                or [len(layer) for layer in layers] != [1 + len(columns), *[1 + layers[0].shape[1]] * 2]
            ):
                raise ValueError("the layers of a branch must fit together")
            branches.append(Branch(columns, *layers))
        return cls(tuple(branches))


def pool_rows(vectors: FloatArray, scores: FloatArray, row: IndexArray, n_rows: int) -> FloatArray:
    """Mean of the vectors of the windows of each row, each weighing the softmax of its score among them."""
    highest = np.full(n_rows, -np.inf)
    np.maximum.at(highest, row, scores)
    weight = np.exp(scores - highest[row])
    total = np.bincount(row, weights=weight, minlength=n_rows)
    pooled = np.zeros((n_rows, vectors.shape[1]))
    np.add.at(pooled, row, vectors * (weight / total[row])[:, None])
    return pooled


def _layer(seen: npt.NDArray[Any], layer: FloatArray) -> FloatArray:
    found: FloatArray = seen @ layer[1:] + layer[0]
    return found


def split_columns(names: Sequence[str], harmonic: frozenset[str]) -> list[list[int]]:
    """Features of harmony, and all others: which columns each branch reads; a branch without columns is left out."""
    parts = [[j for j, name in enumerate(names) if (name in harmonic) == wanted] for wanted in (False, True)]
    return [part for part in parts if part]
