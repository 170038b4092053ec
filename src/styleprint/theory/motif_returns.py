"""Where motifs of a line come back, how long they are, and how much of it they cover.

Motifs are those of :mod:`styleprint.theory.motifs`: runs of steps in semitones with the rhythm from onset to onset,
whatever the pitch on which they begin. A motif *comes back* where another run that is the same begins when it has
ended, or later: runs that overlap do not count.

Runs of 1, 2, 4, 8 … steps are told by hashes of 64 bits, each made of two of half the length (Karp, Miller and
Rosenberg, "Rapid identification of repeated patterns", 1972, with hashes in place of names); a run of any other
length is the pair of the two such runs, overlapping, that cover it. So one pass over the line serves each length.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from styleprint.music.score import FloatArray, IntArray
from styleprint.support.compiled import compiled
from styleprint.theory.frames import IndexArray
from styleprint.theory.motifs import step_codes

__all__ = ["LENGTHS", "STEPS", "MotifReturns", "find_motif_returns"]

LENGTHS = (4, 8, 16, 32)
"""Steps of the motifs whose notes are counted."""

STEPS = 4
"""Steps of the motifs that are followed from one place to the next."""

_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
"""Of splitmix64 (Steele, Lea and Flood 2014), which mixes the bits of a hash."""


@dataclass(frozen=True, eq=False, slots=True)
class MotifReturns:
    """What comes back in a line of `n_steps` steps.

    Attributes
    ----------
    n_steps : int
        One fewer than notes.
    covered : ndarray of int64, shape (4,)
        Notes that belong to a motif of so many steps (`LENGTHS`) that comes back.
    longest : int
        Steps of the longest motif that comes back; 0 where none does.
    kinds : int
        Different motifs of four steps that come back.
    commonest : int
        Places at which the commonest motif of four steps begins, overlapping ones too; 0 in too short a line.
    previous : ndarray of int64, shape (n_steps - 3,)
        For each place the latest one before it at which the same motif of four steps began and has ended; -1
        where there is none.
    """

    n_steps: int
    covered: IndexArray
    longest: int
    kinds: int
    commonest: int
    previous: IndexArray


def find_motif_returns(midi_pitch: IntArray, onset_quarters: FloatArray) -> MotifReturns:
    """What comes back in a line.

    Parameters
    ----------
    midi_pitch, onset_quarters : ndarray, shape (n_notes,)
        A line: onsets rise.
    """
    hashes = _loops()[0](step_codes(midi_pitch, onset_quarters).astype(np.uint64))
    n_steps = hashes.shape[1]
    covered = [0] * len(LENGTHS)
    kinds, commonest, previous = 0, 0, np.empty(0, np.int64)
    places = np.arange(max(0, n_steps - STEPS + 1))
    longest, failed = 0, n_steps // 2 + 1  # a longer one would overlap with itself
    for which, length in enumerate(LENGTHS):
        if length > STEPS and length >= failed:
            break
        kind, first, last, count = _loops()[1](hashes, length, places)
        if length == STEPS:
            kinds, commonest = int(np.count_nonzero(last - first >= STEPS)), int(count.max(initial=0))
            previous = _loops()[3](kind, len(first), STEPS)
        covered[which], kept = _loops()[2](kind, first, last, length, places)
        if not len(kept):
            failed = min(failed, length)
            break
        longest, places = length, kept
    if not longest:
        places = np.arange(n_steps)
    longest = int(_loops()[4](hashes, places, longest, failed))
    return MotifReturns(n_steps, np.array(covered), longest, kinds, commonest, previous)


@cache
def _loops() -> tuple[Any, Any, Any, Any, Any]:
    return compiled(_hash), compiled(_number), compiled(_cover), compiled(_look_back), compiled(_longest)


def _hash(codes):  # type: ignore[no-untyped-def]  # numba infers the types
    """Hashes of runs of 1, 2, 4 … steps, one row each; a row's end is left empty."""
    n = len(codes)
    n_levels = 1
    while 1 << n_levels <= n:
        n_levels += 1
    hashes = np.zeros((n_levels, n), np.uint64)
    for level in range(n_levels):
        half = (1 << level) >> 1
        for i in range(n - (1 << level) + 1):
            mixed = codes[i] + _GOLDEN
            if level > 0:
                mixed = hashes[level - 1, i] * _GOLDEN + hashes[level - 1, i + half]
            mixed = (mixed ^ (mixed >> _S30)) * _FIRST
            mixed = (mixed ^ (mixed >> _S27)) * _SECOND
            hashes[level, i] = mixed ^ (mixed >> _S31)
    return hashes


def _number(hashes, length, places):  # type: ignore[no-untyped-def]  # numba infers the types
    """Kind of the run of `length` steps at each place, -1 at the end of the line, where there is none.

    Kinds are numbered in order of appearance; of each, the place at which it begins first and last, and how often.
    """
    n = hashes.shape[1]
    level = 0
    while 2 << level <= length:
        level += 1
    ahead = length - (1 << level)
    size = 2
    while size < 2 * len(places):
        size *= 2
    slots, key = np.full(size, -1), np.empty(len(places), np.uint64)
    kind, first = np.full(len(places), -1), np.empty(len(places), np.int64)
    last, count = np.empty(len(places), np.int64), np.empty(len(places), np.int64)
    n_kinds = 0
    for at in range(len(places)):
        i = places[at]
        if i + length > n:
            continue
        own = hashes[level, i] * _GOLDEN + hashes[level, i + ahead]
        slot = np.int64((own * _FIRST) >> _S30) & (size - 1)
        while slots[slot] >= 0 and key[slots[slot]] != own:
            slot = (slot + 1) & (size - 1)
        if slots[slot] < 0:
            slots[slot] = n_kinds
            key[n_kinds], first[n_kinds], count[n_kinds] = own, i, 0
            n_kinds += 1
        kind[at] = slots[slot]
        last[kind[at]] = i
        count[kind[at]] += 1
    return kind, first[:n_kinds], last[:n_kinds], count[:n_kinds]


def _cover(kind, first, last, length, places):  # type: ignore[no-untyped-def]  # numba infers the types
    """Notes of runs that begin so far from another of their kind that the two do not overlap; where they begin."""
    covered, end, n_kept = 0, 0, 0
    kept = np.empty_like(places)
    for at in range(len(places)):
        i, k = places[at], kind[at]
        if k >= 0 and (i - first[k] >= length or last[k] - i >= length):
            covered += i + length + 1 - max(i, end)
            end = i + length + 1
            kept[n_kept] = i
            n_kept += 1
    return covered, kept[:n_kept]


def _look_back(kind, n_kinds, length):  # type: ignore[no-untyped-def]  # numba infers the types
    """For each run of a line the latest of its kind that has ended before."""
    latest, previous = np.full(n_kinds, -1), np.empty(len(kind), np.int64)
    for i in range(len(kind)):
        if i >= length:
            latest[kind[i - length]] = i - length
        previous[i] = latest[kind[i]]
    return previous


def _longest(hashes, places, known, failed):  # type: ignore[no-untyped-def]  # numba infers the types
    """Steps of the longest run that comes back.

    Runs of `known` steps do so, at these places; those of `failed` do not. The beginning of what comes back comes back
    too: so lengths are doubled, then halved in, and only places are looked at from which as much as is known does.
    """
    n = hashes.shape[1]
    size = 2
    while size < 2 * len(places):
        size *= 2
    slots, key = np.empty(size, np.int64), np.empty(len(places), np.uint64)
    kind, first, last = (
        np.empty(len(places), np.int64),
        np.empty(len(places), np.int64),
        np.empty(len(places), np.int64),
    )
    is_doubling = known > 0
    while failed - known > 1:
        length = min(2 * known, failed - 1) if is_doubling else (known + failed) // 2
        level = 0
        while 2 << level <= length:
            level += 1
        ahead = length - (1 << level)
        slots[:] = -1
        n_kinds = 0
        comes_back = False
        for at in range(len(places)):
            i = places[at]
            kind[at] = -1
            if i + length > n:
                continue
            own = hashes[level, i] * _GOLDEN + hashes[level, i + ahead]
            slot = np.int64((own * _FIRST) >> _S30) & (size - 1)
            while slots[slot] >= 0 and key[slots[slot]] != own:
                slot = (slot + 1) & (size - 1)
            if slots[slot] < 0:
                slots[slot] = n_kinds
                key[n_kinds], first[n_kinds] = own, i
                n_kinds += 1
            kind[at] = slots[slot]
            last[kind[at]] = i
            comes_back = comes_back or i - first[kind[at]] >= length
        if not comes_back:
            failed, is_doubling = length, False
            continue
        known = length
        n_kept = 0
        for at in range(len(places)):
            i, k = places[at], kind[at]
            if k >= 0 and (i - first[k] >= length or last[k] - i >= length):
                places[n_kept] = i
                n_kept += 1
        places = places[:n_kept]
    return known
