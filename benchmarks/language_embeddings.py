"""Do pooled states of a model of language help to tell four composers apart? By work, beside `standard` (issue 13).

    python benchmarks/language_embeddings.py DATA/scores [--cap N] [--taught 160] [--folds 0,1,2,3,4] [--out FOLDER]

Everything is learnt inside the fold: a model of language from some pieces of the training side, as many of each
composer, drawn by seed; then a kernel ridge regression from the pooled states of all training pieces
(:mod:`styleprint.generation.piece_states`). Labels are not told to the model of language.

Parts and note-offs are the encoder's, so events are heard without them: all parts are one, and every note lasts until
the next moment. Of each piece the first 600 events are heard.

Beside `standard` on the same folds stand: `states`, the regression from pooled states alone; `nearest`, the label of
the training piece whose states are nearest; and `both`, the product of the probabilities of `standard` and `states`, as
the standard model pools its own members. Each fold is kept in ``OUT/embeddings.FOLD.npz`` as it is done.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from styleprint.evaluation.intervals import GroupBootstrap
from styleprint.evaluation.metrics import Tally
from styleprint.evaluation.paired import difference_interval
from styleprint.evaluation.pieces import Pieces, collect_pieces
from styleprint.evaluation.registry import PROTOCOLS
from styleprint.evaluation.splitting import Division, divide
from styleprint.evaluation.summary import figures
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Table
from styleprint.features.streams.events import DURATION_TICKS, SHIFT_TICKS
from styleprint.generation.piece_states import nearest_pieces, piece_vectors
from styleprint.models.language.registry import LANGUAGE_MODELS, make_language_model
from styleprint.models.language.rows import STREAMS, EventRows, Events
from styleprint.models.registry import load_model, make_model
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare

FOLDS = 5
SEED = 0
HEARD = 600
METRICS = ("accuracy", "balanced_accuracy", "macro_f1", "log_loss")
WAYS = ("standard", "states", "nearest", "both")


def main() -> None:
    """Run what is not done, and print the figures of what is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--cap", type=int, help="At most so many files of a composer.")
    parser.add_argument("--taught", type=int, default=160, help="Pieces that the model of language learns from.")
    parser.add_argument("--model", default="language-lstm", choices=list(LANGUAGE_MODELS))
    parser.add_argument("--folds", default="0,1,2,3,4")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("language-benchmark"))
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    table = read(asked)
    pieces = collect_pieces(table.frame)
    inputs = table.inputs().iloc[pieces.rows].reset_index(drop=True)
    every = EventRows.read(inputs)
    events = EventRows.of([plain(every.row(i)[:HEARD]) for i in range(len(every))])
    print(f"{len(pieces)} pieces of {len(pieces.classes)} composers, {len(events.events)} events heard", flush=True)
    divisions = divide(PROTOCOLS.load("work"), pieces, folds=FOLDS, repeats=1, seed=SEED)
    done = list(map(int, asked.folds.split(",")))
    for fold in done:
        place = asked.out / f"embeddings.{fold}.npz"
        if not place.exists():
            found = one_fold(asked, inputs, events, pieces, divisions[fold])
            np.savez_compressed(place, **found)
    kept = [np.load(asked.out / f"embeddings.{fold}.npz") for fold in done]
    tell({way: np.concatenate([one[way] for one in kept]) for way in WAYS}, pieces, [divisions[k].test for k in done])


def read(asked: argparse.Namespace) -> Table:
    """What the standard model needs, and events."""
    needs = load_model("standard").needs
    corpus = CorpusOptions(labels=asked.source / "four-composers.labels.csv", cap=asked.cap)
    recipe = Recipe.of(needs.features, (*needs.streams, *STREAMS))
    run = RunOptions(workers=asked.workers, seed=SEED)
    return prepare(asked.source / "four-composers", recipe, corpus=corpus, run=run).table


def plain(events: Events) -> Events:
    """The same onsets and pitches in one part, each moment held until the next; unisons once."""
    onset = np.cumsum(SHIFT_TICKS[events[:, 0]])
    _, first = np.unique(np.stack([onset, events[:, 2]]), axis=1, return_index=True)
    onset, pitch = onset[first], events[first, 2]
    moment, place = np.unique(onset, return_inverse=True)
    lasts = np.diff(moment, append=moment[-1] + 24)[place] if len(moment) else onset
    found = np.zeros((len(onset), 4), dtype=np.int32)
    found[:, 0] = np.abs(np.diff(onset, prepend=0)[:, None] - SHIFT_TICKS).argmin(axis=1)
    found[:, 2] = pitch
    found[:, 3] = np.abs(lasts[:, None] - DURATION_TICKS).argmin(axis=1)
    return found


def one_fold(asked: argparse.Namespace, inputs, events: EventRows, pieces: Pieces, division: Division) -> dict:
    """Probabilities of the test side, by each way."""
    train, test = division.train, division.test
    start = time.process_time()
    teach = evenly(pieces, train, asked.taught)
    groups = [str(group) for group in pieces.group[teach]]
    heard = make_language_model(asked.model, {}, seed=SEED).fit(events.take(teach), groups=groups)
    learnt = time.process_time()
    vectors = piece_vectors(heard, events)
    told = {"groups": pieces.group[train], "sample_weight": pieces.weight[train]}
    ridge = make_model("kernel_ridge", seed=SEED).fit(vectors[train], pieces.labels[train], **told)
    states = ridge.predict_proba(vectors[test])
    pooled = time.process_time()
    standard = make_model("standard", seed=SEED).fit(inputs.iloc[train], pieces.labels[train], **told)
    usual = standard.predict_proba(inputs.iloc[test])
    near = [one[0].number for one in nearest_pieces(vectors[test], vectors[train], count=1)]
    both = usual * states
    print(
        f"fold {division.fold}: {len(teach)} pieces taught the model of language, {learnt - start:.0f} s of processor; "
        f"states and regression {pooled - learnt:.0f} s, standard {time.process_time() - pooled:.0f} s",
        flush=True,
    )
    return {
        "standard": usual,
        "states": states,
        "nearest": np.eye(len(pieces.classes))[pieces.truth[train][near]],
        "both": both / both.sum(axis=1, keepdims=True),
    }


def evenly(pieces: Pieces, train: np.ndarray, count: int) -> np.ndarray:
    """As many pieces of each composer, copies once, drawn by seed."""
    rng = np.random.default_rng(SEED)
    order = rng.permutation(train)
    order = order[np.sort(np.unique(pieces.copies[order], return_index=True)[1])]
    share = count // len(pieces.classes)
    chosen = [order[pieces.truth[order] == label][:share] for label in range(len(pieces.classes))]
    return np.sort(np.concatenate(chosen))


def tell(found: dict[str, np.ndarray], pieces: Pieces, tests: list[np.ndarray]) -> None:
    """Figures with intervals, and what each way adds to the standard model."""
    rows = np.concatenate(tests)
    truth, group, weight = pieces.truth[rows], pieces.group[rows], pieces.weight[rows]
    bootstrap = GroupBootstrap.of(truth, group, seed=SEED)
    tallies = {way: Tally.count(truth, chances, weight, bootstrap.unit) for way, chances in found.items()}
    for way, chances in found.items():
        overall, _ = figures(truth, chances, weight, group, seed=SEED)
        shown = [span(overall[metric], metric) for metric in METRICS if way != "nearest" or metric != "log_loss"]
        print(f"{way:9s} {'; '.join(shown)}")
    for way in WAYS[1:]:
        gains = [
            span(difference_interval(tallies[way], tallies["standard"], bootstrap, metric), metric, "+.3f")
            for metric in METRICS[:3]
        ]
        print(f"{way} above standard: {'; '.join(gains)}", flush=True)


def span(figure: dict[str, float], metric: str, digits: str = ".3f") -> str:
    """A figure with its interval."""
    return f"{metric} {figure['value']:{digits}} ({figure['low']:{digits}} to {figure['high']:{digits}})"


if __name__ == "__main__":
    main()
