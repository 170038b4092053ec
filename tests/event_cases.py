"""A small grid of events, pieces of two parts on it, and a writer that has counted them."""

from functools import cache

import numpy as np

from styleprint.generation.ngram_writer import NgramWriter
from styleprint.generation.sampling import Notes
from styleprint.generation.writer import EventGrid

GRID = EventGrid(
    shift_ticks=np.array([0, 6, 12, 24, 48]),
    duration_ticks=np.array([0, 6, 12, 24, 48]),
    midi_pitch=np.array([np.nan, *range(40, 90)]),
    n_parts=2,
)


def piece(seed, moments=120):
    """A wandering melody over held fifths."""
    rng = np.random.default_rng(seed)
    rows, now, pitch = [], 0, 72
    for moment in range(moments):
        if moment % 4 == 0:
            root = int(rng.choice([48, 53, 55, 57]))
            rows += [(now, 1, root, 24), (now, 1, root + 7, 24)]
        pitch = int(np.clip(pitch + rng.choice([-2, -1, 1, 2, 4, -5]), 60, 84))
        length = int(rng.choice([6, 12, 12, 24]))
        rows.append((now, 0, pitch, length))
        now += length
    return Notes(*np.array(sorted(rows)).T)


PIECES = tuple(piece(seed) for seed in range(6))


def events_of(notes):
    """The tokens of notes."""
    shifts = np.diff(notes.onset, prepend=0)
    rows = zip(shifts, notes.part, notes.midi_pitch, notes.duration, strict=True)
    return np.array([GRID.tokens(*(int(value) for value in row)) for row in rows])


@cache
def writer():
    """Counted once for all tests."""
    return NgramWriter.of([events_of(notes) for notes in PIECES], GRID)


class Replaying:
    """A model that has learnt one piece by heart, and hardly thinks of anything else."""

    grid = GRID

    def __init__(self, events):
        self._events = events

    def begin(self, n):
        return 0

    def advance(self, state, events):
        return state + 1

    def distribution(self, state, field, given):
        place = ("shift", "part", "pitch", "duration").index(field)
        weights = np.full((1, GRID.sizes[place]), 1e-6)
        weights[0, self._events[state % len(self._events), place]] = 1.0
        return weights / weights.sum()
