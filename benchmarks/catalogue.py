"""Does every column of the catalogue vary, is it there, and what do the safe ones tell alone?

usage: catalogue.py FOLDER-WITH-scores [--four TABLE.parquet] [--twenty TABLE.parquet] [--seeds 0 1 …] [--model NAME]

Of composers-20: columns that are constant, and columns that are missing for more than 2 % of the pieces without
saying so (``missing`` of their feature). Of four-composers: balanced accuracy by work, mean of the seeds, of one
model (kernel ridge on ranks, choices made for balanced accuracy) on the encoding-safe columns alone.
"""

import argparse
import functools
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from standard_model import metrics, views
from styleprint.evaluation.evaluate import Settings, evaluate_table
from styleprint.extraction.table import Table, read_table
from styleprint.features.registry import catalogue, feature_names
from styleprint.features.row import feature_columns
from styleprint.models.registry import make_model

MOST_MISSING = 0.02


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scores", type=Path)
    parser.add_argument("--four", type=Path)
    parser.add_argument("--twenty", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--model", default="kernel_ridge")
    options = parser.parse_args()
    check_columns(read(options.scores, "composers-20", options.twenty))
    four = read(options.scores, "four-composers", options.four)
    tell(four, feature_columns(feature_names(encoding_safe=True)), options.seeds, options.model)


def read(scores: Path, name: str, table: Path | None) -> Table:
    """The table, extracted where none is given."""
    if table is not None:
        return read_table(table)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        labels = ["--labels", str(scores / f"{name}.labels.csv")]
        command = [
            sys.executable,
            "-m",
            "styleprint",
            "extract",
            str(scores / name),
            *labels,
            "-o",
            str(path),
            "--quiet",
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return read_table(path)


def check_columns(table: Table) -> None:
    """Constant columns, and those that are missing without saying so."""
    constant, missing, declared = [], [], 0
    for entry in catalogue().values():
        for column in entry.feature.columns:
            values = table.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
            known = values[~np.isnan(values)]
            share = 1 - len(known) / len(values)
            if not len(known) or known.min() == known.max():
                constant.append(column)
            if share > MOST_MISSING and entry.feature.missing:
                declared += 1
            elif share > MOST_MISSING:
                missing.append(f"{column} ({share:.1%})")
    columns = sum(len(entry.feature.columns) for entry in catalogue().values())
    print(f"composers-20: {len(table)} pieces, {columns} columns")
    print(f"constant: {len(constant)} {' '.join(constant)}")
    print(f"missing in more than {MOST_MISSING:.0%} and not declared: {len(missing)} {' '.join(missing)}")
    print(f"missing in more than {MOST_MISSING:.0%} and declared: {declared}")


def tell(table: Table, columns: tuple[str, ...], seeds: list[int], model: str) -> None:
    """Balanced accuracy, macro-F1 and accuracy by work, mean of the seeds."""
    found = []
    for seed in seeds:
        predictions = evaluate_table(
            table,
            functools.partial(make_model, model, seed=seed, optimise="balanced"),
            inputs=table.frame[list(columns)],
            model=model,
            settings=Settings(protocols=("work",), seed=seed, workers=0),
        ).predictions
        found.append(metrics(views(predictions, table)["each piece once"]))
    balanced, macro, accuracy = np.mean(found, axis=0)
    each = " ".join(f"{figures[0]:.3f}" for figures in found)
    print(f"four-composers, {model}, {len(columns)} safe columns: balanced accuracy {balanced:.3f} ({each})")
    print(f"  macro-F1 {macro:.3f}, accuracy {accuracy:.3f}", flush=True)


if __name__ == "__main__":
    main()
