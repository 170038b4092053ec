"""Can 100,000 pieces be scanned for copies in under 8 GB, and are the right ones found?

usage: copies_at_scale.py [PIECES] [SEED]

Pieces are made by seed: phrases of motifs that are drawn from one vocabulary by Zipf's law, so that pieces
share short runs of intervals as real music does; of 12 to 5,000 frames (median 400), in one to four voices,
with sections that come back. A tenth are altered copies of others: in another key; retimed; ornamented; with
repeats written out; with voices doubled in octaves; or an excerpt (which holds all the music where sections come
back: then it is a copy). Printed are times, the peak of memory, what was found of each kind, how much of what
was joined is right, and the same for 500 questions to an index of all.
"""

import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.corpus.copies import Fingerprint, KnownPieces, find_copies, fingerprint
from styleprint.music.score import Parts, Score

MOTIFS = 3000
KINDS = ("transposed", "retimed", "ornamented", "repeated", "rescored", "excerpt")
SHARE_OF_COPIES = 0.1
SCALES = np.array([[0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10]])
QUESTIONS = 500

Pitches = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Piece:
    """Pitches of each frame, shape (frames, voices), 0 where a voice has none; onsets in quarters."""

    pitches: Pitches
    onset_quarters: npt.NDArray[np.float64]


class Composer:
    """Makes pieces and altered copies, by seed."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        steps = np.array([-4, -3, -2, -1, 0, 1, 2, 3, 4])
        odds = np.array([1, 2, 5, 10, 4, 10, 5, 2, 1])
        self.motifs = self.rng.choice(steps, size=(MOTIFS, 4), p=odds / odds.sum())
        weight = 1.0 / np.arange(1, MOTIFS + 1)
        self.odds = weight / weight.sum()

    def piece(self) -> Piece:
        """A new piece."""
        frames = int(np.clip(np.exp(self.rng.normal(6.0, 0.8)), 12, 5000))
        voices = int(self.rng.integers(1, 5))
        section = max(12, frames // int(self.rng.integers(1, 6)))
        sections = [self._section(section, voices) for _ in range(-(-frames // section))]
        order = sorted(self.rng.integers(0, len(sections), len(sections)))  # some come back, some never come
        pitches = np.concatenate([sections[i] for i in order])[:frames]
        gaps = self.rng.choice([0.25, 0.5, 0.5, 1.0], size=len(pitches))
        return Piece(pitches, np.cumsum(gaps) - gaps[0])

    def altered(self, piece: Piece, kind: str) -> Piece:
        """A copy, or an excerpt."""
        pitches, onset = piece.pitches, piece.onset_quarters
        if kind == "transposed":
            return Piece(np.where(pitches > 0, pitches + self.rng.integers(1, 12), 0), onset)
        if kind == "retimed":
            gaps = np.maximum(np.diff(onset) * self.rng.uniform(0.6, 1.6, len(onset) - 1), 0.125)
            return Piece(pitches, np.concatenate([[0.0], np.cumsum(gaps)]))
        if kind == "ornamented":
            return self._ornamented(piece)
        if kind == "repeated":
            half = len(pitches) // 2
            pitches = np.concatenate([pitches[:half], pitches[:half], pitches[half:], pitches[half:]])
            return Piece(pitches, np.arange(len(pitches)) * 0.5)
        if kind == "rescored":
            octaves = np.where(pitches > 0, pitches + self.rng.choice([-12, 0, 0, 12], pitches.shape[1]), 0)
            return Piece(np.hstack([pitches, octaves]), onset)
        length = max(80, int(len(pitches) * self.rng.uniform(0.25, 0.5)))
        start = int(self.rng.integers(0, max(1, len(pitches) - length)))
        return Piece(pitches[start : start + length], onset[start : start + length] - onset[start])

    def _section(self, frames: int, voices: int) -> Pitches:
        scale, tonic = SCALES[self.rng.integers(0, 2)], int(self.rng.integers(0, 12))
        columns = []
        for voice in range(voices):
            motifs = self.rng.choice(MOTIFS, size=-(-frames // 4), p=self.odds)
            degree = _reflect(np.cumsum(self.motifs[motifs].ravel()[:frames]), 14)
            pitch = 60 - 12 * voice + tonic % 7 + 12 * (degree // 7) + (scale[degree % 7] + tonic) % 12
            if voice:
                pitch = np.where(self.rng.random(frames) < 0.6, pitch, 0)
            columns.append(np.clip(pitch, 13, 115) * (pitch > 0))
        return np.column_stack(columns)

    def _ornamented(self, piece: Piece) -> Piece:
        chosen = np.flatnonzero(self.rng.random(len(piece.pitches)) < 0.08)
        extra = np.zeros((len(chosen), piece.pitches.shape[1]), dtype=np.int64)
        extra[:, 0] = piece.pitches[chosen, 0] + self.rng.choice([-2, -1, 1, 2], len(chosen))
        onset = np.concatenate([piece.onset_quarters, piece.onset_quarters[chosen] + 0.125])
        order = np.argsort(onset, kind="stable")
        return Piece(np.concatenate([piece.pitches, extra])[order], onset[order])


def _reflect(position: Pitches, top: int) -> Pitches:
    """Fold a walk back into 0–`top`."""
    folded = np.abs(position) % (2 * top)
    return np.where(folded > top, 2 * top - folded, folded)


def to_score(piece: Piece) -> Score:
    """A Score with one part a voice."""
    frame, part = np.nonzero(piece.pitches)
    n, voices = len(frame), piece.pitches.shape[1]
    unknown, no = np.full(n, -1, dtype=np.int32), np.zeros(n, dtype=bool)
    return Score(
        onset_quarters=piece.onset_quarters[frame],
        duration_quarters=np.full(n, 0.25),
        midi_pitch=piece.pitches[frame, part].astype(np.int32),
        part=part.astype(np.int32),
        voice=unknown,
        staff=unknown,
        is_grace=no,
        is_unpitched=no,
        parts=Parts(("",) * voices, np.full(voices, -1, dtype=np.int32)),
    )


def make(composer: Composer, count: int) -> tuple[list[Fingerprint], dict[tuple[int, int], str]]:
    """Fingerprints of so many pieces, and which pairs are the same music, by kind."""
    prints: list[Fingerprint] = []
    planted: dict[tuple[int, int], str] = {}
    while len(prints) < count:
        piece = composer.piece()
        prints.append(fingerprint(to_score(piece)))
        if len(piece.pitches) >= 160 and composer.rng.random() < SHARE_OF_COPIES * 1.15 and len(prints) < count:
            kind = KINDS[composer.rng.integers(0, len(KINDS))]
            planted[len(prints) - 1, len(prints)] = kind
            prints.append(fingerprint(to_score(composer.altered(piece, kind))))
    return prints, planted


def report(planted: dict[tuple[int, int], str], copies: set[tuple[int, int]], excerpts: set[tuple[int, int]]) -> None:
    """Print what was found of each kind, and what is right of what was found."""
    for kind in KINDS:
        pairs = {pair for pair, given in planted.items() if given == kind}
        found = pairs & (copies | excerpts if kind == "excerpt" else copies)
        share = 100 * len(found) / max(1, len(pairs))
        print(f"  {kind}: {len(found)} of {len(pairs)} found ({share:.1f} %), {len(found & copies)} as copies")
    for name, pairs in (("joined as copies", copies), ("called excerpts", excerpts)):
        kinds = Counter(planted.get(pair, "new") for pair in pairs)
        right = 100 * (1 - kinds["new"] / max(1, len(pairs)))
        print(f"  {name}: {len(pairs)} pairs, {right:.2f} % of them planted; excerpts: {kinds['excerpt']}")


def ask(composer: Composer, prints: list[Fingerprint], planted: dict[tuple[int, int], str]) -> None:
    """Print how an index of all pieces answers about altered copies and about new pieces."""
    started = time.perf_counter()
    known = KnownPieces.of(prints)
    megabytes = sum(array.nbytes for array in known.to_state().values()) / 1e6
    print(f"index: {time.perf_counter() - started:.1f} s, {megabytes:.0f} MB")
    answers: Counter[str] = Counter()
    seconds = []
    pairs = sorted(planted)[:QUESTIONS]
    for a, b in pairs:
        started = time.perf_counter()
        found = {match.index for match in known.query(prints[b])}
        seconds.append(time.perf_counter() - started)
        answers["copies"] += a in found
    for _ in range(QUESTIONS):
        answers["new"] += bool(known.query(fingerprint(to_score(composer.piece()))))
    print(f"  {answers['copies']} of {len(pairs)} altered copies known, {answers['new']} of {QUESTIONS} new pieces")
    print(f"  a question: median {1e3 * np.median(seconds):.1f} ms, most {1e3 * max(seconds):.0f} ms")


def main(count: int, seed: int) -> None:
    """Print the figures."""
    composer = Composer(seed)
    started = time.perf_counter()
    prints, planted = make(composer, count)
    frames = sum(len(p.frames) for p in prints)
    shingles = sum(len(p.shingles) for p in prints)
    print(f"{count} pieces made in {time.perf_counter() - started:.0f} s: {frames} frames, {shingles} shingles kept")
    print(f"memory before: {_peak_gigabytes():.2f} GB")
    started, cpu = time.perf_counter(), time.process_time()
    findings = find_copies(prints)
    print(f"copies: {time.perf_counter() - started:.0f} s ({time.process_time() - cpu:.0f} s of one core)")
    print(f"peak of memory: {_peak_gigabytes():.2f} GB")
    copies = {(a, b) for members in findings.sets for n, a in enumerate(members) for b in members[n + 1 :]}
    report(planted, copies, set(findings.excerpts))
    ask(composer, prints, planted)


def _peak_gigabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    arguments = [int(text) for text in sys.argv[1:3]]
    main(*arguments, *(100_000, 0)[len(arguments) :])
