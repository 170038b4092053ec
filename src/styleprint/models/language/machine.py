"""What is left of a network that continues events once it has learnt: arrays. Asking it needs NumPy alone.

Recurrence and attention over a past that grows by an event at a time would need one ONNX graph for scoring and another
for writing; a few products of matrices serve both. A *body* turns what was seen into a state, one event after another;
the *heads* turn the state and the fields already chosen into probabilities of the next field.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_softmax, softmax

from styleprint.features.streams.events import SHIFT_TICKS
from styleprint.models.base import FloatArray
from styleprint.models.language.hearing import ASKED, BEFORE, KEPT, MET, NEAREST, PHASE, REFERENCES, Heard, hear
from styleprint.models.language.rows import PITCH, SIZES, EventRows, Events

__all__ = ["Body", "Continuation", "Floats", "LanguageMachine", "RecurrentMachine", "Weights", "Widths"]

Floats = npt.NDArray[np.float32]
Weights = Mapping[str, Floats]
"""As torch names them."""

_AT_ONCE = 2048


@dataclass(frozen=True)
class Widths:
    """Of the vectors that stand for what is heard.

    Attributes
    ----------
    fields : tuple of int
        Of the embedding of each field.
    phase : int
    asked, met : tuple of int
        Of the intervals that are heard before a pitch is chosen, and of those heard with it.
    """

    fields: tuple[int, ...] = (32, 8, 64, 32)
    phase: int = 16
    asked: tuple[int, ...] = (16, 16, 16, 32)
    met: tuple[int, ...] = (16, 16, 32)

    @property
    def seen(self) -> int:
        """Of an event that has been heard."""
        return sum(self.fields) + self.phase + sum(self.met)

    def known(self, field: int) -> int:
        """Of what a head is told of the event whose field it chooses."""
        told = sum(self.fields[:field]) + self.phase * (field > 0) + sum(self.asked) * (field >= PITCH)
        return told + self.met[0] * (field > PITCH)


class Body(Protocol):
    """What sees the past."""

    def run(self, pieces: Sequence[Floats]) -> list[Floats]:
        """The states of whole pieces, each (length, inputs) → (length, width)."""

    def begin(self) -> Any:
        """The memory before a piece."""

    def step(self, memory: Any, seen: Floats) -> tuple[Any, Floats]:
        """The memory and the state after one more event, given as (inputs,)."""


class RecurrentMachine:
    """The LSTM of torch: gates in the order input, forget, cell, output; two biases.

    Parameters
    ----------
    weights : mapping
    layers : int
    """

    def __init__(self, weights: Weights, layers: int) -> None:
        name = "body.lstm.{}_{}_l{}"
        self.layers = [
            (
                weights[name.format("weight", "ih", i)].T,
                weights[name.format("weight", "hh", i)].T,
                weights[name.format("bias", "ih", i)] + weights[name.format("bias", "hh", i)],
            )
            for i in range(layers)
        ]
        self.width = len(self.layers[0][1])

    def run(self, pieces: Sequence[Floats]) -> list[Floats]:
        """The states of whole pieces, all pieces abreast."""
        found = list(pieces)
        for taken, fed, bias in self.layers:
            found = self._run_layer([piece @ taken + bias for piece in found], fed)
        return found

    def _run_layer(self, driven: list[Floats], fed: Floats) -> list[Floats]:
        order = sorted(range(len(driven)), key=lambda i: -len(driven[i]))
        states = [np.empty((len(one), self.width), dtype=np.float32) for one in driven]
        hidden = cell = np.zeros((len(driven), self.width), dtype=np.float32)
        for t in range(max(map(len, driven), default=0)):
            while order and len(driven[order[-1]]) <= t:
                order.pop()
            gates = np.stack([driven[i][t] for i in order]) + hidden[: len(order)] @ fed
            hidden, cell = _gate(gates, cell[: len(order)])
            for place, i in enumerate(order):
                states[i][t] = hidden[place]
        return states

    def begin(self) -> list[tuple[Floats, Floats]]:
        """Nothing remembered."""
        nothing = np.zeros((1, self.width), dtype=np.float32)
        return [(nothing, nothing) for _ in self.layers]

    def step(self, memory: list[tuple[Floats, Floats]], seen: Floats) -> tuple[list[tuple[Floats, Floats]], Floats]:
        """Output and cell of each layer."""
        after, state = [], seen[None]
        for (hidden, cell), (taken, fed, bias) in zip(memory, self.layers, strict=True):
            hidden, cell = _gate(state @ taken + bias + hidden @ fed, cell)
            after.append((hidden, cell))
            state = hidden
        return after, state[0]


def _gate(gates: Floats, cell: Floats) -> tuple[Floats, Floats]:
    let_in, forget, new, let_out = np.split(gates, 4, axis=1)
    cell = expit(forget) * cell + expit(let_in) * np.tanh(new)
    return expit(let_out) * np.tanh(cell), cell


@dataclass(frozen=True, eq=False)
class LanguageMachine:
    """Embeddings, a body and heads.

    Attributes
    ----------
    weights : mapping
    body : Body
    """

    weights: Weights
    body: Body

    @property
    def embeddings(self) -> list[Floats]:
        """Of each field, (vocabulary + 1, width); the last row stands for what is before a piece."""
        return [self.weights[f"embeddings.{i}.weight"] for i in range(len(SIZES))]

    @property
    def intervals(self) -> Floats:
        """Of each interval from a note to one that sounds, −24 to 24 semitones; the ends hold larger ones."""
        return self.weights["met.2.weight"][1:]

    def bits(self, rows: EventRows) -> FloatArray:
        """What each field of each event costs, shape (n_events, 4)."""
        pieces = [hear(rows.row(i)) for i in range(len(rows))]
        states = self.body.run([self._see(np.concatenate([BEFORE[None], piece[:-1]])) for piece in pieces])
        found = [np.empty((0, len(SIZES)))]
        for state, piece in zip(states, pieces, strict=True):
            for start in range(0, len(piece), _AT_ONCE):
                part = slice(start, start + _AT_ONCE)
                found.append(self._bits(state[part], piece[part]))
        return np.concatenate(found)

    def scores(self, state: Floats, heard: Heard, field: int) -> Floats:
        """Scores of a field of the next event: states (n, width), and the event as far as it is chosen."""
        w = self.weights
        known = [state, *(self.embeddings[i][heard[:, i]] for i in range(field))]
        if field > 0:
            known.append(w["phases.weight"][heard[:, PHASE]])
        if field >= PITCH:
            known += self._look_up("asked", ASKED, heard)
        if field > PITCH:
            known += self._look_up("met", MET[:1], heard)
        hidden = np.tanh(np.concatenate(known, axis=1) @ w[f"hidden.{field}.weight"].T + w[f"hidden.{field}.bias"])
        scores: Floats = hidden @ w[f"scores.{field}.weight"].T + w[f"scores.{field}.bias"]
        return scores + self._place(hidden, heard) if field == PITCH else scores

    def _place(self, hidden: Floats, heard: Heard) -> Floats:
        """Scores of intervals from each reference, as scores of pitches."""
        total = np.zeros((len(hidden), SIZES[PITCH]), dtype=np.float32)
        for i, column in enumerate(REFERENCES):
            scores = hidden @ self.weights[f"relative.{i}.weight"].T + self.weights[f"relative.{i}.bias"]
            away = np.clip(np.arange(SIZES[PITCH]) - heard[:, column, None], -NEAREST, NEAREST) + NEAREST
            total += np.take_along_axis(scores, away, axis=1)
        return total

    def _bits(self, state: Floats, heard: Heard) -> FloatArray:
        every = np.arange(len(heard))
        fields = [
            -log_softmax(self.scores(state, heard, i).astype(np.float64), axis=1)[every, heard[:, i]] / np.log(2)
            for i in range(len(SIZES))
        ]
        return np.stack(fields, axis=1)

    def _see(self, heard: Heard) -> Floats:
        fields = [table[heard[:, i]] for i, table in enumerate(self.embeddings)]
        return np.concatenate(
            [*fields, self.weights["phases.weight"][heard[:, PHASE]], *self._look_up("met", MET, heard)], axis=1
        )

    def _look_up(self, kind: str, columns: Sequence[slice], heard: Heard) -> list[Floats]:
        """Of each table the sum of what its columns name."""
        return [self.weights[f"{kind}.{i}.weight"][heard[:, own]].sum(axis=1) for i, own in enumerate(columns)]

    def states(self, events: Events) -> Floats:
        """The state after each event of a piece."""
        return self.states_of([events])[0]

    def states_of(self, pieces: Sequence[Events]) -> list[Floats]:
        """The same of several pieces, which costs less than one after another."""
        return self.body.run([self._see(hear(events)) for events in pieces])

    def begin(self) -> "Continuation":
        """Before a piece."""
        return Continuation(self)


class Continuation:
    """A piece that is being written: it hears events, and says what may come next.

    Parameters
    ----------
    machine : LanguageMachine
    """

    def __init__(self, machine: LanguageMachine) -> None:
        self._machine = machine
        self._onset = 0
        self._events = np.empty((0, len(SIZES)), dtype=np.int32)
        self._memory, self._state = machine.body.step(machine.body.begin(), machine._see(BEFORE[None])[0])

    def hear(self, event: npt.NDArray[np.integer]) -> None:
        """One event more."""
        heard = self._with(event.tolist())
        self._memory, self._state = self._machine.body.step(self._memory, self._machine._see(heard)[0])
        events = np.concatenate([self._events, heard[:, : len(SIZES)]])
        left = max(0, len(events) - KEPT)
        self._onset += int(SHIFT_TICKS[events[:left, 0]].sum())
        self._events = events[left:]

    def _with(self, chosen: Sequence[int]) -> Heard:
        """The next event, as far as it is chosen, with what it is heard against."""
        event = [*chosen, *[0] * (len(SIZES) - len(chosen))]
        events = np.concatenate([self._events, np.array([event], dtype=np.int32)])
        return hear(events, start=len(events) - 1, onset=self._onset)

    def fork(self) -> "Continuation":
        """Another that has heard the same; what either hears from here on is its own."""
        return copy.copy(self)

    def scores(self, chosen: Sequence[int]) -> FloatArray:
        """Scores of the next field, given the fields already chosen; their softmax are the probabilities."""
        heard = self._with(chosen) if len(chosen) else BEFORE[None]  # the first head is told nothing of the event
        found = self._machine.scores(self._state[None], heard, len(chosen))[0]
        scores: FloatArray = found.astype(np.float64)
        return scores

    def probabilities(self, chosen: Sequence[int]) -> FloatArray:
        """Of the next field."""
        found: FloatArray = softmax(self.scores(chosen))
        return found
