"""Sequences of chords, made for tests: composers who move from root to root by habits of their own."""

import numpy as np

from styleprint.extraction.foreign import TableOptions, read_foreign

HABITS = {"Anna": (5, 7, 0, 5), "Bruno": (3, 4, 9, 8), "Clara": (2, 10, 1, 0)}


def sequences(labels=("Anna", "Bruno", "Clara"), pieces=10, length=40, seed=0):
    """Chord numbers, one list a piece, and the label of each."""
    random = np.random.default_rng(seed)
    found, y = [], []
    for label in labels:
        for i in range(pieces):
            roots = np.cumsum(random.choice(HABITS[label], length + i))
            found.append((16 * (roots % 12) + random.choice((0, 1, 7), length + i)).tolist())
            y.append(label)
    return found, y


def write_npz(path, rows, labels, **more):
    """An array file of these rows."""
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    tokens = np.array([token for row in rows for token in row], dtype=np.int16)
    np.savez(path, tokens=tokens, offsets=offsets, labels=np.array(labels), **more)
    return path


def table_of(folder, rows, labels, **options):
    """The Table of these rows."""
    return read_foreign(write_npz(folder / "chords.npz", rows, labels), TableOptions(**options))
