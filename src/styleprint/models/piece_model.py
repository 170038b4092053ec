"""Pieces by what they play and what they are like: n-grams of streams, and a kernel on features.

Two machines see each piece. One reads streams: n-grams of notes, outer lines, sonorities, figured bass,
counterpoint and rhythm, weighed by TF-IDF, told apart by a linear support-vector machine that has learnt whole
pieces and passages (:mod:`styleprint.models.ngram_svm`). The other reads features: a Gaussian kernel on their ranks
(:mod:`styleprint.models.kernel`). Where there are only streams, the first answers alone.

Their decisions about training rows are taken in inner folds, made from groups, while those rows are held out.
On them the scales that make probabilities are fitted (:mod:`styleprint.models.calibration`), and the
conformities by which a piece is typical of a class or not are learnt (:mod:`styleprint.models.typicality`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import (
    FloatArray,
    IndexArray,
    Inputs,
    check_training,
    first_rows,
    read_classes,
    read_inputs,
    with_variants,
)
from styleprint.models.calibration import fit_calibration, to_probabilities
from styleprint.models.estimator import Estimator
from styleprint.models.explanation import attend, check_attention, explain
from styleprint.models.familiarity import Familiarity, learn_familiarity
from styleprint.models.held_out import inner_pairs
from styleprint.models.inner_score import check_aim, shift_prior
from styleprint.models.machines import Learner, Machines, Seen
from styleprint.models.neighbours import Neighbours
from styleprint.models.typicality import Typicality, learn_typicality, margins
from styleprint.support.errors import ModelError

__all__ = ["Looked", "PieceModel"]

_ATTENTION = 30


@dataclass(frozen=True, eq=False)
class Looked:
    """Rows that a fitted model has looked at: to ask several questions of them and count n-grams once."""

    inputs: Inputs
    seen: Seen


class PieceModel(Estimator):
    """N-grams with a linear machine and features with a kernel, calibrated, open to "none of these".

    Parameters
    ----------
    inner_folds : int
        Folds, made from groups, in which training rows are held out for calibration and typicality. With fewer
        groups than that there are as many as groups; with a single group, probabilities stay uncalibrated and
        nothing is ever called atypical.
    random_state : int
        Of inner folds and of the order in which rows are visited.
    optimise : str
        ``balanced`` gives probabilities that hold where all classes are equally frequent
        (:mod:`styleprint.models.inner_score`).

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_classes,)
    feature_names_, stream_names_ : tuple of str
        Columns that it learnt from.
    machines_ : Machines
    scales_ : ndarray, shape (n_machines,)
        What each machine's decisions count.
    biases_ : ndarray, shape (n_classes,)
        What makes probabilities hold where classes are as frequent as in training.
    familiarity_ : Familiarity or None
        None where there are no streams.
    typicality_ : Typicality
    neighbours_ : Neighbours
    attention_ : dict of str to list of mappings
        Class → patterns that speak most for it.
    """

    def __init__(self, inner_folds: int = 3, random_state: int = 0, optimise: str = "accuracy") -> None:
        self.inner_folds = inner_folds
        self.random_state = random_state
        self.optimise = optimise

    def fit(self, X: Any, y: Any, groups: Any = None, sample_weight: Any = None, variants: Any = None) -> "PieceModel":
        """Learn from rows.

        Parameters
        ----------
        X : DataFrame of features and streams, or array of features, shape (n_rows, n_columns)
        y : array of str, shape (n_rows,)
        groups : array, shape (n_rows,), optional
            What inner folds keep whole; each row by itself where missing.
        sample_weight : array of float, shape (n_rows,), optional
        variants : Variants, optional
            Further rows to learn from, each of one of these (:mod:`styleprint.extraction.variants`).

        Raises
        ------
        ModelError
            M101–M103, M110, M111 and M122, where the inputs cannot serve.
        """
        check_aim(self.optimise)
        inputs = read_inputs(with_variants(X, variants))
        training = check_training(y, groups, sample_weight, X.shape[0], variants)
        pieces = training.pieces
        learner = Learner.look(inputs, training)
        n_classes, every = len(training.classes), np.arange(inputs.n_rows)
        splits = inner_pairs(training, self.inner_folds, self.random_state)
        decisions, is_answered = learner.held_out(splits, seed=self.random_state)
        answered = np.flatnonzero(is_answered)
        own = [decision[answered] for decision in decisions]
        self.classes_ = training.classes
        total = np.bincount(pieces.y, weights=pieces.weight)
        self.shares_ = total / total.sum()
        self.feature_names_ = inputs.feature_names
        self.stream_names_ = tuple(inputs.streams)
        self.n_features_in_ = len(self.feature_names_) + len(self.stream_names_)
        self.scales_, self.biases_ = fit_calibration(own, training.y[answered], training.weight[answered])
        own_inputs = first_rows(inputs, len(pieces.y))
        self.familiarity_, familiar = learn_familiarity(own_inputs, learner.views, pieces, splits)
        self.typicality_ = learn_typicality(
            _conformities(own, familiar[answered] if self.familiarity_ else None),
            training.y[answered],
            training.groups[answered],
            training.weight[answered],
            n_classes,
        )
        self.machines_: Machines = learner.fit(every, seed=self.random_state)
        seen = learner.seen if variants is None else learner.seen.take(every[: len(pieces.y)])
        self.neighbours_ = Neighbours.of(self.machines_.vectors(seen))
        self.attention_ = attend(self.machines_, self.scales_, learner, inputs, _ATTENTION)
        return self

    def look(self, X: Any) -> Any:
        """Look at rows once; what it returns may stand in place of X in every question."""
        if isinstance(X, Looked):
            return X
        machines = self._fitted()
        inputs = read_inputs(X, self.feature_names_, self.stream_names_)
        return Looked(inputs, machines.see(inputs))

    def predict_proba(self, X: Any) -> FloatArray:
        """Calibrated probabilities, shape (n_rows, n_classes), where classes are as frequent as in training.

        With ``optimise="balanced"``: where all classes are equally frequent.
        """
        found = to_probabilities(self._fitted().decide(self.look(X).seen), self.scales_, self.biases_)
        return shift_prior(found, self.shares_) if self.optimise == "balanced" else found

    def predict(self, X: Any) -> npt.NDArray[np.str_]:
        """The likeliest class of each row."""
        chosen: npt.NDArray[np.str_] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return chosen

    def typicality(self, X: Any) -> FloatArray:
        """Conformal p-values, shape (n_rows, n_classes): how rare so little likeness is among the class's own."""
        looked = self.look(X)
        familiar = self.familiarity_.measure(looked.inputs) if self.familiarity_ is not None else None
        return self.typicality_.p_values(_conformities(self._fitted().decide(looked.seen), familiar))

    def nearest(self, X: Any, k: int) -> tuple[IndexArray, FloatArray]:
        """The k training rows most alike: indices and similarities (−1 … 1), shape (n_rows, k)."""
        return self.neighbours_.nearest(self._fitted().vectors(self.look(X).seen), k)

    def evidence(self, X: Any, label: str, count: int) -> list[dict[str, Any]]:
        """What in one row speaks for a label, the strongest first, then what speaks most against it.

        Parameters
        ----------
        X : DataFrame, one row
        label : str
        count : int
            At most so many patterns.

        Returns
        -------
        list of dict
            ``name``, ``weight`` (change of log-odds) and, of n-grams, ``onset_quarters`` of their first places.
        """
        machines, k, looked = self._fitted(), self._index(label), self.look(X)
        probabilities = to_probabilities(machines.decide(looked.seen), self.scales_, self.biases_)[0]
        return explain(machines, self.scales_, looked.inputs, looked.seen, probabilities, k, count)

    def attention(self, label: str, count: int) -> list[dict[str, Any]]:
        """Patterns by which the model knows a class, from its training rows: ``name`` and ``weight``."""
        self._fitted()
        return self.attention_[str(self.classes_[self._index(label)])][:count]

    def to_state(self) -> dict[str, Any]:
        """The fitted model as arrays, text and values that JSON can hold."""
        machines = self._fitted()
        return {
            "optimise": self.optimise,
            "shares": self.shares_,
            "inner_folds": self.inner_folds,
            "random_state": self.random_state,
            "classes": self.classes_.tolist(),
            "feature_names": list(self.feature_names_),
            "stream_names": list(self.stream_names_),
            "scales": self.scales_,
            "biases": self.biases_,
            "attention": self.attention_,
            **machines.to_state(),
            **self.typicality_.to_state(),
            "has_familiarity": self.familiarity_ is not None,
            **(self.familiarity_.to_state() if self.familiarity_ is not None else {}),
            **self.neighbours_.to_state(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "PieceModel":
        """The model that :meth:`to_state` described.

        Raises
        ------
        ValueError, KeyError, TypeError
            Where the state is not of a model.
        """
        model = cls(int(state["inner_folds"]), int(state["random_state"]), check_aim(str(state["optimise"])))
        model.shares_ = np.asarray(state["shares"], dtype=np.float64)
        model.classes_ = read_classes(state["classes"])
        model.feature_names_ = tuple(map(str, state["feature_names"]))
        model.stream_names_ = tuple(map(str, state["stream_names"]))
        model.n_features_in_ = len(model.feature_names_) + len(model.stream_names_)
        model.scales_ = np.asarray(state["scales"], dtype=np.float64)
        model.biases_ = np.asarray(state["biases"], dtype=np.float64)
        model.attention_ = state["attention"]
        model.machines_ = Machines.from_state(state)
        model.typicality_ = Typicality.from_state(state)
        model.familiarity_ = Familiarity.from_state(state) if state["has_familiarity"] else None
        model.neighbours_ = Neighbours.from_state(state)
        model._check_state()
        return model

    def _check_state(self) -> None:
        """Hold the parts of a restored model against each other.

        Raises
        ------
        ValueError
        """
        n_classes, familiarity = len(self.classes_), self.familiarity_
        n_machines = (self.machines_.ngrams is not None) + (self.machines_.kernel is not None)
        fits = self.scales_.shape == (n_machines,) and len(self.typicality_.smallest.values) == n_classes
        fits = fits and len(self.typicality_.scales) == 1 + (familiarity is not None)
        fits = fits and (familiarity is None or familiarity.known[0].shape[1] == n_classes)
        if not fits or len(self.neighbours_.parts) != n_machines:
            raise ValueError("classes, machines, scales, familiarity and neighbours must fit together")
        is_whole = self.shares_.shape == self.biases_.shape == self.classes_.shape
        if not is_whole or not ((self.shares_ > 0).all() and np.isfinite(self.biases_).all()):
            raise ValueError("each class must have a share and a bias")
        check_attention(self.attention_, self.classes_.tolist())

    @property
    def n_rows_(self) -> int:
        """How many rows it learnt from."""
        return len(self.neighbours_)

    def _fitted(self) -> Machines:
        if not hasattr(self, "machines_"):
            raise ModelError("M104", "a model must be fitted before it is asked.", remedy="Call fit first.")
        return self.machines_

    def _index(self, label: str) -> int:
        found = np.flatnonzero(self.classes_ == label)
        if not len(found):
            raise ModelError("M105", f"the model knows {', '.join(self.classes_)}, and not {label!r}.")
        return int(found[0])


def _conformities(decisions: list[FloatArray], familiar: FloatArray | None) -> list[FloatArray]:
    """How much rows belong to each class: margins of the first machine, and familiarity where there are streams."""
    return [margins(decisions[0])] + ([familiar] if familiar is not None else [])
