"""Pitches: which are used, how often, and how pitch classes lie in the circle of fifths.

Counted are the pitches of frames, each once however many parts have it. A *common* pitch has 9 % of them, a
common pitch class 20 %. In the circle of fifths, the tonic of the key of the piece is 0, its dominant 1; five fifths
below it (the lowered second) to six above (the raised fourth) are told apart.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import moments, ratio
from styleprint.features.tonality import key_of
from styleprint.music.changes import REENCODINGS
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family(
    unchanged_by_repeats=(
        "pitch_class",
        "ranked_pitch_class",
        "pitch_band",
        "register_share",
        "number_of_pitches",
        "number_of_pitch_classes",
        "common_pitches",
        "common_pitch_classes",
        "second_of_commonest_pitch",
        "second_of_commonest_pitch_class",
        "interval_of_commonest_pitches",
        "interval_of_commonest_pitch_classes",
        "dominant_spread",
        "strong_tonal_centres",
        "mean_fifth",
        "fifths_deviation",
        "fifths_skewness",
        "fifths_kurtosis",
        "first_pitch",
        "last_pitch",
    )
)

_OURS = "our own"
_JSYMBOLIC = "McKay, Cumming & Fujinaga 2018 (jSymbolic 2.2), {!r}, over the pitches of frames"
_COMMON_PITCH = 0.09
_COMMON_CLASS = 0.20
_BAND = 3
_LOWEST_BAND, _BANDS = 8, 28  # from C1 (24) to B7 (107)
_CLASSES = ("c", "c_sharp", "d", "d_sharp", "e", "f", "f_sharp", "g", "g_sharp", "a", "a_sharp", "b")
_FIFTHS = np.arange(12) * 7 % 12
_BAND_OF_PITCH = np.clip(np.arange(128) // _BAND - _LOWEST_BAND, 0, _BANDS - 1)

Counts = npt.NDArray[np.int64]


def _pitch_counts(context: ScoreContext) -> Counts:
    return np.bincount(context.frames.midi_pitch, minlength=128)


def _class_counts(context: ScoreContext) -> Counts:
    return np.bincount(context.frames.midi_pitch % 12, minlength=12)


def _class_shares(context: ScoreContext) -> FloatArray:
    counts = context.shared(_class_counts)
    return counts / counts.sum() if counts.sum() else np.full(12, np.nan)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Pitch Class Histogram") + ", from C",
    unchanged_by=(*REENCODINGS, "octave"),
    columns=_CLASSES,
)
def pitch_class(context: ScoreContext) -> FloatArray:
    """Share of each pitch class."""
    return context.shared(_class_shares)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Pitch Class Histogram") + ", by rank",
    columns=tuple(f"{rank}" for rank in range(1, 13)),
)
def ranked_pitch_class(context: ScoreContext) -> FloatArray:
    """Share of the commonest pitch class, of the second, and so on: how many carry the piece."""
    return np.sort(context.shared(_class_shares))[::-1]


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Basic Pitch Histogram") + ", by minor thirds",
    unchanged_by=REENCODINGS,
    columns=tuple(f"from_{(_LOWEST_BAND + band) * _BAND}" for band in range(_BANDS)),
)
def pitch_band(context: ScoreContext) -> FloatArray:
    """Share of every three neighbouring pitches, named by the lowest; the outer bands hold all beyond."""
    pitch = context.frames.midi_pitch
    if not len(pitch):
        return np.full(_BANDS, np.nan)
    return np.bincount(_BAND_OF_PITCH[pitch], minlength=_BANDS) / len(pitch)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Importance of Bass, Middle and High Register"),
    unchanged_by=REENCODINGS,
    columns=("low", "middle", "high"),
)
def register_share(context: ScoreContext) -> FloatArray:
    """Share of pitches up to F♯3 (54), from there to C5 (72), and above."""
    counts = context.shared(_pitch_counts)
    parts = np.array([counts[:55].sum(), counts[55:73].sum(), counts[73:].sum()])
    return parts / counts.sum() if counts.sum() else np.full(3, np.nan)


@FEATURES.add(unit="pitches", range=(1, 128), source=_JSYMBOLIC.format("Number of Pitches"))
def number_of_pitches(context: ScoreContext) -> float:
    """How many different pitches there are."""
    return _some(np.count_nonzero(context.shared(_pitch_counts)))


@FEATURES.add(unit="pitch classes", range=(1, 12), source=_JSYMBOLIC.format("Number of Pitch Classes"))
def number_of_pitch_classes(context: ScoreContext) -> float:
    """How many different pitch classes there are."""
    return _some(np.count_nonzero(context.shared(_class_counts)))


@FEATURES.add(unit="pitches", range=(0, 11), source=_JSYMBOLIC.format("Number of Common Pitches"))
def common_pitches(context: ScoreContext) -> float:
    """How many pitches are common."""
    counts = context.shared(_pitch_counts)
    return float(np.count_nonzero(counts >= _COMMON_PITCH * counts.sum())) if counts.any() else float("nan")


@FEATURES.add(unit="pitch classes", range=(0, 5), source=_JSYMBOLIC.format("Number of Common Pitch Classes"))
def common_pitch_classes(context: ScoreContext) -> float:
    """How many pitch classes are common."""
    counts = context.shared(_class_counts)
    return float(np.count_nonzero(counts >= _COMMON_CLASS * counts.sum())) if counts.any() else float("nan")


@FEATURES.add(unit="ratio", range=(0, 1), source=_JSYMBOLIC.format("Relative Prevalence of Top Pitches"))
def second_of_commonest_pitch(context: ScoreContext) -> float:
    """How often the second commonest pitch is used, over how often the commonest is."""
    second, first = np.sort(context.shared(_pitch_counts))[-2:]
    return ratio(second, first)


@FEATURES.add(unit="ratio", range=(0, 1), source=_JSYMBOLIC.format("Relative Prevalence of Top Pitch Classes"))
def second_of_commonest_pitch_class(context: ScoreContext) -> float:
    """How often the second commonest pitch class is used, over how often the commonest is."""
    second, first = np.sort(context.shared(_class_counts))[-2:]
    return ratio(second, first)


@FEATURES.add(
    unit="semitones",
    range=(1, 127),
    source=_JSYMBOLIC.format("Interval Between Most Prevalent Pitches"),
    missing="a piece in which a third pitch is as common as the second",
)
def interval_of_commonest_pitches(context: ScoreContext) -> float:
    """Distance of the two commonest pitches; NaN where a third is as common as the second."""
    return _distance_of_top(context.shared(_pitch_counts), 128)


@FEATURES.add(
    unit="semitones",
    range=(1, 6),
    source=_JSYMBOLIC.format("Interval Between Most Prevalent Pitch Classes") + ", the shorter way round",
    missing="a piece in which a third pitch class is as common as the second",
)
def interval_of_commonest_pitch_classes(context: ScoreContext) -> float:
    """Distance of the two commonest pitch classes; NaN where a third is as common as the second."""
    return _distance_of_top(context.shared(_class_counts), 12)


@FEATURES.add(unit="pitch classes", range=(0, 12), source=_JSYMBOLIC.format("Dominant Spread"))
def dominant_spread(context: ScoreContext) -> float:
    """Longest chain of fifths whose pitch classes have 9 % each."""
    counts = context.shared(_class_counts)
    if not counts.any():
        return float("nan")
    common = (counts >= _COMMON_PITCH * counts.sum())[_FIFTHS]
    if common.all():
        return 12.0
    gaps = np.flatnonzero(~np.concatenate([common, common]))
    return float(np.diff(gaps, prepend=gaps[0]).max(initial=1) - 1)


@FEATURES.add(unit="pitch classes", range=(0, 6), source=_JSYMBOLIC.format("Strong Tonal Centres"))
def strong_tonal_centres(context: ScoreContext) -> float:
    """Pitch classes of at least 9 % that are commoner than both of their neighbours in the circle of fifths."""
    counts = context.shared(_class_counts)
    if not counts.any():
        return float("nan")
    fifths = counts[_FIFTHS]
    peak = (fifths > np.roll(fifths, 1)) & (fifths > np.roll(fifths, -1))
    return float(np.count_nonzero(peak & (fifths >= _COMMON_PITCH * counts.sum())))


@FEATURES.add(
    unit="fifths",
    range=(-5, 6),
    source=_OURS + "; as jSymbolic's pitch classes folded by fifths, from the tonic",
)
def mean_fifth(context: ScoreContext) -> float:
    """Mean place of the pitches in the circle of fifths."""
    return context.shared(_fifths)[0]


@FEATURES.add(
    unit="fifths",
    range=(0, 5.5),
    source=_JSYMBOLIC.format("Pitch Class Variability After Folding") + ", from the tonic",
)
def fifths_deviation(context: ScoreContext) -> float:
    """Standard deviation of the places of the pitches in the circle of fifths: 2 in a scale."""
    return context.shared(_fifths)[1]


@FEATURES.add(
    unit="skewness",
    range=(-np.inf, np.inf),
    source=_JSYMBOLIC.format("Pitch Class Skewness After Folding") + ", from the tonic",
)
def fifths_skewness(context: ScoreContext) -> float:
    """Skewness of the places of the pitches in the circle of fifths; NaN where all are the same."""
    return context.shared(_fifths)[2]


@FEATURES.add(
    unit="kurtosis",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Pitch Class Kurtosis After Folding") + ", from the tonic",
)
def fifths_kurtosis(context: ScoreContext) -> float:
    """Kurtosis of the places of the pitches in the circle of fifths; NaN where all are the same."""
    return context.shared(_fifths)[3]


@FEATURES.add(
    unit="MIDI pitch",
    range=(0, 127),
    source=_JSYMBOLIC.format("First Pitch"),
    unchanged_by=REENCODINGS,
)
def first_pitch(context: ScoreContext) -> float:
    """Lowest pitch of the first frame."""
    return float(context.bass[0]) if len(context.frames) else float("nan")


@FEATURES.add(
    unit="MIDI pitch",
    range=(0, 127),
    source=_JSYMBOLIC.format("Last Pitch"),
    unchanged_by=REENCODINGS,
)
def last_pitch(context: ScoreContext) -> float:
    """Lowest pitch of the last frame."""
    return float(context.bass[-1]) if len(context.frames) else float("nan")


def _fifths(context: ScoreContext) -> tuple[float, float, float, float]:
    """Moments of the places of pitches in the circle of fifths around the tonic; NaN where no key stands out."""
    tonic, _ = key_of(context)
    nan = float("nan")
    if tonic < 0:
        return nan, nan, nan, nan
    place = (np.arange(12) * 7 + 5) % 12 - 5
    return moments(place, np.roll(context.shared(_class_counts), -tonic).astype(np.float64))


def _distance_of_top(counts: Counts, octave: int) -> float:
    order = np.argsort(counts, kind="stable")[::-1][:3]
    if counts[order[1]] == 0 or counts[order[1]] == counts[order[2]]:
        return float("nan")
    apart = abs(int(order[0]) - int(order[1]))
    return float(min(apart, octave - apart))


def _some(count: np.integer[Any]) -> float:
    return float(count) if count else float("nan")
