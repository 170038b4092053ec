"""The base of models of sequences alone: one rule for inner folds, calibration, typicality, evidence and storage.

A model of this kind gives one thing of its own: how it learns from streams, and what it says of training rows while
they are held out in inner folds made from groups (:meth:`SequenceModel.learn`). All else is the same for all: the
scale and biases that make probabilities (:mod:`styleprint.models.calibration`) and the conformities by which a row is
typical (:mod:`styleprint.models.typicality`) come from the rows held out; likeness from the vectors of the machine.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.registry import absolute_fields
from styleprint.models.base import (
    MOST_STORED,
    FloatArray,
    IndexArray,
    Inputs,
    Needs,
    State,
    Training,
    check_training,
    first_rows,
    read_classes,
    read_count,
    read_inputs,
    with_variants,
)
from styleprint.models.calibration import fit_calibration, to_probabilities
from styleprint.models.contributions import Pattern, contrast
from styleprint.models.estimator import Estimator
from styleprint.models.explanation import check_attention
from styleprint.models.held_out import Splits, answered_rows, inner_pairs
from styleprint.models.inner_score import check_aim, shift_prior
from styleprint.models.lesson import nest, nested
from styleprint.models.neighbours import Neighbours
from styleprint.models.passages import cut_rows
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.typicality import Typicality, learn_typicality, margins
from styleprint.models.views import choose_views, onsets_column
from styleprint.support.errors import ModelError

__all__ = ["SEQUENCE_NEEDS", "SequenceMachine", "SequenceModel", "token_columns"]

SEQUENCE_NEEDS = Needs(streams=("frames", "notes"))
"""Of a corpus of scores: the streams that the standard model reads."""

_ATTENTION = 30
_AGAINST_SHARE = 4


class SequenceMachine(Protocol):
    """What is left of a model of sequences once it has learnt."""

    def answer(self, inputs: Inputs) -> tuple[FloatArray, list[npt.NDArray[Any]]]:
        """Decision values, shape (n_rows, n_classes), and arrays of n_rows rows that likeness is measured on."""

    def patterns(
        self, inputs: Inputs, rows: IndexArray | range, direction: FloatArray, count: int, n_against: int
    ) -> list[Pattern]:
        """What in these rows speaks for a direction of decisions, the strongest first, then what is most against it.

        At most `count` in all, and at most `n_against` of them against.
        """

    def weigh_passages(
        self, inputs: Inputs, borders: Mapping[str, npt.NDArray[np.int64]], direction: FloatArray
    ) -> FloatArray:
        """How much each passage of a single row speaks for a direction of decisions, shape (n_passages,).

        `borders` says of each stream where its passages begin, and the end.
        """

    def to_state(self) -> dict[str, Any]:
        """Arrays, bytes and values."""


@dataclass(frozen=True, eq=False)
class Looked:
    """Rows that a fitted model has looked at: to ask several questions of them and read them once."""

    inputs: Inputs
    decisions: FloatArray
    vectors: list[npt.NDArray[Any]]


class SequenceModel(Estimator, ABC):
    """A classifier of sequences, calibrated, open to "none of these".

    Every model of this kind has the parameters `transposition_free`, `optimise`
    (:mod:`styleprint.models.inner_score`), `inner_folds` and `random_state`.

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_classes,)
    stream_names_ : tuple of str
        Columns that it learnt from, sorted, so that the order of columns does not count.
    feature_names_ : tuple of str
        Of the hybrid: the features beside them; none for the others.
    machine_ : SequenceMachine
    scales_ : ndarray, shape (1,)
    biases_, shares_ : ndarray, shape (n_classes,)
    typicality_ : Typicality
    neighbours_ : Neighbours
    attention_ : dict of str to list of mappings
    """

    needs: ClassVar[Needs]
    reads: ClassVar = "streams"
    takes_features: ClassVar = False
    search_space: ClassVar[Mapping[str, Real | Integer | Choice]]

    transposition_free: bool
    optimise: str
    inner_folds: int
    random_state: int

    @abstractmethod
    def learn(self, inputs: Inputs, training: Training, splits: Splits) -> tuple[FloatArray, Any]:
        """Learn from rows.

        Returns
        -------
        decisions : ndarray, shape (n_rows, n_classes)
            Of what had not seen the row; NaN for rows that no fold held out.
        machine : SequenceMachine
        """

    @classmethod
    @abstractmethod
    def restore_machine(cls, state: State, n_classes: int) -> Any:
        """The machine of a state."""

    def fit(self, X: Any, y: Any, groups: Any = None, sample_weight: Any = None, variants: Any = None) -> Self:
        """Learn from rows.

        Parameters
        ----------
        X : DataFrame
            Its columns of streams count; all others are passed over.
        y : array of str, shape (n_rows,)
        groups : array, shape (n_rows,), optional
            What inner folds keep whole; each row by itself where missing.
        sample_weight : array of float, shape (n_rows,), optional
        variants : Variants, optional
            Further rows to learn from, each of one of these (:mod:`styleprint.extraction.variants`).

        Raises
        ------
        ModelError
            M101–M103, M110, M111, M113–M115, M122, where the inputs cannot serve.
        """
        check_aim(self.optimise)
        inputs = self.restrict(self.read(with_variants(X, variants)))
        training = check_training(y, groups, sample_weight, len(X), variants)
        pieces = training.pieces
        self.stream_names_, self.feature_names_ = tuple(inputs.streams), inputs.feature_names
        splits = inner_pairs(training, self.inner_folds, self.random_state)
        self.classes_ = training.classes
        self.n_features_in_, self.n_rows_ = len(self.stream_names_) + len(self.feature_names_), len(X)
        total = np.bincount(pieces.y, weights=pieces.weight)
        self.shares_ = total / total.sum()
        decisions, self.machine_ = self.learn(inputs, training, splits)
        self._calibrate(decisions, training, splits)
        own = first_rows(inputs, len(X))
        self.neighbours_ = Neighbours.of(self.machine_.answer(own)[1])
        self.attention_ = self._attend(own, pieces)
        return self

    def read(self, X: Any) -> Inputs:
        """What may be learnt from of rows: tokens, and features where the model takes them."""
        return read_inputs(X, None if self.takes_features else ())

    def restrict(self, inputs: Inputs) -> Inputs:
        """The streams that are learnt from, with their moments, and the features that are.

        Raises
        ------
        ModelError
            M113, M115.
        """
        columns = self.choose_columns(inputs)
        if not columns:
            raise ModelError(
                "M113",
                f"{type(self).__name__} learns from sequences alone, but the rows have none that serve.",
                remedy="Use a model of features, or --model standard.",
            )
        used = {name.rpartition(".")[0] for name in columns}
        moments = [name for stream in sorted(used) if (name := onsets_column(stream, inputs.streams))]
        streams = {name: inputs.streams[name] for name in (*columns, *moments)}
        taken = inputs.feature_names if self.takes_features else ()
        order = np.argsort(np.asarray(taken, dtype=str), kind="stable")
        names = tuple(inputs.feature_names[j] for j in order)
        return Inputs(inputs.features[:, order], names, streams, inputs.n_rows)

    def choose_columns(self, inputs: Inputs) -> tuple[str, ...]:
        """Those columns of streams that are learnt from: all tokens, but for what a transposition changes if asked."""
        return token_columns(inputs.streams, transposition_free=self.transposition_free)

    def _calibrate(self, decisions: FloatArray, training: Training, splits: Splits) -> None:
        answered = np.flatnonzero(answered_rows(training, splits) & np.isfinite(decisions).all(axis=1))
        own, y, weight = decisions[answered], training.y[answered], training.weight[answered]
        self.scales_, self.biases_ = fit_calibration([own], y, weight)
        self.typicality_ = learn_typicality([margins(own)], y, training.groups[answered], weight, len(training.classes))

    def _attend(self, inputs: Inputs, training: Training) -> dict[str, list[dict[str, Any]]]:
        n_classes, found = len(training.classes), {}
        for k, name in enumerate(training.classes):
            direction = contrast(np.full(n_classes, 1.0 / n_classes), k)
            rows = np.flatnonzero(training.y == k)
            patterns = self.machine_.patterns(inputs, rows, direction, _ATTENTION, 0)
            found[str(name)] = [Pattern(pattern.name, pattern.weight).to_json() for pattern in patterns]
        return found

    def look(self, X: Any) -> Looked:
        """Look at rows once; what it returns may stand in place of X in every question."""
        if isinstance(X, Looked):
            return X
        self._check_fitted()
        inputs = read_inputs(X, self.feature_names_, self.stream_names_)
        return Looked(inputs, *self.machine_.answer(inputs))

    def predict_proba(self, X: Any) -> FloatArray:
        """Calibrated probabilities, shape (n_rows, n_classes), where classes are as frequent as in training.

        With ``optimise="balanced"``: where all classes are equally frequent.
        """
        found = to_probabilities([self.look(X).decisions], self.scales_, self.biases_)
        return shift_prior(found, self.shares_) if self.optimise == "balanced" else found

    def predict(self, X: Any) -> npt.NDArray[np.str_]:
        """The likeliest class of each row."""
        chosen: npt.NDArray[np.str_] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return chosen

    def typicality(self, X: Any) -> FloatArray:
        """Conformal p-values, shape (n_rows, n_classes): how rare so small a margin is among the class's own."""
        return self.typicality_.p_values([margins(self.look(X).decisions)])

    def nearest(self, X: Any, k: int) -> tuple[IndexArray, FloatArray]:
        """The k training rows most alike: indices and similarities (−1 … 1), shape (n_rows, k)."""
        return self.neighbours_.nearest(self.look(X).vectors, k)

    def evidence(self, X: Any, label: str, count: int) -> list[dict[str, Any]]:
        """What in one row speaks for a label, the strongest first, then what speaks most against it."""
        looked, k = self.look(X), self._index(label)
        probabilities = to_probabilities([looked.decisions[:1]], self.scales_, self.biases_)[0]
        direction, n_against = self.scales_[0] * contrast(probabilities, k), count // _AGAINST_SHARE
        found = self.machine_.patterns(looked.inputs, range(1), direction, count, n_against)
        return [pattern.to_json() for pattern in found]

    def weigh_passages(self, X: Any, label: str, count: int) -> tuple[dict[str, npt.NDArray[np.int64]], FloatArray]:
        """Cut one row into so many passages, and say how much each speaks for a label.

        Returns
        -------
        borders : dict of str to ndarray of int, shape (n_passages + 1,)
            Stream → where its passages begin, and the end: equal numbers of moments of the shortest stream.
        weights : ndarray, shape (n_passages,)
            Change of log-odds.
        """
        looked, k = self.look(X), self._index(label)
        views = choose_views(token_columns(self.stream_names_, transposition_free=False))
        lead = min(len(looked.inputs.streams[view.columns[0]].row(0)) for view in views)
        cuts = cut_rows(looked.inputs, views, moments=max(1, lead / count))
        borders = {stream: own[0] for stream, own in cuts.borders.items()}
        probabilities = to_probabilities([looked.decisions[:1]], self.scales_, self.biases_)[0]
        direction = self.scales_[0] * contrast(probabilities, k)
        return borders, self.machine_.weigh_passages(looked.inputs, borders, direction)

    def attention(self, label: str, count: int) -> list[dict[str, Any]]:
        """Patterns by which the model knows a class, from its training rows: ``name`` and ``weight``."""
        self._check_fitted()
        return self.attention_[str(self.classes_[self._index(label)])][:count]

    def to_state(self) -> dict[str, Any]:
        """The fitted model as arrays, text, bytes and values that JSON can hold."""
        self._check_fitted()
        return {
            "parameters": self.get_params(deep=False),
            "classes": self.classes_.tolist(),
            "stream_names": list(self.stream_names_),
            "feature_names": list(self.feature_names_),
            "n_rows": self.n_rows_,
            "scales": self.scales_,
            "biases": self.biases_,
            "shares": self.shares_,
            "attention": self.attention_,
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
        model.stream_names_ = tuple(map(str, state["stream_names"]))
        model.feature_names_ = tuple(map(str, state["feature_names"]))
        model.n_features_in_ = len(model.stream_names_) + len(model.feature_names_)
        model.n_rows_ = read_count(state["n_rows"], "rows", least=1, most=MOST_STORED)
        model.scales_ = np.asarray(state["scales"], dtype=np.float64)
        model.biases_ = np.asarray(state["biases"], dtype=np.float64)
        model.shares_ = np.asarray(state["shares"], dtype=np.float64)
        model.attention_ = state["attention"]
        model.typicality_ = Typicality.from_state(state)
        model.neighbours_ = Neighbours.from_state(state)
        model.machine_ = cls.restore_machine(nested("fitted", state), len(model.classes_))
        model._check_state()
        return model

    def _check_state(self) -> None:
        n_classes = len(self.classes_)
        fits = self.scales_.shape == (1,) and self.biases_.shape == self.shares_.shape == (n_classes,)
        fits = fits and (self.shares_ > 0).all() and np.isfinite(self.biases_).all()
        fits = fits and len(self.typicality_.smallest.values) == n_classes and len(self.typicality_.scales) == 1
        if not fits or len(self.neighbours_) != self.n_rows_:
            raise ValueError("classes, scale, typicality and neighbours must fit together")
        check_attention(self.attention_, self.classes_.tolist())

    def _check_fitted(self) -> None:
        if not hasattr(self, "machine_"):
            raise ModelError("M104", "a model must be fitted before it is asked.", remedy="Call fit first.")

    def _index(self, label: str) -> int:
        found = np.flatnonzero(self.classes_ == label)
        if not len(found):
            raise ModelError("M105", f"the model knows {', '.join(self.classes_)}, and not {label!r}.")
        return int(found[0])


def token_columns(columns: Mapping[str, Any] | Sequence[str], *, transposition_free: bool) -> tuple[str, ...]:
    """The columns that hold tokens, sorted; where asked, without those that a transposition changes.

    Raises
    ------
    ModelError
        M115, where that is not known of a stream.
    """
    found = []
    for column in sorted(columns):
        stream, _, name = column.rpartition(".")
        if name.startswith("onset_"):
            continue
        if transposition_free:
            absolute = absolute_fields(stream)
            if absolute is None:
                raise ModelError(
                    "M115",
                    f"a model without transposition must know which tokens a transposition changes, and of {stream!r} "
                    "it does not.",
                    remedy="Read the sequences as chords (--vocabulary chords), or use another model.",
                )
            if name in absolute:
                continue
        found.append(column)
    return tuple(found)
