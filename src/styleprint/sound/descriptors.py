"""What the spectrum of each frame is like: where its energy lies, and how it is spread.

Definitions are those of librosa 0.11, over magnitudes unless said otherwise:

centroid
    Mean frequency, weighed by magnitude.
bandwidth
    Standard deviation of frequency about the centroid, weighed by magnitude.
rolloff
    Lowest frequency below which 85 % of the summed magnitude lie.
flatness
    Geometric over arithmetic mean of the power.
contrast
    In each of seven bands (up to 200 Hz, then octaves from there), decibels between the mean of the strongest fiftieth
    of its bins and of the weakest (Jiang et al. 2002).
mel
    Power in 128 mel bands.

A silent frame has a centroid, bandwidth and rolloff of 0 Hz.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.sound.filters import MELS, mel_filters
from styleprint.sound.spectrum import BINS, Spectra, bin_hz
from styleprint.support.compiled import compiled

__all__ = [
    "CONTRAST_BANDS",
    "Described",
    "band_extremes",
    "describe_frames",
    "spectral_contrast",
    "spectral_flatness",
]

_LEAST_POWER = 1e-10
_LOWEST_BAND_HZ = 200.0
_OCTAVES = 6
_QUANTILE = 0.02

CONTRAST_BANDS = _OCTAVES + 1

Floats32 = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Described:
    """What one pass over a block of frames gives.

    Attributes
    ----------
    magnitude : ndarray of float32, shape (n_frames, 1025)
    mel : ndarray of float32, shape (n_frames, 128)
        Power.
    centroid_hz, bandwidth_hz, rolloff_hz : ndarray of float64, shape (n_frames,)
    """

    magnitude: Floats32
    mel: Floats32
    centroid_hz: Floats
    bandwidth_hz: Floats
    rolloff_hz: Floats


def describe_frames(spectra: Spectra) -> Described:
    """One pass over a block of frames."""
    count = len(spectra)
    magnitude, mel = np.empty((count, BINS), np.float32), np.zeros((count, MELS), np.float32)
    hz, weights, starts = bin_hz(), *_mel_spans()
    centroid, bandwidth, rolloff = np.zeros(count), np.zeros(count), np.zeros(count)
    _loop()(spectra.view(np.float32), magnitude, mel, centroid, bandwidth, rolloff, hz, weights, starts)
    return Described(magnitude, mel, centroid, bandwidth, rolloff)


@functools.cache
def _mel_spans() -> tuple[Floats32, npt.NDArray[np.int64]]:
    """Weights of the mel filters one after the other; where each starts among the bins and among the weights."""
    spans = [np.flatnonzero(row) for row in mel_filters()]
    weights = np.concatenate([row[span] for row, span in zip(mel_filters(), spans, strict=True)])
    lengths = [len(span) for span in spans]
    return weights, np.array([[span[0] for span in spans], np.cumsum([0, *lengths[:-1]]), lengths], dtype=np.int64)


@functools.cache
def _loop() -> Callable[..., Any]:
    return compiled(_describe, ordered=True, summed=True)


def _describe(
    spectra: Any,
    magnitude: Any,
    mel: Any,
    centroid: Any,
    bandwidth: Any,
    rolloff: Any,
    hz: Any,
    weights: Any,
    starts: Any,
) -> None:
    bins = magnitude.shape[1]
    power, running = np.empty(bins, np.float32), np.empty(bins, np.float32)
    for t in range(len(magnitude)):
        row = magnitude[t]
        total, moment = 0.0, 0.0
        for k in range(bins):
            real, imaginary = spectra[t, 2 * k], spectra[t, 2 * k + 1]
            row[k] = np.sqrt(real * real + imaginary * imaginary)
            power[k] = row[k] * row[k]
        for k in range(bins):
            total += np.float64(row[k])
            moment += np.float64(row[k]) * hz[k]
        for band in range(mel.shape[1]):
            start, place, energy = starts[0, band], starts[1, band], np.float32(0)
            for i in range(starts[2, band]):
                energy += weights[place + i] * power[start + i]
            mel[t, band] = energy
        if total <= 0.0:
            continue
        centroid[t] = moment / total
        spread = 0.0
        for k in range(bins):
            distance = hz[k] - centroid[t]
            spread += np.float64(row[k]) * (distance * distance)
        bandwidth[t] = np.sqrt(spread / total)
        so_far = np.float32(0)
        for k in range(bins):
            so_far += row[k]
            running[k] = so_far
        low, high, wanted = 0, bins - 1, np.float32(0.85) * so_far
        while low < high:
            middle = (low + high) // 2
            if running[middle] < wanted:
                low = middle + 1
            else:
                high = middle
        rolloff[t] = hz[low]


def spectral_flatness(magnitude: Floats32) -> Floats32:
    """Geometric over arithmetic mean of the power of each frame, shape (n_frames,)."""
    power = np.maximum(_LEAST_POWER, np.square(magnitude))
    flatness: Floats32 = np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)
    return np.minimum(flatness, np.float32(1))


@functools.cache
def _bands() -> npt.NDArray[np.int64]:
    """First bin, bin after the last, and how many are strongest, of each band of the contrast."""
    hz, bands = bin_hz(), []
    edges = np.concatenate([[0.0], _LOWEST_BAND_HZ * 2.0 ** np.arange(_OCTAVES + 1)])
    for band in range(CONTRAST_BANDS):
        inside = np.flatnonzero((hz >= edges[band]) & (hz <= edges[band + 1]))
        first, last = inside[0] - (band > 0), inside[-1] + 1
        last = BINS if band == _OCTAVES else last
        count = max(int(np.rint(_QUANTILE * (last - first))), 1)
        bands.append((first, last - (band < _OCTAVES), count))
    return np.array(bands, dtype=np.int64)


def band_extremes(magnitude: Floats32) -> Floats:
    """Mean of the strongest and mean of the weakest bins of each band, shape (2, n_frames, 7)."""
    found = np.empty((2, len(magnitude), CONTRAST_BANDS))
    _extremes_loop()(magnitude, _bands(), found[0], found[1])
    return found


def spectral_contrast(extremes: Floats) -> Floats:
    """Decibels between peaks and valleys of each band, shape (n_frames, 7).

    Parameters
    ----------
    extremes : ndarray, shape (2, n_frames, 7)
        Of all frames of a recording: levels stop 80 dB below the loudest.
    """
    contrast: Floats = _decibels(extremes[0]) - _decibels(extremes[1])
    return contrast


def _decibels(values: Floats) -> Floats:
    """As levels at most 80 dB below the loudest."""
    level = 10.0 * np.log10(np.maximum(_LEAST_POWER, values))
    limited: Floats = np.maximum(level, level.max(initial=-np.inf) - 80.0)
    return limited


@functools.cache
def _extremes_loop() -> Callable[..., Any]:
    return compiled(_extremes, ordered=True)


def _extremes(magnitude: Any, bands: Any, peaks: Any, valleys: Any) -> None:
    most = bands[:, 2].max()
    high, low = np.empty(most, np.float32), np.empty(most, np.float32)
    for t in range(len(magnitude)):
        for band in range(len(bands)):
            first, last, count = bands[band]
            high[:count], low[:count] = np.float32(-1.0), np.float32(3.0e38)
            for k in range(first, last):
                value = magnitude[t, k]
                if value > high[count - 1]:
                    at = count - 1
                    while at > 0 and high[at - 1] < value:
                        high[at] = high[at - 1]
                        at -= 1
                    high[at] = value
                if value < low[count - 1]:
                    at = count - 1
                    while at > 0 and low[at - 1] > value:
                        low[at] = low[at - 1]
                        at -= 1
                    low[at] = value
            peaks[t, band] = high[:count].mean()
            valleys[t, band] = low[:count].mean()
