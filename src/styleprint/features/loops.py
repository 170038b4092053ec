"""Loops over notes that no whole-array operation does as well, compiled by numba and kept compiled.

Only features outside the standard model use them; numba is loaded when one is asked for, so that an identification
does not wait for it.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.support.compiled import compiled

__all__ = ["count_phrases", "time_of_intervals"]

Array = npt.NDArray[Any]


def time_of_intervals(offsets: Array, midi_pitch: Array, length_quarters: Array) -> Array:
    """How long each interval sounds between any two pitches of slices.

    Parameters
    ----------
    offsets : ndarray of int64, shape (n_slices + 1,)
    midi_pitch : ndarray of int32
        Rising within each slice ``offsets[i]:offsets[i + 1]``.
    length_quarters : ndarray of float64, shape (n_slices,)

    Returns
    -------
    ndarray of float64, shape (128,)
    """
    total: Array = _compiled(_time_of_intervals)(offsets, midi_pitch, length_quarters)
    return total


def count_phrases(codes: Array) -> int:
    """Phrases of the parsing of Ziv and Lempel (1978): each is the shortest that was not met before.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)

    Returns
    -------
    int
        A phrase that the end cuts short counts too.
    """
    return int(_compiled(_count_phrases)(codes))


@functools.cache
def _compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    return compiled(loop)


def _time_of_intervals(offsets: Array, midi_pitch: Array, length_quarters: Array) -> Array:
    total = np.zeros(128)
    for i in range(len(length_quarters)):
        for upper in range(offsets[i] + 1, offsets[i + 1]):
            for lower in range(offsets[i], upper):
                total[midi_pitch[upper] - midi_pitch[lower]] += length_quarters[i]
    return total


def _count_phrases(codes: Array) -> int:
    n = len(codes)
    first_child = np.zeros(n + 1, dtype=np.int64)
    sibling = np.zeros(n + 1, dtype=np.int64)
    symbol = np.zeros(n + 1, dtype=np.int64)
    known, phrase, phrases = 0, 0, 0
    for i in range(n):
        child = first_child[phrase]
        while child and symbol[child] != codes[i]:
            child = sibling[child]
        if child:
            phrase = child
            continue
        known += 1
        symbol[known], sibling[known] = codes[i], first_child[phrase]
        first_child[phrase] = known
        phrases += 1
        phrase = 0
    return phrases + (1 if phrase else 0)
