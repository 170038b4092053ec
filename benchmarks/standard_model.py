"""How well the standard model tells four composers apart, by work.

usage: standard_model.py FOLDER-WITH-four-composers | TABLE.parquet [--seeds 0 1 2 3 4] [--workers N] [--model NAME]

A table is what ``styleprint extract`` makes; of a folder it is made first. For each seed: five folds that divide
no work, every set of copies counting once, predictions pooled over folds. Then the same predictions with each
work counting once, without Bach's chorales, and without doubtful labels (the column ``doubtful``); and their
means over the seeds.
"""

import argparse
import functools
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from styleprint.evaluation.evaluate import Settings, evaluate_table
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Table
from styleprint.models.registry import load_model, make_model
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--model", default="standard")
    options = parser.parse_args()
    table = read(options.source, options.model)
    figures: dict[str, list[tuple[float, float, float]]] = {}
    for seed in options.seeds:
        start = time.monotonic()
        predictions = predict(table, options.model, seed, options.workers)
        print(f"seed {seed} ({time.monotonic() - start:.0f} s)")
        for name, part in views(predictions, table).items():
            figures.setdefault(name, []).append(metrics(part))
            show(name, figures[name][-1])
    print(f"mean of {len(options.seeds)} seeds")
    for name, found in figures.items():
        mean = np.mean(found, axis=0)
        show(name, (mean[0], mean[1], mean[2]))


def read(source: Path, model: str) -> Table:
    """The table, extracted where a folder is given, with what the model needs and nothing else."""
    if source.is_file():
        needs = load_model(model).needs
        return prepare(source, Recipe.of(needs.features, needs.streams), corpus=CorpusOptions(), run=RunOptions()).table
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "four.parquet"
        labels = source / "four-composers.labels.csv"
        command = ["extract", str(source / "four-composers"), "--labels", str(labels), "-o", str(path), "--quiet"]
        subprocess.run([sys.executable, "-m", "styleprint", *command], check=True, stdout=subprocess.DEVNULL)
        return read(path, model)


def predict(table: Table, model: str, seed: int, workers: int) -> pd.DataFrame:
    """Out-of-fold predictions by work."""
    return evaluate_table(
        table,
        functools.partial(make_model, model, seed=seed),
        model=model,
        settings=Settings(protocols=("work",), seed=seed, workers=workers),
    ).predictions


def views(predictions: pd.DataFrame, table: Table) -> dict[str, pd.DataFrame]:
    """The predictions that count, and how much, for each figure."""
    about = table.frame.iloc[predictions["row"]].reset_index(drop=True)
    frame = predictions.reset_index(drop=True)
    work = about["label"].astype(str) + "/" + about["work"].astype(str)
    found = {"each piece once": frame}
    found["each work once"] = frame.assign(weight=frame["weight"] / frame.groupby(work)["weight"].transform("sum"))
    found["Bach without chorales"] = frame[~frame["path"].str.contains("Chorales")]
    if "doubtful" in about:
        found["without doubtful labels"] = frame[(about["doubtful"] != "yes").to_numpy()]
    return found


def metrics(frame: pd.DataFrame) -> tuple[float, float, float]:
    """Balanced accuracy, macro-F1, accuracy, weighted."""
    weight, label, prediction = (frame[c].to_numpy() for c in ("weight", "label", "prediction"))
    right = label == prediction
    recalls, scores = [], []
    for name in np.unique(label):
        recall = weight[right & (label == name)].sum() / weight[label == name].sum()
        precision = weight[right & (label == name)].sum() / max(weight[prediction == name].sum(), 1e-12)
        recalls.append(recall)
        scores.append(2 * precision * recall / max(precision + recall, 1e-12))
    return float(np.mean(recalls)), float(np.mean(scores)), float(weight[right].sum() / weight.sum())


def show(name: str, figure: tuple[float, float, float]) -> None:
    """One line."""
    balanced, macro, accuracy = figure
    print(f"  {name:26s} balanced accuracy {balanced:.3f}  macro-F1 {macro:.3f}  accuracy {accuracy:.3f}", flush=True)


if __name__ == "__main__":
    main()
