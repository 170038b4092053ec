"""Motifs: short runs of a line that come back on whatever pitch, how long they are, and how far away.

A motif is a run of steps of the skyline, or of the bass, in semitones and with their rhythm from onset to onset
(:mod:`styleprint.theory.motifs`); it comes back where the same run begins after it has ended. Most of this rests on
whether repeats were written out, and is marked so.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import ratio, shares
from styleprint.music.score import FloatArray
from styleprint.theory.frames import IndexArray
from styleprint.theory.motif_returns import LENGTHS, STEPS, MotifReturns, find_motif_returns

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own"
_LINES = ("skyline", "bass")
_NEAR = (8, 16, 32, 64, 128)
_DISTANCES = (*(f"{line}_within_{notes}" for line in _LINES for notes in _NEAR),)
_MOVED = ("same", "octave", "step", "third", "fourth_fifth", "tritone")
_KIND_OF_MOVE = np.array([1, 2, 2, 3, 3, 4, 5, 4, 3, 3, 2, 2])
"""By semitones within the octave; inversions together, sixths with thirds."""

_NO_RETURN = "a piece in which no motif comes back"


def _of_skyline(context: ScoreContext) -> MotifReturns:
    return find_motif_returns(context.skyline, context.frames.onset_quarters)


def _of_bass(context: ScoreContext) -> MotifReturns:
    return find_motif_returns(context.bass, context.frames.onset_quarters)


def _both(context: ScoreContext) -> tuple[MotifReturns, MotifReturns]:
    return context.shared(_of_skyline), context.shared(_of_bass)


def _distances(context: ScoreContext) -> tuple[IndexArray, IndexArray]:
    """Notes from each motif that comes back to where it began before, rising; of skyline and bass."""
    skyline, bass = (np.sort(_apart(found)) for found in _both(context))
    return skyline, bass


def _apart(found: MotifReturns) -> IndexArray:
    here = np.flatnonzero(found.previous >= 0)
    apart: IndexArray = here - found.previous[here]
    return apart


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=tuple(f"{line}_{length}" for line in _LINES for length in LENGTHS),
    encoding_safe=False,
    missing="a line of fewer than 65 notes",
)
def motif_cover(context: ScoreContext) -> FloatArray:
    """Share of the notes of a line that belong to a motif of so many steps which comes back.

    Missing where the line is too short for it to come back. Not safe: it rests on whether repeats were written out.
    """
    return np.array(
        [
            notes / (found.n_steps + 1) if found.n_steps >= 2 * length else np.nan
            for found in _both(context)
            for length, notes in zip(LENGTHS, found.covered.tolist(), strict=True)
        ]
    )


@FEATURES.add(unit="motifs a hundred notes", range=(0, 50), source=_OURS, columns=_LINES, encoding_safe=False)
def motif_kinds(context: ScoreContext) -> FloatArray:
    """Different motifs of four steps that come back, for a hundred notes of the line.

    Not safe: it rests on whether repeats were written out.
    """
    return np.array(
        [100 * found.kinds / (found.n_steps + 1) if found.n_steps >= 2 * STEPS else np.nan for found in _both(context)]
    )


@FEATURES.add(unit="steps", range=(0, np.inf), source=_OURS, columns=_LINES, encoding_safe=False)
def longest_motif(context: ScoreContext) -> FloatArray:
    """Steps of the longest motif that comes back; 0 where none does.

    Not safe: it rests on whether repeats were written out.
    """
    return np.array([float(found.longest) if found.n_steps > 1 else np.nan for found in _both(context)])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_LINES)
def commonest_motif(context: ScoreContext) -> FloatArray:
    """Share of the places of a line at which its commonest motif of four steps begins."""
    return np.array([ratio(found.commonest, len(found.previous)) for found in _both(context)])


@FEATURES.add(
    unit="notes", range=(STEPS, np.inf), source=_OURS, columns=_LINES, encoding_safe=False, missing=_NO_RETURN
)
def motif_distance(context: ScoreContext) -> FloatArray:
    """Median number of notes from where a motif of four steps began to where it begins again.

    Not safe: it rests on whether repeats were written out.
    """
    return np.array([_middle(apart) for apart in context.shared(_distances)])


def _middle(rising: IndexArray) -> float:
    n = len(rising)
    return (int(rising[(n - 1) // 2]) + int(rising[n // 2])) / 2 if n else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_DISTANCES, encoding_safe=False, missing=_NO_RETURN)
def motif_returns(context: ScoreContext) -> FloatArray:
    """Share of the motifs of four steps that come back which do so within so many notes.

    Not safe: it rests on whether repeats were written out.
    """
    distances = context.shared(_distances)
    return np.concatenate(
        [
            np.searchsorted(rising, _NEAR, side="right") / len(rising) if len(rising) else np.full(len(_NEAR), np.nan)
            for rising in distances
        ]
    )


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_MOVED, encoding_safe=False, missing=_NO_RETURN)
def motif_moved(context: ScoreContext) -> FloatArray:
    """How far the motifs of the skyline that come back are transposed, octaves taken out; sixths are as thirds.

    Not safe: it rests on whether repeats were written out.
    """
    previous = context.shared(_of_skyline).previous
    here = np.flatnonzero(previous >= 0)
    moved = context.skyline[here] - context.skyline[previous[here]]
    return shares(np.where(moved == 0, 0, _KIND_OF_MOVE[moved % 12]), len(_MOVED))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_LINES)
def motif_sequences(context: ScoreContext) -> FloatArray:
    """Share of places at which the four steps just ended begin again on another pitch: a sequence."""
    result = np.full(2, np.nan)
    for which, (found, line) in enumerate(zip(_both(context), (context.skyline, context.bass), strict=True)):
        if found.n_steps >= 2 * STEPS:
            here = np.flatnonzero(found.previous[STEPS:] == np.arange(len(found.previous) - STEPS))
            result[which] = np.count_nonzero(line[here] != line[here + STEPS]) / len(found.previous)
    return result
