"""One train and test pair, run: what a model that has not seen the test rows says of them.

An estimator is made by a callable, so that every fold starts anew. It learns with ``fit(X, y)`` and is
given ``groups`` (what inner splits must keep whole) and ``sample_weight`` where its ``fit`` names them.
"""

import functools
import inspect
import pickle
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn, without types

from styleprint.evaluation.pieces import FloatArray, IndexArray, take_rows
from styleprint.extraction.variants import Variants
from styleprint.support.errors import EvaluationError
from styleprint.support.learning import learning_under, surroundings

__all__ = ["DataHandle", "FoldJob", "FoldResult", "SharedData", "fit_estimator", "run_fold"]

_SUM_TOLERANCE = 1e-3
_MIN_LABELS = 2


@dataclass(frozen=True, eq=False)
class SharedData:
    """What all folds read.

    Attributes
    ----------
    inputs : DataFrame, array or anything that rows can be taken from by position
    labels : ndarray of str, one a row of `inputs`
    classes : tuple of str
        The columns of all probabilities.
    variants : mapping of str to inputs
        The same rows after a change, aligned row by row.
    augmented : Variants or None
        Further rows for training sides.
    states : Path or None
        Folder where what is half learnt is kept (:mod:`styleprint.support.learning`); that of the run by default.
    """

    inputs: Any
    labels: npt.NDArray[np.str_]
    classes: tuple[str, ...]
    variants: Mapping[str, Any] = field(default_factory=dict)
    augmented: Variants | None = None
    states: Path | None = field(default_factory=lambda: surroundings().states)


@dataclass(frozen=True, eq=False)
class DataHandle:
    """Shared data in this process, or the file where other processes find it."""

    data: SharedData | None = None
    path: Path | None = None

    def load(self) -> SharedData:
        """The data; a process reads the file once. Changed rows are asked for by :meth:`variant`."""
        return self.data if self.data is not None else _load(str(self.path))

    def variant(self, name: str) -> Any:
        """The rows after a change; read by the jobs that ask for it alone."""
        if self.data is not None:
            return self.data.variants[name]
        with Path(f"{self.path}.{name}").open("rb") as file:
            return pickle.load(file)  # noqa: S301  # our own temporary file of this run

    @classmethod
    def spool(cls, data: SharedData, path: Path) -> "DataHandle":
        """Write the data once, so that jobs stay small; each change to a file of its own."""
        contents = {f"{path}": replace(data, variants={})}
        for place, content in (contents | {f"{path}.{name}": rows for name, rows in data.variants.items()}).items():
            with Path(place).open("wb") as file:
                pickle.dump(content, file, protocol=pickle.HIGHEST_PROTOCOL)
        return cls(path=path)


@functools.lru_cache(maxsize=1)
def _load(path: str) -> SharedData:
    with Path(path).open("rb") as file:
        data: SharedData = pickle.load(file)  # noqa: S301  # our own temporary file of this run
    return data


@dataclass(frozen=True, eq=False)
class FoldJob:
    """What one fold needs.

    Attributes
    ----------
    handle : DataHandle
    make_estimator : callable
        Without arguments; picklable where folds run in other processes.
    train, test : ndarray of int
        Positions in the inputs.
    weight : ndarray of float or None
        Of the training rows; None where all count the same.
    groups : ndarray of int
        Of the training rows: what inner splits keep whole.
    with_training : bool
        Whether to answer about the training rows too.
    variants : tuple of str
        Which changed rows to answer about.
    """

    handle: DataHandle
    make_estimator: Callable[[], Any]
    train: IndexArray
    test: IndexArray
    weight: FloatArray | None
    groups: IndexArray
    with_training: bool = False
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class FoldResult:
    """What the model said.

    Attributes
    ----------
    probabilities : ndarray, shape (n_test, n_classes)
        0 for a class that the training rows lacked.
    typicality : ndarray, shape (n_test, n_classes), or None
        Conformal p-values, where the model gives them.
    train_right : ndarray of bool, shape (n_train,), or None
    variants : mapping of str to ndarray of int, shape (n_test,)
        The likeliest class of each changed row.
    fit_seconds, predict_seconds : float
        Of one processor, for learning and for the probabilities of the test rows.
    curves : list of lists of mappings
        Of each network that learnt in epochs, what was told after each.
    """

    probabilities: FloatArray
    typicality: FloatArray | None
    train_right: npt.NDArray[np.bool_] | None
    variants: dict[str, IndexArray]
    fit_seconds: float = 0.0
    predict_seconds: float = 0.0
    curves: list[list[dict[str, float]]] = field(default_factory=list)


def run_fold(job: FoldJob) -> FoldResult:
    """Learn from the training rows and answer about the test rows.

    Runs on one thread, so that the result is the same for any number of workers.
    """
    data = job.handle.load()
    with threadpool_limits(1), learning_under(states=data.states):
        estimator = job.make_estimator()
        inputs = take_rows(data.inputs, job.train)
        labels = data.labels[job.train]
        start = time.process_time()
        fit_estimator(estimator, inputs, labels, job)
        fitted = time.process_time()
        test = take_rows(data.inputs, job.test)
        probabilities = _probabilities(estimator, test, data.classes)
        answered = time.process_time()
        right = None
        if job.with_training:
            given = np.asarray(data.classes)[_probabilities(estimator, inputs, data.classes).argmax(axis=1)]
            right = given == labels
        variants = {
            name: _probabilities(estimator, take_rows(job.handle.variant(name), job.test), data.classes).argmax(axis=1)
            for name in job.variants
        }
        typicality = _typicality(estimator, test, data.classes)
        curves = getattr(estimator, "curves_", [])
        return FoldResult(probabilities, typicality, right, variants, fitted - start, answered - fitted, curves)


def fit_estimator(estimator: Any, inputs: Any, labels: npt.NDArray[np.str_], job: FoldJob) -> None:
    """Let an estimator learn from a job's training rows, with groups and weights where its ``fit`` takes them.

    Variants of those rows are given to it beside them.

    Raises
    ------
    EvaluationError
        E111, where there are fewer than two labels; E114, where there are variants and it takes none.
    """
    if len(np.unique(labels)) < _MIN_LABELS:
        raise EvaluationError(
            "E111",
            "each fold needs pieces of at least two labels to learn from, and one has fewer.",
            remedy="Add works, or ask for fewer folds.",
        )
    accepted = inspect.signature(estimator.fit).parameters
    extra: dict[str, Any] = {}
    if "groups" in accepted:
        extra["groups"] = job.groups
    if "sample_weight" in accepted and job.weight is not None:
        extra["sample_weight"] = job.weight
    data = job.handle.load()
    variants = data.augmented.of_training(job.train, data.labels) if data.augmented is not None else None
    if variants is not None:
        if "variants" not in accepted:
            raise EvaluationError(
                "E114",
                f"the fit of {type(estimator).__name__} must take 'variants', and does not.",
                remedy="Evaluate it without --augment.",
            )
        extra["variants"] = variants
    estimator.fit(inputs, labels, **extra)


def _probabilities(estimator: Any, inputs: Any, classes: tuple[str, ...]) -> FloatArray:
    found = np.asarray(estimator.predict_proba(inputs), dtype=np.float64)
    if not np.isfinite(found).all() or (abs(found.sum(axis=1) - 1.0) > _SUM_TOLERANCE).any() or (found < 0).any():
        raise EvaluationError(
            "E107",
            f"a model must give probabilities that sum to 1, and {type(estimator).__name__} does not.",
            remedy="Correct its predict_proba.",
        )
    return _align(found / found.sum(axis=1, keepdims=True), estimator.classes_, classes, 0.0)


def _typicality(estimator: Any, inputs: Any, classes: tuple[str, ...]) -> FloatArray | None:
    if not callable(getattr(estimator, "typicality", None)):
        return None
    found = np.asarray(estimator.typicality(inputs), dtype=np.float64)
    return _align(found, estimator.classes_, classes, 0.0)


def _align(values: FloatArray, own: Any, classes: tuple[str, ...], missing: float) -> FloatArray:
    """Columns in the order of `classes`, whatever the model has seen."""
    aligned = np.full((len(values), len(classes)), missing)
    place = {name: column for column, name in enumerate(classes)}
    aligned[:, [place[str(name)] for name in own]] = values
    return aligned
