"""Verticals: what sounds together and for how long, weighed by time. They rest on note-offs: none of it is safe.

Everything is taken from salami slices over all parts (:mod:`styleprint.theory.slices`); slices in which nothing sounds
do not count. Intervals are those of every pair of sounding pitches, unisons of two parts left out.
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.loops import time_of_intervals
from styleprint.features.numbers import (
    borders,
    bounded_ratio,
    consists_of,
    mean,
    moments,
    ratio,
    spread,
    weighted_shares,
)
from styleprint.music.score import FloatArray
from styleprint.theory.sonorities import (
    CHORD_TYPES,
    chord_types,
    interval_class_counts,
    is_dissonant,
    pitch_class_counts,
)

__all__ = ["FEATURES"]

FEATURES = Family(
    unchanged_by_repeats=(
        "vertical_interval",
        "wrapped_vertical_interval",
        "perfect_verticals",
        "dissonant_verticals",
        "commonest_vertical",
        "second_of_commonest_vertical",
        "sounding_chord",
        "sounding_sevenths",
        "complex_chords",
        "minor_over_major_triads",
        "with_interval",
        "simultaneous_pitch_classes",
        "simultaneous_pitches",
    )
)

_JSYMBOLIC = "McKay, Cumming & Fujinaga 2018 (jSymbolic 2.2), {!r}, velocities left out"
_OURS = "our own"
_KEEPS = ("transposition", "tempo", "velocity", "part_order")
_WIDEST = 24
_SEVENTHS = tuple(CHORD_TYPES.index(name) for name in ("dominant_seventh", "major_seventh", "minor_seventh"))
_PERFECT = (0, 5, 7)
_DISSONANT = (1, 2, 6, 10, 11)


def _is_sounding(context: ScoreContext) -> npt.NDArray[np.bool_]:
    """Whether something sounds in each slice."""
    offsets = context.slices.offsets
    sounding: npt.NDArray[np.bool_] = offsets[1:] > offsets[:-1]
    return sounding


def _masks(context: ScoreContext) -> npt.NDArray[np.int64]:
    """Pitch classes of each slice in which something sounds, as bits."""
    slices, sounding = context.slices, context.shared(_is_sounding)
    if not sounding.any():
        return np.empty(0, np.int64)
    bits = np.left_shift(1, slices.midi_pitch.astype(np.int64) % 12)
    masks: npt.NDArray[np.int64] = np.bitwise_or.reduceat(bits, slices.offsets[:-1][sounding])
    return masks


def _lengths(context: ScoreContext) -> FloatArray:
    """Length of each slice in which something sounds."""
    return context.slices.length_quarters[context.shared(_is_sounding)]


def _time(context: ScoreContext) -> float:
    """Quarters in which something sounds."""
    return float(context.shared(_lengths).sum())


def _intervals(context: ScoreContext) -> FloatArray:
    """Time of each interval between pairs of sounding pitches, 0 … 127 semitones."""
    slices = context.slices
    return time_of_intervals(slices.offsets, slices.midi_pitch, slices.length_quarters)


def _wrapped(context: ScoreContext) -> FloatArray:
    """Time of each interval within an octave; whole octaves are 0."""
    total = np.zeros(132)
    total[:128] = context.shared(_intervals)
    wrapped: FloatArray = total.reshape(11, 12).sum(axis=0)
    return wrapped


def _kinds(context: ScoreContext) -> npt.NDArray[np.int64]:
    return chord_types(context.shared(_masks))


def _time_share(context: ScoreContext, claims: npt.NDArray[np.bool_]) -> float:
    return bounded_ratio(float(context.shared(_lengths)[claims].sum()), context.shared(_time))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Vertical Interval Histogram"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=(*(f"{semitones}" for semitones in range(1, _WIDEST + 1)), "wider"),
)
def vertical_interval(context: ScoreContext) -> FloatArray:
    """Share of the time of each interval, in semitones."""
    total = context.shared(_intervals)
    weights = np.append(total[1 : _WIDEST + 1], total[_WIDEST + 1 :].sum())
    return weighted_shares(np.arange(_WIDEST + 1), weights, _WIDEST + 1)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Wrapped Vertical Interval Histogram") + "; octaves are 0",
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=tuple(f"{semitones}" for semitones in range(12)),
)
def wrapped_vertical_interval(context: ScoreContext) -> FloatArray:
    """Share of the time of each interval, in semitones within an octave."""
    return weighted_shares(np.arange(12), context.shared(_wrapped), 12)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Perfect Vertical Intervals"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def perfect_verticals(context: ScoreContext) -> float:
    """Share of octaves, fifths and fourths."""
    total = context.shared(_wrapped)
    return bounded_ratio(float(total[list(_PERFECT)].sum()), float(total.sum()))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Vertical Dissonance Ratio") + "; of all intervals, not of consonant ones",
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def dissonant_verticals(context: ScoreContext) -> float:
    """Share of seconds, tritones and sevenths."""
    total = context.shared(_wrapped)
    return bounded_ratio(float(total[list(_DISSONANT)].sum()), float(total.sum()))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Prevalence of Most Common Vertical Interval"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def commonest_vertical(context: ScoreContext) -> float:
    """Share of the commonest interval within an octave."""
    total = context.shared(_wrapped)
    return ratio(float(total.max()), float(total.sum()))


@FEATURES.add(
    unit="ratio",
    range=(0, 1),
    source=_JSYMBOLIC.format("Prevalence Ratio of Two Most Common Vertical Intervals"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def second_of_commonest_vertical(context: ScoreContext) -> float:
    """Time of the second commonest interval within an octave, over that of the commonest."""
    second, first = np.sort(context.shared(_wrapped))[-2:]
    return ratio(float(second), float(first))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Chord Type Histogram") + ", with more types",
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=CHORD_TYPES,
)
def sounding_chord(context: ScoreContext) -> FloatArray:
    """Share of the sounding time of each kind of sonority."""
    return weighted_shares(context.shared(_kinds), context.shared(_lengths), len(CHORD_TYPES))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Seventh Chords"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def sounding_sevenths(context: ScoreContext) -> float:
    """Share of the sounding time of dominant, major and minor seventh chords."""
    return _time_share(context, consists_of(context.shared(_kinds), _SEVENTHS))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Complex Chords"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
)
def complex_chords(context: ScoreContext) -> float:
    """Share of the sounding time of more than four pitch classes."""
    return _time_share(context, pitch_class_counts(context.shared(_masks)) > 4)


@FEATURES.add(
    unit="ratio",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Minor Major Triad Ratio"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    missing="a piece in which no major triad sounds",
)
def minor_over_major_triads(context: ScoreContext) -> float:
    """Time of minor triads over that of major ones."""
    kind, lengths = context.shared(_kinds), context.shared(_lengths)
    major, minor = (float(lengths[kind == CHORD_TYPES.index(name)].sum()) for name in ("major", "minor"))
    return ratio(minor, major)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_JSYMBOLIC.format("Vertical Minor Third Prevalence"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("second", "minor_third", "major_third", "fourth", "tritone"),
)
def with_interval(context: ScoreContext) -> FloatArray:
    """Share of the sounding time with at least one second, minor or major third, fourth, tritone, or its inversion."""
    counts = interval_class_counts(context.shared(_masks)) > 0
    claims = (counts[:, 0] | counts[:, 1], counts[:, 2], counts[:, 3], counts[:, 4], counts[:, 5])
    return np.array([_time_share(context, claim) for claim in claims])


@FEATURES.add(
    unit="pitch classes",
    range=(0, 12),
    source=_JSYMBOLIC.format("Average Number and Variability of Number of Simultaneous Pitch Classes"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("mean", "deviation"),
)
def simultaneous_pitch_classes(context: ScoreContext) -> FloatArray:
    """Mean and standard deviation, over the sounding time, of the number of pitch classes."""
    return np.array(moments(pitch_class_counts(context.shared(_masks)), context.shared(_lengths))[:2])


@FEATURES.add(
    unit="pitches",
    range=(0, 128),
    source=_JSYMBOLIC.format("Average Number and Variability of Number of Simultaneous Pitches"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("mean", "deviation"),
)
def simultaneous_pitches(context: ScoreContext) -> FloatArray:
    """Mean and standard deviation, over the sounding time, of the number of pitches."""
    offsets = context.slices.offsets
    size = (offsets[1:] - offsets[:-1])[context.shared(_is_sounding)]
    return np.array(moments(size, context.shared(_lengths))[:2])


@FEATURES.add(
    unit="quarters",
    range=(0, np.inf),
    source=_JSYMBOLIC.format("Chord Duration"),
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=("mean", "deviation"),
)
def sonority_length(context: ScoreContext) -> FloatArray:
    """Mean and standard deviation of how long the same pitch classes sound, rests left out."""
    masks, lengths = context.shared(_masks), context.shared(_lengths)
    if not len(masks):
        return np.full(2, np.nan)
    held = np.add.reduceat(lengths, borders(masks))
    return np.array([mean(held), spread(held)])


@FEATURES.add(
    unit="quarters",
    range=(0, np.inf),
    source=_OURS,
    unchanged_by=_KEEPS,
    encoding_safe=False,
    missing="a piece in which nothing dissonant sounds",
)
def dissonance_length(context: ScoreContext) -> float:
    """Mean length of the stretches with a second, seventh or tritone: long in suspensions, short in passing."""
    masks, lengths = context.shared(_masks), context.shared(_lengths)
    harsh = is_dissonant(masks)
    if not harsh.any():
        return float("nan")
    starts = borders(harsh)
    held = np.add.reduceat(lengths, starts)
    return float(held[harsh[starts]].mean())
