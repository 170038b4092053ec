"""Pieces as events: the stream ``events`` of some rows as one matrix, and its transpositions.

A model of language chooses the fields of an event one after another (shift, part, pitch, duration), each given those
already chosen and the events before: the chain rule, so the bits of an event are the sum of those of its fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.events import DURATION_TICKS, FIELDS, PARTS, SHIFT_TICKS
from styleprint.models.base import Lists, read_inputs
from styleprint.support.errors import ModelError

__all__ = ["FIELDS", "PITCH", "SIZES", "STREAMS", "EventRows", "Events", "transposed"]

Events = npt.NDArray[np.int32]
"""Shape (n_events, 4): tokens of the fields, in order."""

STREAMS = ("events",)
"""What a recipe must name for a model of language."""

SIZES = (len(SHIFT_TICKS), PARTS, 128, len(DURATION_TICKS))
"""Vocabulary of each field."""

PITCH = FIELDS.index("pitch")


@dataclass(frozen=True, eq=False)
class EventRows:
    """Some pieces.

    Attributes
    ----------
    events : ndarray of int32, shape (n_events, 4)
        Piece after piece.
    offsets : ndarray of int64, shape (n_rows + 1,)
    """

    events: Events
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @classmethod
    def of(cls, pieces: Sequence[Events]) -> "EventRows":
        """Of the events of each piece."""
        offsets = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces], dtype=np.int64)])
        joined = np.concatenate([np.empty((0, len(FIELDS)), np.int32), *pieces])
        return cls(joined.astype(np.int32), offsets.astype(np.int64))

    @classmethod
    def read(cls, X: Any) -> "EventRows":
        """Of rows with the columns of the stream.

        Raises
        ------
        ModelError
            M110, where a column is missing; M130, where a token lies outside its vocabulary.
        """
        names = [f"{STREAMS[0]}.{field}" for field in FIELDS]
        streams = read_inputs(X, (), names).streams
        lists: list[Lists] = [streams[name] for name in names]
        if any(not np.array_equal(one.offsets, lists[0].offsets) for one in lists):
            raise ModelError("M130", "the fields of events must have one token an event, but their lengths differ.")
        events = np.stack([one.values for one in lists], axis=1).astype(np.int32)
        if len(events) and (events.max(axis=0) >= np.array(SIZES)).any():
            raise ModelError("M130", "tokens of events must lie in their vocabularies, but some are larger.")
        return cls(events, lists[0].offsets)

    def row(self, i: int) -> Events:
        """The events of a piece."""
        return self.events[self.offsets[i] : self.offsets[i + 1]]

    def take(self, rows: npt.NDArray[np.integer]) -> "EventRows":
        """Some of the pieces, in that order."""
        return EventRows.of([self.row(int(i)) for i in rows])

    @property
    def owner(self) -> npt.NDArray[np.int64]:
        """The piece of each event."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))


def transposed(events: Events, semitones: int) -> Events:
    """A whole piece moved, as far as its pitches stay within 0–127."""
    if not len(events) or not semitones:
        return events
    pitch = events[:, PITCH]
    moved = events.copy()
    moved[:, PITCH] += int(np.clip(semitones, -int(pitch.min()), 127 - int(pitch.max())))
    return moved
