"""Beats: the frames at which a listener would tap.

Ellis 2007, "Beat tracking by dynamic programming", with librosa's constants (``beat.beat_track``): onset strength, in
units of its standard deviation and smoothed by a Gaussian a thirty-second of a beat wide, is added up along a chain of
frames; a step that is not one beat long costs 100 times the square of the logarithm of its length in beats. The best
chain ends at the last local maximum of the sum that reaches half their median; beats before the first and after the
last strong place are left out.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.sound.rhythm import FRAMES_A_SECOND, Floats32
from styleprint.support.compiled import compiled

__all__ = ["track_beats"]

_TIGHTNESS = 100.0
_LEAST_FIRST = 0.01

Floats = npt.NDArray[np.float64]
Frames = npt.NDArray[np.intp]


def track_beats(strength: Floats32, tempo_bpm: float) -> Frames:
    """Frames of the beats, rising; none without onsets or tempo.

    Parameters
    ----------
    strength : ndarray of float32, shape (n_frames,)
        Onset strength, over the median of the mel bands.
    tempo_bpm : float
        About which beats are looked for.
    """
    none = np.empty(0, np.intp)
    if len(strength) < 2 or not strength.any() or not tempo_bpm > 0:
        return none
    period = int(np.round(60.0 * FRAMES_A_SECOND / tempo_bpm))
    local = _local_score(strength.astype(np.float64), period)
    summed, before = np.empty_like(local), np.empty(len(local), np.int64)
    distance = np.arange(1, 2 * period + 1)
    _loop()(local, _TIGHTNESS * np.log(distance / period) ** 2, round(period / 2), _LEAST_FIRST, summed, before)
    found = [_last_beat(summed)]
    while before[found[-1]] >= 0:
        found.append(int(before[found[-1]]))
    beats = np.array(found[::-1], np.intp)
    return _without_weak_ends(local, beats)


def _local_score(strength: Floats, period: int) -> Floats:
    normed = strength / (strength.std(ddof=1) + np.finfo(np.float32).tiny)
    window = np.exp(-0.5 * (np.arange(-period, period + 1) * 32.0 / period) ** 2)
    score: Floats = np.convolve(normed, window)[period : period + len(normed)]
    return score


@functools.cache
def _loop() -> Callable[..., Any]:
    return compiled(_chains)


def _chains(local: Any, cost: Any, nearest: int, least_first: float, summed: Any, before: Any) -> None:
    """Best sum of a chain that ends in each frame, and the frame before it; −1 where the chain begins."""
    least, is_begun = least_first * local.max(), False
    for frame in range(len(local)):
        best, place = -np.inf, -1
        for distance in range(max(nearest, 1), min(len(cost), frame) + 1):
            found = summed[frame - distance] - cost[distance - 1]
            if found > best:
                best, place = found, frame - distance
        summed[frame] = local[frame] + best if place >= 0 else local[frame]
        is_begun = is_begun or local[frame] >= least
        before[frame] = place if is_begun else -1


def _last_beat(summed: Floats) -> int:
    rises = np.concatenate([[False], summed[1:] > summed[:-1]])
    falls = np.concatenate([summed[:-1] >= summed[1:], [True]])
    peaks = np.flatnonzero(rises & falls)
    if not len(peaks):
        return len(summed) - 1
    high = peaks[summed[peaks] >= 0.5 * np.median(summed[peaks])]
    return int(high[-1]) if len(high) else len(summed) - 1


def _without_weak_ends(local: Floats, beats: Frames) -> Frames:
    smooth = np.convolve(local[beats], np.hanning(5))[2 : 2 + len(local)]
    strong = np.flatnonzero(local > 0.5 * np.sqrt(np.mean(smooth**2)))
    if not len(strong):
        return beats[:0]
    kept: Frames = beats[(beats >= strong[0]) & (beats <= strong[-1])]
    return kept
