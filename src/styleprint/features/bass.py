"""Bass: motion of the lowest pitch of each frame.

Where the accompaniment is broken, the lowest pitch of a frame need not be the bass of the harmony.
*Foundations* are the frames whose lowest pitch lies below both neighbours': they stand for the bass there.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.melody import INTERVAL_COLUMNS, interval_histogram
from styleprint.features.numbers import (
    bits,
    borders,
    chance_of_equal,
    differences,
    figures,
    kinds,
    mean,
    run_lengths,
    share,
    shares,
)
from styleprint.music.score import FloatArray, IntArray

__all__ = ["FEATURES", "bass_intervals"]

FEATURES = Family()

_OURS = "our own"
_LIKE_MELODY = "our own: as in the melodic family, over the lowest pitches"


def bass_intervals(context: ScoreContext) -> IntArray:
    """Semitones from each bass note to the next, rising positive."""
    intervals: IntArray = differences(context.bass)
    return intervals


def _foundations(context: ScoreContext) -> IntArray:
    """Lowest pitches of frames that are not above either neighbour, repetitions left out."""
    bass = context.bass
    changed = bass[borders(bass)]
    low = np.ones(len(changed), dtype=bool)
    low[1:] &= changed[1:] < changed[:-1]
    low[:-1] &= changed[:-1] < changed[1:]
    result: IntArray = changed[low]
    return result


@FEATURES.add(unit="share", range=(0, 1), source=_LIKE_MELODY, columns=INTERVAL_COLUMNS)
def bass_interval(context: ScoreContext) -> FloatArray:
    """Share of each interval of the bass, by direction and semitones."""
    return interval_histogram(context.shared(bass_intervals))


@FEATURES.add(unit="semitones", range=(0, 127), source=_LIKE_MELODY)
def mean_bass_interval(context: ScoreContext) -> float:
    """Mean absolute interval between successive bass notes."""
    return mean(np.abs(context.shared(bass_intervals)))


@FEATURES.add(unit="share", range=(0, 1), source=_LIKE_MELODY)
def bass_steps(context: ScoreContext) -> float:
    """Share of one or two semitones among the moving intervals of the bass."""
    sizes = np.abs(context.shared(bass_intervals))
    return share(sizes[sizes > 0] <= 2)


@FEATURES.add(unit="share", range=(0, 1), source=_LIKE_MELODY)
def bass_turns(context: ScoreContext) -> float:
    """Share of moving intervals of the bass that go against the one before."""
    intervals = context.shared(bass_intervals)
    sign = np.sign(intervals[intervals != 0])
    return share(sign[1:] != sign[:-1])


@FEATURES.add(unit="notes", range=(1, np.inf), source=_OURS)
def bass_repeated_run(context: ScoreContext) -> float:
    """Mean length of the stretches of one bass pitch: drums, pedals, repeated chords."""
    return mean(run_lengths(context.bass))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def bass_returns(context: ScoreContext) -> float:
    """Share of frames whose bass is that of two frames before, with another between: Alberti basses, tremolos."""
    bass = context.bass
    return share((bass[2:] == bass[:-2]) & (bass[1:-1] != bass[:-2]))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def bass_alberti(context: ScoreContext) -> float:
    """Share of four successive frames whose lowest pitches go low, high, middle, high."""
    bass = context.bass
    low, high, middle, again = bass[:-3], bass[1:-2], bass[2:-1], bass[3:]
    return share((high == again) & (low < middle) & (middle < high) & (high - low <= 12))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def bass_after_beat(context: ScoreContext) -> float:
    """Share of frames that stand an octave or more above the bass note before: leaping accompaniment."""
    return share(context.shared(bass_intervals) >= 12)


@FEATURES.add(unit="bits", range=(0, 8), source=_LIKE_MELODY)
def bass_interval_entropy(context: ScoreContext) -> float:
    """Entropy of the bass's intervals, with direction."""
    return bits(kinds(context.shared(bass_intervals)))


@FEATURES.add(unit="chance", range=(0, 1), source=_LIKE_MELODY)
def bass_figure_recurrence(context: ScoreContext) -> float:
    """Chance that two figures of four bass intervals, drawn at random, are the same."""
    return chance_of_equal(figures(context.shared(bass_intervals), 4))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=tuple(f"up_{semitones}" for semitones in range(12)),
)
def foundation_motion(context: ScoreContext) -> FloatArray:
    """Share of each motion from one foundation (see the module) to the next, as rising semitones within an octave."""
    return shares(differences(context.shared(_foundations)) % 12, 12)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def foundation_fifths(context: ScoreContext) -> float:
    """Share of falling fifths (rising fourths) among the motions of foundations by a fourth or a fifth."""
    motion = differences(context.shared(_foundations)) % 12
    return share(motion[(motion == 5) | (motion == 7)] == 5)
