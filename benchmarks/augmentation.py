"""What learning from variants is worth: the same model with and without them, on the same folds, paired.

    python benchmarks/augmentation.py DATA/scores --cap 40 [--folds 3] [--models ngrams,discriminant,convolutions]
           [--augment transposed,thinned] [--augment-to N] [--parameters convolutions:epochs=20,window=64]
    python benchmarks/augmentation.py DATA/chords [--encoders] [--folds 5] [--models ngrams,convolutions] …

Files of the four composers, at most `--cap` each, drawn by seed, on folds by work; or chord sequences: models learn
from the training part of ``lstm_split`` and are asked on its validation part, its test part left out, or, with
``--encoders``, on folds that keep each encoder on one side, for Bach, Beethoven and Debussy alone. Every difference is
with variants less without, in accuracy, in balanced accuracy and in log loss (less is better), with an interval over
works, sequences or encoders; *classes alike* asks the same models where classes are equally frequent. Seconds are of
one processor a fold.
"""

import argparse
import functools
import resource
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from styleprint.evaluation.evaluate import Extras, Settings, evaluate_table
from styleprint.evaluation.intervals import GroupBootstrap
from styleprint.evaluation.metrics import Tally
from styleprint.evaluation.paired import difference_interval
from styleprint.models.inner_score import shift_prior
from styleprint.models.registry import make_with
from styleprint.workflows.augment import prepare_augmented
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions
from styleprint.workflows.recipes import recipe_for

METRICS = ("accuracy", "balanced_accuracy", "log_loss")
CHORDS = "chord_sequences.npz"
APART = ("bach", "beethoven", "debussy")


def main():
    """Print the figures of each model without and with variants, and the difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--cap", type=int)
    parser.add_argument("--encoders", action="store_true")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--models", default="ngrams,discriminant,convolutions")
    parser.add_argument("--augment", default="transposed,thinned")
    parser.add_argument("--augment-to", type=int)
    parser.add_argument("--parameters", action="append", default=[])
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--cache", type=Path)
    asked = parser.parse_args()
    names = asked.models.split(",")
    start = time.monotonic()
    options = AugmentOptions(tuple(asked.augment.split(",")), asked.augment_to)
    table, variants, protocol = prepared(asked, options, names)
    kinds = f"{len(variants)} variants ({options.text})"
    print(f"{len(table)} pieces, {kinds}: {time.monotonic() - start:.0f} s", flush=True)
    for name in names:
        compare(name, table, variants, read(asked.parameters, name), protocol, asked)


def prepared(asked, options, names):
    """The pieces, their variants, and the protocol by which models are asked."""
    recipe, run = recipe_for(names, "score"), RunOptions(workers=asked.workers, cache=asked.cache)
    if not (asked.source / CHORDS).exists():
        corpus = CorpusOptions(cap=asked.cap, labels=asked.source / "four-composers.labels.csv")
        found = prepare_augmented(asked.source / "four-composers", recipe, options, corpus=corpus, run=run)
        return found.table, found.augmented, "work"
    apart = {"groups": "encoder", "only": APART} if asked.encoders else {"split": "lstm_split"}
    corpus = CorpusOptions(cap=asked.cap, **apart)
    found = prepare_augmented(asked.source / CHORDS, recipe, options, corpus=corpus, run=run)
    if asked.encoders:
        return found.table, found.augmented, "work"
    sides = found.table.frame["split"].map({"train": "train", "validation": "test", "test": "left out"})
    return replace(found.table, frame=found.table.frame.assign(split=sides)), found.augmented, "given"


def read(given, name):
    """The parameters of a model, as typed."""
    found = {}
    for text in given:
        model, _, pairs = text.partition(":")
        if model == name:
            found |= {key: int(value) for key, value in (pair.split("=") for pair in pairs.split(","))}
    return found


def compare(name, table, variants, parameters, protocol, asked):
    """One model, without and with variants."""
    settings = Settings(protocols=(protocol,), folds=asked.folds, workers=asked.workers)
    make = functools.partial(make_with, name, parameters, seed=0)
    frames, spent = [], []
    for augmented in (None, variants):
        before = seconds()
        extras = Extras(augmented=augmented)
        found = evaluate_table(table, make, model=name, settings=settings, extras=extras)
        spent.append((seconds() - before) / found.predictions["fold"].nunique())
        frames.append(found.predictions.sort_values("row", kind="stable").reset_index(drop=True))
    plain, more = frames
    if plain["row"].tolist() != more["row"].tolist() or plain["fold"].tolist() != more["fold"].tolist():
        raise RuntimeError("both must be asked about the same rows in the same folds")
    classes = [column.removeprefix("probability.") for column in plain if column.startswith("probability.")]
    truth = np.array([classes.index(label) for label in plain["label"]], dtype=np.intp)
    group = np.unique(plain["group"], return_inverse=True)[1]
    bootstrap = GroupBootstrap.of(truth, group, seed=0)
    said = [frame[[f"probability.{one}" for one in classes]].to_numpy() for frame in frames]
    weight = plain["weight"].to_numpy()
    shares = training_shares(plain, table, classes)
    for aim, both in (("", said), (", classes alike", [shift_prior(likely, shares) for likely in said])):
        tallies = [Tally.count(truth, likely, weight, bootstrap.unit) for likely in both]
        once = np.ones((1, len(bootstrap.label_of_unit)))
        for metric in METRICS:
            before, after = (float(tally.values(once)[0][metric][0]) for tally in tallies)
            gain = difference_interval(tallies[1], tallies[0], bootstrap, metric)
            told = f"{gain['value']:+.4f} ({gain['low']:+.4f} to {gain['high']:+.4f})"
            print(f"{name + aim:30} {metric:18} {before:.4f} → {after:.4f}: {told}", flush=True)
    print(f"{name:14} {spent[0]:.0f} → {spent[1]:.0f} s of processor a fold", flush=True)


def training_shares(plain, table, classes):
    """What share each class had among the pieces that the model of a row learnt from, one row a row."""
    frame = table.frame
    if "split" in frame and (frame["split"] == "train").any():  # of a folder it may be there, and empty
        counts = frame["label"][frame["split"] == "train"].value_counts()[classes].to_numpy()
        return np.tile(counts / counts.sum(), (len(plain), 1))
    own = plain.pivot_table("weight", "fold", "label", "sum", fill_value=0.0)[classes]
    others = own.sum() - own
    return others.div(others.sum(axis=1), axis=0).loc[plain["fold"]].to_numpy()


def seconds():
    """Of processors, here and in workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
