"""Figures beside those of every evaluation: by level of a label, by scorers of one's own, without some columns."""

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.evaluation.evaluation import Evaluation
from styleprint.evaluation.intervals import GroupBootstrap, interval
from styleprint.evaluation.registry import headline_of
from styleprint.evaluation.summary import figures
from styleprint.support.errors import UsageError

__all__ = ["beside_without", "load_scorer", "with_levels", "with_scores"]

Scorer = Callable[..., float]

_SHOWN = ("accuracy", "balanced_accuracy", "macro_f1")
_DRAWS = 200


def with_levels(evaluation: Evaluation, names: Sequence[str], *, seed: int) -> Evaluation:
    """Add the section ``levels``: figures of each level of the label, probabilities summed over what is below it.

    Parameters
    ----------
    evaluation : Evaluation
    names : sequence of str
        Of the levels, the first first; nothing is added where there is one.
    seed : int
        Of the bootstraps.
    """
    if len(names) < 2:
        return evaluation
    found: dict[str, Any] = {}
    for depth, name in enumerate(names, start=1):
        above = ["/".join(label.split("/")[:depth]) for label in evaluation.classes]
        found[name] = {
            protocol: _figures_above(rows, evaluation.classes, above, seed)
            for protocol, rows in evaluation.predictions.groupby("protocol", sort=False)
        }
    return replace(evaluation, sections={**evaluation.sections, "levels": found})


def _figures_above(rows: pd.DataFrame, classes: Sequence[str], above: Sequence[str], seed: int) -> dict[str, Any]:
    names = sorted(set(above))
    place = {name: k for k, name in enumerate(names)}
    summed = np.zeros((len(classes), len(names)))
    summed[np.arange(len(classes)), [place[name] for name in above]] = 1.0
    probabilities = rows[[f"probability.{name}" for name in classes]].to_numpy(dtype=np.float64) @ summed
    of_class = dict(zip(classes, [place[name] for name in above], strict=True))
    truth = np.array([of_class[label] for label in rows["label"]], dtype=np.intp)
    weight, group = rows["weight"].to_numpy(dtype=np.float64), rows["group"].to_numpy(dtype=np.intp)
    overall, _ = figures(truth, probabilities, weight, group, seed=seed)
    right = np.bincount(truth, weights=weight * (probabilities.argmax(axis=1) == truth), minlength=len(names))
    total = np.bincount(truth, weights=weight, minlength=len(names))
    recall = {name: float(r / t) for name, r, t in zip(names, right, total, strict=True) if t > 0}
    return {**overall, "classes": len(names), "recall": recall}


def load_scorer(text: str) -> Scorer:
    """The function of ``module:function``: labels and predictions, arrays of text, to one number.

    One that takes ``sample_weight``, as those of scikit-learn do, is also given what each row counts.

    Raises
    ------
    UsageError
        U198, where there is none.
    """
    module, _, name = text.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            "U198",
            f"a metric must be an importable function, as module:function, but {text!r} is none ({error}).",
            remedy="The figures that are always reported need no --metric.",
        ) from error
    if not callable(found):
        raise UsageError("U198", f"a metric must be a function, but {text!r} is none.")
    scorer: Scorer = found
    return scorer


def with_scores(evaluation: Evaluation, scorers: Mapping[str, Scorer], seed: int) -> Evaluation:
    """Add each scorer's figure to each protocol, under its name: ``value``, ``low``, ``high``.

    A scorer that takes ``sample_weight`` sees each set of copies weigh as one piece, as the built-in figures do; for
    any other each copy counts as a piece. Intervals come from 200 bootstraps of groups.
    """
    if not scorers:
        return evaluation
    protocols = {name: dict(found) for name, found in evaluation.protocols.items()}
    for protocol, rows in evaluation.predictions.groupby("protocol", sort=False):
        for name, scorer in scorers.items():
            protocols[str(protocol)][name] = _score(rows, scorer, seed)
    return replace(evaluation, protocols=protocols)


def _score(rows: pd.DataFrame, scorer: Scorer, seed: int) -> dict[str, float]:
    labels, said = rows["label"].to_numpy(dtype=str), rows["prediction"].to_numpy(dtype=str)
    weight, weighs = rows["weight"].to_numpy(dtype=np.float64), _takes_weights(scorer)
    codes = np.unique(labels, return_inverse=True)[1]
    bootstrap = GroupBootstrap.of(codes, rows["group"].to_numpy(dtype=np.intp), seed=seed, bootstraps=_DRAWS)

    def value(times: npt.NDArray[np.intp]) -> float:
        """The figure where each row is taken so many times."""
        chosen = np.repeat(np.arange(len(rows)), times)
        extra = {"sample_weight": weight[chosen]} if weighs else {}
        return float(scorer(labels[chosen], said[chosen], **extra))

    draws = [value(one[bootstrap.unit].astype(np.intp)) for times in bootstrap.blocks(len(rows)) for one in times]
    return interval(value(np.ones(len(rows), dtype=np.intp)), np.array(draws))


def _takes_weights(scorer: Scorer) -> bool:
    try:
        return "sample_weight" in inspect.signature(scorer).parameters
    except (TypeError, ValueError):  # some functions that were compiled do not say what they take
        return False


def beside_without(whole: Evaluation, without: Evaluation, columns: Sequence[str]) -> Evaluation:
    """Add the section ``without_duration``: the figures of a model that did not see how long a piece is, and a note."""
    found = {
        name: {metric: dict(protocol[metric]) for metric in _SHOWN} for name, protocol in without.protocols.items()
    }
    headline = headline_of(found)
    seen, unseen = whole.protocols[headline]["accuracy"]["value"], found[headline]["accuracy"]["value"]
    note = (
        f"Without the length of a piece ({', '.join(columns)}), accuracy under protocol {headline} is {unseen:.3f} in "
        f"place of {seen:.3f}."
    )
    sections = {**whole.sections, "without_duration": {"columns": list(columns), "protocols": found}}
    return replace(whole, sections=sections, notes=(*whole.notes, note))
