"""The base of models of features alone: one rule for inner folds, calibration, typicality, evidence and storage.

A model of this kind gives one thing of its own, a machine that learns from prepared rows (:meth:`TableModel._learn`).
All else is the same for all: features are prepared by the steps of `preparation`, inside `fit`; training rows are
held out in inner folds made from groups, and what the machines of the folds say of them gives the temperature that
makes probabilities (:mod:`styleprint.models.calibration`) and the conformities by which a row is typical
(:mod:`styleprint.models.typicality`).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError

from styleprint.features.registry import feature_names
from styleprint.models.base import (
    FloatArray,
    IndexArray,
    Needs,
    State,
    Training,
    check_training,
    read_classes,
    read_inputs,
    with_variants,
)
from styleprint.models.calibration import fit_calibration, fit_scales, to_probabilities
from styleprint.models.held_out import Splits
from styleprint.models.inner_score import check_aim, shift_prior
from styleprint.models.kernel import RankNormal
from styleprint.models.lesson import Lesson, Machine, inner_splits, nest, nested, spread_classes
from styleprint.models.neighbours import Neighbours
from styleprint.models.occlusion import attend, choose_samples, occlude
from styleprint.models.preparation import prepare, read_plan
from styleprint.models.prepared import Prepared
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.typicality import Typicality, learn_typicality, margins
from styleprint.support.errors import ModelError

__all__ = ["PREPARATIONS", "TABLE_NEEDS", "Learnt", "SearchSpace", "TableModel", "make_lesson"]

TABLE_NEEDS = Needs(feature_names(encoding_safe=True))
"""Of a corpus of scores: the features that no encoder decides."""

SearchSpace = Mapping[str, Real | Integer | Choice]
Learnt = tuple[FloatArray, Any]
"""Decisions about rows that were held out (NaN where a row never was), and the machine that learnt from all rows."""

PREPARATIONS = Choice(
    (
        "standard",
        "robust",
        "quantile",
        "quantile, union=20",
        "quantile, balanced",
        "quantile, whitened=0.3",
        "quantile, whitened=0.3, balanced",
    )
)
"""What a search may try of the preparation."""


class _NotFittedError(ModelError, NotFittedError):  # type: ignore[misc]  # scikit-learn has no types
    """What scikit-learn expects of a model that has learnt nothing yet."""


class TableModel(ClassifierMixin, BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn has no types
    """A classifier of rows of numbers, calibrated, open to "none of these".

    Every model of this kind has the parameters `preparation` (:mod:`styleprint.models.preparation`), `optimise`
    (:mod:`styleprint.models.inner_score`), `inner_folds` and `random_state`.

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
    feature_names_ : tuple of str
        Sorted, so that the order of columns does not count.
    machine_ : Machine
    scale_ : ndarray, shape (1,)
        What decisions are multiplied by before the softmax.
    biases_ : ndarray, shape (n_classes,)
        What is added then: how frequent classes are, where `preparation` is balanced; else 0.
    shares_ : ndarray, shape (n_classes,)
        Of the weight of the training rows.
    typicality_ : Typicality
    """

    needs: ClassVar[Needs]
    reads: ClassVar = "features"
    search_space: ClassVar[SearchSpace]
    machine_type: ClassVar[type[Machine]]

    preparation: str
    optimise: str
    inner_folds: int
    random_state: int

    @abstractmethod
    def _learn(self, lesson: Lesson) -> Machine:
        """A machine that has learnt from prepared rows; each class has some."""

    def fit(self, X: Any, y: Any, groups: Any = None, sample_weight: Any = None, variants: Any = None) -> Self:
        """Learn from rows.

        Parameters
        ----------
        X : DataFrame or array, shape (n_rows, n_columns)
            Columns of streams are passed over.
        y : array, shape (n_rows,)
        groups : array, shape (n_rows,), optional
            What inner folds keep whole; each row by itself where missing.
        sample_weight : array of float, shape (n_rows,), optional
        variants : Variants, optional
            Further rows to learn from, each of one of these (:mod:`styleprint.extraction.variants`).

        Raises
        ------
        ModelError
            M101–M103, M110–M112 and M122, where the inputs cannot serve.
        """
        check_aim(self.optimise)
        inputs = read_inputs(with_variants(X, variants), stream_names=())
        if not inputs.feature_names:
            raise ModelError(
                "M112",
                f"{type(self).__name__} learns from features alone, but the rows have none.",
                remedy="Use --model standard for sequences.",
            )
        order = np.argsort(np.asarray(inputs.feature_names), kind="stable")
        n_pieces = inputs.n_rows if variants is None else inputs.n_rows - len(variants)
        training = check_training(y, groups, sample_weight, n_pieces, variants)
        # labels keep their type: numbers are classes as well
        self.classes_, codes = np.unique(np.asarray(y), return_inverse=True)
        names = tuple(map(str, self.classes_))
        lesson = make_lesson(
            inputs.features[:, order], codes.reshape(-1).astype(np.intp)[training.piece], training, names
        )
        pieces = lesson.pieces
        splits = inner_splits(lesson, self.inner_folds, self.random_state)
        decisions, self.machine_ = self.learn_all(lesson, splits)
        self.feature_names_ = tuple(inputs.feature_names[j] for j in order)
        self.n_features_in_ = len(self.feature_names_)
        total = np.bincount(pieces.y, weights=pieces.weight, minlength=len(names))
        self.shares_ = total / total.sum()
        self._calibrate(lesson, splits, decisions)
        self.ranks_ = RankNormal.learn(pieces.rows, pieces.weight)
        self.neighbours_ = Neighbours.of([self.ranks_.apply(pieces.rows)])
        self.samples_, self.sample_classes_ = choose_samples(pieces, self.random_state)
        return self

    def learn_all(self, lesson: Lesson, splits: Splits) -> Learnt:
        """Learn in each inner fold and from all rows; models made of others do it in fewer fits."""
        decisions = np.full((len(lesson), lesson.n_classes), np.nan)
        for train, test in splits:
            decisions[test] = self.fit_machine(lesson.take(train)).decide(lesson.rows[test])
        return decisions, self.fit_machine(lesson)

    def fit_machine(self, lesson: Lesson) -> Any:
        """Preparation and machine from raw rows of at least one class."""
        known, present = spread_classes(lesson.taught)
        preparation, learnt = prepare(self.preparation, known, self.random_state)
        return Prepared(preparation, self._learn(learnt), present, lesson.n_classes)

    def _calibrate(self, lesson: Lesson, splits: Splits, decisions: FloatArray) -> None:
        is_answered = np.zeros(len(lesson), dtype=bool)
        for train, test in splits:
            is_answered[test] = np.isin(lesson.y[test], lesson.y[train])
        answered = np.flatnonzero(is_answered)
        own, y = decisions[answered], lesson.y[answered]
        self.scale_, self.biases_ = self._fit_calibration(own, y, lesson.weight[answered])
        self.typicality_ = learn_typicality(
            [margins(own)], y, lesson.groups[answered], lesson.weight[answered], lesson.n_classes
        )

    def _fit_calibration(self, own: FloatArray, y: IndexArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Biases are for machines that learnt with every class weighing the same; else they fit noise."""
        if read_plan(self.preparation).balanced:
            return fit_calibration([own], y, weight)
        return fit_scales([own], y, weight), np.zeros(own.shape[1])

    def predict_proba(self, X: Any) -> FloatArray:
        """Calibrated probabilities, shape (n_rows, n_classes), where classes are as frequent as in training.

        With ``optimise="balanced"``: where all classes are equally frequent.
        """
        return self._probabilities(self._rows(X))

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The likeliest class of each row."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        chosen: npt.NDArray[Any] = self.classes_[likeliest]
        return chosen

    def typicality(self, X: Any) -> FloatArray:
        """Conformal p-values, shape (n_rows, n_classes): how rare so small a margin is among the class's own."""
        return self.typicality_.p_values([margins(self.machine_.decide(self._rows(X)))])

    def nearest(self, X: Any, k: int) -> tuple[IndexArray, FloatArray]:
        """The k training rows most alike in the ranks of their features: indices and cosines, shape (n_rows, k)."""
        return self.neighbours_.nearest([self.ranks_.apply(self._rows(X))], k)

    def evidence(self, X: Any, label: str, count: int) -> list[dict[str, Any]]:
        """What in one row speaks for a label, the strongest first, then what speaks most against it.

        A feature's weight is how much the log-odds of the label would fall if it were as in the median training row.
        """
        rows = self._rows(X)[:1]
        weights = occlude(self._probabilities, rows, self._medians(), self._index(label))
        return attend(weights, self.ranks_.apply(rows), self.feature_names_, count, with_against=True)

    def attention(self, label: str, count: int) -> list[dict[str, Any]]:
        """Features by which the model knows a class, over a sample of its training rows: ``name`` and ``weight``."""
        self._check_fitted()
        k = self._index(label)
        rows = self.samples_[self.sample_classes_ == k].astype(np.float64)
        weights = occlude(self._probabilities, rows, self._medians(), k)
        return attend(weights, self.ranks_.apply(rows), self.feature_names_, count, with_against=False)

    def to_state(self) -> dict[str, Any]:
        """The fitted model as arrays, text and values that JSON can hold."""
        self._check_fitted()
        return {
            "parameters": self.get_params(deep=False),
            "classes": [str(name) for name in self.classes_],
            "feature_names": list(self.feature_names_),
            "scale": self.scale_,
            "biases": self.biases_,
            "shares": self.shares_,
            "rank_quantiles": self.ranks_.quantiles,
            "samples": np.nan_to_num(self.samples_, nan=0.0),
            "samples_known": ~np.isnan(self.samples_),
            "sample_classes": self.sample_classes_.astype(np.int32),
            **nest("fitted", self.machine_.to_state()),
            **self.typicality_.to_state(),
            **self.neighbours_.to_state(),
        }

    @classmethod
    def from_state(cls, state: State) -> Self:
        """The model that :meth:`to_state` described.

        Raises
        ------
        ValueError, KeyError, TypeError
            Where the state is not of a model.
        """
        model = cls(**state["parameters"])
        check_aim(model.optimise)
        model.classes_ = read_classes(state["classes"])
        model.feature_names_ = tuple(map(str, state["feature_names"]))
        model.n_features_in_ = len(model.feature_names_)
        model.scale_ = np.asarray(state["scale"], dtype=np.float64)
        model.biases_ = np.asarray(state["biases"], dtype=np.float64)
        model.shares_ = np.asarray(state["shares"], dtype=np.float64)
        model.ranks_ = RankNormal(np.asarray(state["rank_quantiles"], dtype=np.float32))
        known = np.asarray(state["samples_known"], dtype=bool)
        model.samples_ = np.where(known, np.asarray(state["samples"], dtype=np.float32), np.float32(np.nan))
        model.sample_classes_ = np.asarray(state["sample_classes"], dtype=np.intp)
        model.machine_ = cls.restore_machine(nested("fitted", state))
        model.typicality_ = Typicality.from_state(state)
        model.neighbours_ = Neighbours.from_state(state)
        model._check_state()
        return model

    @classmethod
    def restore_machine(cls, state: State) -> Any:
        """The machine of a state."""
        return Prepared.from_state(state, cls.machine_type)

    def _check_state(self) -> None:
        n_classes, n_features = len(self.classes_), len(self.feature_names_)
        fits = (
            self.shares_.shape == (n_classes,)
            and self.scale_.shape == (1,)
            and self.biases_.shape == (n_classes,)
            and (self.shares_ > 0).all()
        )
        fits = fits and self.ranks_.quantiles.shape[1:] == (n_features,) and len(self.ranks_.quantiles) > 1
        fits = fits and self.samples_.shape == (len(self.sample_classes_), n_features)
        fits = fits and len(self.typicality_.smallest.values) == n_classes and len(self.typicality_.scales) == 1
        fits = fits and len(self.neighbours_.parts) == 1 and self.neighbours_.parts[0].shape[1] == n_features
        is_known = (self.sample_classes_ >= 0).all() and (self.sample_classes_ < n_classes).all()
        if not fits or not is_known or self.machine_.decide(np.zeros((1, n_features))).shape != (1, n_classes):
            raise ValueError("classes, features and machine must fit together")

    @property
    def n_rows_(self) -> int:
        """How many rows it learnt from."""
        return len(self.neighbours_)

    def _rows(self, X: Any) -> FloatArray:
        self._check_fitted()
        shape: tuple[int, ...] = getattr(X, "shape", ())
        if not isinstance(X, pd.DataFrame) and len(shape) > 1 and shape[1] != self.n_features_in_:
            name = type(self).__name__
            raise ModelError(
                "M111", f"X has {shape[1]} features, but {name} is expecting {self.n_features_in_} features as input."
            )
        return read_inputs(X, self.feature_names_, ()).features

    def _probabilities(self, rows: FloatArray) -> FloatArray:
        found = to_probabilities([self.machine_.decide(rows)], self.scale_, self.biases_)
        return shift_prior(found, self.shares_) if self.optimise == "balanced" else found

    def _medians(self) -> FloatArray:
        middle: FloatArray = np.median(self.ranks_.quantiles, axis=0).astype(np.float64)
        return middle

    def _check_fitted(self) -> None:
        if not hasattr(self, "machine_"):
            raise _NotFittedError("M104", "a model must be fitted before it is asked.", remedy="Call fit first.")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def _index(self, label: str) -> int:
        found = np.flatnonzero(self.classes_.astype(str) == label)
        if not len(found):
            raise ModelError("M105", f"the model knows {', '.join(map(str, self.classes_))}, and not {label!r}.")
        return int(found[0])


def make_lesson(rows: FloatArray, y: IndexArray, training: Training, names: tuple[str, ...]) -> Lesson:
    """Rows of pieces and, after them, of their variants, under classes numbered by `y`."""
    if training.variant_of is None:
        return Lesson(rows, y, training.weight, training.groups, names)
    is_variant = np.arange(len(y)) >= training.n_pieces
    return Lesson(rows, y, training.weight, training.groups, names, training.share, is_variant)
