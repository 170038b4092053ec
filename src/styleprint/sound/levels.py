"""Level and zero crossings of frames, from the samples themselves.

Frames are those of the spectrum (2,048 samples, every 512, the first centred on the first sample). For the level,
zeros lie beyond both ends; for zero crossings the outermost sample goes on (librosa's ``rms`` and
``zero_crossing_rate``). A sample of at most 1e-10 has no sign.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.recording import SampleArray
from styleprint.sound.spectrum import HOP, WINDOW
from styleprint.support.compiled import compiled

__all__ = ["frame_levels", "zero_crossing_rates"]

Floats = npt.NDArray[np.float64]


def frame_levels(signal: SampleArray) -> Floats:
    """Root mean square of each frame, shape (n_frames,)."""
    count, hops = 1 + len(signal) // HOP, WINDOW // HOP
    energy = np.zeros(count + hops)
    _energy_loop()(signal, energy[hops // 2 :])
    summed = np.lib.stride_tricks.sliding_window_view(energy, hops)[:count].sum(axis=1)
    level: Floats = np.sqrt(summed / WINDOW)
    return level


@functools.cache
def _energy_loop() -> Callable[..., Any]:
    return compiled(_energy, ordered=True, summed=True)


def _energy(signal: Any, energy: Any) -> None:
    """Energy of each hop."""
    for hop in range((len(signal) + 511) // 512):
        total = 0.0
        for i in range(512 * hop, min(512 * hop + 512, len(signal))):
            total += np.float64(signal[i]) * np.float64(signal[i])
        energy[hop] = total


def zero_crossing_rates(signal: SampleArray) -> Floats:
    """Share of the samples of each frame that have another sign than the one before, shape (n_frames,)."""
    count = 1 + len(signal) // HOP
    crossings = np.zeros((count, 2), np.int64)
    total = _crossings_loop()(signal, crossings)
    reach = WINDOW // 2 // HOP
    first = np.concatenate([np.zeros(reach, np.int64), crossings[:, 0]])[:count]
    last = np.concatenate([crossings[reach - 1 :, 1], np.full(reach, total)])[:count]
    rates: Floats = (last - first) / WINDOW
    return rates


@functools.cache
def _crossings_loop() -> Callable[..., Any]:
    return compiled(_crossings, ordered=True)


def _crossings(signal: Any, crossings: Any) -> int:
    """Changes of sign up to the first and up to the last sample of each hop, and of all."""
    count, was_negative = 0, signal[0] < np.float32(-1e-10)
    for hop in range(len(crossings)):
        start = 512 * hop
        for i in range(start, min(start + 512, len(signal))):
            is_negative = signal[i] < np.float32(-1e-10)
            count += is_negative != was_negative
            was_negative = is_negative
            if i == start:
                crossings[hop, 0] = count
        crossings[hop, 1] = count
    return count
