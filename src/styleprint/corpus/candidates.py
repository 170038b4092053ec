"""Which pairs of pieces may hold the same music: those that share shingles, above all rare ones.

An inverted index of sampled shingles. Of a shingle that many pieces have (a scale, an Alberti bass, or music
that is in a collection very often) each piece is paired only with its neighbours; pieces are expected in the order of
:func:`signature_order`, where copies stand close together. So the work grows with the number of pieces, not with
the number of pairs, and 100,000 pieces are feasible. Pairs are counted a block of pieces at a time, so memory
does not grow with their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.corpus.fingerprints import MAX_SHINGLES, Fingerprint

__all__ = ["Index", "find_candidates", "signature_order"]

MAX_OWNERS = 24
"""Pieces that a shingle may have before it counts as common."""

MAX_ANSWERS = 500
"""Pieces that a shingle may have, or 2 % of all, and still be of use to a question."""

NEIGHBOURS = 3
"""With how many of its next a piece is paired by a common shingle."""

MIN_SHARED = 3
"""Shingles that a pair must share, unless its pieces have hardly any."""

MIN_CONTAINED = 0.04
"""Share of the shingles that a pair could share that it must share, rarer ones weighing more."""

LEAST_WEIGHT = 0.1
"""Of a shingle that all pieces have."""

BEST_OF_A_PIECE = 24
"""Candidates that a piece may have by its own choice."""

_PAIRS_IN_BLOCK = 1 << 23

IndexArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Index:
    """Sampled shingles and the pieces that have them.

    Attributes
    ----------
    shingle : ndarray of unsigned integers, shape (n,)
        Rising.
    piece : ndarray of int32, shape (n,)
        Rising within one shingle.
    sizes : ndarray of int64, shape (n_pieces,)
        Number of sampled shingles of each piece.
    """

    shingle: npt.NDArray[Any]
    piece: npt.NDArray[np.int32]
    sizes: IndexArray

    @classmethod
    def of(cls, shingles: npt.NDArray[Any], sizes: IndexArray) -> "Index":
        """The index of pieces whose shingles follow each other, so many a piece."""
        piece = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        order = np.argsort(shingles, kind="stable")
        return cls(shingles[order], piece[order], sizes)

    def query(self, shingles: npt.NDArray[Any], *, best: int = BEST_OF_A_PIECE) -> list[int]:
        """Pieces that share shingles with a piece, those that share most (rarer ones weighing more) first."""
        first = np.searchsorted(self.shingle, shingles, side="left")
        last = np.searchsorted(self.shingle, shingles, side="right")
        owners = last - first
        useful = (owners > 0) & (owners <= max(MAX_ANSWERS, len(self.sizes) // 50))
        first, owners = first[useful], owners[useful]
        if not len(first):
            return []
        places = np.repeat(first - np.cumsum(owners) + owners, owners) + np.arange(owners.sum())
        pieces = self.piece[places]
        shared = np.bincount(pieces, minlength=len(self.sizes))
        weight = np.bincount(pieces, np.repeat(_weight(owners, len(self.sizes)), owners), len(self.sizes))
        could = np.minimum(self.sizes, len(shingles))
        found = np.flatnonzero((shared > 0) & (shared >= _least_shared(could)))
        return [int(piece) for piece in found[np.lexsort((found, -weight[found]))][:best]]


def signature_order(fingerprints: Sequence[Fingerprint]) -> list[int]:
    """The pieces in an order that only their music decides, in which copies stand close together.

    By their smallest shingles (the minimum of a hash is equal for two pieces with the chance that any shingle
    is, Broder 1997), then by length and frames.
    """
    return sorted(
        range(len(fingerprints)),
        key=lambda i: (
            fingerprints[i].shingles[:2].tolist(),
            len(fingerprints[i].frames),
            fingerprints[i].frames.tobytes(),
            fingerprints[i].shingles.tobytes(),
        ),
    )


def find_candidates(fingerprints: Sequence[Fingerprint]) -> list[tuple[int, int]]:
    """Pairs (a, b), a < b, that may hold the same music, in order.

    Parameters
    ----------
    fingerprints : sequence of Fingerprint
        Best in the order of :func:`signature_order`.
    """
    sizes = np.array([len(f.shingles) for f in fingerprints], dtype=np.int64)
    index = _shared(Index.of(np.concatenate([np.empty(0, np.uint64), *[f.shingles for f in fingerprints]]), sizes))
    partners, weight = _partners(index)
    blocks = _blocks(index.piece, partners, len(sizes))
    sampled = np.array([_sampled(f) for f in fingerprints])
    found = [_count(index, partners, weight, rows, sampled) for rows in blocks]
    a, b, weights = (np.concatenate(column) for column in zip(*found, strict=True))
    keep = _among_best(a, b, weights)
    order = np.lexsort((b[keep], a[keep]))
    return list(zip(a[keep][order].tolist(), b[keep][order].tolist(), strict=True))


def _shared(index: Index) -> Index:
    """Without the shingles that only one piece has: most of them."""
    differs = np.concatenate([[True], index.shingle[1:] != index.shingle[:-1], [True]])
    kept = ~(differs[:-1] & differs[1:])[: len(index.shingle)]
    return Index(index.shingle[kept], index.piece[kept], index.sizes)


def _sampled(fingerprint: Fingerprint) -> float:
    """The share of a piece's shingles that is kept: 1 for all."""
    if len(fingerprint.shingles) < MAX_SHINGLES:
        return 1.0
    return float(fingerprint.shingles[-1]) / 2.0**64


def _partners(index: Index) -> tuple[IndexArray, npt.NDArray[np.float32]]:
    """For each entry of the index, with how many of those that follow it is paired, and what such a pair weighs."""
    n = len(index.shingle)
    is_first = np.concatenate([np.ones(min(n, 1), dtype=bool), index.shingle[1:] != index.shingle[:-1]])
    starts = np.flatnonzero(is_first)
    owners = np.diff(np.append(starts, n))
    following = np.repeat(starts + owners, owners) - np.arange(n) - 1
    limit = np.where(owners <= MAX_OWNERS, MAX_OWNERS, NEIGHBOURS)
    weight = _weight(owners, len(index.sizes)).astype(np.float32)
    return np.minimum(following, np.repeat(limit, owners)), np.repeat(weight, owners)


def _weight(owners: IndexArray, n_pieces: int) -> FloatArray:
    """1 for a shingle that two pieces have, a tenth for one that all have: how rare, on a logarithmic scale."""
    rarity = 1.0 - np.log(np.maximum(owners, 2) / 2) / np.log(max(n_pieces, 4) / 2)
    weight: FloatArray = np.maximum(rarity, LEAST_WEIGHT)
    return weight


def _blocks(piece: npt.NDArray[np.int32], partners: IndexArray, n_pieces: int) -> list[IndexArray]:
    """Entries of the index that have partners, in blocks of whole pieces with so many pairs each."""
    rows = np.flatnonzero(partners)
    rows = rows[np.argsort(piece[rows], kind="stable")]
    pairs = np.bincount(piece[rows], partners[rows], n_pieces)
    block = (np.cumsum(pairs) // _PAIRS_IN_BLOCK).astype(np.int64)[piece[rows]]
    return np.split(rows, np.flatnonzero(np.diff(block)) + 1)


def _count(
    index: Index, partners: IndexArray, weight: npt.NDArray[np.float32], rows: IndexArray, sampled: FloatArray
) -> tuple[IndexArray, IndexArray, FloatArray]:
    """Pairs of which one side has these entries, and that share enough: their pieces and what they share."""
    n_pieces, count = len(index.sizes), partners[rows]
    own = np.repeat(rows, count)
    other = own + 1 + np.arange(len(own)) - np.repeat(np.cumsum(count) - count, count)
    key = index.piece[own].astype(np.int64) * n_pieces + index.piece[other]
    order = np.argsort(key, kind="stable")
    key = key[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    shared = np.diff(np.append(starts, len(key)))
    weights = np.add.reduceat(weight[own[order]], starts, dtype=np.float64) if len(starts) else np.empty(0)
    a, b = key[starts] // n_pieces, key[starts] % n_pieces
    could = _could_share(index.sizes[a], index.sizes[b], sampled[a], sampled[b])
    enough = (shared >= _least_shared(could)) & (weights >= MIN_CONTAINED * could)
    return a[enough], b[enough], weights[enough]


def _could_share(size: IndexArray, other: IndexArray, sampled: FloatArray, sampled_other: FloatArray) -> FloatArray:
    """How many kept shingles a pair would share if one piece held all of the other."""
    lower = np.minimum(sampled, sampled_other)
    could: FloatArray = np.minimum(size * lower / sampled, other * lower / sampled_other)
    return could


def _least_shared(could: npt.NDArray[Any]) -> FloatArray:
    least: FloatArray = np.maximum(1.0, np.minimum(float(MIN_SHARED), could // 4))
    return least


def _among_best(a: IndexArray, b: IndexArray, weight: FloatArray) -> npt.NDArray[np.bool_]:
    """True for pairs that are among the best of one of their pieces."""
    rows = np.arange(len(a))
    piece, pair = np.concatenate([a, b]), np.concatenate([rows, rows])
    order = np.lexsort((pair, -weight[pair], piece))
    place = np.arange(len(order)) - np.searchsorted(piece[order], piece[order])
    keep = np.zeros(len(a), dtype=bool)
    keep[pair[order[place < BEST_OF_A_PIECE]]] = True
    return keep
