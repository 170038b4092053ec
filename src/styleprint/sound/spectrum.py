"""The short-time spectrum of a signal: one float32 transform, in blocks of frames, from which all else is made.

Frames are 2,048 samples under a Hann window, one every 512 samples, the first centred on the first sample, with zeros
beyond both ends: the defaults of librosa (McFee et al. 2015, "librosa: Audio and music signal analysis in Python"),
whose names and definitions the features keep. Analysis takes one channel (the mean of all) at 22,050 Hz.

A long recording is never held as one spectrum: blocks of some thousand frames bound the memory. Whatever looks beyond
a frame (medians, overlapping frames) asks for as much on both sides as it needs, so blocks leave no trace.
"""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.music.recording import Recording, SampleArray, sample_blocks

__all__ = [
    "BINS",
    "BLOCK_FRAMES",
    "HOP",
    "RATE_HZ",
    "WINDOW",
    "Spectra",
    "Spectrum",
    "analysed_signal",
    "bin_hz",
    "hann",
]

RATE_HZ = 22_050
WINDOW = 2_048
HOP = 512
BINS = WINDOW // 2 + 1

BLOCK_FRAMES = 4_096
"""Frames of a block: 95 s."""

_CANCELLED = 1e-3

_FRAMES_AT_ONCE = 64
"""That fit a processor's cache while they are transformed."""

Spectra = npt.NDArray[np.complex64]


def bin_hz() -> npt.NDArray[np.float64]:
    """Frequency of each bin."""
    hz: npt.NDArray[np.float64] = np.arange(BINS, dtype=np.float64) * (RATE_HZ / WINDOW)
    return hz


def analysed_signal(recording: Recording) -> SampleArray:
    """One channel at 22,050 Hz: the mean of all channels, resampled by soxr's high quality where the rate differs.

    Where channels cancel each other (one is the other upside down), so that their mean is 60 dB below the first, the
    first is analysed.
    """
    samples, rate_hz = recording.samples, recording.rate_hz
    count = samples.shape[1]
    if rate_hz == RATE_HZ and len(samples) == 1:
        return np.ascontiguousarray(samples[0])
    signal: SampleArray = np.zeros(-(-count * RATE_HZ // rate_hz), np.float32)
    blocks = _first_channel(samples) if _cancels(samples) else _mean_of_channels(samples)
    place = 0
    for block in _resampled(blocks, rate_hz, count):
        kept = block[: len(signal) - place]
        signal[place : place + len(kept)] = kept
        place += len(kept)
    return signal


def _first_channel(samples: SampleArray) -> Iterator[SampleArray]:
    return (block[0] for block in sample_blocks(samples))


def _mean_of_channels(samples: SampleArray) -> Iterator[SampleArray]:
    if len(samples) == 1:
        return _first_channel(samples)
    return (block.mean(axis=0, dtype=np.float32) for block in sample_blocks(samples))


def _cancels(samples: SampleArray) -> bool:
    """Whether the mean of channels is 60 dB below the first."""
    if len(samples) == 1 or not samples.size:
        return False
    loudest = max(float(np.abs(block).max()) for block in _mean_of_channels(samples))
    return loudest < _CANCELLED * max(float(np.abs(block).max()) for block in _first_channel(samples))


def _resampled(blocks: Iterable[SampleArray], rate_hz: int, count: int) -> Iterator[SampleArray]:
    """Blocks at the rate of the analysis; equal to what is resampled in one piece."""
    if rate_hz == RATE_HZ:
        yield from blocks
        return
    import soxr

    stream = soxr.ResampleStream(rate_hz, RATE_HZ, 1, dtype="float32", quality="HQ")
    for block in blocks:
        count -= len(block)
        yield stream.resample_chunk(np.ascontiguousarray(block), last=count == 0)


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Frames of a signal.

    Attributes
    ----------
    signal : ndarray of float32, shape (n_samples,)
        One channel at 22,050 Hz.
    """

    signal: SampleArray

    def __len__(self) -> int:
        """Number of frames; a signal without samples has none."""
        return 1 + len(self.signal) // HOP if len(self.signal) else 0

    def blocks(self) -> Iterator[tuple[int, int]]:
        """First frame of each block, and the first after it."""
        for start in range(0, len(self), BLOCK_FRAMES):
            yield start, min(start + BLOCK_FRAMES, len(self))

    def frames(self, start: int, stop: int) -> Spectra:
        """Spectra of the frames from `start` up to `stop`.

        Returns
        -------
        ndarray of complex64, shape (stop − start, 1025)
        """
        from scipy.fft import rfft

        first = start * HOP - WINDOW // 2
        last = (stop - 1) * HOP + WINDOW // 2
        inside = self.signal[max(first, 0) : max(last, 0)]
        padded = np.pad(inside, (max(-first, 0), max(last - max(first, 0) - len(inside), 0)))
        cut = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
        found: Spectra = np.empty((stop - start, BINS), np.complex64)
        window = hann()
        for at in range(0, stop - start, _FRAMES_AT_ONCE):
            found[at : at + _FRAMES_AT_ONCE] = rfft(cut[at : at + _FRAMES_AT_ONCE] * window, axis=1)
        return found


@functools.cache
def hann(length: int = WINDOW) -> SampleArray:
    """The periodic Hann window."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)).astype(np.float32)
