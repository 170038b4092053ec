"""Which pairs of pieces may hold the same music: those that share rare shingles.

An inverted index of sampled shingles. A shingle that many pieces have says nothing of a pair (a scale, an
Alberti bass) and is left out; the others weigh by how rare they are. So the work grows with the number of
pieces, not with the number of pairs, and 100,000 pieces are feasible.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.corpus.fingerprints import Fingerprint, Hashes

__all__ = ["Index", "find_candidates"]

MAX_OWNERS = 24
"""A shingle in more pieces than this is left out."""

MIN_SHARED = 3
"""Shingles that a pair must share, unless its pieces have hardly any."""

MIN_CONTAINED = 0.02
"""Share of the smaller piece's weight that a pair must share."""

_BEST_OF_A_PIECE = 24
_BLOCK = 4096

IndexArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Index:
    """Sampled shingles and the pieces that have them, sorted by shingle.

    Attributes
    ----------
    shingle : ndarray of uint64, shape (n,)
    piece : ndarray of int32, shape (n,)
    sizes : ndarray of int64, shape (n_pieces,)
        Number of sampled shingles of each piece.
    """

    shingle: Hashes
    piece: npt.NDArray[np.int32]
    sizes: IndexArray

    @classmethod
    def of(cls, fingerprints: Sequence[Fingerprint]) -> "Index":
        """The index of these pieces."""
        sizes = np.array([len(f.shingles) for f in fingerprints], dtype=np.int64)
        shingle = np.concatenate([np.empty(0, np.uint64), *[f.shingles for f in fingerprints]])
        piece = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        order = np.argsort(shingle, kind="stable")
        return cls(shingle[order], piece[order], sizes)

    def query(self, shingles: Hashes, *, best: int = _BEST_OF_A_PIECE) -> list[tuple[int, int]]:
        """Pieces that share shingles with a piece, most first: (piece, number shared)."""
        first = np.searchsorted(self.shingle, shingles, side="left")
        last = np.searchsorted(self.shingle, shingles, side="right")
        rare = (last > first) & (last - first <= MAX_OWNERS)
        runs = [self.piece[a:b] for a, b in zip(first[rare], last[rare], strict=True)]
        if not runs:
            return []
        counts = np.bincount(np.concatenate(runs), minlength=len(self.sizes))
        enough = np.maximum(1, np.minimum(MIN_SHARED, self.sizes // 4))
        found = np.flatnonzero((counts >= enough) & (counts > 0))
        order = found[np.lexsort((found, -counts[found]))][:best]
        return [(int(piece), int(counts[piece])) for piece in order]


def find_candidates(fingerprints: Sequence[Fingerprint]) -> list[tuple[int, int]]:
    """Pairs (a, b), a < b, that may hold the same music, in order."""
    index = Index.of(fingerprints)
    starts = (
        np.flatnonzero(np.concatenate([[True], index.shingle[1:] != index.shingle[:-1]])) if len(index.shingle) else []
    )
    bounds = np.append(starts, len(index.shingle)).astype(np.int64)
    owners = np.diff(bounds)
    useful = np.flatnonzero((owners >= 2) & (owners <= MAX_OWNERS))
    keys, weights = _pairs(index.piece, bounds[useful], owners[useful], len(fingerprints))
    if not len(keys):
        return []
    unique, inverse = np.unique(keys, return_inverse=True)
    shared = np.bincount(inverse)
    weight = np.bincount(inverse, weights=weights)
    a, b = unique // len(fingerprints), unique % len(fingerprints)
    smaller = np.minimum(index.sizes[a], index.sizes[b])
    keep = (shared >= np.maximum(1, np.minimum(MIN_SHARED, smaller // 4))) & (weight >= MIN_CONTAINED * smaller)
    keep &= _among_best(a, b, weight)
    return [(int(x), int(y)) for x, y in zip(a[keep], b[keep], strict=True)]


def _pairs(
    piece: npt.NDArray[np.int32], starts: IndexArray, owners: IndexArray, n_pieces: int
) -> tuple[IndexArray, npt.NDArray[np.float64]]:
    """A key for each pair of owners of each shingle, and what the shingle weighs (1 / (owners − 1))."""
    keys, weights = [np.empty(0, np.int64)], [np.empty(0)]
    for count in np.unique(owners):
        rows = piece[starts[owners == count][:, None] + np.arange(count)].astype(np.int64)
        rows.sort(axis=1)
        first, second = np.triu_indices(count, 1)
        pair = (rows[:, first] * n_pieces + rows[:, second]).ravel()
        keys.append(pair)
        weights.append(np.full(len(pair), 1.0 / (count - 1)))
    return np.concatenate(keys), np.concatenate(weights)


def _among_best(a: IndexArray, b: IndexArray, weight: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """True for pairs that are among the best of one of their pieces."""
    rows = np.arange(len(a))
    piece, pair = np.concatenate([a, b]), np.concatenate([rows, rows])
    order = np.lexsort((pair, -weight[pair], piece))
    place = np.arange(len(order)) - np.searchsorted(piece[order], piece[order])
    keep = np.zeros(len(a), dtype=bool)
    keep[pair[order[place < _BEST_OF_A_PIECE]]] = True
    return keep
