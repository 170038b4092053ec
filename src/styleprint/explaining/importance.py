"""Which features a model depends on: permutation importance on rows that it has not seen, and TreeSHAP.

Permutation (Breiman 2001; on held-out rows as Fisher, Rudin and Dominici 2019 recommend): in each fold's test rows the
values of a feature are exchanged at random between rows; what accuracy falls by is its importance. Features that say
nearly the same stand in for each other, so that each alone seems worthless: those of one cluster (average linkage on
1 − |Spearman's ρ|, cut at .3) are exchanged together, row by row. Where more than 200 clusters would be left, the tree
is cut higher, at 200 of them: each is exchanged five times in every fold, so their number is what it costs.

TreeSHAP (Lundberg and others, *Nature Machine Intelligence* 2, 2020), as LightGBM computes it: the contribution of each
feature to a class's score in one row; they sum to the score. The mean of their sizes over test rows is shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn, without types

from styleprint.evaluation.folds import DataHandle, FoldJob, fit_estimator
from styleprint.evaluation.intervals import GroupBootstrap, interval
from styleprint.evaluation.mapping import RunMap
from styleprint.evaluation.pieces import FloatArray, IndexArray, Pieces
from styleprint.evaluation.splitting import Division, Protocol
from styleprint.explaining.maps import correlations

__all__ = ["cluster_features", "importances", "tree_shap"]

_CUT = 0.3
_MOST_CLUSTERS = 200
_EXCHANGES = 5


@dataclass(frozen=True, eq=False)
class _Job:
    """A fold, and what to exchange in its test rows."""

    fold: FoldJob
    clusters: tuple[tuple[str, ...], ...]
    seed: int


@dataclass(frozen=True, eq=False)
class _Found:
    """What one fold says.

    Attributes
    ----------
    falls : ndarray, shape (n_test, n_clusters)
        Of each row: right before, less the share of exchanges after which it is right.
    shap : ndarray, shape (n_classes, n_features), or None
        Sum over test rows of the sizes of contributions.
    """

    falls: FloatArray
    shap: FloatArray | None


def cluster_features(values: FloatArray, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Features that say nearly the same, together; each feature is in one cluster, and there are at most 200.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_features)
    names : sequence of str
    """
    if len(names) < 2:
        return tuple((name,) for name in names)
    correlation, _ = correlations(values)
    apart = 1.0 - np.abs(correlation)
    np.fill_diagonal(apart, 0.0)
    links = hierarchy.linkage(squareform((apart + apart.T) / 2, checks=False), "average")
    cluster = hierarchy.fcluster(links, _CUT, "distance")
    if cluster.max() > _MOST_CLUSTERS:
        cluster = hierarchy.fcluster(links, _MOST_CLUSTERS, "maxclust")
    return tuple(
        tuple(name for name, own in zip(names, cluster, strict=True) if own == code) for code in np.unique(cluster)
    )


def importances(
    pieces: Pieces,
    protocol: Protocol,
    divisions: Sequence[Division],
    handle: DataHandle,
    make_estimator: Callable[[], Any],
    run_map: RunMap,
    features: Sequence[str],
    *,
    seed: int,
) -> dict[str, Any]:
    """Both importances over the folds of the first repeat.

    Parameters
    ----------
    pieces, protocol, divisions
        The headline's.
    handle, make_estimator, run_map
    features : sequence of str
        Columns of numbers among the inputs, which must be a DataFrame.
    seed : int

    Returns
    -------
    dict
        ``permutation``: clusters with ``features``, ``value``, ``low``, ``high`` (fall of accuracy, the largest
        first); ``shap``: ``applies`` and ``by_class`` (label → feature → mean size), or ``reason``.
    """
    values = handle.load().inputs[list(features)].to_numpy(dtype=np.float64, na_value=np.nan)[pieces.rows]
    clusters = cluster_features(np.where(np.isfinite(values), values, np.nan), features)
    weight, units = protocol.weight(pieces), protocol.units(pieces)
    first = [division for division in divisions if division.repeat == 0]
    jobs = [
        _Job(
            FoldJob(
                handle=handle,
                make_estimator=make_estimator,
                train=pieces.rows[division.train],
                test=pieces.rows[division.test],
                weight=weight[division.train] if protocol.copies_count_once else None,
                groups=units[division.train],
            ),
            clusters,
            seed + division.fold,
        )
        for division in first
    ]
    found = list(run_map(_run, jobs, "importance"))
    position = np.concatenate([division.test for division in first])
    falls = np.concatenate([each.falls for each in found])
    return {
        "permutation": _permutation(pieces, position, weight, falls, clusters, seed),
        "shap": _shap(found, pieces, features, len(position)),
    }


def _permutation(
    pieces: Pieces,
    position: IndexArray,
    weight: FloatArray,
    falls: FloatArray,
    clusters: Sequence[tuple[str, ...]],
    seed: int,
) -> list[dict[str, Any]]:
    bootstrap = GroupBootstrap.of(pieces.truth[position], pieces.group[position], seed=seed)
    own, n_units = weight[position], len(bootstrap.label_of_unit)
    whole = np.bincount(bootstrap.unit, weights=own, minlength=n_units)
    part = np.stack([np.bincount(bootstrap.unit, weights=own * fall, minlength=n_units) for fall in falls.T], axis=1)
    draws = np.concatenate([times @ part / (times @ whole)[:, None] for times in bootstrap.blocks(n_units)])
    points = part.sum(axis=0) / whole.sum()
    entries = [{"features": list(names), **interval(float(points[k]), draws[:, k])} for k, names in enumerate(clusters)]
    return sorted(entries, key=lambda entry: -entry["value"])


def _shap(found: Sequence[_Found], pieces: Pieces, features: Sequence[str], n_rows: int) -> dict[str, Any]:
    sums = [each.shap for each in found if each.shap is not None]
    if len(sums) < len(found):
        return {"applies": False, "reason": "The model is not made of LightGBM's trees over features as they are."}
    mean = np.sum(sums, axis=0) / n_rows
    return {
        "applies": True,
        "by_class": {
            label: dict(sorted(zip(features, map(float, mean[k]), strict=True), key=lambda item: -item[1]))
            for k, label in enumerate(pieces.classes)
        },
    }


def _run(job: _Job) -> _Found:
    """Learn, answer about test rows as they are and after each exchange. On one thread, as folds are run."""
    with threadpool_limits(1):
        fold = job.fold
        data = fold.handle.load()
        estimator = fold.make_estimator()
        fit_estimator(estimator, data.inputs.iloc[fold.train], data.labels[fold.train], fold)
        asked, truth = data.inputs.iloc[fold.test], data.labels[fold.test]
        before = _right(estimator, asked, truth)
        falls = np.stack([before - _after(estimator, asked, truth, names, job.seed) for names in job.clusters], axis=1)
        found = tree_shap(estimator, asked)
        if found is None:
            return _Found(falls, None)
        features = [name for names in job.clusters for name in names]
        order = [name for name in asked.columns if name in set(features)]
        sums = np.zeros((len(data.classes), len(order)))
        place = {name: k for k, name in enumerate(order)}
        for k, label in enumerate(estimator.classes_):
            for j, name in enumerate(found[1]):
                sums[data.classes.index(str(label)), place[name]] = np.abs(found[0][:, k, j]).sum()
        return _Found(falls, sums)


def _right(estimator: Any, rows: pd.DataFrame, truth: Any) -> FloatArray:
    said = np.asarray(estimator.classes_)[np.asarray(estimator.predict_proba(rows)).argmax(axis=1)]
    right: FloatArray = (said.astype(str) == truth).astype(np.float64)
    return right


def _after(estimator: Any, rows: pd.DataFrame, truth: Any, names: Sequence[str], seed: int) -> FloatArray:
    """Share of exchanges after which each row is right."""
    rng = np.random.default_rng(seed)
    right = np.zeros(len(rows))
    for _ in range(_EXCHANGES):
        order = rng.permutation(len(rows))
        changed = rows.assign(**{name: rows[name].to_numpy()[order] for name in names})
        right += _right(estimator, changed, truth)
    return right / _EXCHANGES


def tree_shap(estimator: Any, rows: pd.DataFrame) -> tuple[FloatArray, tuple[str, ...]] | None:
    """Contributions of features to the scores of classes, where the model is LightGBM's trees.

    Parameters
    ----------
    estimator : object
        A fitted model of features whose machine has a ``booster``, and whose preparation does not mix them.
    rows : DataFrame

    Returns
    -------
    contributions : ndarray, shape (n_rows, n_classes, n_features)
        With each class's base value they sum to its raw score.
    features : tuple of str
    """
    prepared = getattr(estimator, "machine_", None)
    booster = getattr(getattr(prepared, "machine", None), "booster", None)
    if prepared is None or booster is None or prepared.preparation.whitening is not None:
        return None
    names = tuple(estimator.feature_names_)
    values = rows[list(names)].to_numpy(dtype=np.float64, na_value=np.nan)
    seen = prepared.preparation.apply(np.where(np.isfinite(values), values, np.nan))
    flat = np.asarray(booster.predict(seen, pred_contrib=True, num_threads=1), dtype=np.float64)
    found = flat.reshape(len(rows), -1, seen.shape[1] + 1)[:, :, :-1]
    return found, tuple(names[int(j)] for j in prepared.preparation.columns)
