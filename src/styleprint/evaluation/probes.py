"""What a classifier learns that hears no music: only how the files were made, or where they come from.

A *make probe* is a random forest that sees only columns such as resolution, grid, velocity and tempo, under the
same folds by work as the model. What it gets right, a model might get right for the same bad reason;
where it errs, a model that is right must know something else.

A *source held out*: pieces of one source or encoder are never on both sides, works neither.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from styleprint.corpus.splits import grouped_folds
from styleprint.evaluation.folds import DataHandle, FoldJob, SharedData, run_fold
from styleprint.evaluation.intervals import GroupBootstrap, weighted_share
from styleprint.evaluation.mapping import RunMap, SerialMap
from styleprint.evaluation.metrics import classwise, confusion_matrix
from styleprint.evaluation.outcomes import OutOfFold, pool
from styleprint.evaluation.pieces import FloatArray, IndexArray, Pieces
from styleprint.evaluation.splitting import Division
from styleprint.evaluation.summary import figures
from styleprint.support.errors import EvaluationError

__all__ = ["does_not_apply", "probe", "source_held_out"]

_TREES = 200


def does_not_apply(reason: str) -> dict[str, Any]:
    """The result of a test that this corpus does not allow."""
    return {"balanced_accuracy": None, "applies": False, "reason": reason}


def probe(columns: tuple[str, ...], model: OutOfFold, divisions: list[Division], *, seed: int) -> dict[str, Any]:
    """Test a classifier that sees these columns alone, beside the model.

    Parameters
    ----------
    columns : tuple of str
        Of the table: numbers or names.
    model : OutOfFold
        The model's answers by work.
    divisions : list of Division
        Under which the model answered; the first repeat is used.
    seed : int

    Returns
    -------
    dict
        The probe's metrics with intervals; ``model_where_it_errs``: the share of right answers of the model
        among the pieces that the probe gets wrong, and its recall there by class; ``columns``.
    """
    pieces = model.pieces
    missing = [name for name in columns if name not in pieces.frame]
    if missing:
        raise EvaluationError("E108", f"the table lacks the columns {', '.join(missing)} that a probe should see.")
    if not columns:
        return does_not_apply("The table does not say how its files were made.")
    data = SharedData(_encode(pieces.frame[list(columns)]), pieces.labels, pieces.classes)
    first = [division for division in divisions if division.repeat == 0]
    handle = DataHandle(data=data)
    make = functools.partial(_forest, seed)
    jobs = [FoldJob(handle, make, d.train, d.test, pieces.weight[d.train], pieces.group[d.train]) for d in first]
    outcome = pool("probe", pieces, pieces.weight, first, list(SerialMap()(run_fold, jobs, "probe")))
    found, _ = figures(outcome.truth, outcome.probabilities, outcome.weight, outcome.group, seed=seed)
    bootstrap = GroupBootstrap.of(outcome.truth, outcome.group, seed=seed)
    weight_of_errors = outcome.weight * ~outcome.right
    right = model.right[: len(outcome)]
    prediction = model.prediction[: len(outcome)]
    recall = classwise(confusion_matrix(outcome.truth, prediction, weight_of_errors, len(pieces.classes)))["recall"]
    return {
        **found,
        "applies": True,
        "columns": list(columns),
        "errors": float(weight_of_errors.sum()),
        "model_where_it_errs": weighted_share(right, weight_of_errors, bootstrap),
        "model_recall_where_it_errs": dict(zip(pieces.classes, recall.tolist(), strict=True)),
    }


def source_held_out(
    column: str,
    pieces: Pieces,
    handle: DataHandle,
    make_estimator: Callable[[], Any],
    run_map: RunMap,
    *,
    folds: int,
    seed: int,
) -> dict[str, Any]:
    """Test the model on pieces from sources that it has not learnt from.

    Groups that share a source are joined. Scored are pieces whose source is known and whose label comes
    from at least two sources that can be held apart.
    """
    if column not in pieces.frame:
        return does_not_apply("The table does not say where its files come from.")
    source = pieces.frame[column].fillna("").astype(str).to_numpy(dtype=str)
    unit = _join(pieces.group, source)
    known = source != ""
    enough = [name for code, name in enumerate(pieces.classes) if _n_units(unit, known & (pieces.truth == code)) >= 2]
    scored = known & np.isin(pieces.labels, enough)
    if len(enough) < 2 or len(np.unique(unit[scored])) < 2:
        return does_not_apply("Too few labels come from two or more sources that can be held apart.")
    n_folds = min(folds, len(np.unique(unit[scored])))
    fold = np.full(len(pieces), -1, dtype=np.intp)
    names = [f"{code:012d}" for code in unit[scored]]
    fold[scored] = grouped_folds(pieces.labels[scored].tolist(), names, folds=n_folds, seed=seed)
    divisions = []
    for k in range(n_folds):
        test = np.flatnonzero(fold == k)
        train = np.flatnonzero(~np.isin(unit, unit[test]))
        if len(test) and len(np.unique(pieces.truth[train])) >= 2:
            divisions.append(Division(0, k, train, test))
    if not divisions:
        return does_not_apply("One source holds nearly all pieces, so that nothing is left to learn from.")
    jobs = [
        FoldJob(
            handle, make_estimator, pieces.rows[d.train], pieces.rows[d.test], pieces.weight[d.train], unit[d.train]
        )
        for d in divisions
    ]
    outcome = pool("source", pieces, pieces.weight, divisions, list(run_map(run_fold, jobs, "source held out")))
    found, _ = figures(outcome.truth, outcome.probabilities, outcome.weight, outcome.group, seed=seed)
    return {**found, "applies": True, "column": column, "labels": enough, "rows": len(outcome)}


def _forest(seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        _TREES, min_samples_leaf=2, class_weight="balanced_subsample", random_state=seed, n_jobs=1
    )


def _encode(frame: pd.DataFrame) -> FloatArray:
    """Numbers as they are; names as codes by how common they are. No label is looked at."""
    columns = []
    for name in frame.columns:
        values = frame[name]
        if pd.api.types.is_numeric_dtype(values):
            columns.append(values.to_numpy(dtype=np.float64, na_value=np.nan))
        else:
            text = values.astype(object).where(values.notna(), "").astype(str)
            order = text.value_counts().sort_index(kind="stable").sort_values(ascending=False, kind="stable").index
            columns.append(text.map({name: code for code, name in enumerate(order)}).to_numpy(dtype=np.float64))
    encoded = np.stack(columns, axis=1)
    return np.where(np.isfinite(encoded), encoded, np.nan)


def _join(group: IndexArray, source: npt.NDArray[np.str_]) -> IndexArray:
    """Components of pieces that share a group or a known source."""
    n = len(group)
    source_code = np.unique(source, return_inverse=True)[1]
    known = np.flatnonzero(source != "")
    left = np.concatenate([np.arange(n), known])
    right = n + np.concatenate([group, int(group.max()) + 1 + source_code[known]])
    size = int(right.max()) + 1
    graph = sparse.coo_array((np.ones(len(left)), (left, right)), shape=(size, size))
    components: IndexArray = connected_components(graph, directed=False)[1][:n].astype(np.intp)
    return components


def _n_units(unit: IndexArray, rows: npt.NDArray[np.bool_]) -> int:
    return len(np.unique(unit[rows]))
