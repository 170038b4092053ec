"""What generation asks of a model of the next event, and what its tokens stand for.

An event is a note: the time since the event before (``shift``), its ``part``, its ``pitch``, its ``duration``, each a
token of a fixed vocabulary. A model gives the probabilities of one field given the events before and the fields before
it; its state is its own affair.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.events import DURATION_TICKS, FIELDS, PARTS, SHIFT_TICKS

__all__ = ["EVENT_GRID", "FIELDS", "EventGrid", "NetworkWriter", "NextEvents", "State"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

State = Any
"""What a model remembers of the events so far, for several pieces at once."""


class NextEvents(Protocol):
    """A model of the next event."""

    @property
    def grid(self) -> "EventGrid":
        """What tokens stand for."""

    def begin(self, n: int) -> State:
        """Before the first event of `n` pieces."""

    def advance(self, state: State, events: IntArray) -> State:
        """After one more event each, shape (n, n_fields); the state before is of no further use."""

    def distribution(self, state: State, field: str, given: Mapping[str, IntArray]) -> FloatArray:
        """Probabilities of a field of the next event, shape (n, size), given the fields before it."""


@dataclass(frozen=True, eq=False)
class EventGrid:
    """What tokens stand for, as arrays by token.

    Attributes
    ----------
    shift_ticks, duration_ticks : ndarray of int
        Ticks of 1/24 quarter.
    midi_pitch : ndarray of float
        NaN for a token that is no pitch.
    n_parts : int
    """

    shift_ticks: IntArray
    duration_ticks: IntArray
    midi_pitch: FloatArray
    n_parts: int

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Of the vocabularies, in the order of `FIELDS`."""
        return len(self.shift_ticks), self.n_parts, len(self.midi_pitch), len(self.duration_ticks)

    @property
    def is_lasting(self) -> FloatArray:
        """1 for durations of some length, 0 for the others."""
        return (self.duration_ticks > 0).astype(np.float64)

    def pitch_token(self, midi_pitch: int) -> int:
        """The token of a pitch; the nearest where there is none."""
        return int(np.nanargmin(np.abs(self.midi_pitch - midi_pitch)))

    def tokens(self, shift: int, part: int, midi_pitch: int, duration: int) -> tuple[int, int, int, int]:
        """The tokens of an event given in ticks; the nearest where there are none."""
        return (
            int(np.argmin(np.abs(self.shift_ticks - shift))),
            part,
            self.pitch_token(midi_pitch),
            int(np.argmin(np.abs(self.duration_ticks - duration))),
        )

    def note(self, event: IntArray) -> tuple[int, int, int]:
        """Part, MIDI pitch and ticks of an event's tokens."""
        return int(event[1]), int(self.midi_pitch[event[2]]), int(self.duration_ticks[event[3]])


EVENT_GRID = EventGrid(
    shift_ticks=SHIFT_TICKS,
    duration_ticks=DURATION_TICKS,
    midi_pitch=np.arange(128, dtype=np.float64),
    n_parts=PARTS,
)
"""That of the stream ``events``."""


class NetworkWriter:
    """A trained model of language as a writer: each piece is a continuation of its own, in NumPy.

    Parameters
    ----------
    estimator : LanguageNetworkModel
        Fitted.
    """

    grid = EVENT_GRID

    def __init__(self, estimator: Any) -> None:
        self._estimator = estimator

    def begin(self, n: int) -> State:
        """Before the first event of `n` pieces."""
        return [self._estimator.begin() for _ in range(n)]

    def advance(self, state: State, events: IntArray) -> State:
        """After one more event each."""
        for continuation, event in zip(state, events, strict=True):
            continuation.hear(event)
        return state

    def distribution(self, state: State, field: str, given: Mapping[str, IntArray]) -> FloatArray:
        """Probabilities of a field of the next event, given those before it."""
        known = [given[name] for name in FIELDS[: FIELDS.index(field)]]
        rows = [one.probabilities([int(tokens[i]) for tokens in known]) for i, one in enumerate(state)]
        return np.stack(rows)
