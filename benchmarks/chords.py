"""Who wrote these chords? Networks and what they must beat, on the split of a published LSTM.

usage: python benchmarks/chords.py DATA/chords [--only baselines,ngrams,alone,networks,encoders] [--seeds 0,1,2]
       [--parts validation,test] [--members convolutions,ngrams,relative_ngrams] [--transposition-free]
       [--folds 5] [--outer 5] [--keep DIR]

4,042 sequences of five composers; ``lstm_split`` is the split of the published LSTM. On ``validation`` models learn
from its training part alone; on ``test`` from training and validation, as in protocol ``given``. ``alone`` fits models
as they are by default, for each seed. ``networks`` fits a stack once for each seed and asks its members alone as well,
each with scale and biases of its own from the rows that its inner folds held out: the same numbers that the member
gives by itself. ``encoders`` asks them on five folds that keep each encoder on one side, for Bach, Beethoven and
Debussy alone; with ``--keep`` the answers of each fold are kept, and another run begins with them; with fewer
``--outer`` the first of the five are asked. Every figure is accuracy / balanced accuracy; *classes alike* asks the same
models under a prior in which classes are equally frequent, as ``--optimise balanced``. With ``--transposition-free`` no
member hears what a transposition changes.
"""

import argparse
import itertools
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from styleprint.evaluation.metrics import classwise, confusion_matrix
from styleprint.evaluation.pieces import collect_pieces
from styleprint.evaluation.registry import PROTOCOLS
from styleprint.evaluation.splitting import divide
from styleprint.evaluation.summary import figures as figures_with_intervals
from styleprint.extraction.foreign import TableOptions, read_foreign
from styleprint.extraction.table import Table
from styleprint.models.base import read_inputs
from styleprint.models.calibration import fit_calibration, to_probabilities
from styleprint.models.inner_score import shift_prior
from styleprint.models.registry import make_model
from styleprint.models.sequence_stack import SequenceStackModel
from styleprint.support.learning import learning_under

APART = ("bach", "beethoven", "debussy")
FOLDS = 5
STACK = "stack"


def main() -> None:
    """Print each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--only", default="baselines,ngrams,networks,encoders")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--parts", default="validation,test")
    parser.add_argument("--members", default="convolutions,ngrams,relative_ngrams")
    parser.add_argument("--transposition-free", action="store_true")
    parser.add_argument("--folds", type=int, default=5, help="inner folds; by default models have three")
    parser.add_argument("--outer", type=int, default=FOLDS, help="how many of the five folds of encoders are asked")
    parser.add_argument("--keep", type=Path, help="folder for answers of folds and half-learnt networks")
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
            for name, likely in stack.together_and_alone(inputs).items():
                for aim, prior in (("", 1.0), (", classes alike", share)):
                    given = stack.classes_[(likely / prior).argmax(axis=1)]
                    told = show(f"{name}{aim}, seed {seed}", part, given, labels[test], start)
                    found.setdefault(f"{name}{aim}", []).append(told)
        for name, values in found.items():
            summarise(name, part, values)


def alone(options: Any, table: Table, path: Path) -> None:  # noqa: ARG001
    """Models by themselves, as they are by default, for each seed."""
    labels = table.frame["label"].to_numpy(dtype=str)
    for part, name in itertools.product(options.parts.split(","), options.models.split(",")):
        train, test = sides(table, part)
        share = np.array([(labels[train] == one).mean() for one in np.unique(labels[train])])
        found: dict[str, list[tuple[float, float]]] = {"": [], ", classes alike": []}
        for seed in map(int, options.seeds.split(",")):
            start, spent = time.monotonic(), time.process_time()
            model = learnt(table, make_model(name, seed=seed), train)
            likely = model.predict_proba(table.inputs().iloc[test])
            for aim, prior in (("", 1.0), (", classes alike", share)):
                given = model.classes_[(likely / prior).argmax(axis=1)]
                found[aim].append(show(f"{name}{aim}, seed {seed}", part, given, labels[test], start))
            print(f"{name}, seed {seed}: {time.process_time() - spent:.0f} s of processor", flush=True)
        for aim, values in found.items():
            summarise(f"{name}{aim}", part, values)


def summarise(name: str, part: str, values: list[tuple[float, float]]) -> None:
    """Print mean and range over seeds."""
    mean, low, high = (np.array(values).mean(0), np.array(values).min(0), np.array(values).max(0))
    spread = f"{low[0]:.4f}–{high[0]:.4f} / {low[1]:.4f}–{high[1]:.4f}"
    print(f"{part:10} {name}, mean of {len(values)}: {mean[0]:.4f} / {mean[1]:.4f}  ({spread})", flush=True)


class Remembering(SequenceStackModel):
    """A stack that keeps what calibrates each member alone."""

    def __init__(self, options: Any, seed: int) -> None:
        own = {"members": options.members, "transposition_free": options.transposition_free}
        super().__init__(**own, inner_folds=options.folds, random_state=seed)
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

    def _attend(self, inputs: Any, training: Any) -> Any:  # noqa: ARG002
        """Nothing: what only explains would take longer than to learn."""
        return {}

    def together_and_alone(self, X: pd.DataFrame) -> dict[str, Any]:
        """Probabilities of the stack, and of each member by itself."""
        inputs = read_inputs(X, (), self.stream_names_)
        return {STACK: self.predict_proba(X)} | {
            name: to_probabilities([machine.answer(inputs)[0]], *own)
            for name, machine, own in zip(self.machine_.names, self.machine_.members, self.alone_, strict=True)
        }


def encoders(options: Any, table: Table, path: Path) -> None:  # noqa: ARG001
    """Five folds that keep each encoder on one side, for the three whose encoders are many."""
    apart = read_foreign(path, TableOptions(groups="encoder", only=APART))
    pieces, protocol = collect_pieces(apart.frame), PROTOCOLS.load("work")
    divisions = divide(protocol, pieces, folds=FOLDS, repeats=1, seed=0)[: options.outer]
    form = "transposition-free " if options.transposition_free else ""
    for seed in map(int, options.seeds.split(",")):
        told = pd.concat([fold(options, seed, apart, pieces, protocol, one) for one in divisions])
        for name, own in told.groupby("model", sort=False):
            tell(f"encoders apart {form}{name}, seed {seed}", own, pieces.classes)


def fold(options: Any, seed: int, table: Table, pieces: Any, protocol: Any, division: Any) -> pd.DataFrame:
    """One fold: a row for each test row and model, with the shares that classes have in training."""
    free = "free" if options.transposition_free else "all"
    own = f"{options.members.replace(',', '-')}-{free}-{options.folds}-{options.nets}-{seed}-{division.fold}.parquet"
    place = options.keep / own if options.keep else None
    if place is not None and place.exists():
        return pd.read_parquet(place)
    start, spent = time.monotonic(), time.process_time()
    train, test, inputs = division.train, division.test, table.inputs()
    given = {"groups": protocol.units(pieces)[train], "sample_weight": protocol.weight(pieces)[train]}
    with learning_under(states=options.keep / "networks" if options.keep else None):
        stack = Remembering(options, seed).fit(inputs.iloc[pieces.rows[train]], pieces.labels[train], **given)
    about = {"truth": pieces.truth[test], "group": pieces.group[test], "weight": protocol.weight(pieces)[test]}
    about |= {f"share.{one}": share for one, share in zip(stack.classes_, stack.shares_, strict=True)}
    asked = stack.together_and_alone(inputs.iloc[pieces.rows[test]])
    names = [f"probability.{one}" for one in stack.classes_]
    found = pd.concat(
        [
            pd.DataFrame({"model": one, **about, **dict(zip(names, likely.T, strict=True))})
            for one, likely in asked.items()
        ]
    )
    spent, seconds = time.process_time() - spent, time.monotonic() - start
    print(f"fold {division.fold}: {spent:.0f} s of processor, {seconds:.0f} s", flush=True)
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        found.to_parquet(place)
    return found


def tell(name: str, frame: pd.DataFrame, classes: tuple[str, ...]) -> None:
    """Figures of a model with intervals over encoders, as it is and with classes alike; recall of each class."""
    truth, group, weight = (frame[column].to_numpy() for column in ("truth", "group", "weight"))
    likely = frame[[f"probability.{one}" for one in classes]].to_numpy()
    alike = shift_prior(likely, frame[[f"share.{one}" for one in classes]].to_numpy())
    for aim, asked in (("", likely), (", classes alike", alike)):
        overall, _ = figures_with_intervals(truth, asked, weight, group, seed=0)
        told = " / ".join(
            f"{overall[metric]['value']:.4f} ({overall[metric]['low']:.3f}–{overall[metric]['high']:.3f})"
            for metric in ("accuracy", "balanced_accuracy")
        )
        recall = classwise(confusion_matrix(truth, asked.argmax(axis=1), weight, len(classes)))["recall"]
        each = " ".join(f"{one}: {value:.3f}" for one, value in zip(classes, recall, strict=True))
        print(f"{name}{aim}: {told}; {each}", flush=True)


RUNS = {"baselines": baselines, "ngrams": ngrams, "alone": alone, "networks": networks, "encoders": encoders}


if __name__ == "__main__":
    main()
