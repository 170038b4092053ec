"""Where the model is right and where not: by length, parts, collection; hardest works; confused pairs.

Each figure comes twice: every piece counting once, and every work counting once, because a few works with
many movements may carry a figure.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.evaluation.intervals import GroupBootstrap, weighted_share
from styleprint.evaluation.outcomes import OutOfFold
from styleprint.evaluation.pieces import FloatArray, IndexArray
from styleprint.evaluation.summary import figures

__all__ = ["breakdown", "confused_pairs", "each_work_once", "hardest_works", "work_weight"]

_BINS = 4
_MOST_VALUES = 8
_MOST_NAMES = 40
_N_WORKS = 25
_N_PAIRS = 12
_N_FILES = 8


def work_weight(outcome: OutOfFold) -> FloatArray:
    """Weights with which every work counts once."""
    work = outcome.pieces.work[outcome.position]
    per_work: FloatArray = outcome.weight / np.bincount(work, weights=outcome.weight)[work]
    return per_work


def each_work_once(outcome: OutOfFold, *, seed: int) -> dict[str, dict[str, float]]:
    """All metrics with every work counting once."""
    found, _ = figures(outcome.truth, outcome.probabilities, work_weight(outcome), outcome.group, seed=seed)
    return found


def breakdown(outcome: OutOfFold, column: str, *, seed: int) -> list[dict[str, Any]]:
    """Accuracy in each part of the corpus that a column makes.

    Parameters
    ----------
    outcome : OutOfFold
    column : str
        Of the table. Numbers with more than eight values are cut at their quartiles; names are taken as
        they are, the 40 commonest, the others together.
    seed : int

    Returns
    -------
    list of dict
        ``name``, ``pieces``, ``works``, ``accuracy`` (with interval), ``accuracy_by_work``.
    """
    part, names = _parts(outcome.pieces.frame[column])
    part = part[outcome.position]
    per_work = work_weight(outcome)
    work = outcome.pieces.work[outcome.position]
    bootstrap = GroupBootstrap.of(outcome.truth, outcome.group, seed=seed)
    found = []
    for code, name in enumerate(names):
        inside = part == code
        if not inside.any():
            continue
        found.append(
            {
                "name": name,
                "pieces": float(outcome.weight[inside].sum()),
                "works": len(np.unique(work[inside])),
                "accuracy": weighted_share(outcome.right, outcome.weight * inside, bootstrap),
                "accuracy_by_work": float(per_work[inside] @ outcome.right[inside] / per_work[inside].sum()),
            }
        )
    return found


def hardest_works(outcome: OutOfFold) -> list[dict[str, Any]]:
    """The 25 works whose true label gets the least probability, with their files and what they were taken for."""
    work = np.unique(outcome.pieces.work[outcome.position], return_inverse=True)[1]
    own = outcome.probabilities[np.arange(len(outcome)), outcome.truth]
    total = np.bincount(work, weights=outcome.weight)
    mean_own = np.bincount(work, weights=outcome.weight * own) / total
    accuracy = np.bincount(work, weights=outcome.weight * outcome.right) / total
    frame = outcome.pieces.frame
    paths, titles = np.asarray(outcome.pieces.paths), np.asarray(frame.get("work", frame.index)).astype(str)
    found = []
    for code in np.argsort(mean_own, kind="stable")[:_N_WORKS]:
        rows = np.flatnonzero(work == code)
        mean = np.average(outcome.probabilities[rows], axis=0, weights=outcome.weight[rows])
        found.append(
            {
                "work": str(titles[outcome.position[rows[0]]]),
                "label": outcome.pieces.classes[outcome.truth[rows[0]]],
                "likeliest": outcome.pieces.classes[int(mean.argmax())],
                "probability_of_label": float(mean_own[code]),
                "accuracy": float(accuracy[code]),
                "pieces": float(total[code]),
                "files": sorted({str(path) for path in paths[outcome.position[rows]]})[:_N_FILES],
            }
        )
    return found


def confused_pairs(outcome: OutOfFold) -> list[dict[str, Any]]:
    """The pairs (label, prediction) with most wrong answers, and the files with the surest of them."""
    n_classes = len(outcome.pieces.classes)
    wrong = ~outcome.right
    pair = outcome.truth * n_classes + outcome.prediction
    pieces = np.bincount(pair, weights=outcome.weight * wrong, minlength=n_classes**2)
    per_label = np.bincount(outcome.truth, weights=outcome.weight, minlength=n_classes)
    confidence = outcome.probabilities.max(axis=1)
    paths = outcome.pieces.paths
    found = []
    for code in np.argsort(-pieces, kind="stable")[:_N_PAIRS]:
        if pieces[code] <= 0:
            break
        label, prediction = divmod(int(code), n_classes)
        rows = np.flatnonzero(wrong & (pair == code))
        rows = rows[np.argsort(-confidence[rows], kind="stable")]
        surest = dict.fromkeys(paths[outcome.position[row]] for row in rows)
        first = {path: float(confidence[row]) for row in rows[::-1] for path in [paths[outcome.position[row]]]}
        found.append(
            {
                "label": outcome.pieces.classes[label],
                "prediction": outcome.pieces.classes[prediction],
                "pieces": float(pieces[code]),
                "share_of_label": float(pieces[code] / per_label[label]),
                "files": [{"path": path, "probability": first[path]} for path in list(surest)[:_N_FILES]],
            }
        )
    return found


def _parts(values: "pd.Series[Any]") -> tuple[IndexArray, list[str]]:
    """A code for each row, and the names of the parts."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(numbers)
        if len(np.unique(numbers[known])) > _MOST_VALUES:
            return _quartiles(numbers, known)
        distinct = np.unique(numbers[known])
        codes = np.searchsorted(distinct, np.where(known, numbers, np.inf)).astype(np.intp)
        return codes, [f"{number:g}" for number in distinct] + ["unknown"]
    text = values.astype(object).where(values.notna(), "").astype(str).to_numpy(dtype=str)
    text = np.where(text == "", "none", text)
    names, codes, counts = np.unique(text, return_inverse=True, return_counts=True)
    if len(names) <= _MOST_NAMES:
        return codes.astype(np.intp), [str(name) for name in names]
    kept = np.sort(np.argsort(-counts, kind="stable")[:_MOST_NAMES])
    place = np.full(len(names), len(kept), dtype=np.intp)
    place[kept] = np.arange(len(kept))
    return place[codes], [str(names[k]) for k in kept] + ["all others"]


def _quartiles(numbers: FloatArray, known: npt.NDArray[np.bool_]) -> tuple[IndexArray, list[str]]:
    edges = np.unique(np.quantile(numbers[known], np.linspace(0, 1, _BINS + 1)))
    inner = edges[1:-1]
    codes = np.where(known, np.searchsorted(inner, numbers, side="left"), len(inner) + 1).astype(np.intp)
    names = [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    return codes, [*names, "unknown"]
