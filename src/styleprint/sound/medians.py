"""Running medians of 31 values along one axis, equal to the last bit to those of a sorted window.

Sixty-four neighbouring lines are worked on at once, each with its own sorted window. As the window moves on, one
value leaves and one enters: with ``r`` the sorted window without the leaving value, the new window is
``max(r[i - 1], min(r[i], entering))`` at place i. That is the same few operations whatever the values are, so a
compiler does many lines in one instruction.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.support.compiled import compiled

__all__ = ["WIDTH", "running_medians"]

WIDTH = 31
"""Values in a window; odd."""

_MIDDLE = WIDTH // 2
_LINES = 64
_BELOW = np.float32(-3.0e38)
_ABOVE = np.float32(3.0e38)


def running_medians(values: npt.NDArray[np.float32], out: npt.NDArray[np.float32]) -> None:
    """The median of the 31 values around each value, down each column.

    Beyond both ends the values are mirrored, the outermost repeated (``reflect`` of scipy.ndimage, which differs for
    fewer than 16 values); what has fewer values than a window is mirrored as often as it takes.

    Parameters
    ----------
    values : ndarray of float32, shape (n, n_columns)
        Finite. Any order in memory: the transpose of an array gives medians along its rows.
    out : ndarray of float32, of the same shape
        Is written.
    """
    _loop()(values, out, _mirrored(len(values)))


def _mirrored(count: int) -> npt.NDArray[np.int64]:
    """Rows to read at −16 … count + 15."""
    place = np.arange(-_MIDDLE - 1, count + _MIDDLE) % (2 * count)
    return np.minimum(place, 2 * count - 1 - place)


@functools.cache
def _loop() -> Callable[..., Any]:
    return compiled(_medians, ordered=True)


def _medians(values: Any, out: Any, rows: Any) -> None:
    count, columns = values.shape
    window = np.empty((WIDTH + 2, _LINES), np.float32)
    leaving, entering = np.empty(_LINES, np.float32), np.empty(_LINES, np.float32)
    carried, first = np.empty(_LINES, np.float32), np.empty(WIDTH, np.float32)
    for start in range(0, columns, _LINES):
        lines = min(_LINES, columns - start)
        window[:] = _ABOVE
        for k in range(lines):
            for i in range(WIDTH):
                first[i] = values[rows[i], start + k]
            first.sort()
            for i in range(WIDTH):
                window[i, k] = first[i]
        for row in range(count):
            gone, come = rows[row], rows[row + WIDTH]
            for k in range(lines):
                leaving[k], entering[k] = values[gone, start + k], values[come, start + k]
            carried[:] = _BELOW
            for i in range(0, WIDTH + 1, 4):
                w0, w1, w2, w3, w4 = window[i], window[i + 1], window[i + 2], window[i + 3], window[i + 4]
                for k in range(_LINES):
                    old, new, before = leaving[k], entering[k], carried[k]
                    a0, a1, a2, a3, a4 = w0[k], w1[k], w2[k], w3[k], w4[k]
                    r0 = a0 if a0 < old else a1
                    r1 = a1 if a1 < old else a2
                    r2 = a2 if a2 < old else a3
                    r3 = a3 if a3 < old else a4
                    m0 = r0 if r0 < new else new
                    m1 = r1 if r1 < new else new
                    m2 = r2 if r2 < new else new
                    m3 = r3 if r3 < new else new
                    w0[k] = before if before > m0 else m0
                    w1[k] = r0 if r0 > m1 else m1
                    w2[k] = r1 if r1 > m2 else m2
                    w3[k] = r2 if r2 > m3 else m3
                    carried[k] = r3
            for k in range(lines):
                out[row, start + k] = window[_MIDDLE, k]
