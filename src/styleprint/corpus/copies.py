"""Finding the same music: sets of copies, excerpts, and whether a piece is one that is known.

*Copies* are the same music in another encoding, tempo, key or instrumentation, with or without repeats and
ornaments: each covers the other. An *excerpt* is covered by a longer piece that it does not cover; it joins
groups, never copies. Candidates share rare shingles, or a work by name; each pair is then aligned.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Literal

import numpy as np

from styleprint.corpus.alignment import best_transposition, coverage
from styleprint.corpus.candidates import Index, find_candidates
from styleprint.corpus.fingerprints import Fingerprint, fingerprint

__all__ = ["CopyFindings", "Fingerprint", "KnownPieces", "Match", "find_copies", "fingerprint"]

LEAST_COVERAGE = 0.6
LEAST_SUM = 1.4
"""Copies cover each other at least so much, each way and together."""

LEAST_SUM_IN_WORK = 1.3
"""The same for two files of one work, by name."""

SHORT_FRAMES = 150
LEAST_SUM_OF_SHORT = 1.45
"""Pieces with fewer frames are alike by chance more easily."""

EXCERPT_COVERAGE = 0.8
EXCERPT_FRAMES = 64
"""An excerpt has at least so many frames, and stands in the longer piece so well."""

_MAX_WORK = 60
_HOPELESS = 0.45


@dataclass(frozen=True)
class Match:
    """What two pieces have in common.

    Attributes
    ----------
    index : int
        The known piece.
    coverage : float
        How much of the piece that was asked about stands in the known one.
    reverse : float
        How much of the known piece stands in the one that was asked about.
    transposition : int
        Semitones from the piece that was asked about to the known one, 0–11.
    kind : {'copy', 'excerpt'}
    """

    index: int
    coverage: float
    reverse: float
    transposition: int
    kind: Literal["copy", "excerpt"]


@dataclass(frozen=True)
class CopyFindings:
    """What was found in a corpus.

    Attributes
    ----------
    sets : tuple of tuple of int
        Sets of copies, each sorted; pieces without a copy are in none.
    excerpts : tuple of (int, int)
        Pairs of which one stands in the other.
    """

    sets: tuple[tuple[int, ...], ...]
    excerpts: tuple[tuple[int, int], ...]


def find_copies(fingerprints: Sequence[Fingerprint], *, works: Sequence[Hashable] | None = None) -> CopyFindings:
    """Find sets of copies and excerpts.

    Parameters
    ----------
    fingerprints : sequence of Fingerprint
    works : sequence, optional
        The work of each piece, by name: pairs inside one work are compared even if they share no shingle.

    Returns
    -------
    CopyFindings
        Independent of how the pieces are ordered, but for the numbers.
    """
    pairs = dict.fromkeys(find_candidates(fingerprints), False)
    for pair in _pairs_inside(works or ()):
        pairs[pair] = True
    copies: list[tuple[float, int, int]] = []
    excerpts: list[tuple[int, int]] = []
    for (a, b), is_one_work in sorted(pairs.items()):
        match = compare(fingerprints[a], fingerprints[b], is_one_work=is_one_work)
        if match is None:
            continue
        if match.kind == "copy":
            copies.append((-(match.coverage + match.reverse), a, b))
        else:
            excerpts.append((a, b))
    return CopyFindings(_join(sorted(copies)), tuple(excerpts))


def compare(own: Fingerprint, other: Fingerprint, *, is_one_work: bool = False, index: int = 0) -> Match | None:
    """How two pieces are related; None where they are not.

    Parameters
    ----------
    own, other : Fingerprint
    is_one_work : bool
        Whether names say that they are of one work.
    index : int
        What the match shall call `other`.
    """
    if not len(own.frames) or not len(other.frames):
        return None
    if len(own.frames) == len(other.frames) and (own.frames == other.frames).all():
        return Match(index, 1.0, 1.0, 0, "copy")
    small, large = (own, other) if len(own.frames) <= len(other.frames) else (other, own)
    tried = [(coverage(small.frames, large.frames, k), k) for k in best_transposition(small.frames, large.frames)]
    there, transposition = max(tried, key=lambda item: (item[0], -item[1]))
    if there < _HOPELESS:
        return None
    back = coverage(large.frames, small.frames, -transposition % 12)
    kind = _judge(there, back, len(small.frames), is_one_work)
    if kind is None:
        return None
    if small is own:
        return Match(index, there, back, transposition, kind)
    return Match(index, back, there, -transposition % 12, kind)


def _judge(there: float, back: float, frames: int, is_one_work: bool) -> Literal["copy", "excerpt"] | None:
    """What the coverages of the smaller piece (`there`) and of the larger (`back`) mean."""
    least = LEAST_SUM_OF_SHORT if frames < SHORT_FRAMES else LEAST_SUM_IN_WORK if is_one_work else LEAST_SUM
    if min(there, back) >= LEAST_COVERAGE and there + back >= least:
        return "copy"
    if there >= EXCERPT_COVERAGE and frames >= EXCERPT_FRAMES:
        return "excerpt"
    return None


def _pairs_inside(works: Sequence[Hashable]) -> list[tuple[int, int]]:
    members: dict[Hashable, list[int]] = {}
    for place, work in enumerate(works):
        members.setdefault(work, []).append(place)
    return [pair for found in members.values() if len(found) <= _MAX_WORK for pair in combinations(found, 2)]


def _join(pairs: Sequence[tuple[float, int, int]]) -> tuple[tuple[int, ...], ...]:
    """Sets from pairs, best first.

    Two sets are joined only if most of their pairs were found, so that likeness does not run along a chain.
    """
    linked = {(a, b) for _, a, b in pairs}
    owner: dict[int, int] = {}
    sets: dict[int, list[int]] = {}
    for _, a, b in pairs:
        first, second = owner.setdefault(a, a), owner.setdefault(b, b)
        left, right = sets.setdefault(first, [a]), sets.setdefault(second, [b])
        if first == second:
            continue
        found = sum((min(x, y), max(x, y)) in linked for x in left for y in right)
        if 2 * found >= len(left) * len(right):
            left += right
            owner.update(dict.fromkeys(right, first))
            del sets[second]
    return tuple(sorted(tuple(sorted(members)) for members in sets.values() if len(members) > 1))


@dataclass(frozen=True, eq=False)
class KnownPieces:
    """Pieces that are known, ready to be asked whether a piece is one of them."""

    fingerprints: tuple[Fingerprint, ...]
    index: Index

    def __len__(self) -> int:
        return len(self.fingerprints)

    @classmethod
    def of(cls, fingerprints: Sequence[Fingerprint]) -> "KnownPieces":
        """Know these."""
        return cls(tuple(fingerprints), Index.of(fingerprints))

    def query(self, asked: Fingerprint) -> list[Match]:
        """The known pieces that hold the same music: copies first, best first."""
        found = [compare(asked, self.fingerprints[piece], index=piece) for piece, _ in self.index.query(asked.shingles)]
        matches = [match for match in found if match is not None]
        return sorted(matches, key=lambda m: (m.kind != "copy", -(m.coverage + m.reverse), m.index))

    def to_state(self) -> dict[str, Any]:
        """Arrays that hold all of it."""
        frames = [f.frames for f in self.fingerprints]
        shingles = [f.shingles for f in self.fingerprints]
        return {
            "frames": np.concatenate([np.empty(0, np.uint16), *frames]),
            "frame_offsets": np.cumsum([0, *map(len, frames)]).astype(np.int64),
            "shingles": np.concatenate([np.empty(0, np.uint64), *shingles]),
            "shingle_offsets": np.cumsum([0, *map(len, shingles)]).astype(np.int64),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "KnownPieces":
        """What :meth:`to_state` gave.

        Raises
        ------
        ValueError
            Where the arrays do not fit each other.
        """
        frames = _cut(state["frames"], state["frame_offsets"], np.uint16)
        shingles = _cut(state["shingles"], state["shingle_offsets"], np.uint64)
        if len(frames) != len(shingles) or (len(state["frames"]) and int(state["frames"].max()) > 4095):
            raise ValueError("frames and shingles of the known pieces do not fit each other")
        return cls.of([Fingerprint(f, s) for f, s in zip(frames, shingles, strict=True)])


def _cut(values: Any, offsets: Any, kind: type) -> list[Any]:
    if values.ndim != 1 or values.dtype != kind or offsets.ndim != 1 or offsets.dtype != np.int64 or not len(offsets):
        raise ValueError("the arrays of known pieces have other types")
    if offsets[0] != 0 or offsets[-1] != len(values) or (np.diff(offsets) < 0).any():
        raise ValueError("the offsets of known pieces do not fit")
    return [values[a:b] for a, b in pairwise(offsets)]
