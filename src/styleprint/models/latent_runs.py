"""Where a piece lies among pieces by its runs, in few numbers: latent semantic analysis.

Rows are weighed as n-grams weigh them (:mod:`styleprint.models.ngrams`), a count as 1 + log(count), and seen along the
directions in which training rows differ most, the right singular vectors of their matrix (Deerwester, Dumais, Furnas,
Landauer and Harshman, *JASIS* 41, 1990; Halko, Martinsson and Tropp, *SIAM Review* 53, 2011, on how they are found).
Labels are not looked at. A network that must find by itself which of 20,000 runs matter learns rare ones by heart; of
these few numbers it cannot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from styleprint.models.base import FloatArray, Inputs
from styleprint.models.ngrams import Space, learn_space
from styleprint.models.passages import Cuts, cut_rows
from styleprint.models.views import HashArray, View

__all__ = ["LEAST_SHARE", "LatentRuns"]

_MOST_DIRECTIONS = 128
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
        Of unit length, the one along which rows differ most first.
    """

    space: Space
    directions: npt.NDArray[np.float16]

    @classmethod
    def learn(
        cls, inputs: Inputs, views: Sequence[View], weight: FloatArray, *, seed: int
    ) -> "tuple[LatentRuns, FloatArray] | None":
        """The directions of these rows, and where the rows lie along them.

        Parameters
        ----------
        inputs : Inputs
        views : sequence of View
        weight : ndarray of float, shape (n_rows,)
            What each row counts.
        seed : int

        Returns
        -------
        runs : LatentRuns
        coordinates : ndarray, shape (n_rows, n_directions)
            None for both where rows share no runs.
        """
        from sklearn.utils.extmath import randomized_svd  # learning alone needs it

        whole, blocks = learn_space(inputs, views, cut_rows(inputs, views, moments=None), weight)
        is_kept = whole.idf <= 1.0 - np.log(LEAST_SHARE)
        space = whole.keep(is_kept)
        most = min(_MOST_DIRECTIONS, inputs.n_rows - 1, len(space.idf))
        if most < 1:
            return None
        kept = np.split(is_kept, whole.borders[1:-1])
        weighed = space.weigh([block[:, own] for block, own in zip(blocks, kept, strict=True)], _dampen)
        counting = sp.diags(np.sqrt(weight / weight.mean())) @ weighed
        _, spread, directions = randomized_svd(counting, most, random_state=seed)
        found = cls(space, directions[spread > _FLAT * spread[0]].T.astype(np.float16))
        return found, found._place(weighed)

    def apply(self, inputs: Inputs) -> FloatArray:
        """Coordinates of rows, shape (n_rows, n_directions)."""
        cuts = cut_rows(inputs, self.space.views, moments=None)
        return self._place(self.space.weigh(self.space.count(inputs, cuts), _dampen))

    def without(self, inputs: Inputs, borders: Mapping[str, npt.NDArray[np.int64]]) -> FloatArray:
        """Coordinates of a single row as it would be without each of its passages, shape (n_passages, n_directions).

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
        if not fits or directions.shape[1] > _MOST_DIRECTIONS or not np.isfinite(directions).all():
            raise ValueError("directions must be of the space of runs")
        return cls(space, directions)


def _dampen(counts: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return (1.0 + np.log(counts)).astype(np.float32)
