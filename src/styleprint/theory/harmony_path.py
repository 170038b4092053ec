"""The best path through keys and chords (Viterbi 1967), compiled.

A path either stays in its key and chord, or goes to any chord: of its own key, or of another at that key's
price. So a step costs one comparison for each pair of key and chord, and one for each pair of keys.

Numbers are whole, in units of 1/1024, eight bits up; the low eight bits say which chord it is, so the largest
of a row tells both how good it is and which. They are counted from the best of the moment before, so they
stay small and exact however long the piece, and the path is the same on every machine.

What is kept of the ways is, of each moment and key, the state from which the key is entered, and since when the best
path has been in that state; and, of the moment in hand, since when each state has lasted.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray
from styleprint.support.compiled import compiled
from styleprint.theory.frames import IndexArray

__all__ = ["best_path"]

_UNITS = 1024
_CHORD_BITS = 8
_KEY_BITS = 5
_WEIGHT_UNITS = 16
_MOST = 1000.0
"""What one chord may gain more than another in one moment, and the greatest weight of a moment: numbers fit."""


def best_path(
    sound: FloatArray,
    tone_gain: FloatArray,
    bass_gain: FloatArray,
    bass: IntArray,
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
    sound : ndarray of float64, shape (n_moments, n_tones)
        How much of each tone sounds.
    tone_gain : ndarray of float64, shape (n_tones, n_chords)
        What so much of a tone says of each chord. At most 256 chords; differences of chords beyond 1,000 count as
        1,000.
    bass_gain : ndarray of float64, shape (n_basses, n_chords)
        What each bass says of each chord in a moment of weight 1.
    bass : ndarray of int, shape (n_moments,)
        The bass of each moment.
    key_gain : ndarray, shape (n_moments, n_keys)
        What each moment says of each key; at most 30 keys, and differences likewise.
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
    numbers = [_whole(a) << _CHORD_BITS for a in (change_price, familiarity, key_price)]
    lasting = _whole(while_lasting * familiarity / _WEIGHT_UNITS) << _CHORD_BITS
    heavy = np.rint(np.minimum(weight, _MOST) * _WEIGHT_UNITS).astype(np.int32)
    key, chord = _loop()(sound, tone_gain, bass_gain, bass, weight, key_gain, *numbers, lasting, heavy)
    return key, chord


def _whole(values: FloatArray) -> npt.NDArray[np.int32]:
    return np.rint(values * _UNITS).astype(np.int32)


@cache
def _loop() -> Any:
    global _chord_gains, _from_best, _enter_keys  # the compiled search calls the compiled steps by these names
    _chord_gains, _from_best = compiled(_chord_gains), compiled(_from_best, ordered=True)
    _enter_keys = compiled(_enter_keys)
    return compiled(_search)


def _chord_gains(sound, tone_gain, of_bass, weight, total, gains):  # type: ignore[no-untyped-def]  # as numba infers
    """What one moment says of each chord: tones, most of which do not sound, and bass."""
    total[:] = 0.0
    for tone in range(len(sound)):
        if sound[tone] != 0.0:
            for c in range(len(total)):
                total[c] += sound[tone] * tone_gain[tone, c]
    for c in range(len(total)):
        gains[c] = np.float32(total[c] + of_bass[c] * weight)


def _from_best(gain, numbers):  # type: ignore[no-untyped-def]  # numba infers the types
    """Whole numbers of one moment's gains, counted from its best."""
    best = gain[0]
    for i in range(len(gain)):
        best = max(best, gain[i])
    for i in range(len(gain)):
        below = max(gain[i] - best, gain.dtype.type(-_MOST))
        numbers[i] = np.int32(np.rint(below * gain.dtype.type(_UNITS))) << _CHORD_BITS


def _enter_keys(top, price_to, since, ranked, enter, source, source_since):  # type: ignore[no-untyped-def]  # as above
    """Best value with which each key is entered, the state from which, and since when the path has been in that.

    The low bits of prices rank the keys: of equally good ones the key itself is taken, then the first.
    """
    n_keys, mask = len(top), np.int32((1 << _CHORD_BITS) - 1)
    for k in range(n_keys):
        ranked[k] = np.int64(top[k]) << _KEY_BITS
    for k in range(n_keys):
        best = ranked[0] - price_to[k, 0]
        for other in range(n_keys):
            best = max(best, ranked[other] - price_to[k, other])
        enter[k], rank = best >> _KEY_BITS, best & ((1 << _KEY_BITS) - 1)
        origin = k if rank > n_keys else n_keys - rank
        source[k] = (origin << _CHORD_BITS) | (enter[k] & mask)
        source_since[k] = since[origin, enter[k] & mask]


def _search(  # type: ignore[no-untyped-def]  # as above
    sound, tone_gain, bass_gain, bass, weight, key_gain, change_price, familiarity, key_price, lasting, heavy
):
    """Key and chord of each moment: forwards all paths at once, then back along the best."""
    n, (n_keys, n_chords) = len(weight), familiarity.shape
    mask = np.int32((1 << _CHORD_BITS) - 1)
    begins = familiarity + np.arange(n_chords).astype(np.int32)
    state, since = np.empty((n_keys, n_chords), np.int32), np.zeros((n_keys, n_chords), np.int32)
    state[:] = np.arange(n_chords)
    top, enter = np.full(n_keys, n_chords - 1, np.int32), np.empty(n_keys, np.int32)
    ranked = np.empty(n_keys, np.int64)
    price_to = (key_price.T.astype(np.int64) << _KEY_BITS) - (n_keys - np.arange(n_keys))
    for k in range(n_keys):
        price_to[k, k] = -(n_keys + 1)
    source, source_since = np.empty((n, n_keys), np.int32), np.empty((n, n_keys), np.int32)
    total, gains = np.empty(n_chords), np.empty(n_chords, np.float32)
    chordal, tonal = np.empty(n_chords, np.int32), np.empty(n_keys, np.int32)
    for moment in range(n):
        of_bass = bass_gain[bass[moment]]
        _chord_gains(sound[moment], tone_gain, of_bass, weight[moment], total, gains)  # type: ignore[no-untyped-call]
        _from_best(gains, chordal)  # type: ignore[no-untyped-call]
        _from_best(key_gain[moment], tonal)  # type: ignore[no-untyped-call]
        _enter_keys(  # type: ignore[no-untyped-call]
            top, price_to, since, ranked, enter, source[moment], source_since[moment]
        )
        level, length, now = top.max() & ~mask, heavy[moment], np.int32(moment)
        for k in range(n_keys):
            begin = np.int32((enter[k] & ~mask) - change_price[moment])
            gain = np.int32(tonal[k] - level)
            highest = np.int32(-(1 << 31))
            for c in range(n_chords):
                begun = np.int32(begin + begins[k, c])
                old = state[k, c]
                since[k, c] = since[k, c] if old >= begun else now
                going_on = np.int32(np.int32(chordal[c] + gain) + np.int32(lasting[k, c] * length))
                reached = np.int32(max(old, begun) + going_on)
                state[k, c] = reached
                highest = max(highest, reached)
            top[k] = highest
    last = np.argmax(state)
    key, chord = np.empty(n, np.int64), np.empty(n, np.int64)
    k, c = last // n_chords, last % n_chords
    first, stop = since[k, c], n
    while True:
        key[first:stop], chord[first:stop] = k, c
        if not first:
            return key, chord
        way, stop = source[first, k], first
        first = source_since[first, k]
        k, c = way >> _CHORD_BITS, way & mask
