"""Sonorities: sets of pitch classes, what chord they make, and its root.

A set is an integer of twelve bits (C is 1, C♯ 2 … B 2048), so that whole pieces are looked up at once.
Sets are named by their pitch classes alone: {C, E, A} is A minor whatever the bass, and a sixth added to
a major triad is the minor seventh of its relative. No spelling: augmented sixths are dominant sevenths.
"""

import numpy as np
import numpy.typing as npt

__all__ = [
    "CHORD_TYPES",
    "chord_roots",
    "chord_types",
    "interval_class_counts",
    "is_dissonant",
    "pitch_class_counts",
    "pitch_classes",
]

CHORD_TYPES = (
    "single",
    "dyad",
    "major",
    "minor",
    "diminished",
    "augmented",
    "suspended",
    "dominant_seventh",
    "major_seventh",
    "minor_seventh",
    "half_diminished",
    "diminished_seventh",
    "open_seventh",
    "other",
)
"""Kinds of sonorities; *open_seventh* is a dominant seventh without its fifth."""

_SHAPES = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "diminished": (0, 3, 6),
    "augmented": (0, 4, 8),
    "suspended": (0, 5, 7),
    "dominant_seventh": (0, 4, 7, 10),
    "major_seventh": (0, 4, 7, 11),
    "minor_seventh": (0, 3, 7, 10),
    "half_diminished": (0, 3, 6, 10),
    "diminished_seventh": (0, 3, 6, 9),
    "open_seventh": (0, 4, 10),
}
_ROOTLESS = ("augmented", "diminished_seventh", "suspended")

MaskArray = npt.NDArray[np.int64]


def _tables() -> tuple[MaskArray, MaskArray, MaskArray, MaskArray]:
    """Of each of the 4096 sets: its size, type, root (-1 without one), and pairs by interval class."""
    masks = np.arange(4096)
    members = masks[:, None] >> np.arange(12) & 1
    size = members.sum(axis=1)
    kind = np.full(4096, CHORD_TYPES.index("other"))
    kind[size == 1] = CHORD_TYPES.index("single")
    kind[size == 2] = CHORD_TYPES.index("dyad")
    root = np.full(4096, -1)
    for name, shape in _SHAPES.items():
        for first in range(12):
            mask = sum(1 << (first + step) % 12 for step in shape)
            kind[mask] = CHORD_TYPES.index(name)
            root[mask] = -1 if name in _ROOTLESS else first
    pairs = np.stack([(members & np.roll(members, -step, axis=1)).sum(axis=1) for step in range(1, 7)], axis=1)
    pairs[:, 5] //= 2
    return size, kind, root, pairs


_SIZE, _KIND, _ROOT, _PAIRS = _tables()
_MEMBERS = (np.arange(4096)[:, None] >> np.arange(12) & 1).astype(bool)
_DISSONANT: npt.NDArray[np.bool_] = _PAIRS[:, [0, 1, 5]].sum(axis=1) > 0


def pitch_classes(masks: MaskArray) -> npt.NDArray[np.bool_]:
    """Whether each set has each pitch class, shape (n, 12)."""
    members: npt.NDArray[np.bool_] = _MEMBERS[masks]
    return members


def is_dissonant(masks: MaskArray) -> npt.NDArray[np.bool_]:
    """Whether each set has two pitch classes a second, a seventh or a tritone apart."""
    dissonant: npt.NDArray[np.bool_] = _DISSONANT[masks]
    return dissonant


def pitch_class_counts(masks: MaskArray) -> MaskArray:
    """How many pitch classes each set has."""
    return _SIZE[masks]


def chord_types(masks: MaskArray) -> MaskArray:
    """Index into `CHORD_TYPES` for each set; the empty set is "other"."""
    return _KIND[masks]


def chord_roots(masks: MaskArray) -> MaskArray:
    """Pitch class of the root of each set; -1 where it is no chord with one root."""
    return _ROOT[masks]


def interval_class_counts(masks: MaskArray) -> MaskArray:
    """Pairs of pitch classes 1, 2, … 6 semitones apart in each set (Forte's interval vector), shape (n, 6)."""
    return _PAIRS[masks]
