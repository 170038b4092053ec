"""Mel-spectrograms of one shape: what an image of a recording is made from.

Levels of 128 mel bands (:mod:`styleprint.sound.filters`), a frame every 512 samples at 22,050 Hz, the lowest band
first, relative to the loudest cell and at most 80 dB below it. A recording that is longer is cut, one that is shorter
is padded with the floor; so recordings of any length give arrays of one shape.
"""

import numpy as np

from styleprint.music.recording import Recording
from styleprint.sound.changes import cut_seconds
from styleprint.sound.descriptors import describe_frames
from styleprint.sound.filters import MELS
from styleprint.sound.rhythm import Floats32, mel_decibels
from styleprint.sound.spectrum import HOP, RATE_HZ, Spectrum, analysed_signal

__all__ = ["FLOOR_DB", "mel_image"]

FLOOR_DB = -80.0


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
    if not mel or not any(block.any() for block in mel):
        return image
    level = mel_decibels(np.concatenate(mel))[:width].T
    image[:, : level.shape[1]] = np.maximum(level - level.max(), FLOOR_DB)
    return image
