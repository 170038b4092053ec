"""How many out-of-fold answers change when the same music is written down differently?

usage: reencoding.py FOLDER-WITH-four-composers [--workers N]

Protocol ``work``, seed 0. Every test piece is asked about as its file has it, and again after each re-encoding: another
tempo, flat velocity, coarser resolution, legato and staccato note-offs, merged tracks, another order of parts. The
model of the fold is the same.
"""

import argparse
import functools
from pathlib import Path

from styleprint.evaluation.evaluate import Extras, Settings, evaluate_table
from styleprint.extraction.recipe import Recipe
from styleprint.models.registry import load_model, make_model
from styleprint.music.changes import REENCODINGS
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare


def main() -> None:
    """Print the share that changes, by re-encoding."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    needs = load_model("standard").needs
    prepared = prepare(
        asked.data / "four-composers",
        Recipe.of(needs.features, needs.streams),
        corpus=CorpusOptions(labels=asked.data / "four-composers.labels.csv"),
        run=RunOptions(workers=asked.workers),
        variants=tuple(REENCODINGS),
    )
    found = evaluate_table(
        prepared.table,
        functools.partial(make_model, "standard", seed=0),
        model="standard",
        settings=Settings(protocols=("work",), seed=0, workers=asked.workers),
        extras=Extras(variants=prepared.variants),
    )
    for name, part in found.audit["reencoding"].items():
        changed, accuracy = part["changed"], part["accuracy"]
        print(
            f"{name:14} changes {100 * changed['value']:.2f} % of the answers ({100 * changed['low']:.2f} to "
            f"{100 * changed['high']:.2f}); accuracy after it {accuracy['value']:.3f}"
        )
    figure = found.protocols["work"]["balanced_accuracy"]
    print(f"balanced accuracy as the files are: {figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})")


if __name__ == "__main__":
    main()
