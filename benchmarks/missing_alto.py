"""Fill the missing altos of music21's chorales from the other voices: the share of pitches that are right (issue 13).

    python benchmarks/missing_alto.py [--model NAME] [--folds 0,1,2,3,4] [--pieces N] [--out FOLDER]

Tunes are kept whole. A model learns from the chorales of other tunes with the alto as the last of the voices, so that
at each moment it has heard the others. When and how long the alto sings is given; its pitches are sought
(:mod:`styleprint.generation.filling`), by a beam of eight, and by a beam of one, which hears nothing that follows. A
pitch is right if it is the very pitch that Bach wrote, octave and all.

Beside it stand: a pitch drawn from those that altos of other tunes have, all alike; their most frequent pitch; the
alto's true pitch before, held; and the n-grams, which choose note by note, as the beam of one does. Each fold is
written to ``OUT/alto.MODEL.FOLD.PIECES.npz`` as it is done.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from chorale_data import PARTS, read_chorales
from styleprint.corpus.splits import grouped_splits
from styleprint.evaluation.intervals import GroupBootstrap, interval
from styleprint.generation.filling import fill_pitches, in_order
from styleprint.models.language.ngrams import BackoffModel
from styleprint.models.language.registry import LANGUAGE_MODELS, make_language_model
from styleprint.models.language.rows import PITCH, EventRows

FOLDS = 5
SEED = 0
BEAM = 8
LAST = len(PARTS) - 1
ORDER = (0, 2, 3, 1)
"""Soprano, tenor, bass, alto."""

_HEARD = 6
"""No layout of the n-grams looks farther back than five events."""

WAYS = (f"beam {BEAM}", "beam 1", "n-gram", "pitch before", "most frequent", "uniform")


def main() -> None:
    """Run what is not done, and print the figures of what is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=tuple(LANGUAGE_MODELS), default="language-lstm")
    parser.add_argument("--folds", default="0,1,2,3,4")
    parser.add_argument("--pieces", type=int, help="Fill only so many of each fold, drawn by seed.")
    parser.add_argument("--out", type=Path, default=Path("language-benchmark"))
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    rows, tune = read_chorales(asked.out / "bach-chorales.npz")
    rows = EventRows.of([in_order(rows.row(i), ORDER) for i in range(len(rows))])
    print(f"{len(rows)} chorales, {len(set(tune))} tunes, {len(rows.events)} notes", flush=True)
    splits = grouped_splits([""] * len(rows), tune, folds=FOLDS, seed=SEED, weight=np.diff(rows.offsets))
    done = list(map(int, asked.folds.split(",")))
    for k in done:
        place = place_of(asked, k)
        if not place.exists():
            learn, test = splits[k]
            if asked.pieces:
                test = np.sort(np.random.default_rng(SEED).permutation(test)[: asked.pieces])
            one_fold(asked.model, rows, tune, (learn, test), place)
    found = [np.load(place_of(asked, k)) for k in done]
    print(f"{asked.model}:")
    tell(np.concatenate([one["right"] for one in found]), np.concatenate([one["piece"] for one in found]), tune)


def place_of(asked: argparse.Namespace, k: int) -> Path:
    """Where a fold is kept."""
    return asked.out / f"alto.{asked.model}.{k}.{asked.pieces or 'all'}.npz"


def one_fold(
    name: str, rows: EventRows, tune: tuple[str, ...], split: tuple[np.ndarray, np.ndarray], place: Path
) -> None:
    """Learn, fill, and keep for each alto note which ways are right."""
    start, (learn, test) = time.process_time(), split
    taught, groups = rows.take(learn), [tune[i] for i in learn]
    model = make_language_model(name, {}, seed=SEED).fit(taught, groups=groups)
    ngram = BackoffModel(random_state=SEED).fit(taught, groups=groups)
    learnt = time.process_time() - start
    altos = taught.events[taught.events[:, 1] == LAST, PITCH]
    pitches, times = np.unique(altos, return_counts=True)
    allowed = pitches.tolist()
    pieces = [rows.row(int(i)) for i in test]
    missing = [piece[:, 1] == LAST for piece in pieces]
    by_ngram = fill_by_ngram(ngram, pieces, missing, pitches)
    right = []
    for piece, is_missing, counted in zip(pieces, missing, by_ngram, strict=True):
        truth = piece[is_missing, PITCH]
        if not len(truth):
            continue
        hidden = piece.copy()
        hidden[is_missing, PITCH] = 0
        filled = [fill_pitches(model, hidden, is_missing, pitches=allowed, beam=b).events for b in (BEAM, 1)]
        usual = int(pitches[times.argmax()])
        guesses = [*(one[is_missing, PITCH] for one in filled), counted, [usual, *truth[:-1]], [usual] * len(truth)]
        chance = np.isin(truth, pitches) / len(pitches)
        right.append(np.stack([*((np.asarray(guess) == truth).astype(float) for guess in guesses), chance], axis=1))
    owner = np.repeat(test, [int(one.sum()) for one in missing])
    np.savez_compressed(place, right=np.concatenate(right), piece=owner)
    seconds = time.process_time() - start
    print(f"{place.stem}: {len(test)} chorales, {learnt:.0f} s of processor to learn, {seconds:.0f} in all", flush=True)


def fill_by_ngram(
    model: BackoffModel, pieces: list[np.ndarray], missing: list[np.ndarray], pitches: np.ndarray
) -> list[np.ndarray]:
    """Note by note the likeliest pitch given what is before it, with the duration given it; all pieces abreast."""
    filled = [piece.copy() for piece in pieces]
    places = [np.flatnonzero(one) for one in missing]
    for turn in range(max(map(len, places))):
        left = [i for i, place in enumerate(places) if turn < len(place)]
        asked = []
        for i in left:
            end = int(places[i][turn]) + 1
            for pitch in pitches.tolist():
                heard = filled[i][max(0, end - _HEARD) : end].copy()
                heard[-1, PITCH] = pitch
                asked.append(heard)
        ways = EventRows.of(asked)
        last = ways.offsets[1:] - 1
        logs = sum(np.log(model.machines_[f].probabilities(ways)[-1][last]) for f in (PITCH, PITCH + 1))
        for i, best in zip(left, logs.reshape(len(left), -1).argmax(axis=1), strict=True):
            filled[i][places[i][turn], PITCH] = pitches[best]
    return [piece[one, PITCH] for piece, one in zip(filled, missing, strict=True)]


def tell(right: np.ndarray, piece: np.ndarray, tune: tuple[str, ...]) -> None:
    """The share of each way with its interval over tunes, and how much better the model is than each other way."""
    _, group = np.unique(np.array(tune)[piece], return_inverse=True)
    notes = np.bincount(group).astype(float)
    sums = np.stack([np.bincount(group, weights=column) for column in right.T], axis=1)
    code = np.arange(len(notes), dtype=np.intp)
    bootstrap = GroupBootstrap.of(np.zeros(len(notes), dtype=np.intp), code, seed=SEED)
    times = np.concatenate(list(bootstrap.blocks(len(notes))))
    drawn = (times @ sums) / (times @ notes)[:, None]
    share = sums.sum(axis=0) / notes.sum()
    print(f"{len(np.unique(piece))} chorales of {len(notes)} tunes, {len(right)} alto notes; share of pitches right:")
    for i, name in enumerate(WAYS):
        own, less = interval(share[i], drawn[:, i]), interval(share[0] - share[i], drawn[:, 0] - drawn[:, i])
        ahead = f"; the first is ahead by {less['value']:.3f} ({less['low']:.3f} to {less['high']:.3f})" if i else ""
        print(f"{name:22} {own['value']:.3f} ({own['low']:.3f}–{own['high']:.3f}){ahead}", flush=True)


if __name__ == "__main__":
    main()
