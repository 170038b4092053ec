"""Genres from tables of audio features: random folds, folds that keep artists whole, both levels of a hierarchy.

usage: python benchmarks/tables.py DATA/tables [--model standard] [--only gtzan,genre,balanced,subgenre] [--workers 2]

GTZAN (1,000 × 57): 10 folds × 3, random and by artist, and the published artist-filtered partition. Muzo (1,518 × 58,
of which 28 vary): 5 folds × 3 by artist joined with identical rows; genre with ``--optimise accuracy``, the same with
``balanced`` over the four large genres alone and over all five, and ``--target genre/subgenre`` at both levels.
"""

import argparse
import functools
import time
from pathlib import Path
from typing import Any

import numpy as np

from styleprint.evaluation.evaluate import Settings, evaluate_table
from styleprint.evaluation.evaluation import Evaluation
from styleprint.evaluation.further import with_levels
from styleprint.extraction.foreign import TableOptions, read_foreign
from styleprint.models.registry import make_model

REPEATS = 3
LARGE = ("Alternative", "Country", "Dance_EDM", "Electronic")


def main() -> None:
    """Print each figure with its interval."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--model", default="standard")
    parser.add_argument("--only", default="gtzan,genre,balanced,subgenre")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    options = parser.parse_args()
    for name in options.only.split(","):
        start = time.monotonic()
        RUNS[name](options)
        print(f"  ({time.monotonic() - start:.0f} s)", flush=True)


def evaluate(
    options: Any,
    file: str,
    target: str,
    protocols: tuple[str, ...],
    folds: int,
    aim: str,
    split: str = "",
    only: tuple[str, ...] = (),
) -> Evaluation:
    """One evaluation; groups from the file ``groups.csv`` beside the table."""
    path = options.source / file
    beside = TableOptions(
        target,
        groups=str(path.parent / "groups.csv"),
        split=str(path.parent / split) if split else "",
        only=only,
    )
    table = read_foreign(path, beside)
    settings = Settings(protocols=protocols, folds=folds, repeats=options.repeats, workers=options.workers)
    make = functools.partial(make_model, options.model, seed=0, optimise=aim)
    return evaluate_table(table, make, model=options.model, settings=settings)


def gtzan(options: Any) -> None:
    """Random, by artist, and the published partition, beside each other."""
    found = evaluate(
        options,
        "gtzan/features_30_sec.csv",
        "label",
        ("work", "random", "given"),
        10,
        "accuracy",
        "folds_artist_filtered.csv",
    )
    for name, what in (("random", "random 10 folds"), ("work", "by artist 10 folds"), ("given", "published partition")):
        show(f"gtzan, {what}", found.protocols[name]["accuracy"], found.protocols[name]["train_accuracy"])
    print("  Believe the figure by artist: a random division tests clips of artists, and repeats, that were learnt.")


def genre(options: Any) -> None:
    """Genre, by accuracy."""
    found = evaluate(options, "muzo/features.csv", "genre", ("work",), 5, "accuracy")
    show("muzo genre, accuracy", found.protocols["work"]["accuracy"], found.protocols["work"]["train_accuracy"])
    recalls(found)


def balanced(options: Any) -> None:
    """Genre, each genre counting alike: the four large ones alone, and all five."""
    for only in (LARGE, ()):
        found = evaluate(options, "muzo/features.csv", "genre", ("work",), 5, "balanced", only=only)
        show(f"muzo genre, balanced, {len(found.classes)} genres", found.protocols["work"]["balanced_accuracy"])
        recalls(found)


def recalls(found: Evaluation) -> None:
    """Recall by genre, and its mean over the four large ones."""
    recall = {name: figures["recall"] for name, figures in found.protocols["work"]["per_class"].items()}
    large, every = (np.mean([recall[name] for name in names]) for names in (LARGE, recall))
    print(f"  balanced accuracy of the large genres {large:.3f}, of all {every:.3f}")
    print("  recall " + ", ".join(f"{name} {value:.3f}" for name, value in recall.items()), flush=True)


def subgenre(options: Any) -> None:
    """Both levels of the hierarchy."""
    found = evaluate(options, "muzo/features.csv", "genre/subgenre", ("work",), 5, "accuracy")
    levels = with_levels(found, ("genre", "subgenre"), seed=0).sections["levels"]
    for name, figures in levels.items():
        show(f"muzo genre/subgenre, level {name}", figures["work"]["accuracy"])
    print(f"  training rows {found.protocols['work']['train_accuracy']:.3f}", flush=True)


def show(name: str, figure: Any, train: float | None = None) -> None:
    """One line."""
    told = "" if train is None else f"  training rows {train:.3f}"
    print(f"{name:42s} {figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f}){told}", flush=True)


RUNS = {"gtzan": gtzan, "genre": genre, "balanced": balanced, "subgenre": subgenre}

if __name__ == "__main__":
    main()
