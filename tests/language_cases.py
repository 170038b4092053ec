"""Small pieces that have something to learn, for tests of models of language."""

import numpy as np

from styleprint.models.language.rows import EventRows


def scales(pieces=8, notes=60, seed=0):
    """Two parts that walk up and down the white keys, a quarter apart."""
    random = np.random.default_rng(seed)
    white = np.array([0, 2, 4, 5, 7, 9, 11])
    found = []
    for _ in range(pieces):
        step = np.cumsum(random.choice([-1, 1], notes)) + int(random.integers(26, 34))
        pitch = 12 * (step // 7) + white[step % 7]
        events = np.zeros((2 * notes, 4), dtype=np.int32)
        events[0::2] = np.stack([np.full(notes, 24), np.zeros(notes), pitch, np.full(notes, 23)], axis=1)
        events[1::2] = np.stack([np.zeros(notes), np.ones(notes), pitch + 12, np.full(notes, 11)], axis=1)
        found.append(events)
    return EventRows.of(found)
