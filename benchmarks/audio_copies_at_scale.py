"""Are copies and excerpts found among 10,000 recordings, and at what cost?

    python benchmarks/audio_copies_at_scale.py [RECORDINGS] [SEED]

Fingerprints are made by seed: thirty seconds of 2,400 landmarks each, whose names are drawn as often as those of
clips of `recordings` are: the commonest 3 of 10,000 times, and two landmarks at random share a name 3 of 1,000,000
times. Planted are copies of which so many landmarks survive (low MP3 leaves .21 in `recordings`), with others in
place of the rest; excerpts of five seconds; and recordings that are there ten, thirty and a hundred times. Printed
are the share of planted pairs that are found, pairs found that were not planted, seconds and the peak of memory; then
the same for questions to a bundle's index of all.
"""

import resource
import sys
import time

import numpy as np

from styleprint.corpus.audio_copies import find_audio_copies
from styleprint.corpus.fingerprints import Fingerprint
from styleprint.corpus.known_recordings import KnownRecordings

NAMES = 1_000_000
LANDMARKS = 2_400
FRAMES = 1_292
SURVIVE = (0.9, 0.5, 0.2)
EACH = 100
FAMILIES = (10, 30, 100)
QUESTIONS = 100


class Maker:
    """Makes landmarks by seed."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        weight = 1.0 / np.sqrt(np.arange(NAMES) + 3.0)
        self.cumulative = np.cumsum(weight / weight.sum())
        self.names = self.rng.permutation(NAMES).astype(np.uint64)

    def landmarks(self, count: int = LANDMARKS) -> np.ndarray:
        """Of a recording."""
        name = self.names[np.minimum(np.searchsorted(self.cumulative, self.rng.random(count)), NAMES - 1)]
        frame = self.rng.integers(0, FRAMES, count).astype(np.uint64)
        return np.unique(name << np.uint64(32) | frame)

    def copy(self, one: np.ndarray, share: float) -> np.ndarray:
        """So much of a recording, and other landmarks in place of the rest."""
        kept = one[self.rng.random(len(one)) < share]
        return np.unique(np.concatenate([kept, self.landmarks(len(one) - len(kept))]))

    def excerpt(self, one: np.ndarray, frames: int) -> np.ndarray:
        """So many frames of a recording, of whose landmarks a half survive coding."""
        first = int(self.rng.integers(0, FRAMES - frames))
        frame = (one & np.uint64(0xFFFFFFFF)).astype(np.int64)
        inside = one[(frame >= first) & (frame < first + frames)] - np.uint64(first)
        return np.unique(inside[self.rng.random(len(inside)) < 0.5])


def peak_mb() -> float:
    """Peak of this process's memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the figures."""
    count, seed = [int(given) for given in [*sys.argv[1:], *(10_000, 0)[len(sys.argv) - 1 :]]]
    maker = Maker(seed)
    recordings = [maker.landmarks() for _ in range(count)]
    planted: dict[str, set[tuple[int, int]]] = {}

    def plant(kind: str, of: int, one: np.ndarray) -> None:
        recordings.append(one)
        planted.setdefault(kind, set()).add((of, len(recordings) - 1))

    for number, share in enumerate(SURVIVE):
        for place in range(EACH):
            of = number * EACH + place
            plant(f"copies, {share:g} survive", of, maker.copy(recordings[of], share))
    for place in range(EACH):
        of = len(SURVIVE) * EACH + place
        plant("excerpts of 5 s, half survives", of, maker.excerpt(recordings[of], 215))
    families = []
    for number, members in enumerate(FAMILIES, start=1):
        own = maker.copy(recordings[count - number], 1.0)
        families.append({count - number, *range(len(recordings), len(recordings) + members)})
        recordings += [maker.copy(own, 0.5) for _ in range(members)]
    held, started = peak_mb(), time.process_time()
    found = find_audio_copies(recordings, hashes=[str(row) for row in range(len(recordings))])
    print(f"{len(recordings)} recordings, {sum(map(len, recordings)):,} landmarks")
    print(f"{time.process_time() - started:.1f} s of CPU; {held:.0f} MB before, {peak_mb():.0f} MB at most")
    owner = {row: number for number, rows in enumerate(found.sets) for row in rows}
    joined = {(a, b) for a, b in found.excerpts} | {(a, b) for rows in found.sets for a in rows for b in rows if a < b}
    for kind, pairs in planted.items():
        print(f"{kind}: {sum(pair in joined for pair in pairs)} of {len(pairs)} found")
    for family in families:
        places = [owner.get(row, -1) for row in family]
        largest = max(places.count(place) for place in set(places) - {-1})
        print(f"one recording {len(family)} times: {largest} of them in one set")
    wanted = {pair for pairs in planted.values() for pair in pairs}
    wrong = [pair for pair in joined if pair not in wanted and not any(set(pair) <= family for family in families)]
    print(f"pairs found that were not planted: {len(wrong)}")
    ask(maker, recordings[:count])


def ask(maker: Maker, recordings: list[np.ndarray]) -> None:
    """Questions to a bundle's index."""
    nothing = np.empty(0, np.uint16)
    known = KnownRecordings.of([Fingerprint(nothing, one) for one in recordings])
    known.query(Fingerprint(nothing, maker.landmarks()))
    for share in SURVIVE:
        asked = [(of, maker.copy(recordings[of], share)) for of in range(QUESTIONS)]
        started = time.process_time()
        answers = [known.query(Fingerprint(nothing, one)) for _, one in asked]
        spent = (time.process_time() - started) / QUESTIONS
        right = sum(bool(found) and found[0].index == of for (of, _), found in zip(asked, answers, strict=True))
        print(f"asked, {share:g} survive: {right} of {QUESTIONS} known, {1000 * spent:.0f} ms of CPU each")
    strange = sum(bool(known.query(Fingerprint(nothing, maker.landmarks()))) for _ in range(QUESTIONS))
    print(f"asked, others: {strange} of {QUESTIONS} called known")


if __name__ == "__main__":
    main()
