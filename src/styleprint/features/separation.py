"""Separation: what is steady and what strikes, as two signals.

Fitzgerald 2010, by medians over 31 frames and 31 bins (:mod:`styleprint.sound.separation`). Means are of samples, as
the GTZAN table has them: next to nothing, and of no musical meaning; they are kept because models of that table use
them.
"""

import numpy as np

from styleprint.features.feature import Family
from styleprint.features.sound_context import SoundContext

__all__ = ["FEATURES"]

FEATURES = Family("recording")

_SOURCE = "Fitzgerald 2010, by librosa's effects.hpss"


@FEATURES.add(
    unit="of full scale",
    range=(-1000, 1000),
    unchanged_by=("channel_swap",),
    encoding_safe=False,
    source=_SOURCE,
    aliases=("harmony_mean",),
)
def harmonic_mean(context: SoundContext) -> float:
    """Mean of the samples of the harmonic signal."""
    return context.parts.harmonic_mean


@FEATURES.add(
    unit="of full scale, squared",
    range=(0, 1e6),
    unchanged_by=("channel_swap",),
    encoding_safe=False,
    source=_SOURCE,
    aliases=("harmony_var",),
)
def harmonic_var(context: SoundContext) -> float:
    """Variance of the samples of the harmonic signal."""
    return context.parts.harmonic_variance


@FEATURES.add(
    unit="of full scale",
    range=(-1000, 1000),
    unchanged_by=("channel_swap",),
    encoding_safe=False,
    source=_SOURCE,
    aliases=("perceptr_mean",),
)
def percussive_mean(context: SoundContext) -> float:
    """Mean of the samples of the percussive signal."""
    return context.parts.percussive_mean


@FEATURES.add(
    unit="of full scale, squared",
    range=(0, 1e6),
    unchanged_by=("channel_swap",),
    encoding_safe=False,
    source=_SOURCE,
    aliases=("perceptr_var",),
)
def percussive_var(context: SoundContext) -> float:
    """Variance of the samples of the percussive signal."""
    return context.parts.percussive_variance


@FEATURES.add(
    unit="of full scale", range=(0, 1000), unchanged_by=("channel_swap",), encoding_safe=False, source=_SOURCE
)
def harmonic_rms(context: SoundContext) -> float:
    """Root mean square of the harmonic signal."""
    parts = context.parts
    return float(np.sqrt(parts.harmonic_variance + parts.harmonic_mean**2))


@FEATURES.add(
    unit="of full scale", range=(0, 1000), unchanged_by=("channel_swap",), encoding_safe=False, source=_SOURCE
)
def percussive_rms(context: SoundContext) -> float:
    """Root mean square of the percussive signal."""
    parts = context.parts
    return float(np.sqrt(parts.percussive_variance + parts.percussive_mean**2))


@FEATURES.add(
    unit="decibels",
    range=(-np.inf, np.inf),
    unchanged_by=("gain", "channel_swap"),
    source=_SOURCE,
    missing="a recording of which one part is silent",
)
def harmonic_over_percussive(context: SoundContext) -> float:
    """Level of the harmonic over that of the percussive signal."""
    steady, struck = harmonic_rms(context), percussive_rms(context)
    return float(20 * np.log10(steady / struck)) if steady > 0 and struck > 0 else float("nan")
