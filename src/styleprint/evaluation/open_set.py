"""Does the model notice a label that it never learnt? Leave one class out, and ask.

For each class, a model learns the other classes on the training side of one fold by work; it is asked about
their pieces in that fold's test side (*known*) and about all pieces of the class left out (*unknown*).

AUROC
    Chance that a known piece scores above an unknown one: by the largest typicality, and by the largest
    probability, which is no measure of it and stands there to show so.
detection
    Share of unknown pieces of which every class is excluded (``none_of_these``) at α.
false alarms
    Share of known pieces of which every class is excluded; a share of about α is to be expected.

A group that stands under several labels is kept whole here too: what shares a group with a piece that is asked about is
not learnt. Intervals are from bootstraps of groups, class by class.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.evaluation.folds import DataHandle, FoldJob, FoldResult, run_fold
from styleprint.evaluation.intervals import GroupBootstrap, interval
from styleprint.evaluation.mapping import RunMap
from styleprint.evaluation.pieces import FloatArray, IndexArray, Pieces
from styleprint.evaluation.ranking import auc
from styleprint.evaluation.splitting import Division
from styleprint.evaluation.verdict import ALPHA

__all__ = ["open_set"]

_MIN_CLASSES = 3
_BOOTSTRAPS = 500


def open_set(
    pieces: Pieces,
    handle: DataHandle,
    make_estimator: Callable[[], Any],
    divisions: list[Division],
    run_map: RunMap,
    *,
    seed: int,
) -> dict[str, Any]:
    """Leave each class out once; a model without typicality is judged by its probabilities alone.

    Parameters
    ----------
    pieces : Pieces
    handle : DataHandle
        Inputs by position in the table.
    make_estimator : callable
    divisions : list of Division
        Of protocol ``work``; one is used for each class, in turn.
    run_map : RunMap
    seed : int
        Of the bootstraps.

    Returns
    -------
    dict
        ``auroc_typicality``, ``auroc_probability``, ``false_alarms``, ``detection`` (means over the
        classes), ``alpha`` and ``per_class``; or ``applies`` false with the reason.
    """
    if len(pieces.classes) < _MIN_CLASSES:
        return {"applies": False, "reason": "Leaving one label out needs at least three labels."}
    first = [division for division in divisions if division.repeat == 0]
    jobs, sides = [], []
    for left_out in range(len(pieces.classes)):
        division = first[left_out % len(first)]
        train = division.train[~np.isin(pieces.group[division.train], pieces.group[pieces.truth == left_out])]
        known = division.test[pieces.truth[division.test] != left_out]
        unknown = np.flatnonzero(pieces.truth == left_out)
        asked = np.concatenate([known, unknown])
        rows = pieces.rows
        job = FoldJob(handle, make_estimator, rows[train], rows[asked], pieces.weight[train], pieces.group[train])
        jobs.append(job)
        sides.append((asked, len(known)))
    found, draws = {}, []
    for name, (asked, n_known), result in zip(pieces.classes, sides, run_map(run_fold, jobs, "open set"), strict=True):
        found[name] = _judge(result, pieces.weight[asked], n_known)
        draws.append(_draw(result, pieces, asked, n_known, seed))
    means = {key: _mean([entry[key] for entry in found.values()]) for key in next(iter(found.values()))}
    ends = interval(means["auroc_typicality"], np.mean(draws, axis=0))
    low_and_high = {"auroc_typicality_low": ends["low"], "auroc_typicality_high": ends["high"]}
    return {"applies": True, "alpha": ALPHA, **means, **low_and_high, "per_class": found}


def _draw(result: FoldResult, pieces: Pieces, asked: IndexArray, n_known: int, seed: int) -> FloatArray:
    """The area by typicality over draws of the groups that were asked about, known and unknown apart."""
    if result.typicality is None:
        return np.full(_BOOTSTRAPS, np.nan)
    is_known = np.arange(len(asked)) < n_known
    largest = result.typicality.max(axis=1)
    bootstrap = GroupBootstrap.of(is_known.astype(np.intp), pieces.group[asked], seed=seed, bootstraps=_BOOTSTRAPS)
    weight = pieces.weight[asked]
    return np.array(
        [
            auc(largest, is_known, weight * times[bootstrap.unit])
            for block in bootstrap.blocks(len(asked))
            for times in block
        ]
    )


def _judge(result: FoldResult, weight: FloatArray, n_known: int) -> dict[str, float]:
    is_known = np.arange(len(weight)) < n_known
    found = {"auroc_probability": auc(result.probabilities.max(axis=1), is_known, weight)}
    if result.typicality is None:
        return found | dict.fromkeys(("auroc_typicality", "false_alarms", "detection"), float("nan"))
    largest = result.typicality.max(axis=1)
    is_none = largest <= ALPHA
    return found | {
        "auroc_typicality": auc(largest, is_known, weight),
        "false_alarms": _share(is_none[is_known], weight[is_known]),
        "detection": _share(is_none[~is_known], weight[~is_known]),
    }


def _share(is_true: npt.NDArray[np.bool_], weight: FloatArray) -> float:
    return float(is_true @ weight / weight.sum()) if len(weight) else float("nan")


def _mean(values: list[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else float("nan")
