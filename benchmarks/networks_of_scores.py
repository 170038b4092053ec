"""The hybrid network beside the standard model on scores, by work, and both together.

    python benchmarks/networks_of_scores.py TABLE.parquet [--models standard,hybrid] [--seed 0] [--keep DIR]

A table is what ``styleprint extract`` makes. All models are asked on the same five folds, which divide no work; every
set of copies counts once. *Together* is the product of their probabilities, each to the same power (the mean of their
logarithms), of which nothing was learnt. Differences are between the same pieces; their intervals are 2,000 bootstraps
of whole groups within each label. With ``--keep`` predictions are kept, and a second run begins with them.
"""

import argparse
import functools
import itertools
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from styleprint.evaluation.evaluate import Settings, evaluate_table
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Table
from styleprint.models.registry import load_model, make_with
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare

BOOTSTRAPS = 2000
TOGETHER = "together"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--models", default="standard,hybrid")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--networks", type=int, default=0, help="at most so many inner folds have a network; 0: all")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    names = options.models.split(",")
    found = {name: predictions(name, options) for name in names}
    found[TOGETHER] = together(list(found.values()))
    draws = list(resamples(found[names[0]], options.seed))
    values = {name: np.array([figures(frame.iloc[rows]) for rows in draws]) for name, frame in found.items()}
    for name, frame in found.items():
        show(name, figures(frame), values[name])
    for one, other in itertools.combinations(found, 2):
        difference = figures(found[other]) - figures(found[one])
        show(f"{other} − {one}", difference, values[other] - values[one])


def predictions(name: str, options: Any) -> pd.DataFrame:
    """Out-of-fold predictions of a model, by row."""
    place = (
        options.keep / f"{options.table.stem}-{name}-{options.seed}-{options.networks}.parquet"
        if options.keep
        else None
    )
    if place is not None and place.exists():
        return pd.read_parquet(place)
    start = time.monotonic()
    model = load_model(name)
    parameters = {"networks": options.networks} if hasattr(model, "make_body") else {}
    found = evaluate_table(
        read(options.table, model),
        functools.partial(make_with, name, parameters, seed=options.seed),
        model=name,
        settings=Settings(protocols=("work",), seed=options.seed, workers=0),
    ).predictions.sort_values("row", ignore_index=True)
    print(f"{name}: five folds in {time.monotonic() - start:.0f} s", flush=True)
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        found.to_parquet(place)
    return found


def read(path: Path, model: Any) -> Table:
    """What the model needs of the table, and nothing else."""
    recipe = Recipe.of(model.needs.features, model.needs.streams)
    return prepare(path, recipe, corpus=CorpusOptions(), run=RunOptions()).table


def together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The product of probabilities of the same rows."""
    columns = [column for column in frames[0] if column.startswith("probability.")]
    assert all((frame["row"] == frames[0]["row"]).all() for frame in frames)
    product = np.mean([np.log(np.maximum(frame[columns].to_numpy(), 1e-12)) for frame in frames], axis=0)
    names = np.array([column.removeprefix("probability.") for column in columns])
    return frames[0].assign(prediction=names[product.argmax(axis=1)])


def resamples(frame: pd.DataFrame, seed: int) -> Any:
    """Rows of groups drawn with replacement within each label."""
    random = np.random.default_rng(seed)
    groups = [list(own.groupby("group").indices.values()) for _, own in frame.groupby("label")]
    places = [own.index.to_numpy() for _, own in frame.groupby("label")]
    for _ in range(BOOTSTRAPS):
        chosen = [
            own[np.concatenate([rows[k] for k in random.integers(len(rows), size=len(rows))])]
            for rows, own in zip(groups, places, strict=True)
        ]
        yield np.concatenate(chosen)


def figures(frame: pd.DataFrame) -> Any:
    """Balanced accuracy, macro-F1 and accuracy, weighted."""
    weight, label, prediction = (frame[column].to_numpy() for column in ("weight", "label", "prediction"))
    names, code = np.unique(np.concatenate([label, prediction]), return_inverse=True)
    table = np.zeros((len(names), len(names)))
    np.add.at(table, (code[: len(label)], code[len(label) :]), weight)
    right, there, said = np.diag(table), table.sum(axis=1), table.sum(axis=0)
    is_class = there > 0
    recall, score = right[is_class] / there[is_class], 2 * right[is_class] / (there + said)[is_class]
    return np.array([recall.mean(), score.mean(), right.sum() / table.sum()])


def show(name: str, value: Any, draws: Any) -> None:
    """One line: balanced accuracy, macro-F1, accuracy, each with its 95 % interval."""
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    told = "  ".join(f"{v:+.3f} ({a:+.3f} to {b:+.3f})" for v, a, b in zip(value, low, high, strict=True))
    print(f"{name:30} {told}", flush=True)


if __name__ == "__main__":
    main()
