"""Pure changes of a recording: a Recording goes in, another comes out.

Used as laws for features. Each changes nothing that its sentence does not name. The table `CHANGES` names, for laws,
functions of one recording alone, with fixed parameters; `VARIANTS` names those that learning may be given beside a
recording, which draw their amount.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np

from styleprint.music.recording import Recording

__all__ = ["CHANGES", "VARIANTS", "cut_seconds", "louder", "pad_silence", "scale_level", "swap_channels"]


def scale_level(recording: Recording, decibels: float) -> Recording:
    """The same sound louder, or softer."""
    factor = np.float32(10.0 ** (decibels / 20.0))
    return replace(recording, samples=recording.samples * factor)


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


CHANGES: Mapping[str, Callable[[Recording], Recording]] = MappingProxyType(
    {
        "gain": partial(scale_level, decibels=-6.0),
        "channel_swap": swap_channels,
        "silence_padding": partial(pad_silence, seconds=4.0),
    }
)
"""Name → change, with fixed parameters: 6 dB softer, channels reversed, four seconds of silence at the end."""


def louder(recording: Recording, random: np.random.Generator) -> Recording:
    """Up to 6 dB louder or softer."""
    return scale_level(recording, float(random.uniform(-6.0, 6.0)))


VARIANTS: Mapping[str, Callable[[Recording, np.random.Generator], Recording]] = MappingProxyType({"louder": louder})
"""Name → change that draws its amount."""
