"""Tempo and onsets: how often something begins, and which beat that makes likely.

Onset strength, tempogram and tempo are librosa's (:mod:`styleprint.sound.rhythm`), over the median of the mel bands,
as its beat tracker has them. The tempo is one of the lags of 23 ms, so it is coarse where it is fast, and half or
twice the tempo that a listener taps in a good part of music: the candidates tell.
"""

from itertools import pairwise

import numpy as np

from styleprint.features.feature import Family
from styleprint.features.numbers import mean, variance
from styleprint.features.sound_context import SoundContext
from styleprint.music.score import FloatArray
from styleprint.sound.rhythm import lag_tempi, likeliest_tempo, tempo_weights
from styleprint.sound.spectrum import RATE_HZ

__all__ = ["FEATURES", "tempo_candidates"]

FEATURES = Family("recording")

_KEEPS = ("gain", "channel_swap")
_ELLIS = "Ellis 2007, by librosa's beat.beat_track"
_BANDS_BPM = (30.0, 42.5, 60.0, 85.0, 120.0, 170.0, 240.0, 320.0)
_CANDIDATES = 3


@FEATURES.add(unit="beats a minute", range=(0, 320), unchanged_by=_KEEPS, source=_ELLIS, aliases=("tempo",))
def tempo(context: SoundContext) -> float:
    """The likeliest tempo; 0 where nothing has an onset, as librosa has it."""
    if not len(context.onsets):
        return float("nan")
    if not context.onsets.any():
        return 0.0
    return likeliest_tempo(context.tempogram)


def tempo_candidates(context: SoundContext) -> FloatArray:
    """The likeliest tempi and how strongly the onsets repeat at each: peaks of the tempogram, likeliest first.

    Returns
    -------
    ndarray, shape (3, 2)
        Beats a minute, and mean autocorrelation at that lag (1 at lag zero); NaN where there are fewer peaks.
    """
    found = np.full((_CANDIDATES, 2), np.nan)
    if not context.onsets.any():
        return found
    strength, weight = context.tempogram, tempo_weights(context.tempogram)
    peaks = 1 + np.flatnonzero((strength[1:-1] > strength[:-2]) & (strength[1:-1] >= strength[2:]))
    peaks = peaks[np.isfinite(weight[peaks])]
    best = peaks[np.argsort(-weight[peaks], kind="stable")][:_CANDIDATES]
    found[: len(best)] = np.column_stack([lag_tempi()[best], strength[best]])
    return found


@FEATURES.add(
    unit="share",
    range=(-1, 1),
    unchanged_by=_KEEPS,
    source=_ELLIS,
    columns=("first", "second", "third"),
    missing="music whose onsets repeat at fewer than three lags",
)
def tempo_strength(context: SoundContext) -> FloatArray:
    """How strongly the onsets repeat at each of the three likeliest tempi: their mean autocorrelation."""
    strength: FloatArray = context.shared(tempo_candidates)[:, 1]
    return strength


@FEATURES.add(
    unit="ratio",
    range=(0, np.inf),
    unchanged_by=_KEEPS,
    source=_ELLIS,
    columns=("second", "third"),
    missing="music whose onsets repeat at fewer than three lags",
)
def tempo_alternative(context: SoundContext) -> FloatArray:
    """The second and the third likeliest tempo over the likeliest: a half and two are octave errors."""
    beats = context.shared(tempo_candidates)[:, 0]
    alternatives: FloatArray = beats[1:] / beats[0]
    return alternatives


@FEATURES.add(
    unit="share",
    range=(-1, 1),
    unchanged_by=_KEEPS,
    source="Grosche, Müller and Kurth 2010, by librosa's tempogram, in our own bands",
    columns=tuple(f"{low:.0f}_{high:.0f}" for low, high in pairwise(_BANDS_BPM)),
)
def tempogram(context: SoundContext) -> FloatArray:
    """Largest mean autocorrelation of the onset strength among tempi from … up to … beats a minute."""
    if not len(context.onsets):
        return np.full(len(_BANDS_BPM) - 1, np.nan)
    beats, strength = lag_tempi(), context.tempogram
    pairs = pairwise(_BANDS_BPM)
    return np.array([strength[(beats >= low) & (beats < high)].max() for low, high in pairs])


@FEATURES.add(
    unit="onsets a second",
    range=(0, 22),
    unchanged_by=_KEEPS,
    source="librosa's onset_detect (peak picking by Böck, Krebs and Schedl 2012)",
)
def onset_rate(context: SoundContext) -> float:
    """Onsets over the length of the recording."""
    seconds = len(context.signal) / RATE_HZ
    return len(context.onset_frames) / seconds if seconds else float("nan")


@FEATURES.add(unit="decibels", range=(0, 180), unchanged_by=_KEEPS, source="librosa's onset_strength")
def onset_strength_mean(context: SoundContext) -> float:
    """Mean over frames of how much louder the mel bands are than a frame before, where they are louder."""
    return mean(context.onset_rise)


@FEATURES.add(unit="decibels²", range=(0, 180**2), unchanged_by=_KEEPS, source="librosa's onset_strength")
def onset_strength_var(context: SoundContext) -> float:
    """Variance over frames of the onset strength."""
    return variance(context.onset_rise)
