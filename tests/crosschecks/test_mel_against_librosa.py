"""The mel-spectrogram of notes is librosa's of their sound, where it is installed (the filters are checked with
recordings).
"""

import numpy as np
import pytest

from styleprint.explaining.mel_spectrogram import mel_spectrogram
from styleprint.music.tones import synthesise
from styleprint.sound.spectrum import RATE_HZ

pytest.importorskip("librosa", reason="librosa, the reference for mel spectrograms, is not installed")

from librosa import power_to_db
from librosa.feature import melspectrogram


def test_the_spectrogram_is_librosas():
    """A chord, then a line: every second frame of the bands below 8 kHz, in decibels below the loudest."""
    notes = [(0.0, 1.0, pitch) for pitch in (40, 59, 64, 68)] + [(1.0 + i / 4, 0.25, 70 + i) for i in range(8)]
    found = mel_spectrogram(notes, seconds=3.0)
    sound = synthesise(notes, seconds=3.0, rate_hz=RATE_HZ)
    power = melspectrogram(y=sound, sr=RATE_HZ, n_fft=2048, hop_length=512)[: len(found.level_db), ::2]
    theirs = power_to_db(power, ref=np.max, top_db=70)
    assert np.abs(found.level_db - theirs).max() < 0.1  # single precision, far below the loudest cell
