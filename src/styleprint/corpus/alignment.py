"""How much of one piece's music is found in another: windows of frames, aligned locally.

A window of successive frames is searched in the whole of the other piece by dynamic programming (Smith and
Waterman 1981, with both ends of the other piece free), under a transposition. Two frames are alike by the share
of pitch classes that they have in common (Jaccard); a frame that one piece has and the other has not (an
ornament, a passing note) costs a little. So ornaments, repeats written out or not, and octave doublings do not
matter, and a window is found wherever it stands. *Coverage* is the mean over windows of how well each is found.

A window that hardly changes (a repeated chord, a trill) is found in any piece: only *telling* windows count.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["WINDOW", "best_transpositions", "coverage", "telling_windows"]

WINDOW = 16
"""Frames in a window."""

MAX_WINDOWS = 48
"""Windows of a long piece that are searched, evenly spread."""

_TELLING = 4
"""Different frames in a window that says anything."""

_SKIP = 0.35
"""What a frame without a partner costs, where two equal frames gain 1."""

_GAIN = 1.5
_MISMATCH = 0.5
"""Two frames gain ``_GAIN * likeness - _MISMATCH``: a loss for frames that share less than a third."""

Masks = npt.NDArray[np.uint16]
Starts = npt.NDArray[np.int64]


def coverage(own: Masks, other: Masks, transposition: int, starts: Starts | None = None) -> float:
    """How much of `own`, transposed, is found in `other`.

    Parameters
    ----------
    own, other : ndarray of uint16
        Pitch classes of each frame.
    transposition : int
        Semitones added to `own`, 0–11.
    starts : ndarray of int64, optional
        Where the windows begin that are searched; by default :func:`telling_windows`.

    Returns
    -------
    float
        0 (nothing, or no window tells anything) to 1 (each window stands in the other, frame by frame).
    """
    if starts is None:
        starts = telling_windows(own)
    if not len(starts) or not len(other):
        return 0.0
    length = min(WINDOW, len(own))
    found: npt.NDArray[np.float64] = _kernel()(
        _transpose(own, transposition), np.ascontiguousarray(other), starts, length, _likeness()
    )
    return float(found.mean())


def telling_windows(masks: Masks, limit: int = MAX_WINDOWS) -> Starts:
    """Where the windows of a piece begin that say something of it; evenly spread where there are more than `limit`.

    Parameters
    ----------
    masks : ndarray of uint16
    limit : int

    Returns
    -------
    ndarray of int64
        Rising. Windows follow each other without a gap; the last may overlap the one before.
    """
    length = min(WINDOW, len(masks))
    if not length:
        return np.empty(0, dtype=np.int64)
    starts = np.arange(0, len(masks) - length + 1, length, dtype=np.int64)
    if starts[-1] + length < len(masks):
        starts = np.append(starts, len(masks) - length)
    window = np.sort(masks[starts[:, None] + np.arange(length)], axis=1)
    different = 1 + (window[:, 1:] != window[:, :-1]).sum(axis=1)
    return _spread(starts[different >= _TELLING], limit)


def best_transpositions(own: Masks, other: Masks, *, tried: int, windows: int, limit: int) -> list[tuple[float, int]]:
    """Transpositions of `own` under which it is found best in `other`, by a few windows.

    Parameters
    ----------
    own, other : ndarray of uint16
    tried : int
        How many to try, those first under which pitch classes are most alike; 12 for all.
    windows : int
        How many windows to search under each.
    limit : int
        How many to return.

    Returns
    -------
    list of (float, int)
        Coverage by those windows, and semitones; best first.
    """
    first, second = _histogram(own), _histogram(other)
    likeness = [round(float(np.dot(np.roll(first, k), second)), 9) for k in range(12)]
    order = sorted(range(12), key=lambda k: (-likeness[k], k))[:tried]
    starts = _spread(telling_windows(own), windows)
    found = [(coverage(own, other, k, starts), k) for k in order]
    return sorted(found, key=lambda item: (-item[0], -likeness[item[1]], item[1]))[:limit]


def _spread(starts: Starts, limit: int) -> Starts:
    if len(starts) <= limit:
        return starts
    return starts[np.linspace(0, len(starts) - 1, limit).astype(np.int64)]


def _histogram(masks: Masks) -> npt.NDArray[np.float64]:
    """Share of each pitch class among those of all frames, centred and of length 1."""
    counts = (masks[:, None] >> np.arange(12, dtype=np.uint16) & 1).sum(axis=0).astype(np.float64)
    counts -= counts.mean()
    unit: npt.NDArray[np.float64] = counts / max(float(np.linalg.norm(counts)), 1e-12)
    return unit


def _transpose(masks: Masks, semitones: int) -> Masks:
    wide = masks.astype(np.uint32) << semitones
    return ((wide | (wide >> 12)) & 4095).astype(np.uint16)


@cache
def _likeness() -> npt.NDArray[np.float32]:
    """What two frames gain, by how many pitch classes they share (rows) and have together (columns)."""
    shared, together = np.arange(13)[:, None], np.maximum(np.arange(13), 1)[None, :]
    gain: npt.NDArray[np.float32] = (_GAIN * shared / together - _MISMATCH).astype(np.float32)
    return gain


@cache
def _kernel() -> Any:
    """The compiled search, made when first needed; where no cache can be written it is compiled each time."""
    from numba import njit

    try:
        return njit(cache=True, nogil=True)(_search)
    except RuntimeError:  # numba finds no folder that it may write to
        return njit(nogil=True)(_search)


def _search(own, other, starts, length, gain):  # type: ignore[no-untyped-def]  # numba infers the types
    """How well each window of `own` is found in `other`, 0–1."""
    bits = np.zeros(4096, np.uint8)
    for mask in range(1, 4096):
        bits[mask] = bits[mask >> 1] + (mask & 1)
    n = len(other)
    found = np.zeros(len(starts))
    row = np.zeros(n + 1, np.float32)
    skip = np.float32(_SKIP)
    for w in range(len(starts)):
        row[:] = 0.0
        for i in range(length):
            frame = own[starts[w] + i]
            diagonal = row[0]
            left = diagonal - skip
            row[0] = left
            for j in range(1, n + 1):
                above = row[j]
                best = diagonal + gain[bits[frame & other[j - 1]], bits[frame | other[j - 1]]]
                best = max(best, above - skip, left - skip)
                diagonal = above
                row[j] = best
                left = best
        found[w] = max(0.0, row.max() / length)
    return found
