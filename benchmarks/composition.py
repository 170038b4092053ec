"""Is what a model of language writes valid, its own, and like music? On game music, and by our identifier (issue 13).

    python benchmarks/composition.py DATA [--model language-lstm] [--out FOLDER]
    python benchmarks/composition.py DATA --identifier FOUR.styleprint [--composers Bach,Chopin,…] [--cap 60]

A model learns from the works of four of five folds of game-piano; those of the fifth are held out. It writes 20 pieces
of 60 s, of seeds 0 to 19, and so does a writer that counts n-grams of the same works.

*Valid*: the MIDI file is read back with the same notes, and is as long as was asked. *Stuck*: one pitch has half of the
notes, or 32 moments one after another have the same pitches. *Copied*: the share of notes in passages of 16 notes or
more that stand in the training music; held-out pieces, cut to the same length, tell what chance and common figures
account for. *Likeness*: distances of distributions within the first 64 quarters to held-out pieces, beside those of
training pieces, which are music of this kind, and of the n-grams.

With ``--identifier`` models learn from at most 60 pieces of one of four composers each and write ten pieces of 60 s;
the bundle, which has learnt to tell the four apart from the same pieces, says whose they are.
"""

import argparse
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from language_data import game_piano, learnt, learnt_of_fold, splits_of
from styleprint.bundle.bundle import load_bundle
from styleprint.bundle.language import LanguageBundle
from styleprint.features.streams.events import score_of_events
from styleprint.generation.chord_plan import read_chords
from styleprint.generation.composing import Request, compose
from styleprint.generation.drawing import Sampling
from styleprint.generation.likeness import ASPECTS, aspects_of, distances, nearer
from styleprint.generation.memorisation import check_memorisation
from styleprint.generation.ngram_writer import NgramWriter
from styleprint.generation.writer import EVENT_GRID, NetworkWriter, NextEvents
from styleprint.models.language.registry import LANGUAGE_MODELS
from styleprint.models.language.rows import EventRows
from styleprint.music.changes import cut_span
from styleprint.music.score import Score
from styleprint.reading import read_score, write_midi
from styleprint.workflows.identify import answer_record
from styleprint.workflows.language_rows import read_language_rows
from styleprint.workflows.options import CorpusOptions, RunOptions

SEED = 0
PIECES = 20
SECONDS, TEMPO = 60.0, 120.0
QUARTERS = SECONDS * TEMPO / 60
COMPARED_QUARTERS = 64.0
STUCK_SHARE, STUCK_MOMENTS = 0.5, 32
PROGRESSIONS = ("Dm7 | G7 | Cmaj7", "C | G | Am | F")
CHORD_SECONDS = 30.0
BY_COMPOSER = 10
CAP = 60
COMPOSERS = "Bach,Beethoven,Chopin,Mozart"
BOOTSTRAPS = 2000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="language-lstm", choices=list(LANGUAGE_MODELS))
    parser.add_argument("--identifier", type=Path)
    parser.add_argument("--composers", default=COMPOSERS)
    parser.add_argument("--cap", type=int, default=CAP, help="At most so many pieces of a composer.")
    parser.add_argument("--out", type=Path, default=Path("language-benchmark"))
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    if asked.identifier is None:
        on_game_music(asked)
    else:
        by_identifier(asked)


def on_game_music(asked: argparse.Namespace) -> None:
    """All but the identifier."""
    rows, groups = game_piano(asked.data / "scores" / "game-piano")
    learn, test = splits_of(rows, groups)[0]
    bundle = learnt_of_fold("game-piano", asked.out, rows, groups, 0, model=asked.model)
    print(f"{asked.model}: {len(learn)} pieces learnt from, {len(test)} held out")
    counted = NgramWriter.of([rows.row(int(i)).astype(np.int64) for i in learn], EVENT_GRID)
    written, by_ngram = write(bundle, NetworkWriter(bundle.estimator), timed=True), write(bundle, counted)
    held, taught = music(rows, test), music(rows, learn)
    tell_validity(written, held)
    tell_copies(bundle, {"written": written, "held out": held, "n-grams": by_ngram})
    tell_likeness(written, by_ngram, held, taught)
    for progression in PROGRESSIONS:
        tell_chords(bundle, progression)


def write(bundle: LanguageBundle, writer: NextEvents, *, count: int = PIECES, timed: bool = False) -> list[Score]:
    """Pieces of the first seeds, one a seed."""
    found, costs = [], []
    for seed in range(count):
        start, cpu = time.perf_counter(), time.process_time()
        request = Request(QUARTERS, sampling=Sampling(seed=seed), tempo_qpm=TEMPO)
        found.append(compose(writer, request, bundle.passages, bundle.counts["part"])[0].score)
        costs.append((time.process_time() - cpu, time.perf_counter() - start))
    if timed:
        cpu, wall = np.array(costs).T
        print(
            f"60 s composed and checked for copies: {np.median(cpu):.1f} s of processor (most {cpu.max():.1f}), "
            f"{np.median(wall):.1f} s of wall time (most {wall.max():.1f})"
        )
    return found


def music(rows: EventRows, chosen: np.ndarray) -> list[Score]:
    """Pieces as the events tell them, cut to the length of what is written."""
    return [cut_span(score_of_events(rows.row(int(i))), 0.0, QUARTERS) for i in chosen]


def tell_validity(written: list[Score], held: list[Score]) -> None:
    """Read back, not empty, not stuck."""
    same = 0
    with TemporaryDirectory() as folder:
        for number, score in enumerate(written):
            place = Path(folder) / f"{number}.mid"
            write_midi(score, place)
            again = read_score(place)
            same += as_written(again) == as_written(score) and abs(again.end_quarters - QUARTERS) < 1e-6
    notes = [len(score) for score in written]
    print(f"valid: {same} of {len(written)}; {min(notes)} to {max(notes)} notes, median {np.median(notes):.0f}")
    for name, scores in (("written", written), ("held out", held)):
        shares, runs = zip(*(stuck(score) for score in scores), strict=True)
        bad = sum(share >= STUCK_SHARE or run >= STUCK_MOMENTS for share, run in zip(shares, runs, strict=True))
        print(
            f"  {name}: commonest pitch {min(shares):.0%} to {max(shares):.0%} of the notes, at most "
            f"{max(runs)} equal moments in a row; {bad} stuck"
        )


def as_written(score: Score) -> list[tuple[float, float, int]]:
    """Notes as a set that does not depend on names of parts."""
    columns = (score.onset_quarters.round(4), score.duration_quarters.round(4), score.midi_pitch)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def stuck(score: Score) -> tuple[float, int]:
    """The share of the commonest pitch, and the longest run of moments with the same pitches."""
    moments: dict[float, list[int]] = {}
    for onset, pitch in zip(score.onset_quarters.tolist(), score.midi_pitch.tolist(), strict=True):
        moments.setdefault(onset, []).append(pitch)
    longest = run = 0
    before: list[int] = []
    for _, pitches in sorted(moments.items()):
        run = run + 1 if sorted(pitches) == before else 1
        before, longest = sorted(pitches), max(longest, run)
    return max(Counter(score.midi_pitch.tolist()).values()) / len(score), longest


def tell_copies(bundle: LanguageBundle, sets: dict[str, list[Score]]) -> None:
    """Copied shares, with intervals over pieces."""
    for name, scores in sets.items():
        found = [check_memorisation(score, bundle.passages) for score in scores]
        share, longest = np.array([one.copied_share for one in found]), [one.longest for one in found]
        print(
            f"copied, {name}: {spread(share)} of the notes of {len(scores)} pieces; {np.sum(share > 0)} pieces have "
            f"any; longest known passage {max(longest)} notes, median {np.median(longest):.0f}"
        )


def tell_likeness(written: list[Score], by_ngram: list[Score], held: list[Score], taught: list[Score]) -> None:
    """Distances to held-out pieces, and which is nearer."""
    sets = [
        [aspects_of(score, COMPARED_QUARTERS) for score in scores if score.end_quarters >= COMPARED_QUARTERS]
        for scores in (written, by_ngram, held, taught)
    ]
    own, counted, music_held, music_taught = sets
    print(f"likeness to {len(music_held)} held-out pieces, of {len(own)}, {len(counted)}, {len(music_taught)} pieces")
    kinds = [distances(one, music_held, seed=SEED) for one in (own, counted, music_taught)]
    for ours, ngram, real, gain in zip(*kinds, nearer(own, counted, music_held, seed=SEED), strict=True):
        shown = [f"{one.value:.3f} ({one.low:.3f}-{one.high:.3f})" for one in (ours, ngram, real)]
        print(
            f"  {ours.aspect:18s} written {shown[0]}, n-grams {shown[1]}, training music {shown[2]}; nearer than "
            f"n-grams by {gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"
        )
        if ASPECTS[ours.aspect][1] == "number":
            medians = [np.nanmedian([piece[ours.aspect] for piece in one]) for one in (own, counted, music_held)]
            print(f"    medians: written {medians[0]:.2f}, n-grams {medians[1]:.2f}, held out {medians[2]:.2f}")


def tell_chords(bundle: LanguageBundle, progression: str) -> None:
    """The share of melody notes that fit, against the same seeds without chords."""
    plan = read_chords(progression)
    request = Request(CHORD_SECONDS * TEMPO / 60, tempo_qpm=TEMPO, chords=plan)
    fits = []
    for seed in range(PIECES):
        asked = replace(request, sampling=Sampling(seed=seed))
        made = compose(NetworkWriter(bundle.estimator), asked, bundle.passages, bundle.counts["part"])[0]
        fits.append((made.fit, made.fit_without))
    fit, free = np.array(fits).T
    chance = plan.pitch_classes().mean()
    print(
        f"chords {progression}: {spread(fit)} of melody notes fit, without chords {spread(free)}; "
        f"more by {spread(fit - free)}; of twelve pitch classes {chance:.3f} fit",
        flush=True,
    )


def spread(values: np.ndarray) -> str:
    """A mean over pieces with its interval."""
    values = values[np.isfinite(values)]
    rng = np.random.default_rng(SEED)
    draws = values[rng.integers(len(values), size=(BOOTSTRAPS, len(values)))].mean(axis=1)
    low, high = np.percentile(draws, (2.5, 97.5))
    return f"{values.mean():.3f} ({low:.3f}-{high:.3f})"


def by_identifier(asked: argparse.Namespace) -> None:
    """Whose are pieces that were written after one composer's?"""
    judge = load_bundle(asked.identifier)
    source = asked.data / "scores" / "four-composers"
    labels = asked.data / "scores" / "four-composers.labels.csv"
    right = []
    for composer in asked.composers.split(","):
        corpus = CorpusOptions(labels=labels, only=(composer,), cap=asked.cap)
        found = read_language_rows(source, corpus, RunOptions(workers=0, seed=SEED))
        place = asked.out / f"{composer}.{asked.cap}.{asked.model}.styleprint"
        bundle = learnt(place, found.rows, found.groups, found.paths, model=asked.model, seed=SEED)
        pieces = [found.rows.row(i).astype(np.int64) for i in range(len(found.rows))]
        writers = {asked.model: NetworkWriter(bundle.estimator), "n-grams": NgramWriter.of(pieces, EVENT_GRID)}
        for name, writer in writers.items():
            written = write(bundle, writer, count=BY_COMPOSER)
            answers = [answer_record(judge, score, "written", "equal", equal(judge.classes)) for score in written]
            named = Counter(answer.label for answer in answers)
            own = np.mean([(answer.probabilities or {})[composer] for answer in answers])
            verdicts = Counter(answer.verdict for answer in answers)
            copied = [check_memorisation(score, bundle.passages).copied_share for score in written]
            print(
                f"{composer}, {len(found.rows)} pieces, by {name}: named {dict(named)}, mean probability of {composer} "
                f"{own:.2f}; {dict(verdicts)}; copied {np.mean(copied):.3f}",
                flush=True,
            )
            right.append((name, named[composer]))
    for name in writers:
        total = sum(count for one, count in right if one == name)
        print(f"{name}: {total} of {len(right) // 2 * BY_COMPOSER} are named by the composer they were learnt from")


def equal(classes: tuple[str, ...]) -> dict[str, float]:
    """The same chance for all."""
    return {name: 1 / len(classes) for name in classes}


if __name__ == "__main__":
    main()
