"""How much of one piece's music is found in another: windows of frames, aligned locally.

A window of successive frames is searched in the whole of the other piece by dynamic programming (Smith and
Waterman 1981, with both ends of the other piece free), under a transposition. Two frames are alike by the share
of pitch classes that they have in common (Jaccard); a frame that one piece has and the other has not (an
ornament, a passing note) costs a little. So ornaments, repeats written out or not, and octave doublings do not
matter, and a window is found wherever it stands. *Coverage* is the mean over windows of how well each is found.

A window that hardly changes (a repeated chord, a trill) is found in any piece: only *telling* windows count.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.support.compiled import compiled

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

_SIDE_BY_SIDE = 32
"""Windows are searched in multiples of so many, filled up with nothing: so the processor takes many at a time."""

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
    return _coverages(own, other, [transposition], telling_windows(own) if starts is None else starts)[0]


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


def best_transpositions(
    own: Masks,
    other: Masks,
    *,
    tried: int,
    windows: int,
    limit: int,
    starts: Starts | None = None,
    known: Sequence[tuple[float, int]] = (),
) -> list[tuple[float, int]]:
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
    starts : ndarray of int64, optional
        Where the windows begin of which some are searched; by default :func:`telling_windows`.
    known : sequence of (float, int)
        What was found before of the same pieces by as many windows; it is not searched again.

    Returns
    -------
    list of (float, int)
        Coverage by those windows, and semitones; best first.
    """
    first, second = _histogram(own), _histogram(other)
    twice = np.concatenate([first, first])
    likeness = [round(float(np.dot(twice[12 - k : 24 - k], second)), 9) for k in range(12)]
    order = sorted(range(12), key=lambda k: (-likeness[k], k))[:tried]
    starts = _spread(telling_windows(own) if starts is None else starts, windows)
    left = [k for k in order if k not in {found for _, found in known}]
    found = [*known, *zip(_coverages(own, other, left, starts), left, strict=True)]
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


def _coverages(own: Masks, other: Masks, transpositions: Sequence[int], starts: Starts) -> list[float]:
    """How much of `own` is found in `other` under each transposition; all their windows are searched at once."""
    if not len(starts) or not len(other) or not transpositions:
        return [0.0] * len(transpositions)
    window = np.arange(min(WINDOW, len(own)))
    searched = np.concatenate([_transpose(own, k)[starts + window[:, None]] for k in transpositions], axis=1)
    n = searched.shape[1]
    full = np.zeros((len(window), n + -n % _SIDE_BY_SIDE), np.uint16)
    full[:, :n] = searched
    found = _kernel()(full, np.ascontiguousarray(other), _likeness(), _bit_counts())[:n]
    return [float(share.mean()) for share in found.reshape(len(transpositions), -1)]


@cache
def _bit_counts() -> npt.NDArray[np.uint8]:
    """How many pitch classes each of the 4,096 masks has."""
    counts: npt.NDArray[np.uint8] = (np.arange(4096)[:, None] >> np.arange(12) & 1).sum(axis=1).astype(np.uint8)
    return counts


@cache
def _kernel() -> Any:
    return compiled(_search, ordered=True)


def _search(windows, other, gain, bits):  # type: ignore[no-untyped-def]  # numba infers the types
    """How well each window is found in another piece, 0–1.

    Windows are the columns of `windows`, reckoned side by side. The other piece has masks ``kinds[kind[0]],
    kinds[kind[1]] …``. ``best[i]`` is the best alignment of the first i frames of each window that ends with the frame
    in hand of the other piece.
    """
    length, n = windows.shape
    skip = np.float32(_SKIP)
    number = np.full(4096, -1)
    kinds, kind = np.empty(min(len(other), 4096), np.uint16), np.empty(len(other), np.int64)
    n_kinds = 0
    for j in range(len(other)):
        if number[other[j]] < 0:
            number[other[j]], kinds[n_kinds] = n_kinds, other[j]
            n_kinds += 1
        kind[j] = number[other[j]]
    gains = np.empty((n_kinds, length, n), np.float32)
    for k in range(n_kinds):
        for i in range(length):
            for w in range(n):
                gains[k, i, w] = gain[bits[windows[i, w] & kinds[k]], bits[windows[i, w] | kinds[k]]]
    best, before = np.zeros((length + 1, n), np.float32), np.zeros((length + 1, n), np.float32)
    for i in range(length):
        best[i + 1] = best[i] - skip
    most = best[length].copy()
    for j in range(len(kind)):
        best, before = before, best
        gained = gains[kind[j]]
        for i in range(length):
            for w in range(n):
                reached = max(before[i, w] + gained[i, w], before[i + 1, w] - skip)
                best[i + 1, w] = max(reached, best[i, w] - skip)
        for w in range(n):
            most[w] = max(most[w], best[length, w])
    return np.maximum(most / length, 0.0)
