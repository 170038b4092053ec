"""Tuning and chroma: which pitch classes sound in each frame.

Peaks of the power of each frame between 150 and 4,000 Hz, above a tenth of its strongest bin, are placed between bins
by a parabola. The louder half of all peaks votes on the tuning, in steps of a hundredth of a semitone (librosa's
``piptrack`` and ``estimate_tuning``). Chroma is the power of each frame through the filters of that tuning
(:mod:`styleprint.sound.filters`), each frame divided by its strongest pitch class.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.sound.filters import chroma_filters
from styleprint.sound.spectrum import RATE_HZ, WINDOW, bin_hz
from styleprint.support.compiled import compiled

__all__ = ["Peaks", "chroma_frames", "find_peaks"]

_LOWEST_HZ, _HIGHEST_HZ = 150.0, 4000.0
_STEPS = 100
_A0_HZ = 27.5

Floats32 = npt.NDArray[np.float32]


@dataclass(eq=False)
class Peaks:
    """Peaks of a signal, gathered block by block."""

    hz: list[Floats32] = field(default_factory=list)
    height: list[Floats32] = field(default_factory=list)

    def add(self, magnitude: Floats32) -> None:
        """Add those of a block of frames."""
        hz, height = find_peaks(magnitude)
        self.hz.append(hz)
        self.height.append(height)

    def tuning(self) -> float:
        """By how much of a semitone the music lies above A = 440 Hz, in [−0.5, 0.5); 0 without peaks."""
        hz = np.concatenate([np.empty(0, np.float32), *self.hz])
        if not len(hz):
            return 0.0
        height = np.concatenate(self.height)
        hz = hz[height >= np.median(height)]
        off = np.mod(12 * np.log2(hz / np.float32(_A0_HZ)), 1.0)
        off[off >= 0.5] -= 1.0
        edges = np.linspace(-0.5, 0.5, _STEPS + 1)
        counts, _ = np.histogram(off, edges)
        return float(edges[np.argmax(counts)])


def find_peaks(magnitude: Floats32) -> tuple[Floats32, Floats32]:
    """Frequency and interpolated power of the peaks of these frames, frame by frame."""
    inside = np.flatnonzero((bin_hz() >= _LOWEST_HZ) & (bin_hz() < _HIGHEST_HZ))
    room = len(magnitude) * (len(inside) // 2 + 1)
    hz, height = np.empty((2, room), np.float32)
    count = _loop()(magnitude, int(inside[0]), int(inside[-1]), RATE_HZ / WINDOW, hz, height)
    return hz[:count].copy(), height[:count].copy()


@functools.cache
def _loop() -> Callable[..., Any]:
    return compiled(_peaks, ordered=True)


def _peaks(magnitude: Any, first: int, last: int, step_hz: float, hz: Any, height: Any) -> int:
    found = 0
    power = np.empty(magnitude.shape[1], np.float32)
    for t in range(len(magnitude)):
        strongest = np.float32(0)
        for k in range(len(power)):
            power[k] = magnitude[t, k] * magnitude[t, k]
            strongest = max(strongest, power[k])
        least = np.float32(0.1) * strongest
        for k in range(first, last + 1):
            low, here, high = power[k - 1], power[k], power[k + 1]
            if here > least and here > low and here >= high:
                bend = high + low - 2 * np.float64(here)
                slope = (high - low) / np.float64(2)
                shift = np.float32(0)
                if abs(slope) < abs(bend):
                    shift = np.float32(-slope / bend)
                if k + np.float64(shift) > 0:
                    hz[found] = (k + np.float64(shift)) * step_hz
                    height[found] = here + np.float32(0.5) * ((high - low) * np.float32(0.5)) * shift
                    found += 1
    return found


def chroma_frames(magnitude: Floats32, tuning: float) -> Floats32:
    """Strength of each pitch class from C in each frame, shape (n_frames, 12); the strongest is 1, silence 0."""
    raw: Floats32 = np.square(magnitude) @ chroma_filters(tuning).T
    strongest = raw.max(axis=1, keepdims=True)
    scale = np.where(strongest < np.finfo(np.float32).tiny, 1.0, strongest).astype(np.float32)
    chroma: Floats32 = raw / scale
    return chroma
