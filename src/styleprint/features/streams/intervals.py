"""Intervals as tokens, and as words."""

from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.score import IntArray

__all__ = ["DEGREES", "name_interval", "name_motion", "name_set", "rotated", "steps"]

DEGREES = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "b6", "6", "b7", "7")
"""Names of 0–11 semitones above a tonic."""

_ABOVE_BASS = ("8", "b9", "9", "m3", "M3", "4", "tt", "5", "m6", "6", "m7", "M7")
_OCTAVE = 12


def steps(midi_pitch: IntArray, reach: int) -> npt.NDArray[Any]:
    """Tokens of the motion to each pitch from the one before.

    Parameters
    ----------
    midi_pitch : ndarray of int, shape (n,)
    reach : int
        Semitones; wider motions count as this much.

    Returns
    -------
    ndarray of int, shape (n,)
        Motion + `reach`, so 0 … 2 × reach; the first pitch, which no motion leads to, has 2 × reach + 1.
    """
    motion = np.clip(np.diff(midi_pitch), -reach, reach) + reach
    return np.concatenate([np.full(min(1, len(midi_pitch)), 2 * reach + 1), motion])


def rotated(masks: npt.NDArray[np.int64], zero: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Sets of pitch classes, as bits from C, counted from the pitch class `zero` instead."""
    doubled = masks << 12 | masks
    return doubled >> zero & 0xFFF


def name_motion(token: int, reach: int) -> str:
    """``+2`` for two semitones up, ``0`` for a repeated pitch, ``≥+13`` for the widest, ``start``."""
    if token > 2 * reach:
        return "start"
    motion = token - reach
    wide = "≥" if abs(motion) == reach else ""
    return f"{wide}{motion:+d}" if motion else "0"


def name_interval(semitones: int) -> str:
    """``7`` for a fifth, ``12+4`` for a tenth: semitones above whole octaves."""
    octaves, rest = divmod(semitones, _OCTAVE)
    return f"{_OCTAVE * octaves}+{rest}" if octaves and rest else str(semitones)


def name_set(mask: int, names: tuple[str, ...] = _ABOVE_BASS) -> str:
    """Members of a set of pitch classes, given as bits above a reference, each by its name."""
    return " ".join(names[i] for i in range(_OCTAVE) if mask >> i & 1)
