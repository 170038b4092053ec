"""The standard model of pieces as a member of a stack: n-grams and a kernel on features, as one machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, IndexArray, Inputs, State, Training
from styleprint.models.contributions import Pattern
from styleprint.models.explanation import find_patterns
from styleprint.models.held_out import Splits
from styleprint.models.lesson import nest, nested
from styleprint.models.machines import Learner, Machines
from styleprint.models.ngram_model import NgramMachine
from styleprint.models.pooling import pool_held_out, weigh

__all__ = ["PieceMachine", "PieceMember"]


@dataclass(frozen=True, eq=False)
class PieceMachine:
    """The machines of :class:`styleprint.models.piece_model.PieceModel` and what each counts.

    Attributes
    ----------
    machines : Machines
    scales : ndarray, shape (n_machines,)
    """

    machines: Machines
    scales: FloatArray

    def answer(self, inputs: Inputs) -> tuple[FloatArray, list[npt.NDArray[Any]]]:
        """Sum of both decisions, each times its scale, and what likeness is measured on."""
        seen = self.machines.see(inputs)
        return weigh(self.machines.decide(seen), self.scales), self.machines.vectors(seen)

    def patterns(
        self, inputs: Inputs, rows: IndexArray | range, direction: FloatArray, count: int, n_against: int
    ) -> list[Pattern]:
        """N-grams and features of these rows that weigh most along a direction of decisions."""
        seen = self.machines.see(inputs).take(np.asarray(rows, dtype=np.intp))
        return find_patterns(self.machines, self.scales, inputs, seen, rows, direction, count, n_against)

    def weigh_passages(
        self, inputs: Inputs, borders: Mapping[str, npt.NDArray[np.int64]], direction: FloatArray
    ) -> FloatArray:
        """How much the n-grams of each passage of a single row speak for a direction; features are of the whole row."""
        if self.machines.ngrams is None:
            return np.zeros(len(next(iter(borders.values()))) - 1)
        return NgramMachine(self.machines.ngrams).weigh_passages(inputs, borders, self.scales[0] * direction)

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {"machine_scales": self.scales} | nest("machines", self.machines.to_state())


@dataclass(frozen=True)
class PieceMember:
    """Learns as :class:`styleprint.models.sequence_model.SequenceModel` asks of members.

    Attributes
    ----------
    model : StandardModel
        That has learnt nothing yet.
    """

    model: Any

    def restrict(self, inputs: Inputs) -> Inputs:
        """All that there is."""
        return inputs

    def learn(self, inputs: Inputs, training: Training, splits: Splits) -> tuple[FloatArray, PieceMachine]:
        """What the machines of the inner folds say of the rows held out, and those that have seen all."""
        learner, seed = Learner.look(inputs, training), self.model.random_state
        decisions, _ = learner.held_out(splits, seed=seed)
        pooled, scales = pool_held_out(decisions, training, splits)
        return pooled, PieceMachine(learner.fit(np.arange(inputs.n_rows), seed=seed), scales)

    @staticmethod
    def restore(state: State, n_classes: int) -> PieceMachine:
        """The machine that :meth:`PieceMachine.to_state` described."""
        machines = Machines.from_state(nested("machines", state))
        scales = np.asarray(state["machine_scales"], dtype=np.float64)
        there = [machine for machine in (machines.ngrams, machines.kernel) if machine is not None]
        if scales.shape != (len(there),) or any(len(machine.intercepts) != n_classes for machine in there):
            raise ValueError("each machine must have a scale and know the classes")
        return PieceMachine(machines, scales)
