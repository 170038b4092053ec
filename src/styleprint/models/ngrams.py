"""Counting runs of words, and weighing them: TF-IDF, one block of unit length a view.

A *space* is learnt from rows: which runs are kept (those that occur in enough rows, the commonest first) and
their inverse document frequencies. Counting is by hash (:mod:`styleprint.models.views`); a run that was not
kept is not seen.

Notes
-----
The weight of a run in a unit is ``dampen(count) · (1 + log(n_rows / rows that have it))``, with a square root where
nothing else is asked for; each view's block is divided by its Euclidean length (Salton and Buckley 1988), then all by
the square root of the number of views.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from styleprint.models.base import FloatArray, Inputs, read_count
from styleprint.models.passages import Cuts
from styleprint.models.views import HashArray, View, hash_runs

__all__ = ["Space", "count_runs", "learn_space"]

MAX_RUNS_A_VIEW = 40_000
MIN_ROWS = 10
_ROWS_SHARE = 0.006

Dampen = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]
"""What a count is worth: less than itself."""

Counted = tuple[HashArray, npt.NDArray[np.int32], npt.NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class Space:
    """The runs that are kept, view by view.

    Attributes
    ----------
    views : tuple of View
    hashes : tuple of ndarray of uint64
        Sorted, one array a view.
    idf : ndarray of float32, shape (n_columns,)
    """

    views: tuple[View, ...]
    hashes: tuple[HashArray, ...]
    idf: npt.NDArray[np.float32]

    @property
    def borders(self) -> npt.NDArray[np.int64]:
        """Columns of view v are ``borders[v]:borders[v + 1]``."""
        return np.concatenate([[0], np.cumsum([len(h) for h in self.hashes], dtype=np.int64)])

    def count(self, inputs: Inputs, cuts: Cuts) -> list[sp.csr_matrix]:
        """How often each kept run begins in each passage: for each view a block, shape (n_passages, n_runs)."""
        return [
            _matrix(count_runs(inputs, view, cuts), kept, len(cuts.row))
            for view, kept in zip(self.views, self.hashes, strict=True)
        ]

    def side_by_side(self, inputs: Inputs, cuts: Cuts) -> sp.csr_matrix:
        """The same as one matrix, shape (n_passages, n_columns)."""
        return _side_by_side(self.count(inputs, cuts))

    def weigh(self, blocks: Iterable[sp.csr_matrix], dampen: Dampen = np.sqrt) -> sp.csr_matrix:
        """Counts as TF-IDF, shape (n_units, n_columns): blocks of length 1 / sqrt(number of views), 0 where empty."""
        weighed = [
            _weigh_block(block, self.idf[start:end], np.sqrt(len(self.views)), dampen)
            for block, start, end in zip(blocks, self.borders[:-1], self.borders[1:], strict=True)
        ]
        return _side_by_side(weighed)

    def to_state(self) -> dict[str, Any]:
        """Arrays and values; see :meth:`from_state`."""
        return {
            "ngram_views": [view.to_json() for view in self.views],
            "ngram_hashes": np.concatenate([np.empty(0, np.uint64), *self.hashes]),
            "ngram_counts": [len(h) for h in self.hashes],
            "ngram_idf": self.idf.astype(np.float16),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Space":
        """The space that :meth:`to_state` described."""
        views = tuple(View.from_json(view) for view in state["ngram_views"])
        hashes = np.asarray(state["ngram_hashes"]).astype(np.uint64)
        counts = [read_count(n, "runs of a view", most=len(hashes)) for n in state["ngram_counts"]]
        idf = np.asarray(state["ngram_idf"]).astype(np.float32)
        fits = len(counts) == len(views) and sum(counts) == len(hashes) and idf.shape == hashes.shape
        if not fits or hashes.ndim != 1:
            raise ValueError("views, hashes and frequencies must fit together")
        return cls(views, tuple(np.split(hashes, np.cumsum(counts)[:-1])) if counts else (), idf)


def learn_space(
    inputs: Inputs, views: Sequence[View], cuts: Cuts, weight: FloatArray, least_share: float | None = None
) -> tuple[Space, list[sp.csr_matrix]]:
    """Choose the runs to keep, and count them.

    Parameters
    ----------
    inputs : Inputs
    views : sequence of View
    cuts : Cuts
    weight : ndarray of float, shape (n_rows,)
        What each row counts towards the rows that have a run.
    least_share : float, optional
        Of the rows: runs that fewer have are left out. By default .6 %, but 2 to 10 rows.

    Returns
    -------
    space : Space
    blocks : list of sparse matrices, shape (n_passages, n_runs)
        Counts, one block a view.
    """
    n_rows = weight.sum()
    least = max(2, math.ceil(least_share * n_rows)) if least_share else _least_rows(n_rows)
    hashes, frequencies, blocks = [], [], []
    for view in views:
        counted = count_runs(inputs, view, cuts)
        kept, rows_with = _choose(counted, cuts, weight, least)
        hashes.append(kept)
        frequencies.append(rows_with)
        blocks.append(_matrix(counted, kept, len(cuts.row)))
    rows_with = np.concatenate([np.empty(0), *frequencies])
    idf = 1.0 + np.log(n_rows / rows_with)
    space = Space(tuple(views), tuple(hashes), idf.astype(np.float16).astype(np.float32))
    return space, blocks


def _least_rows(n_rows: float) -> int:
    return int(np.clip(round(_ROWS_SHARE * n_rows), 2, MIN_ROWS))


def count_runs(inputs: Inputs, view: View, cuts: Cuts) -> Counted:
    """Hashes of the runs of each passage, each once, with how often it begins there.

    Returns
    -------
    hashes : ndarray of uint64
        Sorted within each passage.
    counts : ndarray of int
    passage : ndarray of int
        Rising.
    """
    hashes, counts, lengths = [np.empty(0, np.uint64)], [np.empty(0, np.int32)], []
    for found in _passages(inputs, view, cuts):
        different, times = np.unique(found, return_counts=True)
        hashes.append(different)
        counts.append(times.astype(np.int32))
        lengths.append(len(different))
    passage = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    return np.concatenate(hashes), np.concatenate(counts), passage


def _passages(inputs: Inputs, view: View, cuts: Cuts) -> Iterator[HashArray]:
    """Hashes of all runs of each passage, by their first word."""
    columns = [inputs.streams[name] for name in view.columns]
    for row, borders in enumerate(cuts.borders[view.stream]):
        words = view.join([column.row(row) for column in columns])
        runs = [hash_runs(words, order) for order in view.orders]
        for start, end in itertools.pairwise(borders):
            yield np.concatenate([hashes[start:end] for hashes in runs])


def _choose(counted: Counted, cuts: Cuts, weight: FloatArray, least: int) -> tuple[HashArray, FloatArray]:
    """The commonest runs that stand in at least so many rows, sorted, and in how many, by weight, each stands."""
    hashes, _, passage = counted
    row = cuts.row[passage]
    starts = np.searchsorted(row, np.arange(int(row[-1]) + 2)) if len(row) else np.zeros(1, np.int64)
    once = [np.unique(hashes[a:b]) for a, b in itertools.pairwise(starts)]
    every = np.concatenate([np.empty(0, np.uint64), *once])
    different: HashArray
    different, inverse = np.unique(every, return_inverse=True)
    share = np.repeat(weight[: len(once)], [len(hashes) for hashes in once])
    rows_with: FloatArray = np.round(np.bincount(inverse, weights=share, minlength=len(different)), 6)
    keep = np.flatnonzero(rows_with >= least)
    if len(keep) > MAX_RUNS_A_VIEW:
        order = np.lexsort((different[keep], -rows_with[keep]))
        keep = np.sort(keep[order[:MAX_RUNS_A_VIEW]])
    return different[keep], rows_with[keep]


def _matrix(counted: Counted, kept: HashArray, n_passages: int) -> sp.csr_matrix:
    hashes, counts, passage = counted
    place = np.searchsorted(kept, hashes)
    place[place == len(kept)] = 0
    known = kept[place] == hashes if len(kept) else np.zeros(len(hashes), dtype=bool)
    indptr = np.searchsorted(passage[known], np.arange(n_passages + 1))
    data = counts[known].astype(np.float32)
    return sp.csr_matrix((data, place[known], indptr), shape=(n_passages, len(kept)))


def _side_by_side(blocks: list[sp.csr_matrix]) -> sp.csr_matrix:
    """Blocks of the same rows as one matrix; each is let go once it is copied, to spare memory. Empties the list."""
    shape = (blocks[0].shape[0], sum(block.shape[1] for block in blocks))
    indptr = np.stack([block.indptr for block in blocks]).astype(np.int64).sum(axis=0)
    data, indices = np.empty(int(indptr[-1]), dtype=np.float32), np.empty(int(indptr[-1]), dtype=np.int32)
    start, column = indptr[:-1].copy(), 0
    while blocks:
        block = blocks.pop(0)
        length = np.diff(block.indptr)
        place = np.repeat(start - block.indptr[:-1], length) + np.arange(block.nnz)
        data[place], indices[place] = block.data, block.indices + column
        start += length
        column += block.shape[1]
    return sp.csr_matrix((data, indices, indptr), shape=shape)


def _weigh_block(counts: sp.csr_matrix, idf: npt.NDArray[np.float32], divisor: float, dampen: Dampen) -> sp.csr_matrix:
    data = dampen(counts.data.astype(np.float32, copy=False)) * idf[counts.indices]
    total = np.concatenate([[0.0], np.cumsum(data * data, dtype=np.float64)])
    length = np.sqrt(np.diff(total[counts.indptr])) * divisor
    data /= np.repeat(length, np.diff(counts.indptr)).astype(np.float32)
    return sp.csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)
