"""A model of features as a member of a stack whose other members read streams."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, IndexArray, Inputs, State, Training
from styleprint.models.contributions import Pattern, describe_feature
from styleprint.models.held_out import Splits
from styleprint.models.kernel import RankNormal
from styleprint.models.lesson import nest, nested
from styleprint.models.table_model import make_lesson
from styleprint.support.errors import ModelError

__all__ = ["FeatureMachine", "FeatureMember"]

_MOST_ROWS = 10


@dataclass(frozen=True, eq=False)
class FeatureMachine:
    """The machine of a model of features, and what likeness is measured on.

    Attributes
    ----------
    machine : Machine
    names : tuple of str
        Of the features, in the order in which they come.
    ranks : RankNormal
    """

    machine: Any
    names: tuple[str, ...]
    ranks: RankNormal

    def answer(self, inputs: Inputs) -> tuple[FloatArray, list[npt.NDArray[Any]]]:
        """Decision values, and features as normal scores."""
        decisions: FloatArray = self.machine.decide(inputs.features)
        return decisions, [self.ranks.apply(inputs.features)]

    def patterns(
        self, inputs: Inputs, rows: IndexArray | range, direction: FloatArray, count: int, n_against: int
    ) -> list[Pattern]:
        """Features without which, as in the median row, decisions change most along a direction."""
        own = inputs.features[list(rows)[:_MOST_ROWS]]
        n_rows, n_features = own.shape
        changed = np.repeat(own[None], n_features, axis=0)
        medians = np.median(self.ranks.quantiles, axis=0)
        changed[np.arange(n_features), :, np.arange(n_features)] = medians[:, None]
        without = (self.machine.decide(changed.reshape(-1, n_features)) @ direction).reshape(n_features, n_rows)
        fall = ((self.machine.decide(own) @ direction) - without).mean(axis=1)
        score = self.ranks.apply(own).mean(axis=0)
        order = np.argsort(-fall, kind="stable")
        chosen = [j for j in order[: count - n_against] if fall[j] > 0]
        chosen += [j for j in order[::-1][:n_against] if fall[j] < 0]
        return [Pattern(describe_feature(self.names[j], float(score[j])), float(fall[j])) for j in chosen]

    def weigh_passages(
        self,
        inputs: Inputs,  # noqa: ARG002  # as every machine is asked
        borders: Mapping[str, npt.NDArray[np.int64]],
        direction: FloatArray,  # noqa: ARG002
    ) -> FloatArray:
        """Nothing of any passage: features are of the whole row."""
        return np.zeros(len(next(iter(borders.values()))) - 1)

    def to_state(self) -> dict[str, Any]:
        """Arrays, text and values."""
        names = {"feature_names": list(self.names), "rank_quantiles": self.ranks.quantiles}
        return names | nest("machine", self.machine.to_state())


@dataclass(frozen=True)
class FeatureMember:
    """Learns as :class:`styleprint.models.sequence_model.SequenceModel` asks of members.

    Attributes
    ----------
    model : TableModel
        That has learnt nothing yet.
    """

    model: Any

    def restrict(self, inputs: Inputs) -> Inputs:
        """The features.

        Raises
        ------
        ModelError
            M112, where there are none.
        """
        if not inputs.feature_names:
            raise ModelError(
                "M112",
                f"{type(self.model).__name__} learns from features alone, but the rows have none.",
                remedy="Use another member, or rows with features.",
            )
        return Inputs(inputs.features, inputs.feature_names, {}, inputs.n_rows)

    def learn(self, inputs: Inputs, training: Training, splits: Splits) -> tuple[FloatArray, FeatureMachine]:
        """What the machines of the inner folds say of the rows held out, and the one that has seen all."""
        lesson = make_lesson(inputs.features, training.y, training, tuple(map(str, training.classes)))
        decisions, machine = self.model.learn_all(lesson, splits)
        n = training.n_pieces
        ranks = RankNormal.learn(inputs.features[:n], training.weight[:n])
        return decisions, FeatureMachine(machine, inputs.feature_names, ranks)

    @staticmethod
    def restore(kind: Any, state: State) -> FeatureMachine:
        """The machine that :meth:`FeatureMachine.to_state` described, of a kind of model."""
        names = tuple(map(str, state["feature_names"]))
        ranks = RankNormal(np.asarray(state["rank_quantiles"], dtype=np.float32))
        if ranks.quantiles.ndim != 2 or len(ranks.quantiles) < 2 or ranks.quantiles.shape[1] != len(names):
            raise ValueError("features and their quantiles must fit together")
        return FeatureMachine(kind.restore_machine(nested("machine", state)), names, ranks)
