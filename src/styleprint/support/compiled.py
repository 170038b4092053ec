"""Loops compiled by numba when they are first needed."""

from collections.abc import Callable
from typing import Any

__all__ = ["compiled"]


def compiled(loop: Callable[..., Any], *, ordered: bool = False, summed: bool = False) -> Callable[..., Any]:
    """The loop, compiled for its arguments and kept for later processes.

    `ordered` promises that no number in it is NaN, so that the largest of many is found many at a time; sums
    keep their order all the same. `summed` lets sums be taken in the order that is fastest, for loops whose results
    are rounded beyond that: their last digits then depend on the processor.

    numba takes long to import, so it is loaded here and not before. Where there is no folder in which
    compiled code may be kept, it is compiled anew in each process.
    """
    from numba import njit

    flags = ({"nnan", "nsz"} if ordered else set()) | ({"reassoc", "contract"} if summed else set())
    try:
        kept: Callable[..., Any] = njit(cache=True, nogil=True, fastmath=flags or False)(loop)
    except RuntimeError:  # numba finds no folder that it may write to
        kept = njit(nogil=True, fastmath=flags or False)(loop)
    return kept
