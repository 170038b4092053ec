"""What an event is heard against: where in the measure it comes, what its part had before, what sounds meanwhile.

A melody is the same melody in every key, so a note says less by its own pitch than by how far it lies from the notes
around it. A network could work that out from pitches alone, but with little music to learn from it does not (relative
pitch as input: Mozer, *Neural network music composition by prediction*, Connection Science 6, 1994; distances to notes
that sound: Johnson, *Generating polyphonic music using tied parallel networks*, EvoMUSART 2017). So each event is
given, beside its four fields, what follows from the events before it:

- the *phase*: ticks since the start of the piece, of 96 (four quarters);
- two *references*: the last pitch of its part, or else of any part; and the last pitch of any part;
- what can be *asked* before its pitch is chosen, as intervals from the first reference: the pitch of its part before
  that, the last pitch of any part, the lowest pitch that sounds, all pitches that sound;
- what is *met* once its pitch is chosen, as intervals from it: the last pitch of its part, the lowest pitch that
  sounds, all pitches that sound.

What *sounds* was struck before and has not ended; the latest `SOUNDING` of it count, and no more than `KEPT` events
before are looked at. Intervals do not change in transposition. Nothing is known here that the events do not say.
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.events import DURATION_TICKS, SHIFT_TICKS
from styleprint.models.language.rows import FIELDS, PITCH, SIZES, Events

__all__ = ["ASKED", "BEFORE", "INTERVALS", "KEPT", "MET", "NEAREST", "PHASE", "PHASES", "REFERENCES", "Heard", "hear"]

Heard = npt.NDArray[np.int32]
"""Shape (n_events, columns): the fields of events, their phase and references, tokens of intervals."""

PHASES = 96
SOUNDING = 8
KEPT = 32
NEAREST = 24
"""Intervals are exact up to so many semitones up and down; larger ones are heard as the largest."""

INTERVALS = 2 * NEAREST + 2
"""Tokens of an interval; 0 where there is none."""

PHASE = len(FIELDS)
REFERENCES = (PHASE + 1, PHASE + 2)
ASKED = (slice(7, 8), slice(8, 9), slice(9, 10), slice(10, 10 + SOUNDING))
"""Columns of what can be asked: earlier, last, lowest, all that sound."""

_MET = 10 + SOUNDING
MET = (slice(_MET, _MET + 1), slice(_MET + 1, _MET + 2), slice(_MET + 2, _MET + 2 + SOUNDING))
"""Columns of what is met: own, lowest, all that sound."""

_MIDDLE = 60
_NONE = -1

BEFORE: Heard = np.array([*SIZES, PHASES, _MIDDLE, _MIDDLE, *[0] * (5 + 2 * SOUNDING)], dtype=np.int32)
"""What stands before a piece."""


def hear(events: Events, *, start: int = 0, onset: int = 0) -> Heard:
    """Each event with what it is heard against.

    Parameters
    ----------
    events : ndarray of int, shape (n_events, 4)
    start : int
        The first of those that are asked for; those before it are looked back at.
    onset : int
        Ticks from the start of the piece to the event before the first.

    Returns
    -------
    Heard
        One row an event from `start` on.
    """
    onsets = onset + np.cumsum(SHIFT_TICKS[events[:, 0]])
    asked = np.arange(start, len(events))
    before = asked[:, None] - np.arange(1, KEPT + 1)
    is_there, place = before >= 0, np.maximum(before, 0)
    pitches = events[place, PITCH]
    ends = onsets + DURATION_TICKS[events[:, PITCH + 1]]
    last = np.where(is_there[:, 0], pitches[:, 0], _NONE)
    own = _first(is_there & (events[place, 1] == events[asked, 1][:, None]), pitches, 2)
    sounding = _first(is_there & (ends[place] > onsets[asked][:, None]), pitches, SOUNDING)
    lowest = np.where(sounding == _NONE, 128, sounding).min(axis=1)
    lowest[lowest == 128] = _NONE
    reference = np.where(own[:, 0] != _NONE, own[:, 0], np.where(last != _NONE, last, _MIDDLE))
    against = np.stack([own[:, 1], last, lowest, *sounding.T], axis=1)
    meets = np.stack([own[:, 0], lowest, *sounding.T], axis=1)
    columns = [
        events[asked],
        np.stack([onsets[asked] % PHASES, reference, np.where(last != _NONE, last, _MIDDLE)], axis=1),
        _intervals(against, reference),
        _intervals(meets, events[asked, PITCH]),
    ]
    return np.concatenate(columns, axis=1).astype(np.int32)


def _first(is_one: npt.NDArray[np.bool_], values: npt.NDArray[np.integer], count: int) -> npt.NDArray[np.int64]:
    """The first so many values of each row where it is one; -1 where there are fewer."""
    found = np.full((len(values), count), _NONE, dtype=np.int64)
    rank = np.cumsum(is_one, axis=1) - 1
    row, column = np.nonzero(is_one & (rank < count))
    found[row, rank[row, column]] = values[row, column]
    return found


def _intervals(pitches: npt.NDArray[np.int64], reference: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Tokens of the intervals from a pitch to others; 0 where there is no other."""
    away = np.clip(pitches - reference[:, None], -NEAREST, NEAREST) + NEAREST + 1
    return np.where(pitches == _NONE, 0, away)
