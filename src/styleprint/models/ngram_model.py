"""A bag of n-grams and a linear support-vector machine: what networks over sequences must beat.

Runs of 1 to `longest` tokens, weighed by TF-IDF (:mod:`styleprint.models.ngrams`), told apart by a linear machine
(:mod:`styleprint.models.ngram_svm`). Which runs are kept and what they weigh is learnt inside the fold. Of chords it
reads root and quality, or, without transposition, the step from root to root and the quality.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.registry import absolute_fields
from styleprint.models.base import FloatArray, IndexArray, Inputs, State, Training
from styleprint.models.contributions import Pattern, find_run, ngram_contributions, strongest
from styleprint.models.held_out import Splits
from styleprint.models.neighbours import sketch
from styleprint.models.ngram_svm import NgramSvm, fit_units, learn_units
from styleprint.models.passages import Cuts
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.sequence_model import SEQUENCE_NEEDS, SequenceModel, token_columns
from styleprint.models.views import View, choose_views
from styleprint.support.errors import ModelError

__all__ = ["NgramMachine", "NgramModel", "RelativeNgramModel"]


@dataclass(frozen=True, eq=False)
class NgramMachine:
    """A space of n-grams and a linear machine in it."""

    svm: NgramSvm

    def answer(self, inputs: Inputs) -> tuple[FloatArray, list[npt.NDArray[Any]]]:
        """Decision values, shape (n_rows, n_classes), and sketches of the weighed n-grams."""
        weighed = self.svm.weigh(inputs)
        return self.svm.decide(weighed), [sketch(weighed, self.svm.space.hashes)]

    def patterns(
        self, inputs: Inputs, rows: IndexArray | range, direction: FloatArray, count: int, n_against: int
    ) -> list[Pattern]:
        """The n-grams of these rows that weigh most along a direction of decisions."""
        weights = ngram_contributions(self.svm, self.svm.weigh(inputs)[np.asarray(rows)], direction)
        speaking = strongest(weights, count - n_against)
        opposing = strongest(weights, n_against, against=True)
        found = []
        for column in (*speaking, *opposing):
            named = find_run(self.svm, column, inputs, rows)
            if named is not None:
                found.append(Pattern(named[0], float(weights[column]), named[1]))
        return found

    def weigh_passages(
        self, inputs: Inputs, borders: Mapping[str, npt.NDArray[np.int64]], direction: FloatArray
    ) -> FloatArray:
        """How much each passage of a single row speaks for a direction of decisions.

        What an n-gram contributes to the decision is shared by the places at which it begins.
        """
        n_passages = len(next(iter(borders.values()))) - 1
        cuts = Cuts(np.zeros(n_passages, dtype=np.intp), {stream: [own] for stream, own in borders.items()})
        counts = self.svm.space.side_by_side(inputs, cuts)
        contributions = ngram_contributions(self.svm, self.svm.weigh(inputs), direction)
        share = contributions / np.maximum(np.asarray(counts.sum(axis=0)).ravel(), 1.0)
        weights: FloatArray = np.asarray(counts @ share, dtype=np.float64)
        return weights

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return self.svm.to_state()


class NgramModel(SequenceModel):
    """Runs of tokens, weighed, and a linear support-vector machine.

    Parameters
    ----------
    longest : int
        Runs of 1 to so many tokens.
    strength : float
        C of the machine: what an error costs against the size of the coefficients.
    transposition_free : bool
        Whether to leave out what a transposition changes.
    optimise, inner_folds, random_state : as every model of sequences has them
        See :class:`styleprint.models.sequence_model.SequenceModel`.
    """

    needs: ClassVar = SEQUENCE_NEEDS
    search_space: ClassVar[Mapping[str, Real | Integer | Choice]] = {
        "longest": Integer(1, 5),
        "strength": Real(0.1, 10.0, log=True),
    }

    def __init__(
        self,
        longest: int = 3,
        strength: float = 5.0,
        transposition_free: bool = False,
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.longest = longest
        self.strength = strength
        self.transposition_free = transposition_free
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def learn(self, inputs: Inputs, training: Training, splits: Splits) -> tuple[FloatArray, NgramMachine]:
        """The inventory of runs from all rows, without their labels; a machine in each fold and one from all rows."""
        views = self._views(inputs)
        n_classes, decisions = len(training.classes), np.full((inputs.n_rows, len(training.classes)), np.nan)
        space, units = learn_units(inputs, views, training.teaching)
        if not len(space.idf):
            raise ModelError(
                "M116", "n-grams need tokens that at least two rows share, and there are none.", remedy="Add pieces."
            )
        whole = units.whole()

        def fitted(rows: IndexArray) -> NgramSvm:
            return fit_units(
                space,
                units,
                rows,
                training.y,
                training.teaching,
                n_classes,
                strength=self.strength,
                seed=self.random_state,
            )

        for train, test in splits:
            decisions[test] = fitted(train).decide(whole[test])
        return decisions, NgramMachine(fitted(np.arange(inputs.n_rows)))

    @classmethod
    def restore_machine(cls, state: State, n_classes: int) -> NgramMachine:
        """The machine of a state."""
        machine = NgramMachine(NgramSvm.from_state(state))
        if len(machine.svm.intercepts) != n_classes:
            raise ValueError("the machine must know the classes")
        return machine

    def _views(self, inputs: Inputs) -> list[View]:
        """Of a stream that has absolute fields either the views with them or, transposition-free, those without."""
        columns = token_columns(inputs.streams, transposition_free=self.transposition_free)
        orders = tuple(range(1, self.longest + 1))
        found = []
        for view in choose_views(columns):
            absolute = absolute_fields(view.stream) or ()
            if self.transposition_free or not absolute or set(view.fields) & set(absolute):
                found.append(replace(view, orders=orders))
        return found


class RelativeNgramModel(NgramModel):
    """The same without what a transposition changes: a piece in another key gets the same answer.

    Parameters
    ----------
    longest, strength, transposition_free : as :class:`NgramModel` has them
    optimise, inner_folds, random_state : as every model of sequences has them
        See :class:`styleprint.models.sequence_model.SequenceModel`.
    """

    def __init__(
        self,
        longest: int = 3,
        strength: float = 3.0,
        transposition_free: bool = True,
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        super().__init__(longest, strength, transposition_free, optimise, inner_folds, random_state)
