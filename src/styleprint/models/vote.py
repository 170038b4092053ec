"""Several models vote, each calibrated on rows that it has not seen."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy.special import softmax

from styleprint.models.base import FloatArray, State
from styleprint.models.calibration import fit_scales
from styleprint.models.held_out import Splits
from styleprint.models.lesson import Lesson, inner_splits, nest, nested, to_logarithms
from styleprint.models.members import held_out_rows, learn_members, restore_members
from styleprint.models.search_space import Choice
from styleprint.models.table_model import TABLE_NEEDS, Learnt, SearchSpace, TableModel

__all__ = ["Pool", "VoteModel"]

_POOLINGS = ("mean", "product")


@dataclass(frozen=True, eq=False)
class Pool:
    """Machines of several models, and what the decisions of each are multiplied by.

    Attributes
    ----------
    names : tuple of str
        Of the models.
    members : tuple of machines
    scales : ndarray, shape (n_members,)
    pooling : str
        ``mean`` of probabilities, or ``product``, their weighted geometric mean (a log-linear pool).
    """

    names: tuple[str, ...]
    members: tuple[Any, ...]
    scales: FloatArray
    pooling: str

    def decide(self, rows: FloatArray) -> FloatArray:
        """Logarithms of the pooled probabilities, shape (n_rows, n_classes), but for what all classes share."""
        return pool([member.decide(rows) for member in self.members], self.scales, self.pooling)

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        state: dict[str, Any] = {"names": list(self.names), "scales": self.scales, "pooling": self.pooling}
        for i, member in enumerate(self.members):
            state |= nest(f"member_{i}", member.to_state())
        return state

    @classmethod
    def from_state(cls, state: State) -> "Pool":
        """What :meth:`to_state` described."""
        names, scales = tuple(map(str, state["names"])), np.asarray(state["scales"], np.float64)
        members = restore_members(names, [nested(f"member_{i}", state) for i in range(len(names))])
        if scales.shape != (len(names),) or state["pooling"] not in _POOLINGS:
            raise ValueError("each member must have a scale")
        return cls(names, members, scales, str(state["pooling"]))


def pool(decisions: list[FloatArray], scales: FloatArray, pooling: str) -> FloatArray:
    """One decision from several, each of shape (n_rows, n_classes)."""
    weighed = [scale * decision for scale, decision in zip(scales, decisions, strict=True)]
    if pooling == "product":
        return np.asarray(sum(weighed))
    return to_logarithms(np.mean([softmax(one, axis=1) for one in weighed], axis=0))


class VoteModel(TableModel):
    """A soft vote: the mean of the calibrated probabilities of several models.

    Parameters
    ----------
    members : str
        Names of models of features, separated by commas.
    pooling : str
        ``mean``, or ``product``: a geometric mean in which each member weighs what makes held-out rows likeliest.
    preparation : str
        Replaces that of each member; empty leaves each its own.
    optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "members": Choice(
            (
                "rbf_svm,extra_trees,lightgbm",
                "discriminant,rbf_svm,lightgbm",
                "discriminant,rbf_svm,kernel_ridge,laplace_ridge,lightgbm",
                "logistic,rbf_svm,extra_trees,mlp",
            )
        ),
        "pooling": Choice(_POOLINGS),
    }
    machine_type: ClassVar = Pool

    def __init__(
        self,
        members: str = "rbf_svm,extra_trees,lightgbm",
        pooling: str = "mean",
        preparation: str = "",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.members = members
        self.pooling = pooling
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def learn_all(self, lesson: Lesson, splits: Splits) -> Learnt:
        """Each member learns once in each fold and once from all rows; a fold's scales come from the other folds."""
        names, decisions, members = learn_members(self, lesson, splits)
        pooled = np.full((len(lesson), lesson.n_classes), np.nan)
        for i, (_, test) in enumerate(splits):
            others = held_out_rows(lesson, [s for j, s in enumerate(splits) if j != i] or splits)
            pooled[test] = pool([d[test] for d in decisions], self._scales(decisions, lesson, others), self.pooling)
        every = held_out_rows(lesson, splits)
        return pooled, Pool(names, members, self._scales(decisions, lesson, every), self.pooling)

    def _scales(self, decisions: list[FloatArray], lesson: Lesson, rows: Any) -> FloatArray:
        own, y, weight = [d[rows] for d in decisions], lesson.y[rows], lesson.weight[rows]
        if self.pooling == "product":
            return fit_scales(own, y, weight)
        return np.concatenate([fit_scales([one], y, weight) for one in own])

    def fit_machine(self, lesson: Lesson) -> Pool:
        """A pool that calibrates its members by itself, inside the lesson."""
        machine: Pool = self.learn_all(lesson, inner_splits(lesson, self.inner_folds, self.random_state))[1]
        return machine

    @classmethod
    def restore_machine(cls, state: State) -> Pool:
        """The machine of a state."""
        return Pool.from_state(state)

    def _learn(self, lesson: Lesson) -> Pool:
        return self.fit_machine(lesson)
