"""Forms of a sequence of chords that a composer's other pieces could have: what learning may be given beside the piece.

Each is a pure change of chord numbers (:mod:`styleprint.features.streams.chord_sequence`) whose amount is drawn by the
generator that it is given. Where there is nothing to change it returns the sequence itself.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.chord_sequence import LARGEST, QUALITIES

__all__ = ["VARIANTS", "ChordArray", "excerpted", "thinned", "transpose", "transposed"]

ChordArray = npt.NDArray[np.int64]

_SEMITONES = np.array([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6])
_THINNED = (0.02, 0.15)
_KEPT = (0.5, 0.9)
_FIRST_OTHER = LARGEST + 1


def transpose(chords: ChordArray, semitones: int) -> ChordArray:
    """All roots moved by so many semitones, modulo 12; qualities, rests and chords that are not known stay."""
    is_known = (chords >= 0) & (chords <= LARGEST)
    is_other = (chords > LARGEST) & (chords < _FIRST_OTHER + 12)
    known = (chords + len(QUALITIES) * semitones) % _FIRST_OTHER
    other = _FIRST_OTHER + (chords - _FIRST_OTHER + semitones) % 12
    return np.where(is_known, known, np.where(is_other, other, chords))


def transposed(chords: ChordArray, random: np.random.Generator) -> ChordArray:
    """In another of the twelve keys: five semitones down to six up."""
    moved = transpose(chords, int(random.choice(_SEMITONES)))
    return moved if (moved != chords).any() else chords


def thinned(chords: ChordArray, random: np.random.Generator) -> ChordArray:
    """Two to fifteen chords and rests in a hundred left out, at least one; those around them come together."""
    gone = max(1, round(float(random.uniform(*_THINNED)) * len(chords)))
    return _kept(chords, np.delete(chords, random.choice(len(chords), gone, replace=False))) if len(chords) else chords


def excerpted(chords: ChordArray, random: np.random.Generator) -> ChordArray:
    """One stretch of half to nine tenths of the sequence, from anywhere in it."""
    length = round(float(random.uniform(*_KEPT)) * len(chords))
    start = int(random.integers(len(chords) - length + 1))
    return _kept(chords, chords[start : start + length])


def _kept(chords: ChordArray, left: ChordArray) -> ChordArray:
    """What is left, if anything sounds in it and anything is gone; else the sequence itself."""
    return left if len(left) < len(chords) and (left >= 0).any() else chords


VARIANTS: Mapping[str, Callable[[ChordArray, np.random.Generator], ChordArray]] = MappingProxyType(
    {"transposed": transposed, "thinned": thinned, "excerpted": excerpted}
)
"""Name → change that draws its amount."""
