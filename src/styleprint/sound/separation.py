"""Harmonic and percussive parts of a signal.

Fitzgerald 2010, "Harmonic/percussive separation using median filtering": what is steady over 31 frames is harmonic,
what spreads over 31 bins is percussive, and a soft mask (power 2) shares each cell of the spectrum between both. The
masks sum to one, so the percussive signal is what the harmonic one leaves of the whole; only one is made.

Blocks are worked on with as many frames around them as medians and overlapping frames look at, so a long recording
gives the same signal as a short one.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.recording import SampleArray
from styleprint.sound.medians import WIDTH, running_medians
from styleprint.sound.spectrum import BINS, HOP, WINDOW, Spectra, Spectrum, hann
from styleprint.support.compiled import compiled

__all__ = ["MARGIN", "Parts", "harmonic_block", "separate_parts"]

_OVERLAP = WINDOW // 2 // HOP
"""Frames before and after that reach into the samples of a frame."""

MARGIN = _OVERLAP + WIDTH // 2
"""Frames on both sides that the samples of a block depend on."""

_TINY = np.finfo(np.float32).tiny
_FRAMES_AT_ONCE = 64


@dataclass(frozen=True)
class Parts:
    """Mean and variance of the samples of both parts; NaN without samples."""

    harmonic_mean: float
    harmonic_variance: float
    percussive_mean: float
    percussive_variance: float

    @classmethod
    def of(cls, sums: npt.NDArray[np.float64], count: int) -> "Parts":
        """Of so many samples whose sums, hop by hop, are these (:func:`separate_parts`)."""
        if not count:
            return cls(*[float("nan")] * 4)
        harmonic, harmonic_squares, percussive, percussive_squares = (sums.sum(axis=0) / count).tolist()
        return cls(
            harmonic,
            max(harmonic_squares - harmonic**2, 0.0),
            percussive,
            max(percussive_squares - percussive**2, 0.0),
        )


def separate_parts(
    spectrum: Spectrum, held: tuple[Spectra, npt.NDArray[np.float32]] | None = None
) -> npt.NDArray[np.float64]:
    """Sums over the samples of the harmonic and the percussive signal.

    Parameters
    ----------
    spectrum : Spectrum
    held : (spectra, magnitude), optional
        Of all frames, where the recording is a single block and they are at hand.

    Returns
    -------
    ndarray, shape (n_frames, 4)
        Of the 512 samples from the centre of each frame: the sum and the sum of squares of the harmonic signal, and
        those of the percussive.
    """
    signal, sums = spectrum.signal, np.zeros((len(spectrum), 4))
    for start, stop in spectrum.blocks():
        first, last = max(start - MARGIN, 0), min(stop + MARGIN, len(spectrum))
        spectra = held[0] if held else spectrum.frames(first, last)
        magnitude = held[1] if held else np.abs(spectra)
        harmonic = harmonic_block(spectra, magnitude, start - first, stop - first)
        own = signal[start * HOP : start * HOP + len(harmonic)]
        _sums_loop()(harmonic[: len(own)], own, sums[start:stop])
    return sums


def harmonic_block(spectra: Spectra, magnitude: npt.NDArray[np.float32], start: int, stop: int) -> SampleArray:
    """Samples of the harmonic signal that belong to the frames from `start` up to `stop`: 512 each, from its centre.

    Parameters
    ----------
    spectra, magnitude : ndarrays, shape (n_frames, 1025)
        With a margin of `MARGIN` frames around those asked for, but for the ends of the signal.
    start, stop : int
    """
    from scipy.fft import irfft

    steady, spread = np.empty_like(magnitude), np.empty_like(magnitude)
    running_medians(magnitude, steady)
    running_medians(magnitude.T, spread.T)
    first, last = max(start - _OVERLAP + 1, 0), min(stop + _OVERLAP, len(spectra))
    summed, window = np.zeros((last - first - 1) * HOP + WINDOW, np.float32), hann()
    masked = np.empty((_FRAMES_AT_ONCE, BINS), np.complex64)
    for at in range(first, last, _FRAMES_AT_ONCE):
        count = min(_FRAMES_AT_ONCE, last - at)
        part = slice(at, at + count)
        _mask_loop()(spectra[part].view(np.float32), steady[part], spread[part], masked.view(np.float32))
        _add_loop()(irfft(masked[:count], n=WINDOW, axis=1), window, summed[(at - first) * HOP :])
    begin = (start - first) * HOP + WINDOW // 2
    inside = slice(begin, begin + (stop - start) * HOP)
    weight = _window_weight(last - first)[inside]
    found: SampleArray = np.divide(summed[inside], weight, out=summed[inside], where=weight > _TINY)
    return found


def _window_weight(frames: int) -> SampleArray:
    """Sum of the squared windows of so many frames that lie over each sample."""
    hops = WINDOW // HOP
    squared = np.square(hann()).reshape(hops, HOP)
    weight = np.zeros((frames + hops - 1, HOP), np.float32)
    for hop in range(hops):
        weight[hop : hop + frames] += squared[hop]
    return weight.ravel()


@functools.cache
def _mask_loop() -> Callable[..., Any]:
    return compiled(_mask, ordered=True)


def _mask(spectra: Any, steady: Any, spread: Any, masked: Any) -> None:
    """Cells times the share of the harmonic part; a half where neither part has any."""
    for t in range(len(steady)):
        for k in range(steady.shape[1]):
            harmonic, percussive = steady[t, k] * steady[t, k], spread[t, k] * spread[t, k]
            both = harmonic + percussive
            share = harmonic / both if both > np.float32(0) else np.float32(0.5)
            masked[t, 2 * k] = spectra[t, 2 * k] * share
            masked[t, 2 * k + 1] = spectra[t, 2 * k + 1] * share


@functools.cache
def _add_loop() -> Callable[..., Any]:
    return compiled(_add, ordered=True)


def _add(frames: Any, window: Any, summed: Any) -> None:
    for t in range(len(frames)):
        for i in range(len(window)):
            summed[512 * t + i] += frames[t, i] * window[i]


@functools.cache
def _sums_loop() -> Callable[..., Any]:
    return compiled(_sums, ordered=True, summed=True)


def _sums(harmonic: Any, whole: Any, sums: Any) -> None:
    """Sum and sum of squares of the harmonic samples of each hop, and of what they leave of the whole."""
    for hop in range((len(harmonic) + 511) // 512):
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for i in range(512 * hop, min(512 * hop + 512, len(harmonic))):
            own, rest = np.float64(harmonic[i]), np.float64(whole[i]) - np.float64(harmonic[i])
            a += own
            b += own * own
            c += rest
            d += rest * rest
        sums[hop, 0] = a
        sums[hop, 1] = b
        sums[hop, 2] = c
        sums[hop, 3] = d
