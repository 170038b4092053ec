"""Stretches of equal neighbours, and runs that are equal wherever they stand."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.support.compiled import compiled

__all__ = ["first_equal_runs", "first_of_stretches", "stretch_lengths", "stretch_numbers"]

_Indices = npt.NDArray[np.int64]
_Codes = npt.NDArray[Any]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def first_of_stretches(codes: _Codes) -> _Indices:
    """Where each stretch of equal neighbours begins."""
    begins = np.ones(len(codes), dtype=bool)
    np.not_equal(codes[1:], codes[:-1], out=begins[1:])
    return begins.nonzero()[0]


def stretch_lengths(codes: _Codes) -> _Indices:
    """How long each stretch of equal neighbours is, in order; codes are whole numbers or claims."""
    whole = codes.view(np.int64) if codes.dtype == np.uint64 else codes.astype(np.int64, copy=False)
    lengths: _Indices = _loops()[0](np.ascontiguousarray(whole))
    return lengths


def stretch_numbers(first: _Indices, n: int) -> _Indices:
    """In which stretch each of `n` entries lies, counted from 0; the first begins at 0."""
    begins = np.zeros(n, dtype=np.int64)
    begins[first[1:]] = 1
    return begins.cumsum()


def first_equal_runs(codes: _Codes, length: int) -> _Indices:
    """Of each run of `length` successive codes, where the first run begins that is equal to it.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
    length : int

    Returns
    -------
    ndarray of int64, shape (max(0, n - length + 1),)
    """
    first: _Indices = _loops()[1](codes, length, _MULTIPLIER)
    return first


@cache
def _loops() -> tuple[Any, Any]:
    return compiled(_count_equal), compiled(_find_first)


def _count_equal(codes):  # type: ignore[no-untyped-def]  # numba infers the types
    lengths, n = np.empty(len(codes), np.int64), 0
    for i in range(len(codes)):
        if i and codes[i] == codes[i - 1]:
            lengths[n - 1] += 1
        else:
            lengths[n] = 1
            n += 1
    return lengths[:n]


def _find_first(codes, length, multiplier):  # type: ignore[no-untyped-def]  # as above
    """Runs are kept in a table by their hash; those with one hash are compared code by code."""
    count = max(0, len(codes) - length + 1)
    size = 16
    while size < 2 * count:
        size *= 2
    table, first = np.full(size, -1), np.empty(count, np.int64)
    for run in range(count):
        mixed = np.uint64(0)
        for ahead in range(length):
            mixed = (mixed ^ np.uint64(codes[run + ahead])) * multiplier
            mixed ^= mixed >> np.uint64(29)
        place = np.int64(mixed & np.uint64(size - 1))
        while table[place] >= 0:
            ahead = 0
            while ahead < length and codes[table[place] + ahead] == codes[run + ahead]:
                ahead += 1
            if ahead == length:
                break
            place = (place + 1) % size
        if table[place] < 0:
            table[place] = run
        first[run] = table[place]
    return first
