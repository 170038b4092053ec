"""All figures of one protocol, with intervals, as JSON can hold them."""

from typing import Any

import numpy as np

from styleprint.evaluation.calibration import ece, ece_if_perfect, reliability
from styleprint.evaluation.intervals import MIN_GROUPS, TOO_FEW, GroupBootstrap, interval
from styleprint.evaluation.metrics import METRICS, Tally, classwise, confusion_matrix
from styleprint.evaluation.outcomes import OutOfFold
from styleprint.evaluation.pieces import FloatArray, IndexArray
from styleprint.evaluation.ranking import auc, roc_points

__all__ = ["baselines", "figures", "summarise"]


def figures(
    truth: IndexArray, probabilities: FloatArray, weight: FloatArray, group: IndexArray, *, seed: int
) -> tuple[dict[str, dict[str, float]], dict[str, FloatArray]]:
    """Metrics with intervals, and the draws of the figures by class.

    Parameters
    ----------
    truth, group : ndarray of int, shape (n,)
    probabilities : ndarray, shape (n, n_classes)
    weight : ndarray, shape (n,)
    seed : int

    Returns
    -------
    overall : dict
        Metric → ``value``, ``low``, ``high``.
    by_class : dict of str to ndarray, shape (n_bootstraps, n_classes)
        ``precision``, ``recall``, ``f1``.
    """
    bootstrap = GroupBootstrap.of(truth, group, seed=seed)
    tally = Tally.count(truth, probabilities, weight, bootstrap.unit)
    confidence, right = probabilities.max(axis=1), (probabilities.argmax(axis=1) == truth).astype(np.float64)
    draws: dict[str, list[FloatArray]] = {name: [] for name in METRICS}
    classes: dict[str, list[FloatArray]] = {"precision": [], "recall": [], "f1": []}
    for times in bootstrap.blocks(max(len(truth), probabilities.shape[1] ** 2)):
        overall, by_class = tally.values(times)
        overall["ece"] = np.atleast_1d(ece(confidence, right, times[:, bootstrap.unit] * weight))
        for name in METRICS:
            draws[name].append(overall[name])
        for name, values in by_class.items():
            classes[name].append(values)
    point, _ = tally.values(np.ones((1, len(bootstrap.label_of_unit))))
    point["ece"] = np.atleast_1d(ece(confidence, right, weight))
    found = {name: interval(float(point[name][0]), np.concatenate(draws[name])) for name in METRICS}
    return found, {name: np.concatenate(values) for name, values in classes.items()}


def summarise(outcome: OutOfFold, *, seed: int) -> dict[str, Any]:
    """Everything that DESIGN's JSON says of a protocol, and reliability and ROC points.

    Parameters
    ----------
    outcome : OutOfFold
    seed : int
        Of the bootstraps and of the simulated perfect model.
    """
    truth, weight = outcome.truth, outcome.weight
    probabilities, confidence = outcome.probabilities, outcome.probabilities.max(axis=1)
    overall, draws = figures(truth, probabilities, weight, outcome.group, seed=seed)
    found: dict[str, Any] = {name: dict(figure) for name, figure in overall.items()}
    unit = np.unique(outcome.pieces.copies[outcome.position], return_inverse=True)[1]
    perfect = ece_if_perfect(confidence, weight, unit, seed)
    found["ece"]["if_perfect"] = interval(float(perfect.mean()), perfect)
    confusion = confusion_matrix(truth, outcome.prediction, weight, len(outcome.pieces.classes))
    row_sums = np.maximum(confusion.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    found |= {
        "folds": len(np.unique(outcome.fold)),
        "repeats": len(np.unique(outcome.repeat)),
        "rows": len(np.unique(outcome.position)),
        "groups": len(np.unique(outcome.group)),
        "weight": float(weight.sum()),
        "per_class": _per_class(outcome, confusion, draws),
        "confusion": confusion.tolist(),
        "confusion_normalised": (confusion / row_sums).tolist(),
        "train_accuracy": outcome.train_accuracy,
        "gap_to_training": outcome.train_accuracy - found["accuracy"]["value"],
        "reliability": reliability(confidence, outcome.right.astype(np.float64), weight),
    }
    return found


def baselines(outcome: OutOfFold) -> dict[str, float]:
    """What needs no music: always the commonest label, and answers drawn in the labels' proportions.

    Returns
    -------
    dict
        ``accuracy`` and ``balanced_accuracy`` of the commonest label; ``prior_accuracy``, ``prior_log_loss``
        (nats) and ``prior_brier`` of a model that gives each label its share.
    """
    n_classes = len(outcome.pieces.classes)
    share = np.bincount(outcome.truth, weights=outcome.weight, minlength=n_classes) / outcome.weight.sum()
    present = share[share > 0]
    return {
        "accuracy": float(share.max()),
        "balanced_accuracy": 1.0 / len(present),
        "prior_accuracy": float((share**2).sum()),
        "prior_log_loss": float(-(present * np.log(present)).sum()),
        "prior_brier": float(1.0 - (share**2).sum()),
    }


def _per_class(outcome: OutOfFold, confusion: FloatArray, draws: dict[str, FloatArray]) -> dict[str, Any]:
    values = classwise(confusion)
    found: dict[str, Any] = {}
    for column, name in enumerate(outcome.pieces.classes):
        is_own = outcome.truth == column
        score = outcome.probabilities[:, column]
        groups = len(np.unique(outcome.group[is_own]))
        entry: dict[str, Any] = {metric: float(values[metric][column]) for metric in ("precision", "recall", "f1")}
        entry |= {
            "auc": auc(score, is_own, outcome.weight),
            "rows": len(np.unique(outcome.position[is_own])),
            "pieces": float(outcome.weight[is_own].sum()),
            "groups": groups,
            "roc": roc_points(score, is_own, outcome.weight),
        }
        if groups < MIN_GROUPS:
            entry["intervals"] = TOO_FEW
        else:
            ends = {m: interval(entry[m], draws[m][:, column]) for m in ("precision", "recall", "f1")}
            entry["intervals"] = {m: [end["low"], end["high"]] for m, end in ends.items()}
        found[name] = entry
    return found
