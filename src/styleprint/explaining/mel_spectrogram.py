"""Mel-spectrograms of notes: what a piece would look like as sound.

The *mel scale* is Slaney's (Auditory Toolbox, Technical Report 1998-010, Interval Research Corporation): linear
below 1000 Hz, 3 mel for 200 Hz; above it logarithmic, 27 mel for each factor of 6.4. Filters are triangles whose
corners are equally far apart on this scale, each of area 1 over frequency in Hz; librosa's default is the same
definition. The power spectrum is that of frames of 2,048 samples under a Hann window of that period, centred, with
silence before and after the sound.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from styleprint.music.score import FloatArray
from styleprint.music.tones import synthesise

__all__ = ["MelSpectrogram", "hz_of_mel", "mel_filters", "mel_of_hz", "mel_power", "mel_spectrogram"]

RATE_HZ = 22_050
FRAME_SAMPLES = 2_048
HOP_SAMPLES = 1_024
BANDS = 96
HIGHEST_HZ = 8_000.0
DYNAMIC_RANGE_DB = 70.0

_MEL_A_HZ = 3.0 / 200.0
_BREAK_HZ = 1_000.0
_LOG_STEP = np.log(6.4) / 27.0


@dataclass(frozen=True, eq=False)
class MelSpectrogram:
    """Levels by mel band and time.

    Attributes
    ----------
    seconds : float
        Length of the sound.
    level_db : ndarray of float64, shape (n_bands, n_frames)
        Relative to the loudest cell, −70 to 0; lowest band first.
    highest_hz : float
        Upper end of the highest band; the lowest begins at 0 Hz.
    """

    seconds: float
    level_db: FloatArray
    highest_hz: float


def mel_spectrogram(notes: Sequence[tuple[float, float, int]], *, seconds: float) -> MelSpectrogram | None:
    """Mel-spectrogram of notes, played as plain tones (:mod:`styleprint.music.tones`).

    Parameters
    ----------
    notes : sequence of (onset, duration, MIDI pitch)
        In seconds.
    seconds : float
        How much is played.

    Returns
    -------
    MelSpectrogram or None
        None where nothing sounds.
    """
    sound = synthesise(notes, seconds=seconds, rate_hz=RATE_HZ)
    if not sound.any():
        return None
    power = mel_power(sound, mel_filters(BANDS, RATE_HZ, FRAME_SAMPLES, HIGHEST_HZ))
    loudest = float(power.max())
    floor = loudest * 10.0 ** (-DYNAMIC_RANGE_DB / 10.0)
    return MelSpectrogram(seconds, 10.0 * np.log10(np.maximum(power, floor) / loudest), HIGHEST_HZ)


def mel_of_hz(frequency_hz: FloatArray | float) -> FloatArray:
    """Slaney's mel scale."""
    hz = np.asarray(frequency_hz, dtype=np.float64)
    high = _BREAK_HZ * _MEL_A_HZ + np.log(np.maximum(hz, _BREAK_HZ) / _BREAK_HZ) / _LOG_STEP
    mel: FloatArray = np.where(hz < _BREAK_HZ, hz * _MEL_A_HZ, high)
    return mel


def hz_of_mel(mel: FloatArray | float) -> FloatArray:
    """The inverse of :func:`mel_of_hz`."""
    value = np.asarray(mel, dtype=np.float64)
    edge = _BREAK_HZ * _MEL_A_HZ
    high = _BREAK_HZ * np.exp(_LOG_STEP * (np.maximum(value, edge) - edge))
    hz: FloatArray = np.where(value < edge, value / _MEL_A_HZ, high)
    return hz


def mel_filters(n_bands: int, rate_hz: int, frame_samples: int, highest_hz: float) -> FloatArray:
    """Triangular filters over the bins of a spectrum.

    Parameters
    ----------
    n_bands : int
    rate_hz, frame_samples : int
        Of the spectrum.
    highest_hz : float
        Upper end of the highest band; the lowest begins at 0 Hz.

    Returns
    -------
    ndarray of float64, shape (n_bands, frame_samples // 2 + 1)
        Each of area 1 over frequency: its peak is 2 / (its width in Hz).
    """
    corners = hz_of_mel(np.linspace(0.0, float(mel_of_hz(highest_hz)), n_bands + 2))
    bins = np.arange(frame_samples // 2 + 1) * rate_hz / frame_samples
    rising = (bins - corners[:-2, None]) / (corners[1:-1] - corners[:-2])[:, None]
    falling = (corners[2:, None] - bins) / (corners[2:] - corners[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    filters: FloatArray = triangles * (2.0 / (corners[2:] - corners[:-2]))[:, None]
    return filters


def mel_power(sound: FloatArray, filters: FloatArray) -> FloatArray:
    """Power of each band in each frame, shape (n_bands, 1 + n_samples // 1024); frames are centred."""
    padded = np.pad(sound, FRAME_SAMPLES // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME_SAMPLES)[::HOP_SAMPLES]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME_SAMPLES) / FRAME_SAMPLES)
    spectrum = np.fft.rfft(frames * window, axis=1)
    power: FloatArray = filters @ (spectrum.real**2 + spectrum.imag**2).T
    return power
