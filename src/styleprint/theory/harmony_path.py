"""The best path through keys and chords (Viterbi 1967), compiled.

A path either stays in its key and chord, or goes to any chord: of its own key, or of another at that key's
price. So a step costs one comparison for each pair of key and chord, and one for each pair of keys.

Numbers are whole, in units of 1/1024, eight bits up; the low eight bits say which chord it is, so the largest
of a row tells both how good it is and which. They are counted from the best of the moment before, so they
stay small and exact however long the piece, and the path is the same on every machine.

Every `_BLOCK` moments the state is kept; ways are kept for one block at a time, and blocks are walked again
on the way back. So memory does not grow with the piece beyond what goes in and comes out.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray
from styleprint.support.compiled import compiled
from styleprint.theory.frames import IndexArray

__all__ = ["Gains", "best_path"]

Gains = npt.NDArray[np.float32]

_BLOCK = 2048
_UNITS = 1024
_CHORD_BITS = 8
_WEIGHT_UNITS = 16
_MOST = 1000.0
"""What one chord may gain more than another in one moment, and the greatest weight of a moment: numbers fit."""


def best_path(
    chord_gain: Gains | FloatArray,
    key_gain: FloatArray,
    change_price: FloatArray,
    weight: FloatArray,
    familiarity: FloatArray,
    while_lasting: float,
    key_price: FloatArray,
) -> tuple[IndexArray, IndexArray]:
    """Key and chord of each moment on the path that gains most.

    Parameters
    ----------
    chord_gain : ndarray, shape (n_moments, n_chords)
        At most 256 chords; differences beyond 1,000 count as 1,000.
    key_gain : ndarray, shape (n_moments, n_keys)
        Likewise.
    change_price, weight : ndarray, shape (n_moments,)
        Price of a chord that begins; and weight of what familiar chords gain while they last.
    familiarity : ndarray, shape (n_keys, n_chords)
        What a chord of a key gains where it begins, and `while_lasting` times that in each moment.
    key_price : ndarray, shape (n_keys, n_keys)
        From rows to columns.

    Returns
    -------
    key, chord : ndarray of int64, shape (n_moments,)
        At least one moment is expected.
    """
    numbers = [_from_best(chord_gain), _from_best(key_gain)]
    numbers += [_whole(a) << _CHORD_BITS for a in (change_price, familiarity, key_price)]
    lasting = _whole(while_lasting * familiarity / _WEIGHT_UNITS) << _CHORD_BITS
    heavy = np.rint(np.minimum(weight, _MOST) * _WEIGHT_UNITS).astype(np.int32)
    key, chord = _loops()(*numbers, lasting, heavy, _BLOCK)
    return key, chord


def _from_best(gain: Gains | FloatArray) -> npt.NDArray[np.int32]:
    """Whole numbers of each row, counted from its best; by rows, to spare memory."""
    numbers = np.empty(gain.shape, dtype=np.int32)
    for first in range(0, len(gain), _BLOCK):
        rows = gain[first : first + _BLOCK]
        below = np.maximum(rows - rows.max(axis=1, keepdims=True), -_MOST)
        numbers[first : first + _BLOCK] = _whole(below) << _CHORD_BITS
    return numbers


def _whole(values: Gains | FloatArray) -> npt.NDArray[np.int32]:
    return np.rint(values * _UNITS).astype(np.int32)


@cache
def _loops() -> Any:
    global _walk  # the compiled search calls the compiled step by this name
    _walk = compiled(_walk)
    return compiled(_search)


def _walk(first, stop, state, stays, source, gains):  # type: ignore[no-untyped-def]  # numba infers the types
    """Take `state` from after moment `first` - 1 to after moment `stop` - 1, and keep the ways."""
    chord_gain, key_gain, change_price, familiarity, key_price, lasting, weight = gains
    n_keys, n_chords = familiarity.shape
    mask = np.int32((1 << _CHORD_BITS) - 1)
    begins = familiarity + np.arange(n_chords).astype(np.int32)
    top = np.empty(n_keys, np.int32)
    for moment in range(first, stop):
        row = moment - first
        sound = chord_gain[moment]
        for k in range(n_keys):
            highest = state[k, 0]
            for c in range(n_chords):
                highest = max(highest, state[k, c])
            top[k] = highest
        level = top.max() & ~mask
        heavy = weight[moment]
        for k in range(n_keys):
            enter, origin = top[k], k
            for other in range(n_keys):
                value = np.int32(top[other] - key_price[other, k])
                if value > enter:
                    enter, origin = value, other
            source[row, k] = (origin << _CHORD_BITS) | (enter & mask)
            begin = np.int32((enter & ~mask) - change_price[moment])
            gain = np.int32(key_gain[moment, k] - level)
            for c in range(n_chords):
                begun = np.int32(begin + begins[k, c])
                old = state[k, c]
                stays[row, k, c] = old >= begun
                going_on = np.int32(np.int32(sound[c] + gain) + np.int32(lasting[k, c] * heavy))
                state[k, c] = np.int32(max(old, begun) + going_on)


def _search(  # type: ignore[no-untyped-def]  # as above
    chord_gain, key_gain, change_price, familiarity, key_price, lasting, weight, block
):
    gains = (chord_gain, key_gain, change_price, familiarity, key_price, lasting, weight)
    n, (n_keys, n_chords) = len(weight), familiarity.shape
    n_blocks = (n + block - 1) // block
    rows = min(n, block)
    stays = np.empty((rows, n_keys, n_chords), np.bool_)
    source = np.empty((rows, n_keys), np.int32)
    kept = np.empty((n_blocks, n_keys, n_chords), np.int32)
    state = np.empty((n_keys, n_chords), np.int32)
    state[:] = np.arange(n_chords)
    for b in range(n_blocks):
        kept[b] = state
        _walk(b * block, min((b + 1) * block, n), state, stays, source, gains)  # type: ignore[no-untyped-call]
    last = np.argmax(state)
    key, chord = np.empty(n, np.int64), np.empty(n, np.int64)
    k, c = last // n_chords, last % n_chords
    for b in range(n_blocks - 1, -1, -1):
        first, stop = b * block, min((b + 1) * block, n)
        if b < n_blocks - 1:
            state[:] = kept[b]
            _walk(first, stop, state, stays, source, gains)  # type: ignore[no-untyped-call]
        for moment in range(stop - 1, first - 1, -1):
            key[moment], chord[moment] = k, c
            if not stays[moment - first, k, c]:
                way = source[moment - first, k]
                k, c = way >> _CHORD_BITS, way & ((1 << _CHORD_BITS) - 1)
    return key, chord
