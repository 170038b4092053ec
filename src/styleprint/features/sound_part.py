"""A part of a recording: the same analysis, looked at from one frame up to another.

Nothing is analysed anew. Frames of a part are frames of the recording, with the sound around them, measured against
the recording as a whole: levels are held against its loudest frame, pitches against its tuning. So numbers of parts
are on the scale of the recording's own, the part that is all of it has equal ones, and means over frames of parts
average to that of the whole. Loudness takes the steps of 100 ms that lie in the part.
"""

from dataclasses import replace
from functools import cached_property
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from styleprint.features.sound_context import Floats, Floats32, SoundContext
from styleprint.music.recording import SampleArray
from styleprint.sound.loudness import STEP_SECONDS
from styleprint.sound.rhythm import FRAMES_A_SECOND, mean_tempogram
from styleprint.sound.spectrum import HOP

__all__ = ["SoundPart"]

_ROUNDING = 1e-6


class SoundPart(SoundContext):
    """What the features of a part share.

    Parameters
    ----------
    whole : SoundContext
    start_seconds, end_seconds : float
        Are rounded to frames; what lies outside the recording is left out.
    """

    def __init__(self, whole: SoundContext, start_seconds: float, end_seconds: float) -> None:
        frames, recording = len(whole.spectrum), whole.recording
        first = min(max(round(start_seconds * FRAMES_A_SECOND), 0), frames)
        last = min(max(round(end_seconds * FRAMES_A_SECOND), first), frames)
        self._frames_of = slice(first, frames if end_seconds >= recording.seconds else last)
        self._seconds = start_seconds, end_seconds
        samples = [round(max(second, 0.0) * recording.rate_hz) for second in self._seconds]
        super().__init__(replace(recording, samples=recording.samples[:, samples[0] : max(samples)]))
        self._whole = whole

    @cached_property
    def signal(self) -> SampleArray:
        """One channel at 22,050 Hz: 512 samples for each frame."""
        return self._whole.signal[self._frames_of.start * HOP : self._frames_of.stop * HOP]

    @property
    def centroid_hz(self) -> Floats:
        """Spectral centroid of each frame."""
        return self._whole.centroid_hz[self._frames_of]

    @property
    def bandwidth_hz(self) -> Floats:
        """Spectral bandwidth of each frame."""
        return self._whole.bandwidth_hz[self._frames_of]

    @property
    def rolloff_hz(self) -> Floats:
        """Frequency below which 85 % of the magnitude of each frame lie."""
        return self._whole.rolloff_hz[self._frames_of]

    @property
    def tuning(self) -> float:
        """By how much of a semitone the music of the whole recording lies above A = 440 Hz."""
        return self._whole.tuning

    @cached_property
    def chroma(self) -> Floats32:
        """Strength of each pitch class from C in each frame."""
        return self._whole.chroma[self._frames_of]

    @cached_property
    def level(self) -> Floats:
        """Root mean square of each frame."""
        return self._whole.level[self._frames_of]

    @cached_property
    def zero_crossing_rate(self) -> Floats:
        """Share of samples of each frame at which the sign changes."""
        return self._whole.zero_crossing_rate[self._frames_of]

    @cached_property
    def mel_decibels(self) -> Floats32:
        """Level of the mel bands."""
        return self._whole.mel_decibels[self._frames_of]

    @cached_property
    def mfcc(self) -> Floats:
        """Cosine coefficients of the mel levels."""
        return self._whole.mfcc[self._frames_of]

    @cached_property
    def flatness(self) -> Floats:
        """Geometric over arithmetic mean of the power of each frame."""
        return self._whole.flatness[self._frames_of]

    @cached_property
    def contrast(self) -> Floats:
        """Decibels between peaks and valleys of seven bands."""
        return self._whole.contrast[self._frames_of]

    @cached_property
    def separated(self) -> Floats:
        """Sums over the samples of the harmonic and the percussive signal."""
        return self._whole.separated[self._frames_of]

    @cached_property
    def onsets(self) -> Floats32:
        """Onset strength of each frame, over the median of the mel bands."""
        return self._whole.onsets[self._frames_of]

    @cached_property
    def onset_rise(self) -> Floats:
        """Onset strength of each frame, over the mean of the mel bands."""
        return self._whole.onset_rise[self._frames_of]

    @cached_property
    def onset_frames(self) -> npt.NDArray[np.intp]:
        """Frames with an onset, counted from the beginning of the part."""
        return _inside(self._whole.onset_frames, self._frames_of)

    @cached_property
    def tempogram(self) -> Floats:
        """Mean over frames of the autocorrelation of the onset strength in the eight seconds about each."""
        return mean_tempogram(self._whole.onsets, self._frames_of.start, self._frames_of.stop)

    @cached_property
    def beats(self) -> npt.NDArray[np.intp]:
        """Frames of the beats, counted from the beginning of the part."""
        return _inside(self._whole.beats, self._frames_of)

    @cached_property
    def loudness_steps(self) -> Floats:
        """Energy of each 100 ms that lies in the part."""
        first = ceil(max(self._seconds[0], 0.0) / STEP_SECONDS - _ROUNDING)
        return self._whole.loudness_steps[first : max(floor(self._seconds[1] / STEP_SECONDS + _ROUNDING), first)]


def _inside(frames: npt.NDArray[np.intp], part: slice) -> npt.NDArray[np.intp]:
    found: npt.NDArray[np.intp] = frames[(frames >= part.start) & (frames < part.stop)] - part.start
    return found
