"""How much of one piece's music is found in another: windows of frames, aligned locally.

A window of successive frames is searched in the whole of the other piece by dynamic programming (Smith and
Waterman 1981, with both ends of the other piece free), under a transposition. Two frames are alike by the share
of pitch classes that they have in common (Jaccard); a frame that one piece has and the other has not (an
ornament, a passing note) costs a little. So ornaments, repeats written out or not, and octave doublings do not
matter, and a window is found wherever it stands. *Coverage* is the mean over windows of how well each is found.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["WINDOW", "best_transposition", "coverage"]

WINDOW = 16
"""Frames in a window."""

_MAX_WINDOWS = 48
_SKIP = 0.35
"""What a frame without a partner costs, where two equal frames gain 1."""

Masks = npt.NDArray[np.uint16]


def coverage(own: Masks, other: Masks, transposition: int) -> float:
    """How much of `own`, transposed, is found in `other`.

    Parameters
    ----------
    own, other : ndarray of uint16
        Pitch classes of each frame.
    transposition : int
        Semitones added to `own`, 0–11.

    Returns
    -------
    float
        0 (nothing) to 1 (each window stands in the other, frame by frame).
    """
    if not len(own) or not len(other):
        return 0.0
    length = min(WINDOW, len(own))
    starts = np.arange(0, len(own) - length + 1, length, dtype=np.int64)
    if starts[-1] + length < len(own):
        starts = np.append(starts, len(own) - length)
    if len(starts) > _MAX_WINDOWS:
        starts = starts[np.linspace(0, len(starts) - 1, _MAX_WINDOWS).astype(np.int64)]
    moved = _transpose(own, transposition)
    found: npt.NDArray[np.float64] = _kernel()(moved, np.ascontiguousarray(other), starts, length, _SKIP, _popcounts())
    return float(found.mean())


def best_transposition(own: Masks, other: Masks, limit: int = 2) -> list[int]:
    """The transpositions of `own` under which pitch classes are most alike in the two, best first.

    Parameters
    ----------
    own, other : ndarray of uint16
    limit : int
        How many to return.
    """
    first, second = _histogram(own), _histogram(other)
    likeness = [float(np.dot(np.roll(first, k), second)) for k in range(12)]
    return sorted(range(12), key=lambda k: (-round(likeness[k], 9), k))[:limit]


def _histogram(masks: Masks) -> npt.NDArray[np.float64]:
    """Share of each pitch class among those of all frames, centred and of length 1."""
    counts = (masks[:, None] >> np.arange(12, dtype=np.uint16) & 1).sum(axis=0).astype(np.float64)
    counts -= counts.mean()
    return counts / max(float(np.linalg.norm(counts)), 1e-12)


def _transpose(masks: Masks, semitones: int) -> Masks:
    wide = masks.astype(np.uint32) << semitones
    return ((wide | (wide >> 12)) & 4095).astype(np.uint16)


@cache
def _popcounts() -> npt.NDArray[np.uint8]:
    return np.array([bin(n).count("1") for n in range(4096)], dtype=np.uint8)


@cache
def _kernel() -> Any:
    """The compiled search, made when first needed."""
    from numba import njit

    @njit(cache=True, nogil=True)
    def search(own, other, starts, length, skip, bits):  # type: ignore[no-untyped-def]  # numba infers the types
        n = len(other)
        found = np.zeros(len(starts))
        row = np.zeros(n + 1)
        for w in range(len(starts)):
            for j in range(n + 1):
                row[j] = 0.0
            for i in range(length):
                frame = own[starts[w] + i]
                diagonal = row[0]
                row[0] = diagonal - skip
                for j in range(1, n + 1):
                    both = bits[frame & other[j - 1]]
                    alike = both / bits[frame | other[j - 1]] if both else 0.0
                    best = diagonal + 1.5 * alike - 0.5
                    if row[j] - skip > best:
                        best = row[j] - skip
                    if row[j - 1] - skip > best:
                        best = row[j - 1] - skip
                    diagonal = row[j]
                    row[j] = best
            top = row[0]
            for j in range(1, n + 1):
                if row[j] > top:
                    top = row[j]
            found[w] = max(0.0, top / length)
        return found

    return search
