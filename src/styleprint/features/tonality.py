"""Tonality: pitch classes against the key, and how the key wanders.

The key is that of Krumhansl and Kessler's profiles which correlates best with the share of frames that
attack each pitch class. Where no key stands out (fewer than three pitch classes, the whole-tone scale),
features that need one are NaN. Those of Fourier coefficients need none.
"""

from dataclasses import dataclass

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, mean, share, shares
from styleprint.music.score import FloatArray, IntArray
from styleprint.support.claims import first_claim
from styleprint.theory.key_profiles import key_correlations

__all__ = ["FEATURES", "key_of"]

FEATURES = Family(
    unchanged_by_repeats=(
        "key_correlation",
        "key_lead",
        "minor_mode",
        "degree",
        "skyline_degree",
        "bass_degree",
        "chromaticism",
        "raised_seventh",
        "raised_fourth",
        "pitch_class_entropy",
        "commonest_pitch_class",
        "pitch_class_fourier",
        "ends_on_tonic",
    )
)

_OURS = "our own"
_KRUMHANSL = "Krumhansl 1990, key profiles, in our own count"
_FOURIER = "Quinn 2006 and Yust 2019, Fourier magnitudes of pitch-class distributions"

_CLEAR = 1e-6
"""By how much the best key must lead: less is rounding."""

_ENOUGH = 3
"""Pitch classes that a key needs at least."""

_WINDOW, _HOP = 32, 16
_IN_SCALE = np.array([[1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1], [1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1]], dtype=bool)
_DEGREES = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "b6", "6", "b7", "7")


@dataclass(frozen=True)
class _Key:
    """The key of the piece: tonic (-1 where none stands out), mode (1 minor), fit and lead."""

    tonic: int
    mode: int
    correlation: float
    lead: float


def _key(context: ScoreContext) -> _Key:
    counts = context.pitch_class_totals[-1]
    fit = key_correlations(counts)
    order = np.argsort(fit)
    best, lead = int(order[-1]), float(fit[order[-1]] - fit[order[-2]])
    if lead < _CLEAR or np.count_nonzero(counts) < _ENOUGH:
        return _Key(-1, -1, float("nan"), float("nan"))
    return _Key(best % 12, best // 12, float(fit[best]), lead)


def key_of(context: ScoreContext) -> tuple[int, bool]:
    """Tonic of the key of the piece as pitch class, -1 where none stands out, and whether it is minor."""
    key = context.shared(_key)
    return key.tonic, key.mode == 1


def _windows(context: ScoreContext) -> tuple[FloatArray, FloatArray]:
    """How many frames of each window attack each pitch class, and how it fits each key."""
    totals = context.pitch_class_totals
    counts = totals[_WINDOW::_HOP] - totals[:-_WINDOW:_HOP]
    return counts, key_correlations(counts)


def _local_keys(context: ScoreContext) -> IntArray:
    """Key (tonic, + 12 for minor) of windows of 32 frames, every 16; windows without a clear one left out."""
    counts, fit = context.shared(_windows)
    best = fit.argmax(axis=1) if len(fit) else np.empty(0, dtype=np.int64)
    rising = np.sort(fit, axis=1)
    clear = rising[:, -1] - rising[:, -2] >= _CLEAR
    keys: IntArray = best[clear & ((counts > 0).sum(axis=1) >= _ENOUGH)].astype(np.int32)
    return keys


def _presence(context: ScoreContext) -> FloatArray:
    """Share of each pitch class among those attacked in frames."""
    counts = context.pitch_class_totals[-1]
    presence: FloatArray = counts / max(1, counts.sum())
    return presence


def _degrees(context: ScoreContext, pitch: IntArray) -> FloatArray:
    """Share of each degree of the key among pitches."""
    key = context.shared(_key)
    return shares((pitch - key.tonic) % 12, 12) if key.tonic >= 0 else np.full(12, np.nan)


@FEATURES.add(unit="correlation", range=(-1, 1), source=_KRUMHANSL)
def key_correlation(context: ScoreContext) -> float:
    """Correlation with the best key: how plainly tonal."""
    return context.shared(_key).correlation


@FEATURES.add(unit="correlation", range=(0, 2), source=_KRUMHANSL)
def key_lead(context: ScoreContext) -> float:
    """Lead of the best key over the second best."""
    return context.shared(_key).lead


@FEATURES.add(unit="claim", range=(0, 1), source=_KRUMHANSL)
def minor_mode(context: ScoreContext) -> float:
    """1 where the best key is minor, 0 where it is major."""
    mode = context.shared(_key).mode
    return float(mode) if mode >= 0 else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_DEGREES)
def degree(context: ScoreContext) -> FloatArray:
    """Share of each degree of the key among the pitch classes attacked in frames."""
    key = context.shared(_key)
    return np.roll(context.shared(_presence), -key.tonic) if key.tonic >= 0 else np.full(12, np.nan)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_DEGREES)
def skyline_degree(context: ScoreContext) -> FloatArray:
    """Share of each degree of the key in the skyline."""
    return _degrees(context, context.skyline)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_DEGREES)
def bass_degree(context: ScoreContext) -> FloatArray:
    """Share of each degree of the key in the bass."""
    return _degrees(context, context.bass)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def chromaticism(context: ScoreContext) -> float:
    """Share of pitch classes outside the scale of the key (in minor, both sixths and sevenths belong to it)."""
    key = context.shared(_key)
    if key.tonic < 0:
        return float("nan")
    outside = ~np.roll(_IN_SCALE[key.mode], key.tonic)
    return max(0.0, float(context.shared(_presence)[outside].sum()))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def raised_seventh(context: ScoreContext) -> float:
    """Share of the leading note among leading note and lowered seventh."""
    key = context.shared(_key)
    if key.tonic < 0:
        return float("nan")
    presence = context.shared(_presence)
    raised, lowered = presence[(key.tonic + 11) % 12], presence[(key.tonic + 10) % 12]
    return float(raised / (raised + lowered)) if raised + lowered > 0 else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def raised_fourth(context: ScoreContext) -> float:
    """Share of the raised among raised and natural fourths: leanings to the dominant."""
    key = context.shared(_key)
    if key.tonic < 0:
        return float("nan")
    presence = context.shared(_presence)
    raised, natural = presence[(key.tonic + 6) % 12], presence[(key.tonic + 5) % 12]
    return float(raised / (raised + natural)) if raised + natural > 0 else float("nan")


@FEATURES.add(unit="bits", range=(0, 3.59), source=_OURS)
def pitch_class_entropy(context: ScoreContext) -> float:
    """Entropy of the pitch classes attacked in frames."""
    return bits(context.shared(_presence))


@FEATURES.add(
    unit="share", range=(0, 1), source="McKay, Cumming & Fujinaga 2018, 'Prevalence of Most Common Pitch Class'"
)
def commonest_pitch_class(context: ScoreContext) -> float:
    """Share of the commonest pitch class among those attacked in frames."""
    return float(context.shared(_presence).max()) if len(context.frames) else float("nan")


@FEATURES.add(unit="magnitude", range=(0, 1), source=_FOURIER, columns=("1", "2", "3", "4", "5", "6"))
def pitch_class_fourier(context: ScoreContext) -> FloatArray:
    """Fourier magnitudes of the piece's pitch classes: 5 is diatonic, 3 triadic, 4 octatonic, 6 whole-tone."""
    if not len(context.frames):
        return np.full(6, np.nan)
    magnitude: FloatArray = np.abs(np.fft.rfft(context.shared(_presence)))[1:]
    return np.minimum(magnitude, 1.0)


@FEATURES.add(unit="magnitude", range=(0, 1), source=_FOURIER, columns=("1", "2", "3", "4", "5", "6"))
def local_fourier(context: ScoreContext) -> FloatArray:
    """Mean Fourier magnitudes of the pitch classes of every eight frames; NaN under eight."""
    totals = context.pitch_class_totals
    counts = totals[8::4] - totals[:-8:4]
    if not len(counts):
        return np.full(6, np.nan)
    magnitude = np.abs(np.fft.rfft(counts / counts.sum(axis=1, keepdims=True), axis=1))[:, 1:]
    mean_magnitude: FloatArray = magnitude.mean(axis=0)
    return np.minimum(mean_magnitude, 1.0)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=("home", "dominant", "subdominant", "relative", "parallel", "other"),
)
def local_key(context: ScoreContext) -> FloatArray:
    """Share of windows of 32 frames in the key of the piece, in its nearest relatives, and elsewhere."""
    key, local = context.shared(_key), context.shared(_local_keys)
    if key.tonic < 0 or not len(local):
        return np.full(6, np.nan)
    step, other_mode = (local - key.tonic) % 12, local // 12 != key.mode
    relative = 3 if key.mode else 9
    claims = [~other_mode & (step == 0), step == 7, step == 5, other_mode & (step == relative), step == 0]
    return shares(first_claim(claims), 6)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def local_key_changes(context: ScoreContext) -> float:
    """Share of successive windows of 32 frames (every 16) whose keys differ."""
    local = context.shared(_local_keys)
    return share(local[1:] != local[:-1])


@FEATURES.add(unit="bits", range=(0, 4.59), source=_OURS)
def local_key_entropy(context: ScoreContext) -> float:
    """Entropy of the keys of windows of 32 frames."""
    return bits(np.bincount(context.shared(_local_keys)))


@FEATURES.add(unit="correlation", range=(-1, 1), source=_KRUMHANSL)
def local_key_correlation(context: ScoreContext) -> float:
    """Mean correlation of windows of 32 frames, every 16, with their best keys."""
    return mean(context.shared(_windows)[1].max(axis=1))


@FEATURES.add(unit="claim", range=(0, 1), source=_OURS)
def ends_on_tonic(context: ScoreContext) -> float:
    """1 where the last bass note is the tonic, 0 where it is not."""
    key = context.shared(_key)
    return float(context.bass[-1] % 12 == key.tonic) if key.tonic >= 0 else float("nan")
