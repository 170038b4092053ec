"""Counterpoint: voices told apart by pitch and time, whatever parts the file has; tones outside the harmony.

Voices are those of :mod:`styleprint.theory.voices`, tones outside the chord those of
:mod:`styleprint.theory.nonchord_tones`. They rest on note-offs: none of it is safe.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.melody import INTERVAL_COLUMNS, interval_histogram
from styleprint.features.numbers import consists_of, mean, ratio, share, shares
from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.nonchord_tones import NONCHORD_TONES
from styleprint.theory.voice_motion import PARALLELS

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own, over voices separated after Kilian and Hoos 2002"
_KOSTKA = "Kostka and Payne, Tonal Harmony, ch. 11 and 12, over voices separated after Kilian and Hoos 2002"
_KEEPS = ("transposition", "tempo", "velocity")


def _intervals(context: ScoreContext) -> IntArray:
    """Semitones from each note to the next of its voice."""
    following, pitch = context.voices.following, context.notes.midi_pitch
    followed = following >= 0
    intervals: IntArray = pitch[following[followed]] - pitch[followed]
    return intervals


@FEATURES.add(
    unit="share", range=(0, 1), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False, columns=INTERVAL_COLUMNS
)
def voice_interval(context: ScoreContext) -> FloatArray:
    """Share of each interval within voices, by direction and semitones."""
    return interval_histogram(context.shared(_intervals))


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def mean_voice_interval(context: ScoreContext) -> float:
    """Mean absolute interval within voices."""
    return mean(np.abs(context.shared(_intervals)))


@FEATURES.add(unit="notes", range=(1, np.inf), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def notes_a_voice(context: ScoreContext) -> float:
    """Mean number of notes of a voice from its beginning to its end: how continuous voices are."""
    return ratio(len(context.notes), int(np.count_nonzero(context.voices.previous < 0)))


@FEATURES.add(unit="voices", range=(1, np.inf), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def voices_of_most_notes(context: ScoreContext) -> float:
    """Fewest voices that have nine tenths of the notes together."""
    if not len(context.notes):
        return float("nan")
    counts = np.sort(np.bincount(context.voices.voice))[::-1]
    return float(np.searchsorted(np.cumsum(counts), 0.9 * len(context.notes)) + 1)


@FEATURES.add(
    unit="share", range=(0, 1), source=_KOSTKA, unchanged_by=_KEEPS, encoding_safe=False, columns=NONCHORD_TONES
)
def nonchord_tone(context: ScoreContext) -> FloatArray:
    """Share of suspensions, anticipations, passing, neighbour notes, appoggiaturas, escapes and others among notes."""
    return shares(context.nonchord_tones.kind + 1, len(NONCHORD_TONES) + 1)[1:]


@FEATURES.add(unit="share", range=(0, 1), source=_KOSTKA, unchanged_by=_KEEPS, encoding_safe=False)
def held_suspensions(context: ScoreContext) -> float:
    """Share of notes that sound on into a chord to which they do not belong, and then go down by step."""
    return share(context.nonchord_tones.held_over)


@FEATURES.add(unit="share", range=(0, 1), source=_KOSTKA, unchanged_by=_KEEPS, encoding_safe=False)
def leapt_to_nonchord_tones(context: ScoreContext) -> float:
    """Share of appoggiaturas and others among tones outside the chord: those that no step prepares."""
    kind = context.nonchord_tones.kind
    strange = kind[kind >= 0]
    return share(consists_of(strange, [NONCHORD_TONES.index(name) for name in ("appoggiatura", "other")]))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source="parallels of counterpoint (Fux 1725), over voices separated after Kilian and Hoos 2002",
    unchanged_by=_KEEPS,
    encoding_safe=False,
    columns=PARALLELS,
    missing="a piece of one voice",
)
def voice_parallels(context: ScoreContext) -> FloatArray:
    """Share of parallel fifths, octaves and unisons among the steps that two voices take at once."""
    parallels = context.parallels
    if not parallels.steps_together:
        return np.full(len(PARALLELS), np.nan)
    counts = np.bincount(parallels.kind, minlength=len(PARALLELS)) / parallels.steps_together
    return np.minimum(counts, 1.0)
