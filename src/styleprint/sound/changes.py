"""Pure changes of a recording: a Recording goes in, another comes out.

Used as laws for features, and as variants to learn from (:mod:`styleprint.sound.variants`). Each changes nothing that
its sentence does not name: rate and channels stay, and so does the length where nothing is said of it. Nothing is
clipped: samples may go beyond full scale. What would go beyond what a Recording may hold is made softer as a whole, and
a warning says so. The table `CHANGES` names, for laws, functions of one recording alone, with fixed parameters.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Literal

import numpy as np

from styleprint.music.recording import LOUDEST, Recording, SampleArray, loudest_sample, mean_square, sample_blocks
from styleprint.sound.stretching import stretch, stretching_window

__all__ = [
    "CHANGES",
    "Colour",
    "add_noise",
    "change_speed",
    "cut_seconds",
    "keep_band",
    "move_pitch",
    "pad_silence",
    "scale_level",
    "scale_tempo",
    "swap_channels",
]

Colour = Literal["white", "pink"]

_PINK_FROM_HZ = 20.0
_FILTER_ORDER = 6
_HIGHEST_EDGE = 0.95


def scale_level(recording: Recording, decibels: float) -> Recording:
    """The same sound louder, or softer."""
    factor = np.float32(10.0 ** (decibels / 20.0))
    return _with_samples(recording, recording.samples * factor)


def swap_channels(recording: Recording) -> Recording:
    """Channels in reverse order: left and right exchanged."""
    return replace(recording, samples=np.ascontiguousarray(recording.samples[::-1]))


def pad_silence(recording: Recording, seconds: float) -> Recording:
    """So many seconds of silence after the end."""
    padding = round(seconds * recording.rate_hz)
    return replace(recording, samples=np.pad(recording.samples, ((0, 0), (0, padding))))


def cut_seconds(recording: Recording, start: float, end: float) -> Recording:
    """The sound from `start` up to `end`, in seconds; what lies outside the recording is left out."""
    first, last = (round(max(seconds, 0.0) * recording.rate_hz) for seconds in (start, end))
    return replace(recording, samples=np.ascontiguousarray(recording.samples[:, first:last]))


def change_speed(recording: Recording, factor: float) -> Recording:
    """As a tape that runs so many times as fast: `factor` times the tempo and all frequencies, and shorter by as much.

    Resampled by soxr's high quality; what would lie above half the sampling rate is gone.
    """
    length = round(recording.samples.shape[1] / factor)
    return _with_samples(recording, _resampled(recording.samples, recording.rate_hz, factor, length))


def scale_tempo(recording: Recording, factor: float) -> Recording:
    """The same sound so many times as fast at its own pitch: shorter by as much, by a phase vocoder."""
    return _with_samples(recording, stretch(recording.samples, factor, stretching_window(recording.rate_hz)))


def move_pitch(recording: Recording, semitones: float) -> Recording:
    """All frequencies higher by an interval, or lower, at the same tempo and of the same length.

    Stretched by a phase vocoder, then run as much faster.
    """
    factor = 2.0 ** (semitones / 12.0)
    longer = stretch(recording.samples, 1.0 / factor, stretching_window(recording.rate_hz))
    return _with_samples(recording, _resampled(longer, recording.rate_hz, factor, recording.samples.shape[1]))


def add_noise(
    recording: Recording, ratio_decibels: float, random: np.random.Generator, colour: Colour = "white"
) -> Recording:
    """Noise under the sound, the sound so many decibels above it: mean squares over all samples of all channels.

    Each channel has noise of its own. White noise has equal power in each hertz, pink noise in each octave from 20 Hz
    on (power-law noise by shaping random spectra: Timmer and König 1995). Nothing is added to silence.
    """
    noise = random.standard_normal(recording.samples.shape, np.float32)
    if colour == "pink":
        for channel in noise:
            channel[:] = _pink(channel, recording.rate_hz)
    power = mean_square(noise)
    if not power:
        return recording
    factor = np.sqrt(mean_square(recording.samples) / power) * 10.0 ** (-ratio_decibels / 20.0)
    noise *= np.float32(factor)
    noise += recording.samples
    return _with_samples(recording, noise)


def keep_band(recording: Recording, low_hz: float | None = None, high_hz: float | None = None) -> Recording:
    """What lies between two edges, or on one side of one: Butterworth filters of sixth order, 36 dB an octave.

    At an edge the sound is 3 dB softer. A low edge of a millionth of the sampling rate or less, and a high one of 95 %
    of half of it or more, leave all.
    """
    from scipy.signal import butter, sosfilt

    samples, rate_hz = recording.samples, recording.rate_hz
    edges: list[tuple[float, Literal["highpass", "lowpass"]]] = []
    if low_hz is not None and low_hz > 1e-6 * rate_hz:
        edges.append((low_hz, "highpass"))
    if high_hz is not None and high_hz < _HIGHEST_EDGE * rate_hz / 2:
        edges.append((high_hz, "lowpass"))
    if not edges:
        return recording
    sections = np.concatenate([butter(_FILTER_ORDER, hz, side, output="sos", fs=rate_hz) for hz, side in edges])
    state = np.zeros((len(sections), len(samples), 2))
    found = np.empty(samples.shape, np.float32)
    place = 0
    for block in sample_blocks(samples):
        filtered, state = sosfilt(sections, block.astype(np.float64), axis=1, zi=state)
        found[:, place : place + block.shape[1]] = filtered
        place += block.shape[1]
    return _with_samples(recording, found)


def _with_samples(recording: Recording, samples: SampleArray) -> Recording:
    """The recording with other samples; softer where they are beyond what a Recording may hold, and then it says so."""
    peak = loudest_sample(samples)
    if not peak > LOUDEST:
        return replace(recording, samples=samples)
    softer = samples * np.float32(0.999 * LOUDEST / peak)
    warning = f"A change made the sound {peak:.0f} times full scale; it was made softer, to {LOUDEST:g}."
    return replace(recording, samples=softer, warnings=(*recording.warnings, warning))


def _resampled(samples: SampleArray, rate_hz: int, factor: float, length: int) -> SampleArray:
    """Samples that run `factor` times as fast, cut or padded to a length."""
    import soxr

    found: SampleArray = np.zeros((len(samples), length), np.float32)
    stream = soxr.ResampleStream(rate_hz * factor, rate_hz, len(samples), dtype="float32", quality="HQ")
    place, left = 0, samples.shape[1]
    for block in sample_blocks(samples):
        left -= block.shape[1]
        made = stream.resample_chunk(np.ascontiguousarray(block.T), last=left == 0).T[:, : length - place]
        found[:, place : place + made.shape[1]] = made
        place += made.shape[1]
    return found


def _pink(white: SampleArray, rate_hz: int) -> SampleArray:
    from scipy.fft import irfft, rfft, rfftfreq

    spectrum = rfft(white)
    spectrum /= np.sqrt(np.maximum(rfftfreq(len(white), 1.0 / rate_hz), _PINK_FROM_HZ)).astype(np.float32)
    spectrum[0] = 0.0
    found: SampleArray = irfft(spectrum, len(white))
    return found


CHANGES: Mapping[str, Callable[[Recording], Recording]] = MappingProxyType(
    {
        "gain": partial(scale_level, decibels=-6.0),
        "channel_swap": swap_channels,
        "silence_padding": partial(pad_silence, seconds=4.0),
    }
)
"""Name → change, with fixed parameters: 6 dB softer, channels reversed, four seconds of silence at the end."""
