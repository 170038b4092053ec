"""What the features of a recording share, computed once when first asked for.

A recording that is no longer than one block of frames keeps its spectrum while its features are made; of a longer one
each that looks at the spectrum makes it again, block by block, so that memory is bounded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from styleprint.music.recording import Recording, SampleArray
from styleprint.sound.descriptors import Described, describe_frames
from styleprint.sound.filters import MELS, dct_basis
from styleprint.sound.levels import frame_levels, zero_crossing_rates
from styleprint.sound.pitch import Peaks, chroma_frames
from styleprint.sound.rhythm import mean_tempogram, mel_decibels, onset_strength
from styleprint.sound.separation import Parts, separate_parts
from styleprint.sound.spectrum import BLOCK_FRAMES, Spectra, Spectrum, analysed_signal

__all__ = ["MFCCS", "SoundContext"]

MFCCS = 20

Result = TypeVar("Result")
Floats32 = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Frames:
    """What the first pass over the spectrum gives of all frames."""

    mel: Floats32
    centroid_hz: Floats
    bandwidth_hz: Floats
    rolloff_hz: Floats
    tuning: float


class SoundContext:
    """A recording, and what is derived from it on demand.

    Parameters
    ----------
    recording : Recording
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._shared: dict[Callable[[SoundContext], Any], Any] = {}
        self._held: tuple[Spectra, Described] | None = None

    def shared(self, analyse: Callable[["SoundContext"], Result]) -> Result:
        """What `analyse` makes of this recording, computed once: for what one family's features share."""
        if analyse not in self._shared:
            self._shared[analyse] = analyse(self)
        result: Result = self._shared[analyse]
        return result

    @cached_property
    def signal(self) -> SampleArray:
        """One channel at 22,050 Hz."""
        return analysed_signal(self.recording)

    @cached_property
    def spectrum(self) -> Spectrum:
        """The spectrum of the signal."""
        return Spectrum(self.signal)

    def magnitudes(self) -> Iterator[Floats32]:
        """Magnitudes of the spectrum, block by block."""
        for described in self._described():
            yield described.magnitude

    def _described(self) -> Iterator[Described]:
        spectrum = self.spectrum
        if not 0 < len(spectrum) <= BLOCK_FRAMES:
            yield from (describe_frames(spectrum.frames(start, stop)) for start, stop in spectrum.blocks())
            return
        if self._held is None:
            spectra = spectrum.frames(0, len(spectrum))
            self._held = spectra, describe_frames(spectra)
        yield self._held[1]

    @cached_property
    def _frames(self) -> _Frames:
        peaks, found = Peaks(), []
        for block in self._described():
            peaks.add(block.magnitude)
            found.append((block.mel, block.centroid_hz, block.bandwidth_hz, block.rolloff_hz))
        if not found:
            none = np.empty(0)
            return _Frames(np.empty((0, MELS), np.float32), none, none, none, 0.0)
        mel, centroid, bandwidth, rolloff = (np.concatenate(columns) for columns in zip(*found, strict=True))
        return _Frames(mel, centroid, bandwidth, rolloff, peaks.tuning())

    @property
    def mel(self) -> Floats32:
        """Power of the mel bands of each frame, shape (n_frames, 128)."""
        return self._frames.mel

    @property
    def centroid_hz(self) -> Floats:
        """Spectral centroid of each frame."""
        return self._frames.centroid_hz

    @property
    def bandwidth_hz(self) -> Floats:
        """Spectral bandwidth of each frame."""
        return self._frames.bandwidth_hz

    @property
    def rolloff_hz(self) -> Floats:
        """Frequency below which 85 % of the magnitude of each frame lie."""
        return self._frames.rolloff_hz

    @property
    def tuning(self) -> float:
        """By how much of a semitone the music lies above A = 440 Hz."""
        return self._frames.tuning

    @cached_property
    def chroma(self) -> Floats32:
        """Strength of each pitch class from C in each frame, shape (n_frames, 12)."""
        found = [chroma_frames(block, self.tuning) for block in self.magnitudes()]
        return np.concatenate([np.empty((0, 12), np.float32), *found])

    @cached_property
    def level(self) -> Floats:
        """Root mean square of each frame."""
        return frame_levels(self.signal) if len(self.signal) else np.empty(0)

    @cached_property
    def zero_crossing_rate(self) -> Floats:
        """Share of samples of each frame at which the sign changes."""
        return zero_crossing_rates(self.signal) if len(self.signal) else np.empty(0)

    @cached_property
    def mel_decibels(self) -> Floats32:
        """Level of the mel bands, shape (n_frames, 128)."""
        return mel_decibels(self._frames.mel)

    @cached_property
    def mfcc(self) -> Floats:
        """Cosine coefficients of the mel levels, shape (n_frames, 20)."""
        coefficients: Floats = self.mel_decibels @ dct_basis(MFCCS)
        return coefficients

    @cached_property
    def parts(self) -> Parts:
        """Mean and variance of the harmonic and the percussive signal."""
        if 0 < len(self.spectrum) <= BLOCK_FRAMES:
            described = next(self._described())
            spectra = self._held[0] if self._held else self.spectrum.frames(0, len(self.spectrum))
            return separate_parts(self.spectrum, (spectra, described.magnitude))
        return separate_parts(self.spectrum)

    @cached_property
    def onsets(self) -> Floats32:
        """Onset strength of each frame, over the median of the mel bands."""
        return onset_strength(self.mel_decibels, median=True)

    @cached_property
    def tempogram(self) -> Floats:
        """Mean autocorrelation of the onset strength at each lag."""
        return mean_tempogram(self.onsets)
