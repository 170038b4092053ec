"""Mel filters and spectrograms are librosa's, where it is installed."""

import numpy as np
import pytest

from styleprint.explaining.mel_spectrogram import (
    BANDS,
    FRAME_SAMPLES,
    HIGHEST_HZ,
    HOP_SAMPLES,
    RATE_HZ,
    mel_filters,
    mel_power,
)

pytest.importorskip("librosa", reason="librosa, the reference for mel filters, is not installed")

from librosa.feature import melspectrogram
from librosa.filters import mel


@pytest.mark.parametrize(
    ("bands", "rate", "samples", "highest"),
    [(BANDS, RATE_HZ, FRAME_SAMPLES, HIGHEST_HZ), (40, 44_100, 1_024, 16_000.0), (128, 16_000, 4_096, 900.0)],
)
def test_filters_are_librosas(bands, rate, samples, highest):
    """Slaney's scale and norm, librosa's default."""
    theirs = mel(sr=rate, n_fft=samples, n_mels=bands, fmax=highest, dtype=np.float64)
    assert mel_filters(bands, rate, samples, highest) == pytest.approx(theirs, abs=1e-12)


def test_spectrograms_are_librosas():
    """Power of noise and a tone in every band and frame."""
    time = np.arange(RATE_HZ) / RATE_HZ
    sound = np.random.default_rng(0).normal(size=RATE_HZ) + np.sin(2 * np.pi * 700 * time)
    theirs = melspectrogram(
        y=sound, sr=RATE_HZ, n_fft=FRAME_SAMPLES, hop_length=HOP_SAMPLES, n_mels=BANDS, fmax=HIGHEST_HZ
    )
    ours = mel_power(sound, mel_filters(BANDS, RATE_HZ, FRAME_SAMPLES, HIGHEST_HZ))
    assert ours == pytest.approx(theirs, rel=1e-4)  # librosa sums in single precision
