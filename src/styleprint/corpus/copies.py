"""Finding the same music in a corpus: sets of copies, and excerpts.

*Copies* are the same music in another encoding, tempo, key or instrumentation, with or without repeats and
ornaments. *Excerpts* stand in a longer piece; they join groups, never sets of copies. Candidates share shingles
(:mod:`styleprint.corpus.candidates`), or a work by name; each pair is then aligned
(:mod:`styleprint.corpus.matching`), and pairs are joined to sets so that likeness does not run along a chain.
"""

from collections.abc import Hashable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations

from styleprint.corpus.candidates import find_candidates, signature_order
from styleprint.corpus.fingerprints import Fingerprint, fingerprint
from styleprint.corpus.known_pieces import KnownPieces
from styleprint.corpus.matching import Match, compare, says_enough

__all__ = ["CopyFindings", "Fingerprint", "KnownPieces", "Match", "find_copies", "fingerprint"]

_MAX_WORK = 60
"""Files of one work, by name, beyond which the name says nothing."""

_SPOKESMEN = 4
"""Members of a set that are compared with those of another before the two are joined."""

_Pair = tuple[int, int]


@dataclass(frozen=True)
class CopyFindings:
    """What was found in a corpus.

    Attributes
    ----------
    sets : tuple of tuple of int
        Sets of copies, each rising; pieces without a copy are in none.
    excerpts : tuple of (int, int)
        Pairs of which one stands in the other. Of a set of copies that are equal frame by frame, the first
        stands for all.
    """

    sets: tuple[tuple[int, ...], ...]
    excerpts: tuple[tuple[int, int], ...]


def find_copies(
    fingerprints: Sequence[Fingerprint],
    *,
    works: Sequence[Hashable] | None = None,
    hashes: Sequence[str] | None = None,
    workers: int = 1,
) -> CopyFindings:
    """Find sets of copies and excerpts. Labels play no part in it.

    Parameters
    ----------
    fingerprints : sequence of Fingerprint
    works : sequence, optional
        The work of each piece, by name: pairs inside one work are compared even if they share no shingle, and
        somewhat less is asked of them.
    hashes : sequence of str, optional
        The hash of each file: equal bytes are copies even where there is too little music to compare.
    workers : int
        Threads that compare; the result is the same for any number.

    Returns
    -------
    CopyFindings
        Independent of how the pieces are ordered, but for the numbers.
    """
    order = signature_order(fingerprints)
    alike = _alike(fingerprints, order, hashes)
    pieces = [fingerprints[members[0]] for members in alike]
    comparisons = _Comparisons(pieces, _works_of(alike, works))
    candidates = find_candidates(pieces)
    comparisons.make(candidates, workers, are_likely=True)
    comparisons.make(_pairs_inside(comparisons.works), workers, are_likely=False)
    sets = _join(comparisons)
    owner = {member: number for number, members in enumerate(sets) for member in members}
    excerpts = [pair for pair in comparisons.of_kind("excerpt") if owner[pair[0]] != owner[pair[1]]]
    first = [min(members) for members in alike]
    spread = [sorted(row for member in members for row in alike[member]) for members in sets]
    return CopyFindings(
        sets=tuple(sorted(tuple(rows) for rows in spread if len(rows) > 1)),
        excerpts=tuple(sorted((min(first[a], first[b]), max(first[a], first[b])) for a, b in excerpts)),
    )


@dataclass
class _Comparisons:
    """What comparing pairs of pieces gave, each pair once; a pair is (smaller, larger)."""

    pieces: Sequence[Fingerprint]
    works: Sequence[frozenset[Hashable]]
    matches: dict[_Pair, Match | None] = field(default_factory=dict)

    def make(self, pairs: Iterable[_Pair], workers: int, *, are_likely: bool) -> None:
        """Compare these pairs, unless they are known."""
        wanted = [pair for pair in pairs if pair not in self.matches]

        def work(pair: _Pair) -> Match | None:
            return self._compare(pair, are_likely)

        if workers > 1 and len(wanted) > workers:
            with ThreadPoolExecutor(workers) as pool:
                self.matches.update(zip(wanted, pool.map(work, wanted), strict=True))
        else:
            self.matches.update((pair, work(pair)) for pair in wanted)

    def are_copies(self, a: int, b: int) -> bool:
        """Whether these two are copies; compared now if they are not known."""
        pair = min(a, b), max(a, b)
        self.make([pair], 1, are_likely=True)
        match = self.matches[pair]
        return match is not None and match.kind == "copy"

    def of_kind(self, kind: str) -> list[_Pair]:
        """The pairs so related, those most alike first."""
        found = [(-(m.coverage + m.reverse), pair) for pair, m in self.matches.items() if m and m.kind == kind]
        return [pair for _, pair in sorted(found)]

    def _compare(self, pair: _Pair, is_likely: bool) -> Match | None:
        a, b = pair
        one_work = bool(self.works[a] & self.works[b])
        return compare(self.pieces[a].frames, self.pieces[b].frames, is_one_work=one_work, is_likely=is_likely)


def _alike(fingerprints: Sequence[Fingerprint], order: Sequence[int], hashes: Sequence[str] | None) -> list[list[int]]:
    """Pieces that are equal frame by frame, or byte by byte, by the order of the first of each."""
    members: dict[Hashable, list[int]] = {}
    for row in order:
        frames = fingerprints[row].frames
        key: Hashable = hashes[row] if hashes else row
        if says_enough(frames):
            key = frames.tobytes()
        members.setdefault(key, []).append(row)
    return list(members.values())


def _works_of(alike: Sequence[Sequence[int]], works: Sequence[Hashable] | None) -> list[frozenset[Hashable]]:
    """The works of each piece (or pieces that are equal), those left out that too many have."""
    if works is None:
        return [frozenset()] * len(alike)
    named = [frozenset(works[row] for row in members) for members in alike]
    count: dict[Hashable, int] = {}
    for names in named:
        for name in names:
            count[name] = count.get(name, 0) + 1
    return [frozenset(name for name in names if count[name] <= _MAX_WORK) for names in named]


def _pairs_inside(works: Sequence[frozenset[Hashable]]) -> list[_Pair]:
    members: dict[Hashable, list[int]] = {}
    for piece, names in enumerate(works):
        for name in names:
            members.setdefault(name, []).append(piece)
    return sorted({pair for found in members.values() for pair in combinations(found, 2)})


def _join(comparisons: _Comparisons) -> list[list[int]]:
    """Sets of all pieces, from pairs of copies, best first.

    Two sets become one only if most of the pairs between their spokesmen are copies: so likeness does
    not run along a chain (average linkage, on a few members where sets are large).
    """
    sets = {piece: [piece] for piece in range(len(comparisons.pieces))}
    owner = {piece: piece for piece in sets}
    for a, b in comparisons.of_kind("copy"):
        first, second = sorted((owner[a], owner[b]))
        if first == second:
            continue
        left, right = sets[first], sets[second]
        tried = [comparisons.are_copies(x, y) for x in left[:_SPOKESMEN] for y in right[:_SPOKESMEN]]
        if 2 * sum(tried) > len(tried):
            owner.update(dict.fromkeys(right, first))
            sets[first] = sorted(left + right)
            del sets[second]
    return list(sets.values())
