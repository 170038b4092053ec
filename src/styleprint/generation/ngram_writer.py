"""A writer that counts: the next event by backoff n-grams, the baseline of every claim about a network.

Each field is predicted from up to two events before and the fields of its own event that come before it. From the
longest context to none, each level is mixed with the next by Witten and Bell's rule (IEEE Transactions on Information
Theory 37, 1991): of n tokens counted in a context, t different ones, the context's own shares weigh n / (n + t).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from styleprint.generation.writer import FIELDS, EventGrid, FloatArray, IntArray

__all__ = ["NgramWriter"]

_SHIFT, _PART, _PITCH, _DURATION = range(len(FIELDS))
_MEMORY = 2
_START = -1

Counts = dict[tuple[int, ...], dict[int, int]]


class NgramWriter:
    """A model of the next event that counts.

    Parameters
    ----------
    grid : EventGrid
    """

    def __init__(self, grid: EventGrid) -> None:
        self.grid = grid
        self._counts: list[list[Counts]] = [[] for _ in FIELDS]

    @classmethod
    def of(cls, pieces: Iterable[IntArray], grid: EventGrid) -> "NgramWriter":
        """Count pieces, each of shape (n_events, 4)."""
        writer = cls(grid)
        for piece in pieces:
            past = [(_START,) * len(FIELDS)] * _MEMORY
            for event in piece.tolist():
                for place in range(len(FIELDS)):
                    writer._count(place, _contexts(place, past, event), event[place])
                past = [*past[1:], tuple(event)]
        return writer

    def _count(self, place: int, contexts: list[tuple[int, ...]], token: int) -> None:
        levels = self._counts[place]
        levels.extend({} for _ in range(len(contexts) - len(levels)))
        for level, context in zip(levels, contexts, strict=True):
            found = level.setdefault(context, {})
            found[token] = found.get(token, 0) + 1

    def begin(self, n: int) -> IntArray:
        """No events yet."""
        return np.full((n, _MEMORY, len(FIELDS)), _START, dtype=np.int64)

    def advance(self, state: IntArray, events: IntArray) -> IntArray:
        """After one more event each."""
        return np.concatenate([state[:, 1:], np.asarray(events, dtype=np.int64)[:, None]], axis=1)

    def distribution(self, state: IntArray, field: str, given: Mapping[str, IntArray]) -> FloatArray:
        """Probabilities of a field of the next event, given those before it."""
        place = FIELDS.index(field)
        event = np.zeros((len(state), len(FIELDS)), dtype=np.int64)
        for name in FIELDS[:place]:
            event[:, FIELDS.index(name)] = given[name]
        rows = [
            self._mixed(place, _contexts(place, past, own))
            for past, own in zip(state.tolist(), event.tolist(), strict=True)
        ]
        return np.stack(rows)

    def _mixed(self, place: int, contexts: list[tuple[int, ...]]) -> FloatArray:
        size = self.grid.sizes[place]
        mixed = np.full(size, 1.0 / size)
        for level, context in zip(reversed(self._counts[place]), reversed(contexts), strict=True):
            found = level.get(context)
            if found:
                total = sum(found.values())
                mixed *= len(found) / (total + len(found))
                mixed[list(found)] += np.fromiter(found.values(), dtype=np.float64) / (total + len(found))
        return mixed


def _contexts(place: int, past: list[Any], event: list[int]) -> list[tuple[int, ...]]:
    """What a field is predicted from, longest first."""
    before, last = past
    if place == _SHIFT:
        return [(*last, before[_SHIFT]), (last[_SHIFT], last[_PART], last[_DURATION]), (last[_SHIFT],), ()]
    shift = event[_SHIFT]
    if place == _PART:
        return [(shift, last[_PART], before[_PART], last[_PITCH]), (shift, last[_PART]), ()]
    part, together = event[_PART], int(shift == 0)
    if place == _PITCH:
        return [
            (part, together, last[_PITCH], last[_PART], before[_PITCH], before[_PART]),
            (part, together, last[_PITCH], last[_PART]),
            (part,),
            (),
        ]
    return [(shift, part, last[_DURATION], last[_PART]), (part, shift), ()]
