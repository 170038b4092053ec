"""Does a model answer by what it points at? Without the passages that speak most for its answer, it must fall.

    python benchmarks/deletion.py DATA [--corpus chords|four-composers] [--cap 100] [--models ngrams,convolutions]
           [--parameters convolutions:epochs=20]

A quarter of the works is held out; a model learns from the others and is asked about each held-out piece as it is,
without the tenth of its passages that speaks most for the answer, and without as many at random (mean of eight draws).
Printed is how far the probability of the answer falls, and the paired difference with its interval over works.
"""

import argparse
from pathlib import Path

import numpy as np

from styleprint.corpus.splits import grouped_splits
from styleprint.explaining.deletion import check_deletion
from styleprint.extraction.foreign import TableOptions, read_foreign
from styleprint.models.registry import make_with
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare
from styleprint.workflows.recipes import recipe_for
from styleprint.workflows.training_rows import choose_training_rows


def main():
    """Print one line a model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--corpus", choices=("chords", "four-composers"), default="chords")
    parser.add_argument("--cap", type=int, default=100)
    parser.add_argument("--models", default="ngrams,convolutions")
    parser.add_argument("--parameters", action="append", default=[])
    asked = parser.parse_args()
    names = asked.models.split(",")
    training = choose_training_rows(read(asked, names))
    train, test = grouped_splits(training.labels.tolist(), training.groups.tolist(), folds=4, seed=0)[0]
    for name in names:
        given = [text.partition(":")[2] for text in asked.parameters if text.startswith(f"{name}:")]
        pairs = [pair.split("=") for text in given for pair in text.split(",")]
        model = make_with(name, {key: int(value) for key, value in pairs}, seed=0)
        weights = training.weights[train]
        rows = training.inputs.iloc[train], training.labels[train]
        model.fit(*rows, groups=training.groups[train], sample_weight=weights)
        inputs = training.inputs.iloc[test].reset_index(drop=True)
        right = (model.predict(inputs) == training.labels[test]).mean()
        found = check_deletion(model, inputs)
        gain = found.difference(training.groups[test])
        print(
            f"{asked.corpus} {name}: {len(train)} pieces learnt, {len(found.rows)} of {len(test)} asked ({right:.3f} "
            f"right); falls by {found.top.mean():.4f} without what speaks most, {found.random.mean():.4f} at random; "
            f"difference {gain['value']:+.4f} ({gain['low']:+.4f} to {gain['high']:+.4f}), above zero for "
            f"{np.mean(found.top > found.random):.3f} of the pieces",
            flush=True,
        )


def read(asked, names):
    """The table of the corpus."""
    if asked.corpus == "chords":
        return read_foreign(asked.source / "chords" / "chord_sequences.npz", TableOptions(cap=asked.cap))
    scores = asked.source / "scores"
    corpus = CorpusOptions(cap=asked.cap, labels=scores / "four-composers.labels.csv")
    return prepare(
        scores / "four-composers", recipe_for(names, "score"), corpus=corpus, run=RunOptions(workers=0)
    ).table


if __name__ == "__main__":
    main()
