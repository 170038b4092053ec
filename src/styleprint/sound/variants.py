"""Forms of a recording that its music could have been heard in: what learning may be given beside the recording.

Each is a pure change (:mod:`styleprint.sound.changes`) whose amount is drawn by the generator that it is given, up to a
strength. Where there is nothing to change it returns the recording itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from styleprint.music.recording import Recording
from styleprint.sound.changes import Colour, add_noise, change_speed, keep_band, move_pitch, scale_level, scale_tempo

__all__ = ["STRENGTHS", "VARIANTS", "Strength", "faster", "filtered", "louder", "noisy", "retimed", "transposed"]

_RATIOS_DECIBELS = 20.0
_HIGHEST_HZ, _HIGHEST_SHARE, _LOWEST_HZ = 10_000.0, 0.45, 40.0
_COLOURS: tuple[Colour, Colour] = ("white", "pink")


@dataclass(frozen=True)
class Strength:
    """What the strength of a variant may be.

    Attributes
    ----------
    usual : float
        Where none is stated.
    least, most : float
    unit : str
    """

    usual: float
    least: float
    most: float
    unit: str


STRENGTHS: Mapping[str, Strength] = MappingProxyType(
    {
        "louder": Strength(6.0, 0.1, 40.0, "decibels"),
        "faster": Strength(1.1, 1.01, 2.0, "times as fast"),
        "retimed": Strength(1.25, 1.01, 2.0, "times as fast"),
        "transposed": Strength(2.0, 0.1, 12.0, "semitones"),
        "noisy": Strength(20.0, 0.0, 80.0, "decibels from noise up to the sound"),
        "filtered": Strength(2.0, 0.1, 5.0, "octaves"),
    }
)
"""Name → strength."""


def louder(recording: Recording, random: np.random.Generator, strength: float = STRENGTHS["louder"].usual) -> Recording:
    """Up to so many decibels louder or softer."""
    return scale_level(recording, float(random.uniform(-strength, strength)))


def faster(recording: Recording, random: np.random.Generator, strength: float = STRENGTHS["faster"].usual) -> Recording:
    """Tempo and pitch together, as a tape that runs up to so many times as fast, or as slowly."""
    return change_speed(recording, _factor(random, strength)) if recording.samples.size else recording


def retimed(
    recording: Recording, random: np.random.Generator, strength: float = STRENGTHS["retimed"].usual
) -> Recording:
    """Up to so many times as fast, or as slow, at its own pitch."""
    return scale_tempo(recording, _factor(random, strength)) if recording.samples.size else recording


def transposed(
    recording: Recording, random: np.random.Generator, strength: float = STRENGTHS["transposed"].usual
) -> Recording:
    """Up to so many semitones higher or lower, at its own tempo; any interval, not steps of a scale."""
    moved = float(random.uniform(-strength, strength))
    return move_pitch(recording, moved) if recording.samples.size else recording


def noisy(recording: Recording, random: np.random.Generator, strength: float = STRENGTHS["noisy"].usual) -> Recording:
    """White or pink noise under it, which the sound exceeds by so many decibels, or by up to 20 more."""
    ratio = float(random.uniform(strength, strength + _RATIOS_DECIBELS))
    return add_noise(recording, ratio, random, _COLOURS[int(random.integers(len(_COLOURS)))])


def filtered(
    recording: Recording, random: np.random.Generator, strength: float = STRENGTHS["filtered"].usual
) -> Recording:
    """Up to so many octaves taken from the top (from 10 kHz down), from the bottom (from 40 Hz up), or from both."""
    sides = int(random.integers(3))
    top, bottom = (2.0 ** float(octaves) for octaves in random.uniform(0.0, strength, 2))
    highest = min(_HIGHEST_HZ, _HIGHEST_SHARE * recording.rate_hz)
    return keep_band(recording, None if sides == 0 else _LOWEST_HZ * bottom, None if sides == 1 else highest / top)


def _factor(random: np.random.Generator, strength: float) -> float:
    return float(np.exp(random.uniform(-np.log(strength), np.log(strength))))


VARIANTS: Mapping[str, Callable[..., Recording]] = MappingProxyType(
    {
        "louder": louder,
        "faster": faster,
        "retimed": retimed,
        "transposed": transposed,
        "noisy": noisy,
        "filtered": filtered,
    }
)
"""Name → change that draws its amount: recording, generator and, where one is stated, strength."""
