"""Filter banks over the bins of a spectrum.

mel
    Slaney's scale (Auditory Toolbox, 1998): linear below 1,000 Hz, logarithmic above, 128 triangles from 0 to
    11,025 Hz, each of equal area.
chroma
    Ellis 2007, "Chroma feature analysis and synthesis": each bin is shared among pitch classes by a Gaussian on the
    distance in semitones, and weighed by a Gaussian of two octaves about the fifth above 27.5 Hz.
"""

import functools

import numpy as np
import numpy.typing as npt

from styleprint.sound.spectrum import BINS, RATE_HZ, WINDOW, bin_hz

__all__ = ["MELS", "chroma_filters", "dct_basis", "from_mel", "mel_filters", "to_mel"]

MELS = 128

_LINEAR_HZ = 200.0 / 3
_BREAK_HZ = 1000.0
_LOG_STEP = np.log(6.4) / 27.0
_A0_HZ = 27.5
_CENTRE_OCTAVE = 5.0
_WIDTH_OCTAVES = 2.0

Floats = npt.NDArray[np.float64]


def to_mel(hz: float) -> float:
    """Place of a frequency on Slaney's scale."""
    if hz < _BREAK_HZ:
        return hz / _LINEAR_HZ
    return float(_BREAK_HZ / _LINEAR_HZ + np.log(hz / _BREAK_HZ) / _LOG_STEP)


def from_mel(mel: Floats) -> Floats:
    """Frequencies of places on Slaney's scale."""
    bend = _BREAK_HZ / _LINEAR_HZ
    return np.where(mel < bend, mel * _LINEAR_HZ, _BREAK_HZ * np.exp(_LOG_STEP * (mel - bend)))


@functools.cache
def mel_filters() -> npt.NDArray[np.float32]:
    """Weights of the bins in each of 128 mel bands, shape (128, 1025)."""
    edges = from_mel(np.linspace(0.0, to_mel(RATE_HZ / 2), MELS + 2))
    ramps = edges[:, None] - bin_hz()
    width = np.diff(edges)
    rising, falling = -ramps[:-2] / width[:-1, None], ramps[2:] / width[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)
    area = (2.0 / (edges[2:] - edges[:-2]))[:, None]
    filters: npt.NDArray[np.float32] = (triangles * area).astype(np.float32)
    return filters


def chroma_filters(tuning: float) -> npt.NDArray[np.float32]:
    """Weights of the bins in each pitch class from C, shape (12, 1025).

    Parameters
    ----------
    tuning : float
        By how much of a semitone the music lies above A = 440 Hz.
    """
    hz = np.arange(1, WINDOW) * (RATE_HZ / WINDOW)
    reference = _A0_HZ * 2.0 ** (tuning / 12)
    semitones = 12 * np.log2(hz / reference)
    semitones = np.concatenate([[semitones[0] - 18.0], semitones])
    width = np.concatenate([np.maximum(np.diff(semitones), 1.0), [1.0]])
    distance = (semitones - np.arange(12.0)[:, None] + 126.0) % 12 - 6
    weights = np.exp(-0.5 * (2 * distance / width) ** 2)
    weights /= np.sqrt((weights**2).sum(axis=0))
    weights *= np.exp(-0.5 * ((semitones / 12 - _CENTRE_OCTAVE) / _WIDTH_OCTAVES) ** 2)
    filters: npt.NDArray[np.float32] = np.roll(weights, -3, axis=0)[:, :BINS].astype(np.float32)
    return filters


@functools.cache
def dct_basis(count: int) -> npt.NDArray[np.float64]:
    """The first cosines over mel bands, orthonormal (DCT-II), shape (128, count)."""
    angle = np.pi * (np.arange(MELS)[:, None] + 0.5) * np.arange(count) / MELS
    basis: Floats = np.cos(angle) * np.sqrt(2.0 / MELS)
    basis[:, 0] /= np.sqrt(2.0)
    return basis
