"""Onsets and tempo.

onset strength
    How much louder, in decibels, the mel bands are than a frame before, where they are louder; the mean or the median
    of all bands (librosa's ``onset_strength``; Ellis 2007, "Beat tracking by dynamic programming").
onset
    A frame whose strength, on a scale of 0 to 1 over the recording, is no less than that of the frame before and at
    least 0.07 above the mean of the nine frames about it; none within two frames of the last (librosa's
    ``onset_detect``).
tempogram
    Autocorrelation of the onset strength in windows of 344 frames (8 s), one about each frame, each divided by its
    largest value (Grosche, Müller & Kurth 2010).
tempo
    The lag where the mean of the tempogram, on a logarithmic scale, is largest once a log-normal prior is added:
    120 beats a minute, one octave wide, none above 320.

An octave error (half or twice the tempo) is known and common, so candidates are given with their strengths.
"""

import functools

import numpy as np
import numpy.typing as npt

from styleprint.sound.spectrum import HOP, RATE_HZ, WINDOW, hann

__all__ = [
    "FRAMES_A_SECOND",
    "LAGS",
    "Floats32",
    "find_onsets",
    "lag_tempi",
    "likeliest_tempo",
    "mean_tempogram",
    "mel_decibels",
    "onset_strength",
    "tempo_weights",
]

FRAMES_A_SECOND = RATE_HZ / HOP
LAGS = int(8.0 * RATE_HZ) // HOP
_FASTEST_BPM = 320.0
_PRIOR_BPM = 120.0
_LEAST_POWER = np.float32(1e-10)
_RANGE_DB = np.float32(80.0)
_FRAMES_AT_ONCE = 256
_AROUND = 4
_ABOVE_MEAN = 0.07
_WAIT = 1

Floats32 = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


def mel_decibels(mel: Floats32) -> Floats32:
    """Power of mel bands as levels, at most 80 dB below the loudest of all."""
    level = np.float32(10.0) * np.log10(np.maximum(_LEAST_POWER, mel))
    limited: Floats32 = np.maximum(level, level.max(initial=-np.inf) - _RANGE_DB)
    return limited


def onset_strength(level: Floats32, *, median: bool = False) -> Floats32:
    """Onset strength of each frame, shape (n_frames,).

    Parameters
    ----------
    level : ndarray of float32, shape (n_frames, 128)
        Of mel bands.
    median : bool
        Over bands take the median, as beat tracking does, and not the mean.
    """
    rise = np.maximum(np.float32(0), level[1:] - level[:-1])
    strength = (_median_of_bands(rise) if median else rise.mean(axis=1)) if len(rise) else np.empty(0, np.float32)
    shift = 1 + WINDOW // (2 * HOP)
    return np.concatenate([np.zeros(shift, np.float32), strength])[: len(level)]


def _median_of_bands(rise: Floats32) -> Floats32:
    half = rise.shape[1] // 2
    parted = np.partition(rise, (half - 1, half), axis=1)
    median: Floats32 = parted[:, half - 1 : half + 1].mean(axis=1)
    return median


def find_onsets(strength: Floats32) -> npt.NDArray[np.intp]:
    """Frames with an onset.

    Parameters
    ----------
    strength : ndarray of float32, shape (n_frames,)
        Over the mean of the mel bands.
    """
    scaled = strength - strength.min(initial=np.inf)
    if not scaled.any():
        return np.empty(0, np.intp)
    scaled = (scaled / scaled.max()).astype(np.float64)
    running = np.concatenate([[0.0], np.cumsum(scaled)])
    place = np.arange(len(scaled))
    first, last = np.maximum(place - _AROUND, 0), np.minimum(place + _AROUND + 1, len(scaled))
    above = scaled >= (running[last] - running[first]) / (last - first) + _ABOVE_MEAN
    rises = np.concatenate([[True], scaled[1:] >= scaled[:-1]])
    found: list[int] = []
    for frame in np.flatnonzero(above & rises).tolist():
        if not found or frame - found[-1] > _WAIT:
            found.append(frame)
    return np.array(found, np.intp)


def mean_tempogram(strength: Floats32, first: int = 0, last: int | None = None) -> Floats:
    """The mean over frames of the normalised autocorrelation at each lag, shape (LAGS,); zeros without onsets.

    Parameters
    ----------
    strength : ndarray of float32, shape (n_frames,)
        Of the whole recording.
    first, last : int
        Over the frames from `first` up to `last` alone, each still with the window about it.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    half = LAGS // 2
    window = hann(LAGS)
    padded = np.pad(strength, half, mode="linear_ramp", end_values=0)
    cut = np.lib.stride_tricks.sliding_window_view(padded, LAGS)[: len(strength)][first:last]
    size, total = next_fast_len(2 * LAGS - 1, real=True), np.zeros(LAGS)
    for start in range(0, len(cut), _FRAMES_AT_ONCE):
        spectra = rfft(cut[start : start + _FRAMES_AT_ONCE] * window, n=size, axis=1)
        power = spectra.real**2 + spectra.imag**2
        autocorrelation = irfft(power, n=size, axis=1)[:, :LAGS]
        largest = np.abs(autocorrelation).max(axis=1, keepdims=True)
        total += (autocorrelation / np.where(largest < np.finfo(np.float32).tiny, np.float32(1), largest)).sum(
            axis=0, dtype=np.float64
        )
    return total / max(len(cut), 1)


@functools.cache
def lag_tempi() -> Floats:
    """Beats a minute of each lag; infinite at lag 0."""
    return np.concatenate([[np.inf], 60.0 * FRAMES_A_SECOND / np.arange(1, LAGS)])


def tempo_weights(tempogram: Floats) -> Floats:
    """How likely each lag is the beat: logarithms, −inf where the tempo is too fast."""
    with np.errstate(invalid="ignore"):
        prior = -0.5 * (np.log2(lag_tempi()) - np.log2(_PRIOR_BPM)) ** 2
    prior[: int(np.argmax(lag_tempi() < _FASTEST_BPM))] = -np.inf
    weights: Floats = np.log1p(1e6 * tempogram) + prior
    return weights


def likeliest_tempo(tempogram: Floats) -> float:
    """The tempo of a mean tempogram, in beats a minute."""
    return float(lag_tempi()[np.argmax(tempo_weights(tempogram))])
