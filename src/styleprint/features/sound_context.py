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
from styleprint.sound.beats import track_beats
from styleprint.sound.descriptors import (
    CONTRAST_BANDS,
    Described,
    band_extremes,
    describe_frames,
    spectral_contrast,
    spectral_flatness,
)
from styleprint.sound.filters import MELS, dct_basis
from styleprint.sound.levels import frame_levels, zero_crossing_rates
from styleprint.sound.loudness import Loudness, loudness_of_steps, step_energies
from styleprint.sound.pitch import Peaks, chroma_frames
from styleprint.sound.rhythm import find_onsets, likeliest_tempo, mean_tempogram, mel_decibels, onset_strength
from styleprint.sound.sections import Section, find_sections
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
    def flatness(self) -> Floats:
        """Geometric over arithmetic mean of the power of each frame."""
        return np.concatenate([np.empty(0), *[spectral_flatness(block) for block in self.magnitudes()]])

    @cached_property
    def contrast(self) -> Floats:
        """Decibels between peaks and valleys of seven bands, shape (n_frames, 7)."""
        found = [band_extremes(block) for block in self.magnitudes()]
        return spectral_contrast(np.concatenate([np.empty((2, 0, CONTRAST_BANDS)), *found], axis=1))

    @cached_property
    def separated(self) -> Floats:
        """Sums over the samples of the harmonic and the percussive signal, shape (n_frames, 4)."""
        if 0 < len(self.spectrum) <= BLOCK_FRAMES:
            described = next(self._described())
            spectra = self._held[0] if self._held else self.spectrum.frames(0, len(self.spectrum))
            return separate_parts(self.spectrum, (spectra, described.magnitude))
        return separate_parts(self.spectrum)

    @property
    def parts(self) -> Parts:
        """Mean and variance of the harmonic and the percussive signal."""
        return Parts.of(self.separated, len(self.signal))

    @cached_property
    def onsets(self) -> Floats32:
        """Onset strength of each frame, over the median of the mel bands."""
        return onset_strength(self.mel_decibels, median=True)

    @cached_property
    def onset_rise(self) -> Floats:
        """Onset strength of each frame, over the mean of the mel bands, by which onsets are found."""
        return onset_strength(self.mel_decibels).astype(np.float64)

    @cached_property
    def onset_frames(self) -> npt.NDArray[np.intp]:
        """Frames with an onset."""
        return find_onsets(self.onset_rise.astype(np.float32))

    @cached_property
    def tempogram(self) -> Floats:
        """Mean autocorrelation of the onset strength at each lag."""
        return mean_tempogram(self.onsets)

    @cached_property
    def beats(self) -> npt.NDArray[np.intp]:
        """Frames of the beats; none without onsets."""
        return track_beats(self.onsets, likeliest_tempo(self.tempogram) if self.onsets.any() else 0.0)

    @cached_property
    def sections(self) -> list[Section]:
        """Sections, and which of them sound alike; none without sound."""
        return find_sections(self.chroma, self.mfcc, self.recording.seconds) if len(self.chroma) else []

    @cached_property
    def loudness_steps(self) -> Floats:
        """Energy of each 100 ms by which loudness is measured."""
        return step_energies(self.recording)

    @cached_property
    def loudness(self) -> Loudness:
        """Integrated loudness and loudness range."""
        return loudness_of_steps(self.loudness_steps)
