"""Loops over notes that no whole-array operation does as well, compiled by numba when first used."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray
from styleprint.support.compiled import compiled

__all__ = [
    "count_phrases",
    "count_repeats",
    "count_steps_of_pairs",
    "hash_runs",
    "pairs_at_distance",
    "time_of_intervals",
]

Counts = npt.NDArray[np.int64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def time_of_intervals(offsets: Counts, midi_pitch: IntArray, length_quarters: FloatArray) -> FloatArray:
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
    result: FloatArray = _loops()[0](offsets, midi_pitch, length_quarters)
    return result


def count_phrases(codes: Counts) -> int:
    """Phrases of the parsing of Ziv and Lempel (1978): each is the shortest that was not met before.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)

    Returns
    -------
    int
        A phrase that the end cuts short counts too.
    """
    return int(_loops()[1](codes))


def count_repeats(intervals: IntArray, periods: Counts) -> Counts:
    """Places in a line at which the next `period` intervals stand again right after themselves.

    Parameters
    ----------
    intervals : ndarray of int32, shape (n,)
    periods : ndarray of int64, shape (n_periods,)

    Returns
    -------
    ndarray of int64, shape (2, n_periods)
        Those whose intervals lead back to their first pitch, and those that lead away from it.
    """
    result: Counts = _loops()[3](intervals, periods)
    return result


def count_steps_of_pairs(midi_pitch: IntArray) -> tuple[Counts, Counts]:
    """Steps of every pair of lines from one moment at which both have a pitch to the next, where they do not cross.

    Parameters
    ----------
    midi_pitch : ndarray of int32, shape (n_lines, n_moments)
        -1 where a line has none.

    Returns
    -------
    motions : ndarray of int64, shape (5,)
        As :data:`styleprint.theory.outer_voices.MOTIONS`: parallel, similar, contrary, oblique, static.
    parallels : ndarray of int64, shape (4,)
        Parallel fifths, octaves and unisons, thirds, sixths; the last two also where one is major and one minor.
    """
    motions, parallels = _loops()[2](midi_pitch)
    return motions, parallels


def hash_runs(codes: npt.NDArray[np.uint64], length: int) -> npt.NDArray[np.uint64]:
    """A hash of 64 bits of each run of `length` successive codes, at least one.

    Parameters
    ----------
    codes : ndarray of uint64, shape (n,)
    length : int
        At most n.

    Returns
    -------
    ndarray of uint64, shape (n - length + 1,)
    """
    result: npt.NDArray[np.uint64] = _loops()[4](codes, length, _MULTIPLIER)
    return result


def pairs_at_distance(onset: FloatArray, distance: float, near: float) -> tuple[int, Counts, Counts]:
    """Onsets that another follows at a distance, and that other one.

    Parameters
    ----------
    onset : ndarray of float64, shape (n,)
        Rising.
    distance : float
    near : float
        By how much the other may miss it.

    Returns
    -------
    inside : int
        How many onsets lie no nearer to the last than the distance: they are the first.
    first, second : ndarray of int64
        Of those the ones that another follows, and the earliest that does.
    """
    inside, first, second = _loops()[5](onset, distance, near)
    return inside, first, second


@cache
def _loops() -> tuple[Any, ...]:
    loops = (_time_of_intervals, _count_phrases, _count_steps_of_pairs, _count_repeats, _hash_runs, _pairs_at_distance)
    return tuple(compiled(loop) for loop in loops)


def _hash_runs(codes, length, multiplier):  # type: ignore[no-untyped-def]  # numba infers the types
    hashes = np.zeros(len(codes) - length + 1, np.uint64)
    for ahead in range(length):
        for i in range(len(hashes)):
            mixed = (hashes[i] ^ codes[i + ahead]) * multiplier
            hashes[i] = mixed ^ (mixed >> np.uint64(29))
    return hashes


def _pairs_at_distance(onset, distance, near):  # type: ignore[no-untyped-def]  # numba infers the types
    n = len(onset)
    first, second = np.empty(n, np.int64), np.empty(n, np.int64)
    inside, count, later = 0, 0, 0
    for i in range(n):
        reached = onset[i] + distance
        if reached > onset[n - 1] + near:
            break
        inside += 1
        while later < n - 1 and onset[later] < reached - near:
            later += 1
        if abs(onset[later] - reached) <= near:
            first[count], second[count] = i, later
            count += 1
    return inside, first[:count], second[:count]


def _time_of_intervals(offsets, midi_pitch, length_quarters):  # type: ignore[no-untyped-def]  # numba infers the types
    total = np.zeros(128)
    for i in range(len(length_quarters)):
        for upper in range(offsets[i] + 1, offsets[i + 1]):
            for lower in range(offsets[i], upper):
                total[midi_pitch[upper] - midi_pitch[lower]] += length_quarters[i]
    return total


def _count_phrases(codes):  # type: ignore[no-untyped-def]  # numba infers the types
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


def _count_repeats(intervals, periods):  # type: ignore[no-untyped-def]  # numba infers the types
    counts = np.zeros((2, len(periods)), dtype=np.int64)
    for i in range(len(periods)):
        period, same, way = periods[i], 0, 0
        for later in range(period, len(intervals)):
            here = later - period
            way += intervals[here] - (intervals[here - period] if here >= period else 0)  # by the last so many
            same = same + 1 if intervals[later] == intervals[here] else 0
            if same >= period:
                counts[1 if way else 0, i] += 1
    return counts


def _count_steps_of_pairs(midi_pitch):  # type: ignore[no-untyped-def]  # numba infers the types
    motions, parallels = np.zeros(5, dtype=np.int64), np.zeros(4, dtype=np.int64)
    n_lines, n_moments = midi_pitch.shape
    for i in range(n_lines):
        for j in range(i + 1, n_lines):
            high, low = -1, -1
            for k in range(n_moments):
                one, other = midi_pitch[i, k], midi_pitch[j, k]
                if one < 0 or other < 0:
                    continue
                up, down, before = one - high, other - low, high - low
                started = high >= 0
                high, low = one, other
                after = one - other
                if not started or before * after < 0:
                    continue
                if up == 0 and down == 0:
                    motions[4] += 1
                    continue
                if up == 0 or down == 0:
                    motions[3] += 1
                    continue
                if (up > 0) != (down > 0):
                    motions[2] += 1
                    continue
                motions[0 if up == down else 1] += 1
                now, then = abs(after) % 12, abs(before) % 12
                if up == down:
                    parallels[0] += now == 7
                    parallels[1] += now == 0
                if abs(abs(after) - abs(before)) <= 1:
                    parallels[2] += (now == 3 or now == 4) and (then == 3 or then == 4)
                    parallels[3] += (now == 8 or now == 9) and (then == 8 or then == 9)
    return motions, parallels
