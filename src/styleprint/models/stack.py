"""Stacking: a logistic regression learns what the members' answers are worth, class by class."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from styleprint.models.base import FloatArray, IndexArray, State
from styleprint.models.calibration import fit_scales
from styleprint.models.held_out import Splits
from styleprint.models.lesson import Lesson, inner_splits, nest, nested
from styleprint.models.linear_machine import LinearMachine
from styleprint.models.members import held_out_rows, learn_members, restore_members
from styleprint.models.search_space import Choice, Real
from styleprint.models.table_model import TABLE_NEEDS, Learnt, SearchSpace, TableModel

__all__ = ["Stack", "StackModel"]

_UNSEEN = -30.0


@dataclass(frozen=True, eq=False)
class Stack:
    """Machines of several models, their temperatures, and the regression on what they say.

    Attributes
    ----------
    names : tuple of str
    members : tuple of machines
    scales : ndarray, shape (n_members,)
    judge : LinearMachine
        From the members' log-probabilities, side by side, to decisions.
    """

    names: tuple[str, ...]
    members: tuple[Any, ...]
    scales: FloatArray
    judge: LinearMachine

    def decide(self, rows: FloatArray) -> FloatArray:
        """Decision values, shape (n_rows, n_classes)."""
        return self.judge.decide(_side_by_side([member.decide(rows) for member in self.members], self.scales))

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        state: dict[str, Any] = {"names": list(self.names), "scales": self.scales}
        state |= nest("judge", self.judge.to_state())
        for i, member in enumerate(self.members):
            state |= nest(f"member_{i}", member.to_state())
        return state

    @classmethod
    def from_state(cls, state: State) -> "Stack":
        """What :meth:`to_state` described."""
        names, scales = tuple(map(str, state["names"])), np.asarray(state["scales"], np.float64)
        members = restore_members(names, [nested(f"member_{i}", state) for i in range(len(names))])
        judge = LinearMachine.from_state(nested("judge", state))
        if scales.shape != (len(names),) or len(judge.coefficients) != len(names) * len(judge.intercepts):
            raise ValueError("members and the regression on them must fit together")
        return cls(names, members, scales, judge)


def _side_by_side(decisions: list[FloatArray], scales: FloatArray) -> FloatArray:
    weighed = zip(scales, decisions, strict=True)
    return np.concatenate([log_softmax(scale * decision, axis=1) for scale, decision in weighed], axis=1)


class StackModel(TableModel):
    """Stacked generalisation (Wolpert, *Neural Networks* 5, 1992) over calibrated members.

    Parameters
    ----------
    members : str
        Names of models of features, separated by commas.
    strength : float
        Of the regression on their answers: what an error costs against the size of the coefficients.
    preparation : str
        Replaces that of each member; empty leaves each its own.
    optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "members": Choice(
            (
                "discriminant,rbf_svm,extra_trees,lightgbm",
                "discriminant,rbf_svm,lightgbm",
                "logistic,rbf_svm,extra_trees,mlp",
            )
        ),
        "strength": Real(1e-3, 1.0, log=True),
    }
    machine_type: ClassVar = Stack

    def __init__(
        self,
        members: str = "discriminant,rbf_svm,extra_trees,lightgbm",
        strength: float = 0.02,
        preparation: str = "",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.members = members
        self.strength = strength
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def learn_all(self, lesson: Lesson, splits: Splits) -> Learnt:
        """Each member learns once in each fold and once from all rows; a fold's judge comes from the other folds."""
        names, decisions, members = learn_members(self, lesson, splits)
        found = np.full((len(lesson), lesson.n_classes), np.nan)
        for i, (_, test) in enumerate(splits):
            others = held_out_rows(lesson, [s for j, s in enumerate(splits) if j != i] or splits)
            scales, judge = self._judge(decisions, lesson, others)
            found[test] = judge.decide(_side_by_side([d[test] for d in decisions], scales))
        scales, judge = self._judge(decisions, lesson, held_out_rows(lesson, splits))
        return found, Stack(names, members, scales, judge)

    def _judge(self, decisions: list[FloatArray], lesson: Lesson, rows: IndexArray) -> tuple[FloatArray, LinearMachine]:
        n_classes, y, weight = lesson.n_classes, lesson.y[rows], lesson.weight[rows]
        own = [d[rows] for d in decisions]
        scales = np.concatenate([fit_scales([one], y, weight) for one in own])
        # where nothing was held out, or of one class alone, members count alike
        coefficients = np.tile(np.eye(n_classes), (len(own), 1)) / len(own)
        intercepts = np.zeros(n_classes)
        seen = np.unique(y)
        if len(seen) > 1:
            inputs = _side_by_side(own, scales)
            learner: Any = LogisticRegression(C=self.strength, solver="newton-cg")
            learner.fit(inputs, y, sample_weight=weight)
            judged = LinearMachine.of(learner.coef_, learner.intercept_)
            intercepts = np.full(n_classes, _UNSEEN)
            coefficients = np.zeros((inputs.shape[1], n_classes))
            coefficients[:, seen], intercepts[seen] = judged.coefficients, judged.intercepts
        return scales, LinearMachine(coefficients, intercepts)

    def fit_machine(self, lesson: Lesson) -> Stack:
        """A stack that judges its members by itself, inside the lesson."""
        machine: Stack = self.learn_all(lesson, inner_splits(lesson, self.inner_folds, self.random_state))[1]
        return machine

    @classmethod
    def restore_machine(cls, state: State) -> Stack:
        """The machine of a state."""
        return Stack.from_state(state)

    def _learn(self, lesson: Lesson) -> Stack:
        return self.fit_machine(lesson)
