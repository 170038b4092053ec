"""Stretches of equal neighbours, and runs that are equal wherever they stand."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.support.compiled import compiled

__all__ = ["first_equals", "first_of_stretches", "run_codes", "stretch_lengths", "stretch_numbers"]

_Indices = npt.NDArray[np.int64]
_Codes = npt.NDArray[Any]

_MOST = 1 << 62


def first_of_stretches(codes: _Codes) -> _Indices:
    """Where each stretch of equal neighbours begins."""
    begins = np.ones(len(codes), dtype=bool)
    np.not_equal(codes[1:], codes[:-1], out=begins[1:])
    return begins.nonzero()[0]


def stretch_lengths(codes: _Codes) -> _Indices:
    """How long each stretch of equal neighbours is, in order; codes are whole numbers or claims."""
    whole = codes.view(np.int64) if codes.dtype == np.uint64 else codes.astype(np.int64, copy=False)
    lengths: _Indices = _loop()(np.ascontiguousarray(whole))
    return lengths


@cache
def _loop() -> Any:
    return compiled(_count_equal)


def _count_equal(codes):  # type: ignore[no-untyped-def]  # numba infers the types
    lengths, n = np.empty(len(codes), np.int64), 0
    for i in range(len(codes)):
        if i and codes[i] == codes[i - 1]:
            lengths[n - 1] += 1
        else:
            lengths[n] = 1
            n += 1
    return lengths[:n]


def stretch_numbers(first: _Indices, n: int) -> _Indices:
    """In which stretch each of `n` entries lies, counted from 0; the first begins at 0."""
    begins = np.zeros(n, dtype=np.int64)
    begins[first[1:]] = 1
    return begins.cumsum()


def run_codes(codes: _Codes, length: int) -> _Indices:
    """A number for each run of `length` successive codes: equal where the runs are, and only there.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
    length : int

    Returns
    -------
    ndarray of int64, shape (max(0, n - length + 1),)
    """
    count = max(0, len(codes) - length + 1)
    runs = np.zeros(count, dtype=np.int64)
    if not count:
        return runs
    codes = np.unique(codes, return_inverse=True)[1]
    kinds, reach = int(codes.max()) + 1, 1
    for ahead in range(length):
        if reach > _MOST // kinds:
            runs = np.unique(runs, return_inverse=True)[1]
            reach = int(runs.max()) + 1
        runs = runs * kinds + codes[ahead : ahead + count]
        reach *= kinds
    return runs


def first_equals(codes: _Codes) -> _Indices:
    """Of each entry the place of the first that is equal to it."""
    order = np.argsort(codes, kind="stable")
    rising = codes[order]
    first = first_of_stretches(rising)
    equals = np.empty(len(codes), dtype=np.int64)
    equals[order] = order[first][stretch_numbers(first, len(codes))]
    return equals
