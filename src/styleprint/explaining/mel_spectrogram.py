"""Mel-spectrograms of notes: what a piece would look like as sound.

Notes are played as plain tones (:mod:`styleprint.music.tones`); spectrum and mel filters are those of recordings
(:mod:`styleprint.sound.spectrum`, :mod:`styleprint.sound.filters`): Slaney's scale, triangles of equal area.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from styleprint.music.score import FloatArray
from styleprint.music.tones import synthesise
from styleprint.sound.filters import MELS, from_mel, mel_filters, to_mel
from styleprint.sound.spectrum import RATE_HZ, Spectrum

__all__ = ["MelSpectrogram", "mel_spectrogram"]

_HIGHEST_HZ = 8_000.0
_EVERY = 2
_RANGE_DB = 70.0


@dataclass(frozen=True, eq=False)
class MelSpectrogram:
    """Levels by mel band and time.

    Attributes
    ----------
    seconds : float
        Length of the sound.
    level_db : ndarray of float64, shape (n_bands, n_frames)
        Relative to the loudest cell, −70 to 0; lowest band first, a frame every 1,024 samples.
    highest_hz : float
        Upper end of the highest band; the lowest begins at 0 Hz.
    """

    seconds: float
    level_db: FloatArray
    highest_hz: float


def mel_spectrogram(notes: Sequence[tuple[float, float, int]], *, seconds: float) -> MelSpectrogram | None:
    """Mel-spectrogram of notes, up to 8 kHz: above that plain tones have little.

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
    spectrum = Spectrum(sound.astype(np.float32))
    frames = spectrum.frames(0, len(spectrum))[::_EVERY]
    ends = from_mel(np.linspace(0.0, to_mel(RATE_HZ / 2), MELS + 2))[2:]
    n_bands = int(np.searchsorted(ends, _HIGHEST_HZ, side="right"))
    power = mel_filters()[:n_bands].astype(np.float64) @ (frames.real.astype(np.float64) ** 2 + frames.imag**2).T
    loudest = float(power.max())
    floor = loudest * 10.0 ** (-_RANGE_DB / 10.0)
    return MelSpectrogram(seconds, 10.0 * np.log10(np.maximum(power, floor) / loudest), float(ends[n_bands - 1]))
