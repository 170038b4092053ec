"""Chroma: which pitch classes sound, how strongly, and which key they fit.

Chroma is librosa's ``chroma_stft`` with its tuning (:mod:`styleprint.sound.pitch`). The key is that of Krumhansl and
Kessler's profiles which correlates best with the mean chroma; its lead over the second best says how sure it is.
"""

import numpy as np

from styleprint.features.feature import Family
from styleprint.features.numbers import mean, variance
from styleprint.features.sound_context import SoundContext
from styleprint.music.score import FloatArray
from styleprint.sound.tonal import tonal_centroids
from styleprint.theory.key_profiles import key_correlations

__all__ = ["FEATURES", "key_of_sound"]

FEATURES = Family("recording")

_LIBROSA = "librosa (McFee et al. 2015), chroma by Ellis 2007"
_KEEPS = ("gain", "channel_swap")
_KEY = "Krumhansl and Kessler 1982, over chroma by Gómez 2006's plan"
_NOTES = ("c", "c_sharp", "d", "e_flat", "e", "f", "f_sharp", "g", "a_flat", "a", "b_flat", "b")
_CIRCLES = ("fifths_x", "fifths_y", "minor_thirds_x", "minor_thirds_y", "major_thirds_x", "major_thirds_y")
_NO_KEY = "silence, and sound in which all twelve pitch classes are alike"


@FEATURES.add(
    unit="of the strongest",
    range=(0, 1),
    unchanged_by=_KEEPS,
    source=_LIBROSA,
    aliases=("chroma_stft_mean",),
)
def chroma_stft_mean(context: SoundContext) -> float:
    """Mean strength over pitch classes and frames: low where one pitch class stands alone."""
    return mean(context.chroma.ravel().astype(np.float64))


@FEATURES.add(
    unit="of the strongest, squared",
    range=(0, 1),
    unchanged_by=_KEEPS,
    source=_LIBROSA,
    aliases=("chroma_stft_var",),
)
def chroma_stft_var(context: SoundContext) -> float:
    """Variance of the strength over pitch classes and frames."""
    return variance(context.chroma.ravel().astype(np.float64))


def _profile(context: SoundContext) -> FloatArray:
    """Mean strength of each pitch class."""
    chroma = context.chroma
    return chroma.mean(axis=0, dtype=np.float64) if len(chroma) else np.full(12, np.nan)


@FEATURES.add(unit="of the strongest", range=(0, 1), unchanged_by=_KEEPS, source=_LIBROSA, columns=_NOTES)
def pitch_class_strength(context: SoundContext) -> FloatArray:
    """Mean strength over frames of each pitch class."""
    return context.shared(_profile)


@FEATURES.add(
    unit="position",
    range=(-1, 1),
    unchanged_by=_KEEPS,
    source="Harte, Sandler and Gasser 2006, over the chroma of the spectrum",
    columns=_CIRCLES,
)
def tonal_centroid(context: SoundContext) -> FloatArray:
    """Means over frames of where the pitch classes lie on the circles of fifths, minor thirds and major thirds."""
    return tonal_centroids(context.chroma).mean(axis=0) if len(context.chroma) else np.full(6, np.nan)


def key_of_sound(context: SoundContext) -> FloatArray:
    """Correlation of the mean chroma with the 24 keys, majors on C … B, then minors; NaN where no key can be told."""
    profile = context.shared(_profile)
    if np.isnan(profile).any() or not profile.any():
        return np.full(24, np.nan)
    found = key_correlations(profile)
    return found if found.any() else np.full(24, np.nan)


@FEATURES.add(
    unit="correlation",
    range=(-1, 1),
    unchanged_by=(*_KEEPS, "silence_padding"),
    source=_KEY,
    missing=_NO_KEY,
)
def sound_key_correlation(context: SoundContext) -> float:
    """Correlation of the mean chroma with the key that fits best."""
    return float(context.shared(key_of_sound).max())


@FEATURES.add(
    unit="correlation",
    range=(0, 2),
    unchanged_by=(*_KEEPS, "silence_padding"),
    source=_KEY,
    missing=_NO_KEY,
)
def sound_key_lead(context: SoundContext) -> float:
    """By how much the best key fits better than the second best: how sure the key is."""
    second, best = np.sort(context.shared(key_of_sound))[-2:]
    return float(best - second)


@FEATURES.add(
    unit="correlation",
    range=(-2, 2),
    unchanged_by=(*_KEEPS, "silence_padding"),
    source=_KEY,
    missing=_NO_KEY,
)
def sound_key_mode(context: SoundContext) -> float:
    """By how much the best major key fits better than the best minor key."""
    found = context.shared(key_of_sound)
    return float(found[:12].max() - found[12:].max())
