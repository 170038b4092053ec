"""The hybrid network beside the standard model on scores, by work, and a stack of both.

    python benchmarks/networks_of_scores.py TABLE.parquet [--models standard,score_stack] [--seed 0] [--keep DIR]
           [--folds 5] [--networks 0]

A table is what ``styleprint extract`` makes. All models are asked on the same five folds, which divide no work; every
set of copies counts once. A stack learns once; its members are asked alone as well, each with scale and biases of its
own from the rows that its inner folds held out: the same numbers that the member gives by itself. *Classes alike* asks
the same models under a prior in which classes are equally frequent, as ``--optimise balanced``. Differences are between
the same pieces; their intervals are 2,000 bootstraps of whole groups within each label. With ``--keep`` the answers of
each fold are kept, and another run begins with them; with fewer ``--folds`` the first of the five are asked.
"""

import argparse
import itertools
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from styleprint.evaluation.pieces import collect_pieces
from styleprint.evaluation.registry import PROTOCOLS
from styleprint.evaluation.splitting import divide
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Table
from styleprint.models.base import check_training
from styleprint.models.calibration import fit_calibration, to_probabilities
from styleprint.models.held_out import answered_rows, inner_pairs
from styleprint.models.inner_score import shift_prior
from styleprint.models.pooling import weigh
from styleprint.models.registry import load_model, make_model
from styleprint.models.score_stack import ScoreStackModel
from styleprint.support.learning import learning_under
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare

BOOTSTRAPS = 2000
FOLDS = 5
ALIKE = ", classes alike"
STACK = ""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--models", default="standard,score_stack")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--networks", type=int, default=0, help="at most so many inner folds have a network; 0: all")
    parser.add_argument("--epochs", type=int, help="of networks; their own by default")
    parser.add_argument("--folds", type=int, default=FOLDS, help="how many of the five folds are asked")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    found: dict[str, pd.DataFrame] = {}
    for name in options.models.split(","):
        found |= {one: frame for one, frame in answers(name, options).items() if one not in found}
    found |= {f"{name}{ALIKE}": alike(frame) for name, frame in found.items()}
    draws = list(resamples(next(iter(found.values())), options.seed))
    values = {name: np.array([figures(frame.iloc[rows]) for rows in draws]) for name, frame in found.items()}
    for name, frame in found.items():
        show(name, figures(frame), values[name])
    for one, other in itertools.combinations(found, 2):
        if one.endswith(ALIKE) == other.endswith(ALIKE):
            difference = figures(found[other]) - figures(found[one])
            show(f"{other} − {one}", difference, values[other] - values[one])


def answers(name: str, options: Any) -> dict[str, pd.DataFrame]:
    """What a model, and the members of a stack, say of the rows of the folds while these are held out."""
    table = read(options.table, load_model(name))
    pieces, protocol = collect_pieces(table.frame), PROTOCOLS.load("work")
    divisions = divide(protocol, pieces, folds=FOLDS, repeats=1, seed=options.seed)[: options.folds]
    parts = []
    for i, division in enumerate(divisions):
        own = f"{options.table.stem}-{name}-{options.seed}-{options.networks}-{i}.parquet"
        place = options.keep / own if options.keep else None
        if place is None or not place.exists():
            start, spent = time.monotonic(), time.process_time()
            found = fold(name, options, table, pieces, protocol, division)
            spent, seconds = time.process_time() - spent, time.monotonic() - start
            print(f"{name}: fold {i} in {spent:.0f} s of processor, {seconds:.0f} s", flush=True)
            if place is not None:
                place.parent.mkdir(parents=True, exist_ok=True)
                found.to_parquet(place)
        parts.append(found if place is None else pd.read_parquet(place))
    whole = pd.concat(parts)
    told = whole.groupby("model", sort=False)
    return {str(one): predicted(own.sort_values("row", ignore_index=True)) for one, own in told}


def fold(name: str, options: Any, table: Table, pieces: Any, protocol: Any, division: Any) -> pd.DataFrame:
    """One fold: a row for each test row and model, with the shares that classes have in training."""
    train, test, inputs = division.train, division.test, table.inputs()
    weight, groups = protocol.weight(pieces), protocol.units(pieces)
    model = make(name, options)
    told = inputs.iloc[pieces.rows[train]], pieces.labels[train], groups[train], weight[train]
    with learning_under(states=options.keep / "networks" if options.keep else None):
        likely = ask(model, *told, inputs.iloc[pieces.rows[test]])
    classes = np.array(pieces.classes)
    share = np.bincount(pieces.truth[train], weights=weight[train], minlength=len(classes))
    about = {"row": pieces.rows[test], "label": pieces.labels[test], "group": pieces.group[test]}
    about |= {"weight": weight[test]}
    about |= {f"share.{one}": own for one, own in zip(classes, share / share.sum(), strict=True)}
    names = [f"probability.{one}" for one in classes]
    frames = [
        pd.DataFrame({"model": one, **about, **dict(zip(names, said.T, strict=True))})
        for one, said in ((name if one == STACK else one, said) for one, said in likely.items())
    ]
    return pd.concat(frames, ignore_index=True)


def make(name: str, options: Any) -> Any:
    """A model with the parameters that were asked for, for itself or its members."""
    asked = {"networks": options.networks} | ({"epochs": options.epochs} if options.epochs else {})
    model = make_model(name, seed=options.seed)
    if isinstance(model, ScoreStackModel):
        return Remembering(asked, model.get_params())
    return model.set_params(**{one: value for one, value in asked.items() if one in model.get_params()})


class Remembering(ScoreStackModel):
    """A stack that keeps what its members said of rows held out, and sets parameters of members."""

    def __init__(self, asked: dict[str, int], own: dict[str, Any]) -> None:
        super().__init__(**own)
        self.asked = asked

    def make_member(self, kind: Any) -> Any:
        """A member; networks as they were asked for."""
        member = super().make_member(kind)
        known = member.get_params() if hasattr(member, "get_params") else {}
        return (
            member.set_params(**{one: value for one, value in self.asked.items() if one in known}) if known else member
        )

    def weigh_members(self, decisions: Any, training: Any, rows: Any) -> Any:
        """What each member counts; the decisions are kept."""
        self.held_out_ = decisions
        return super().weigh_members(decisions, training, rows)


def ask(model: Any, X: pd.DataFrame, y: Any, groups: Any, weight: Any, asked: pd.DataFrame) -> dict[str, Any]:
    """Probabilities of rows by a model, or by a stack and each of its members.

    A stack is not asked for what only explains (likeness, attention), which would take longer than to learn.
    """
    if not isinstance(model, Remembering):
        return {STACK: model.fit(X, y, groups=groups, sample_weight=weight).predict_proba(asked)}
    inputs, training = model.restrict(model.read(X)), check_training(y, groups, weight, len(X))
    splits = inner_pairs(training, model.inner_folds, model.random_state)
    decisions, machine = model.learn(inputs, training, splits)
    rows = model.restrict(model.read(asked))
    said = [member.answer(rows)[0] for member in machine.members]
    told = dict(zip(machine.names, [f"{scale:.3f}" for scale in machine.scales], strict=True))
    print(f"members count {told}", flush=True)
    whole = {STACK: (decisions, weigh(said, machine.scales))}
    whole |= dict(zip(machine.names, zip(model.held_out_, said, strict=True), strict=True))
    return {name: calibrated(own, found, training, splits) for name, (own, found) in whole.items()}


def calibrated(held_out: Any, decisions: Any, training: Any, splits: Any) -> Any:
    """Probabilities of decisions, by scale and biases from the rows held out, as every model has its own."""
    rows = np.flatnonzero(answered_rows(training, splits) & np.isfinite(held_out).all(axis=1))
    own = fit_calibration([held_out[rows]], training.y[rows], training.weight[rows])
    return to_probabilities([decisions], *own)


def read(path: Path, model: Any) -> Table:
    """What the model needs of the table, and nothing else."""
    recipe = Recipe.of(model.needs.features, model.needs.streams)
    return prepare(path, recipe, corpus=CorpusOptions(), run=RunOptions()).table


def predicted(frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with the likeliest class of each."""
    columns = [column for column in frame if column.startswith("probability.")]
    names = np.array([column.removeprefix("probability.") for column in columns])
    return frame.assign(prediction=names[frame[columns].to_numpy().argmax(axis=1)])


def alike(frame: pd.DataFrame) -> pd.DataFrame:
    """The same answers where classes are equally frequent."""
    columns = [column for column in frame if column.startswith("probability.")]
    share = frame[[column.replace("probability.", "share.") for column in columns]].to_numpy()
    return predicted(frame.assign(**dict(zip(columns, shift_prior(frame[columns].to_numpy(), share).T, strict=True))))


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
    print(f"{name:48} {told}", flush=True)


if __name__ == "__main__":
    main()
