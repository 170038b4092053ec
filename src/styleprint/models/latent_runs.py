"""Where a piece lies among pieces by its runs, in few numbers: latent semantic analysis.

Rows are weighed as n-grams weigh them (:mod:`styleprint.models.ngrams`), a count as 1 + log(count), and seen along the
right singular vectors of their matrix, the largest first and not centred (Deerwester, Dumais, Furnas, Landauer and
Harshman, *JASIS* 41, 1990; Halko, Martinsson and Tropp, *SIAM Review* 53, 2011, on how they are found). Labels are not
looked at. A network that must find by itself which of 20,000 runs matter learns pieces by rare ones.

In thousands of dimensions a row lies farther out along directions that were found with its help than a new row does, by
three quarters and more. So each row is placed along directions found without its inner fold, turned to agree with those
of all rows; new rows lie along the mean of the folds' directions. There are one for ten rows, 8 to 64: beyond,
directions are noise, in which folds do not agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from styleprint.models.base import FloatArray, Inputs, Training
from styleprint.models.held_out import Splits
from styleprint.models.ngrams import Space, learn_space
from styleprint.models.passages import Cuts, cut_rows
from styleprint.models.views import HashArray, View

__all__ = ["LEAST_SHARE", "LatentRuns"]


_LEAST_DIRECTIONS, _MOST_DIRECTIONS, _ROWS_A_DIRECTION = 8, 64, 10
LEAST_SHARE = 0.02
"""Of the rows: a run that fewer have points nowhere."""

_FLAT = 1e-5


@dataclass(frozen=True, eq=False)
class LatentRuns:
    """Directions in a space of runs.

    Attributes
    ----------
    space : Space
        The runs of at least one row in fifty.
    directions : ndarray of float16, shape (n_columns, n_directions)
        The largest first; of unit length, or less where folds do not agree.
    """

    space: Space
    directions: npt.NDArray[np.float16]

    @classmethod
    def learn(
        cls, inputs: Inputs, views: Sequence[View], training: Training, splits: Splits, *, seed: int
    ) -> "tuple[LatentRuns, FloatArray] | None":
        """The directions of these rows, and where the rows lie along them.

        Parameters
        ----------
        inputs : Inputs
        views : sequence of View
        training : Training
            Its weights and which rows are forms of one piece; its labels are not looked at.
        splits : sequence of pairs of row numbers
            Inner folds (train, test).
        seed : int

        Returns
        -------
        runs : LatentRuns
        coordinates : ndarray, shape (n_rows, n_directions)
            Of a row that is held out in a fold, by the other folds. None for both where rows share no runs.
        """
        weight = training.teaching
        space, blocks = learn_space(inputs, views, cut_rows(inputs, views, moments=None), weight, LEAST_SHARE)
        weighed = space.weigh(blocks, _dampen)
        most = min(_MOST_DIRECTIONS, max(_LEAST_DIRECTIONS, inputs.n_rows // _ROWS_A_DIRECTION))
        found = _directions(weighed, weight, most, seed)
        if not found.shape[1]:
            return None
        coordinates, total = np.asarray(weighed @ found), np.zeros_like(found)
        for train, test in splits:
            own = _directions(weighed[train], weight[train], most, seed)
            turned = own @ (own.T @ found)
            rows = np.flatnonzero(np.isin(training.piece, test))
            coordinates[rows] = weighed[rows] @ turned
            total += turned / len(splits)
        return cls(space, (total if splits else found).astype(np.float16)), coordinates

    def apply(self, inputs: Inputs) -> FloatArray:
        """Coordinates of rows, shape (n_rows, n_directions)."""
        cuts = cut_rows(inputs, self.space.views, moments=None)
        return self._place(self.space.weigh(self.space.count(inputs, cuts), _dampen))

    def without(self, inputs: Inputs, borders: Mapping[str, npt.NDArray[np.int64]]) -> FloatArray:
        """Coordinates of a single row without the runs that begin in each passage, shape (n_passages, n_directions).

        Parameters
        ----------
        inputs : Inputs
            One row.
        borders : mapping of str to ndarray of int, shape (n_passages + 1,)
            Stream → where its passages begin, and the end.
        """
        n_passages = len(next(iter(borders.values()))) - 1
        cuts = Cuts(np.zeros(n_passages, dtype=np.intp), {stream: [own] for stream, own in borders.items()})
        left = []
        for counts in self.space.count(inputs, cuts):
            total = sp.csr_matrix(counts.sum(axis=0))
            rest = (sp.vstack([total] * n_passages) - counts).tocsr()
            rest.eliminate_zeros()
            left.append(rest)
        return self._place(self.space.weigh(left, _dampen))

    def point(self, views: Sequence[View], hashes: Sequence[HashArray], most: int) -> list[FloatArray]:
        """Where runs point, each by itself: its inverse document frequency times its directions.

        Parameters
        ----------
        views : sequence of View
            Of the space, each with lengths of its own.
        hashes : sequence of ndarray of uint64
            For each of these views, some runs.
        most : int
            The first so many directions.

        Returns
        -------
        list of ndarray, shape (1 + n_runs, n_directions)
            One a view. Nothing where the space lacks a run, and in the first row, which is of runs that are not known.
        """
        place = {view.name: i for i, view in enumerate(self.space.views)}
        found = []
        for view, own in zip(views, hashes, strict=True):
            known, start = self.space.hashes[place[view.name]], self.space.borders[place[view.name]]
            vectors = np.zeros((1 + len(own), min(most, self.directions.shape[1])))
            _, there, column = np.intersect1d(own, known, assume_unique=True, return_indices=True)
            column = column + start
            vectors[1 + there] = self.space.idf[column, None] * self.directions[column, : vectors.shape[1]]
            found.append(vectors)
        return found

    def _place(self, weighed: sp.csr_matrix) -> FloatArray:
        coordinates: FloatArray = np.asarray(weighed @ self.directions.astype(np.float32), dtype=np.float64)
        return coordinates

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return self.space.to_state() | {"directions": self.directions}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "LatentRuns":
        """What :meth:`to_state` described."""
        space, directions = Space.from_state(state), np.asarray(state["directions"]).astype(np.float16)
        fits = directions.ndim == 2 and len(directions) == len(space.idf) and directions.shape[1] >= 1
        is_number = np.isfinite(directions).all() and np.isfinite(space.idf).all()
        if not fits or directions.shape[1] > _MOST_DIRECTIONS or not is_number or not space.views:
            raise ValueError("directions must be of the space of runs")
        return cls(space, directions)


def _directions(weighed: sp.csr_matrix, weight: FloatArray, most: int, seed: int) -> npt.NDArray[np.float32]:
    """Right singular vectors, at most so many, shape (n_columns, n_directions), without those that are of nothing."""
    from sklearn.utils.extmath import randomized_svd  # learning alone needs it

    most = min(most, weighed.shape[0] - 1, weighed.shape[1])
    if most < 1:
        return np.zeros((weighed.shape[1], 0), dtype=np.float32)
    counting = sp.diags(np.sqrt(weight / weight.mean()).astype(np.float32)) @ weighed
    _, spread, vectors = randomized_svd(counting, most, random_state=seed)
    found = vectors[spread > _FLAT * spread[0]].T.astype(np.float16)  # as it will be stored
    return np.ascontiguousarray(found, dtype=np.float32)


def _dampen(counts: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return (1.0 + np.log(counts)).astype(np.float32)
