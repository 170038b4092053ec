"""Who wrote these chords? Networks and what they must beat, on the split of a published LSTM.

usage: python benchmarks/chords.py DATA/chords [--only baselines,ngrams,networks,encoders] [--seeds 0,1,2]
       [--parts validation,test] [--members convolutions,ngrams,relative_ngrams]

4,042 sequences of five composers; ``lstm_split`` is the split of the published LSTM. On ``validation`` models learn
from its training part alone; on ``test`` from training and validation, as in protocol ``given``. ``networks`` fits a
stack once for each seed and asks its members alone as well, each with scale and biases of its own from the rows that
its inner folds held out: the same numbers that the member gives by itself. ``encoders`` keeps each encoder on one
side, for Bach, Beethoven and Debussy alone. Every figure is accuracy / balanced accuracy;
*classes alike* asks the same models under a prior in which classes are equally frequent, as ``--optimise balanced``.
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
from styleprint.extraction.foreign import TableOptions, read_foreign
from styleprint.extraction.table import Table
from styleprint.models.base import read_inputs
from styleprint.models.calibration import fit_calibration, to_probabilities
from styleprint.models.registry import make_model, make_with
from styleprint.models.sequence_stack import SequenceStackModel

APART = ("bach", "beethoven", "debussy")


def main() -> None:
    """Print each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--only", default="baselines,ngrams,networks,encoders")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--parts", default="validation,test")
    parser.add_argument("--members", default="convolutions,ngrams,relative_ngrams")
    parser.add_argument("--folds", type=int, default=5, help="inner folds")
    parser.add_argument("--nets", type=int, default=0, help="at most so many inner folds have a network; 0 for all")
    parser.add_argument("--models", default="ngrams,relative_ngrams,standard")
    options = parser.parse_args()
    path = options.source / "chord_sequences.npz"
    table = read_foreign(path, TableOptions(split="lstm_split"))
    for name in options.only.split(","):
        RUNS[name](options, table, path)


def sides(table: Table, part: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Rows to learn from and rows to be asked about."""
    split = table.frame["split"].to_numpy(dtype=str)
    return np.flatnonzero(split == "train" if part == "validation" else split != "test"), np.flatnonzero(split == part)


def figures(given: Any, truth: Any) -> tuple[float, float]:
    """Accuracy and balanced accuracy."""
    recall = [float((given[truth == name] == name).mean()) for name in np.unique(truth)]
    return float((given == truth).mean()), float(np.mean(recall))


def show(name: str, part: str, given: Any, truth: Any, start: float) -> tuple[float, float]:
    """Print a figure."""
    accuracy, balanced = figures(given, truth)
    print(f"{part:10} {name:60} {accuracy:.4f} / {balanced:.4f}  ({time.monotonic() - start:.0f} s)", flush=True)
    return accuracy, balanced


def learnt(table: Table, model: Any, rows: Any) -> Any:
    """The model, fitted on these rows with their groups."""
    frame = table.frame.iloc[rows]
    group = frame["group"].to_numpy(dtype=str)
    alone = np.array([f"row {row}" for row in rows])
    groups = np.where(group == "", alone, group)
    return model.fit(table.inputs().iloc[rows], frame["label"].to_numpy(dtype=str), groups=groups)


def baselines(options: Any, table: Table, path: Path) -> None:
    """The largest class; the encoder's name alone, all classes weighing alike; what others published."""
    labels, encoder = (table.frame[name].to_numpy(dtype=str) for name in ("label", "encoder"))
    for part in options.parts.split(","):
        train, test = sides(table, part)
        start = time.monotonic()
        counts = pd.crosstab(encoder[train], labels[train])
        largest = counts.sum().idxmax()
        show("largest class", part, np.full(len(test), largest), labels[test], start)
        weighed = (counts / counts.sum()).idxmax(axis=1).to_dict()
        rare = counts.sum().idxmin()  # of an encoder that was never met, classes weighing alike, nothing is known
        for name, unknown in (("largest", largest), ("rarest", rare)):
            given = np.array([weighed.get(one, unknown) for one in encoder[test]])
            show(f"encoder's name, classes weighted (unknown: {name})", part, given, labels[test], start)

    told = pd.read_csv(path.parent / "published_predictions.csv")
    for name in [column for column in told if column.endswith("_lstm")]:
        show(f"published: {name}", "test", told[name].to_numpy(), told["true_label"].to_numpy(), time.monotonic())


def ngrams(options: Any, table: Table, path: Path) -> None:  # noqa: ARG001
    """Models without networks; and what is left where no test piece equals a training piece."""
    labels, copies = (table.frame[name].to_numpy(dtype=str) for name in ("label", "copies"))
    for part in options.parts.split(","):
        train, test = sides(table, part)
        fresh = ~np.isin(copies[test], np.setdiff1d(copies[train], [""]))
        for name in options.models.split(","):
            start = time.monotonic()
            given = learnt(table, make_model(name, seed=0), train).predict(table.inputs().iloc[test])
            show(name, part, given, labels[test], start)
            show(f"{name}, without {(~fresh).sum()} copies", part, given[fresh], labels[test][fresh], start)


def networks(options: Any, table: Table, path: Path) -> None:  # noqa: ARG001
    """A stack of networks and n-grams, and each member alone, for each seed."""
    labels = table.frame["label"].to_numpy(dtype=str)
    for part in options.parts.split(","):
        train, test = sides(table, part)
        found: dict[str, list[tuple[float, float]]] = {}
        for seed in map(int, options.seeds.split(",")):
            start = time.monotonic()
            stack = learnt(table, Remembering(options, seed), train)
            inputs = table.inputs().iloc[test]
            share = np.array([(labels[train] == name).mean() for name in stack.classes_])
            for name, likely in ({"stack": stack.predict_proba(inputs)} | stack.alone(inputs)).items():
                for aim, prior in (("", 1.0), (", classes alike", share)):
                    given = stack.classes_[(likely / prior).argmax(axis=1)]
                    told = show(f"{name}{aim}, seed {seed}", part, given, labels[test], start)
                    found.setdefault(f"{name}{aim}", []).append(told)
        for name, values in found.items():
            mean, low, high = (np.array(values).mean(0), np.array(values).min(0), np.array(values).max(0))
            spread = f"{low[0]:.4f}–{high[0]:.4f} / {low[1]:.4f}–{high[1]:.4f}"
            print(f"{part:10} {name}, mean of {len(values)}: {mean[0]:.4f} / {mean[1]:.4f}  ({spread})", flush=True)


class Remembering(SequenceStackModel):
    """A stack that keeps what calibrates each member alone."""

    def __init__(self, options: Any, seed: int) -> None:
        super().__init__(members=options.members, inner_folds=options.folds, random_state=seed)
        self.nets = options.nets

    def make_member(self, kind: Any) -> Any:
        """A member; networks as many as asked for."""
        member = super().make_member(kind)
        return member.set_params(networks=self.nets) if "networks" in member.get_params() else member

    def weigh_members(self, decisions: Any, training: Any, answered: Any) -> Any:
        """Scales of the stack; scale and biases of each member are kept."""
        y, weight = training.y[answered], training.weight[answered]
        self.alone_ = [fit_calibration([found[answered]], y, weight) for found in decisions]
        return super().weigh_members(decisions, training, answered)

    def alone(self, X: pd.DataFrame) -> dict[str, Any]:
        """Probabilities of each member by itself."""
        inputs = read_inputs(X, (), self.stream_names_)
        return {
            name: to_probabilities([machine.answer(inputs)[0]], *own)
            for name, machine, own in zip(self.machine_.names, self.machine_.members, self.alone_, strict=True)
        }


def encoders(options: Any, table: Table, path: Path) -> None:  # noqa: ARG001
    """Five folds that keep each encoder on one side, for the three whose encoders are many."""
    apart = read_foreign(path, TableOptions(groups="encoder", only=APART))
    for name, aim in itertools.product(options.models.split(","), ("accuracy", "balanced")):
        start = time.monotonic()
        made = functools.partial(make_with, name, {}, seed=0, optimise=aim)
        found = evaluate_table(apart, made, model=name, settings=Settings(protocols=("work",), folds=5))
        protocol = found.to_json()["protocols"]["work"]
        told = [
            f"{protocol[metric]['value']:.4f} ({protocol[metric]['low']:.3f}–{protocol[metric]['high']:.3f})"
            for metric in ("accuracy", "balanced_accuracy")
        ]
        recall = " ".join(f"{one}: {about['recall']:.3f}" for one, about in protocol["per_class"].items())
        print(
            f"encoders apart {name}, optimise {aim}: {' / '.join(told)}; {recall} ({time.monotonic() - start:.0f} s)",
            flush=True,
        )


RUNS = {"baselines": baselines, "ngrams": ngrams, "networks": networks, "encoders": encoders}


if __name__ == "__main__":
    main()
