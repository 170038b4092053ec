"""What more pieces would bring: figures of models that learnt from a part of the training groups.

In each fold of the headline's first repeat, a share of the training groups is taken, label by label in an order drawn
by seed (so that a smaller part lies inside a larger one), and the model answers about the fold's own test rows. The
whole of the training rows is the evaluation's own figure and is run again with the rest.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from styleprint.evaluation.folds import DataHandle, FoldJob, run_fold
from styleprint.evaluation.intervals import GroupBootstrap, weighted_share
from styleprint.evaluation.mapping import RunMap
from styleprint.evaluation.outcomes import pool
from styleprint.evaluation.pieces import IndexArray, Pieces
from styleprint.evaluation.splitting import Division, Protocol

__all__ = ["SHARES", "learning_curve", "take_groups"]

SHARES = (0.25, 0.5, 0.75, 1.0)


def take_groups(truth: IndexArray, units: IndexArray, share: float, *, seed: int) -> IndexArray:
    """Rows of so large a share of each label's groups, at least two; a larger share holds a smaller one.

    Parameters
    ----------
    truth, units : ndarray of int, shape (n,)
    share : float
        Above 0, at most 1.
    seed : int

    Returns
    -------
    ndarray of int
        Positions, ascending. A group of several labels comes whole if any of its labels takes it.
    """
    chosen: set[int] = set()
    for label in np.unique(truth):
        own = np.random.default_rng((seed, int(label))).permutation(np.unique(units[truth == label]))
        chosen.update(own[: max(2, math.ceil(share * len(own)))].tolist())
    return np.flatnonzero(np.isin(units, sorted(chosen)))


def learning_curve(
    pieces: Pieces,
    protocol: Protocol,
    divisions: Sequence[Division],
    handle: DataHandle,
    make_estimator: Callable[[], Any],
    run_map: RunMap,
    *,
    seed: int,
) -> dict[str, Any]:
    """Accuracy on test and training rows by the number of training groups.

    Parameters
    ----------
    pieces, protocol, divisions
        The headline's; the first repeat alone is used.
    handle, make_estimator, run_map
    seed : int

    Returns
    -------
    dict
        ``points``: ``share``, ``groups`` and ``rows`` (means a fold), ``test`` (with interval), ``train``; and a
        ``sentence``.
    """
    weight, units = protocol.weight(pieces), protocol.units(pieces)
    first = [division for division in divisions if division.repeat == 0]
    parts = [(share, _part(division, pieces, units, share, seed)) for share in SHARES for division in first]
    jobs = [
        FoldJob(
            handle=handle,
            make_estimator=make_estimator,
            train=pieces.rows[part.train],
            test=pieces.rows[part.test],
            weight=weight[part.train] if protocol.copies_count_once else None,
            groups=units[part.train],
            with_training=True,
        )
        for _, part in parts
    ]
    results = list(run_map(run_fold, jobs, "learning curve"))
    points = []
    for share in SHARES:
        own = [i for i, (each, _) in enumerate(parts) if each == share]
        outcome = pool(protocol.name, pieces, weight, [parts[i][1] for i in own], [results[i] for i in own])
        bootstrap = GroupBootstrap.of(outcome.truth, outcome.group, seed=seed)
        points.append(
            {
                "share": share,
                "groups": float(np.mean([len(np.unique(units[parts[i][1].train])) for i in own])),
                "rows": float(np.mean([len(parts[i][1].train) for i in own])),
                "test": weighted_share(outcome.right, outcome.weight, bootstrap),
                "train": outcome.train_accuracy,
            }
        )
    return {"points": points, "sentence": _sentence(points)}


def _part(division: Division, pieces: Pieces, units: IndexArray, share: float, seed: int) -> Division:
    train = division.train[take_groups(pieces.truth[division.train], units[division.train], share, seed=seed)]
    return Division(0, division.fold, train, division.test)


def _sentence(points: Sequence[dict[str, Any]]) -> str:
    half, whole = points[1], points[-1]
    gain = 100 * (whole["test"]["value"] - half["test"]["value"])
    width = 100 * (whole["test"]["high"] - whole["test"]["low"]) / 2
    says = (
        "it still learns: more groups should bring more"
        if gain > 1.0
        else "more groups of the same kind would bring little"
    )
    return (
        f"From half of the training groups ({half['groups']:.0f}) to all of them ({whole['groups']:.0f}), accuracy "
        f"changes by {gain:+.1f} points (the figure itself is known to about ± {width:.1f}): {says}."
    )
