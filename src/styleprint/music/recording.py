"""A recording as samples: one row a channel.

Conventions
-----------
Samples are float32, and 1.0 is full scale; a coded file may go beyond it by a little, so a Recording may, up to
`LOUDEST`. Times are in *seconds* from the start. Silence, constant and very short recordings are recordings; whoever
reads a file says whether it can serve.

A Recording is sound only, and frozen: what changes it makes another (:mod:`styleprint.sound.changes`).

Samples of a long recording may lie in a file that is mapped into memory (:mod:`styleprint.reading.sound_file`), so
whoever looks at all of them does so block by block, without a copy of the whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["LOUDEST", "Recording", "RecordingSource", "SampleArray", "loudest_sample", "mean_square", "sample_blocks"]

SampleArray = npt.NDArray[np.float32]

_BLOCK = 1 << 18

LOUDEST = 1000.0
"""Largest magnitude of a sample: 60 dB above full scale, beyond what any format means by sound."""


@dataclass(frozen=True, slots=True)
class RecordingSource:
    """Where a recording comes from: for groups and audits, never for features.

    Attributes
    ----------
    path, hash : str
        Of the file; the hash is SHA-256.
    format, coding : str
        Container (``flac``) and how samples are coded in it (``PCM_16``), as the decoder names it.
    rate_hz, channels, frames : int
        As the file has them.
    title, artist, album, encoder : str
        What its tags say; empty where they say nothing.
    """

    path: str = ""
    hash: str = ""
    format: str = ""
    coding: str = ""
    rate_hz: int = 0
    channels: int = 0
    frames: int = 0
    title: str = ""
    artist: str = ""
    album: str = ""
    encoder: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Recording:
    """Recorded sound.

    Attributes
    ----------
    samples : ndarray of float32, shape (n_channels, n_samples)
        Finite, at most `LOUDEST` in magnitude.
    rate_hz : int
        Samples a second.
    source : RecordingSource
    warnings : tuple of str
        What reading had to mend or leave out, in sentences.
    """

    samples: SampleArray
    rate_hz: int
    source: RecordingSource = field(default_factory=RecordingSource)
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        samples = self.samples
        if samples.ndim != 2 or samples.dtype != np.float32 or not len(samples):
            raise ValueError("samples must be float32 with one row a channel")
        if self.rate_hz < 1:
            raise ValueError("rate_hz must be positive")
        if samples.size and not loudest_sample(samples) <= LOUDEST:  # also where it is NaN
            raise ValueError(f"samples must be finite and at most {LOUDEST:g} in magnitude")

    @property
    def channels(self) -> int:
        """Number of channels."""
        return len(self.samples)

    @property
    def seconds(self) -> float:
        """Length."""
        return int(self.samples.shape[1]) / self.rate_hz


def sample_blocks(samples: SampleArray) -> Iterator[SampleArray]:
    """All channels of some seconds at a time, in order."""
    for start in range(0, samples.shape[1], _BLOCK):
        yield samples[:, start : start + _BLOCK]


def loudest_sample(samples: SampleArray) -> float:
    """Largest magnitude; 0.0 without samples, NaN where one is NaN."""
    return float(np.maximum(samples.max(), -samples.min())) if samples.size else 0.0


def mean_square(samples: SampleArray) -> float:
    """Mean of the squares of all samples, in float64 without a copy of them; 0.0 without samples."""
    if not samples.size:
        return 0.0
    return float(sum(np.square(block, dtype=np.float64).sum() for block in sample_blocks(samples))) / samples.size
