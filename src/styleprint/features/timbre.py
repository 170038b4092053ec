"""Timbre: where the energy of the spectrum lies and how it is spread, over all frames.

Definitions and names are librosa's (:mod:`styleprint.sound.descriptors`). MFCC are the first twenty cosines over the
levels of 128 mel bands, at most 80 dB below the loudest, the cosines orthonormal; the first of them tells the level.
"""

import numpy as np

from styleprint.features.feature import Family
from styleprint.features.numbers import mean, variance
from styleprint.features.sound_context import MFCCS, SoundContext
from styleprint.music.score import FloatArray
from styleprint.sound.descriptors import CONTRAST_BANDS
from styleprint.sound.spectrum import RATE_HZ

__all__ = ["FEATURES"]

FEATURES = Family("recording")

_NYQUIST = RATE_HZ / 2
_LIBROSA = "librosa (McFee et al. 2015)"
_KEEPS = ("gain", "channel_swap")
_NUMBERS = tuple(str(number) for number in range(1, MFCCS + 1))
_MOST_DB = 170.0


@FEATURES.add(
    unit="hertz",
    range=(0, _NYQUIST),
    unchanged_by=_KEEPS,
    source=_LIBROSA,
    aliases=("spectral_centroid_mean",),
)
def spectral_centroid_mean(context: SoundContext) -> float:
    """Mean over frames of the mean frequency, weighed by magnitude."""
    return mean(context.centroid_hz)


@FEATURES.add(
    unit="hertz²",
    range=(0, _NYQUIST**2),
    unchanged_by=_KEEPS,
    source=_LIBROSA,
    aliases=("spectral_centroid_var",),
)
def spectral_centroid_var(context: SoundContext) -> float:
    """Variance over frames of the spectral centroid."""
    return variance(context.centroid_hz)


@FEATURES.add(
    unit="hertz",
    range=(0, _NYQUIST),
    unchanged_by=_KEEPS,
    source=_LIBROSA,
    aliases=("spectral_bandwidth_mean",),
)
def spectral_bandwidth_mean(context: SoundContext) -> float:
    """Mean over frames of the standard deviation of frequency about the centroid, weighed by magnitude."""
    return mean(context.bandwidth_hz)


@FEATURES.add(
    unit="hertz²",
    range=(0, _NYQUIST**2),
    unchanged_by=_KEEPS,
    source=_LIBROSA,
    aliases=("spectral_bandwidth_var",),
)
def spectral_bandwidth_var(context: SoundContext) -> float:
    """Variance over frames of the spectral bandwidth."""
    return variance(context.bandwidth_hz)


@FEATURES.add(unit="hertz", range=(0, _NYQUIST), unchanged_by=_KEEPS, source=_LIBROSA, aliases=("rolloff_mean",))
def spectral_rolloff_mean(context: SoundContext) -> float:
    """Mean over frames of the lowest frequency below which 85 % of the magnitude lie."""
    return mean(context.rolloff_hz)


@FEATURES.add(unit="hertz²", range=(0, _NYQUIST**2), unchanged_by=_KEEPS, source=_LIBROSA, aliases=("rolloff_var",))
def spectral_rolloff_var(context: SoundContext) -> float:
    """Variance over frames of the spectral rolloff."""
    return variance(context.rolloff_hz)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    unchanged_by=_KEEPS,
    source=_LIBROSA,
    aliases=("zero_crossing_rate_mean",),
)
def zero_crossing_rate_mean(context: SoundContext) -> float:
    """Mean over frames of the share of samples at which the sign changes."""
    return mean(context.zero_crossing_rate)


@FEATURES.add(
    unit="share²",
    range=(0, 1),
    unchanged_by=_KEEPS,
    source=_LIBROSA,
    aliases=("zero_crossing_rate_var",),
)
def zero_crossing_rate_var(context: SoundContext) -> float:
    """Variance over frames of the zero crossing rate."""
    return variance(context.zero_crossing_rate)


@FEATURES.add(
    unit="decibels × √128",
    range=(-np.inf, np.inf),
    unchanged_by=("channel_swap",),
    encoding_safe=False,
    source="Davis and Mermelstein 1980, by librosa's mel scale and cosines",
    columns=_NUMBERS,
    aliases=tuple(f"mfcc{number}_mean" for number in _NUMBERS),
)
def mfcc_mean(context: SoundContext) -> FloatArray:
    """Means over frames of the mel-frequency cepstral coefficients."""
    return context.mfcc.mean(axis=0) if len(context.mfcc) else np.full(MFCCS, np.nan)


@FEATURES.add(
    unit="(decibels × √128)²",
    range=(0, np.inf),
    unchanged_by=_KEEPS,
    source="Davis and Mermelstein 1980, by librosa's mel scale and cosines",
    columns=_NUMBERS,
    aliases=tuple(f"mfcc{number}_var" for number in _NUMBERS),
)
def mfcc_var(context: SoundContext) -> FloatArray:
    """Variances over frames of the mel-frequency cepstral coefficients."""
    return context.mfcc.var(axis=0) if len(context.mfcc) else np.full(MFCCS, np.nan)


@FEATURES.add(
    unit="decibels",
    range=(0, _MOST_DB),
    unchanged_by=("channel_swap",),
    encoding_safe=False,
    source="Jiang et al. 2002, by librosa's bands",
    columns=("up_to_200_hz", "400_hz", "800_hz", "1600_hz", "3200_hz", "6400_hz", "above"),
)
def spectral_contrast_mean(context: SoundContext) -> FloatArray:
    """Means over frames of the distance between the peaks and the valleys of each band, named by its upper end."""
    return context.contrast.mean(axis=0) if len(context.contrast) else np.full(CONTRAST_BANDS, np.nan)


@FEATURES.add(unit="share", range=(0, 1), unchanged_by=("channel_swap",), encoding_safe=False, source=_LIBROSA)
def spectral_flatness_mean(context: SoundContext) -> float:
    """Mean over frames of the geometric over the arithmetic mean of the power: 1 for white noise, 0 for a tone."""
    return mean(context.flatness)


@FEATURES.add(unit="share²", range=(0, 1), unchanged_by=("channel_swap",), encoding_safe=False, source=_LIBROSA)
def spectral_flatness_var(context: SoundContext) -> float:
    """Variance over frames of the spectral flatness."""
    return variance(context.flatness)
