"""Mel-spectrograms: levels of mel bands relative to the loudest cell, and images of one shape.

Power in 128 mel bands (:mod:`styleprint.sound.filters`), a frame every 512 samples at 22,050 Hz, the lowest band first,
becomes decibels relative to the loudest cell of the recording, at most 80 below it. For images a recording that is
longer is cut, one that is shorter is padded with the floor; so recordings of any length give arrays of one shape.
"""

import numpy as np
import numpy.typing as npt

from styleprint.music.recording import Recording
from styleprint.sound.changes import cut_seconds
from styleprint.sound.descriptors import describe_frames
from styleprint.sound.filters import MELS
from styleprint.sound.spectrum import HOP, RATE_HZ, Spectrum, analysed_signal

__all__ = ["FLOOR_DB", "mel_image", "mel_levels"]

FLOOR_DB = -80.0

Floats32 = npt.NDArray[np.float32]


def mel_levels(mel: Floats32, *, bands: int = 1, frames: int = 1) -> Floats32:
    """Power of mel bands as levels below the loudest cell.

    Parameters
    ----------
    mel : ndarray of float32, shape (n_frames, n_bands)
        Power.
    bands, frames : int
        How many neighbouring bands and frames become one, by their mean power; silence completes the last frames.

    Returns
    -------
    ndarray of float32, shape (ceil(n_frames / frames), n_bands / bands)
        Decibels, −80 to 0; −80 throughout for silence.
    """
    whole = np.pad(mel, ((0, -len(mel) % frames), (0, 0)))
    power = whole.reshape(len(whole) // frames, frames, mel.shape[1] // bands, bands).mean(axis=(1, 3))
    loudest = power.max(initial=0.0)
    if loudest <= 0:
        return np.full(power.shape, FLOOR_DB, np.float32)
    least = np.float32(10.0 ** (FLOOR_DB / 10.0))
    levels = np.float32(10.0) * np.log10(np.maximum(power / loudest, least))
    limited: Floats32 = np.maximum(levels, np.float32(FLOOR_DB))
    return limited


def mel_image(recording: Recording, seconds: float) -> Floats32:
    """Levels of the first so many seconds.

    Parameters
    ----------
    recording : Recording
    seconds : float
        Positive.

    Returns
    -------
    ndarray of float32, shape (128, 1 + 22050 × seconds / 512, rounded down)
        Decibels, −80 to 0; −80 throughout for silence.
    """
    width = 1 + int(seconds * RATE_HZ) // HOP
    image = np.full((MELS, width), FLOOR_DB, np.float32)
    spectrum = Spectrum(analysed_signal(cut_seconds(recording, 0.0, seconds)))
    mel = [describe_frames(spectrum.frames(start, stop)).mel for start, stop in spectrum.blocks()]
    if mel:
        level = mel_levels(np.concatenate(mel)[:width]).T
        image[:, : level.shape[1]] = level
    return image
