"""Notes on the grid become a Score, and a Score becomes notes on the grid.

The score has the length that was asked for: notes that would sound on are cut where it ends, and those of the last
onset are held until then. Where a part strikes a pitch that still sounds, the earlier note ends; so what is written as
MIDI is read back as it was.
"""

import numpy as np

from styleprint.corpus.known_passages import TICKS_A_QUARTER
from styleprint.generation.sampling import IntArray, Notes
from styleprint.music.score import Parts, Score, Source, Tempos, TimeSignatures
from styleprint.music.time import lay_out_measures

__all__ = ["notes_of", "score_of"]

_VELOCITY = 72
_PROGRAMME = 0


def score_of(
    notes: Notes,
    ticks: int,
    *,
    tempo_qpm: float,
    metre: tuple[int, int] = (4, 4),
    names: tuple[str, ...] = (),
    title: str = "",
) -> Score:
    """A score of these notes.

    Parameters
    ----------
    notes : Notes
        All begin before `ticks`.
    ticks : int
        Length of the score.
    tempo_qpm : float
        Quarters a minute.
    metre : (int, int)
        Time signature.
    names : tuple of str
        Of the parts; further ones are numbered.
    title : str
    """
    order = np.lexsort((notes.midi_pitch, notes.part, notes.onset))
    onset, part, pitch = notes.onset[order], notes.part[order], notes.midi_pitch[order]
    end = np.minimum(onset + notes.duration[order], ticks)
    end = np.where(onset == onset[-1], ticks, end) if len(onset) else end
    end = np.minimum(end, _next_strike(onset, part, pitch))
    n, unknown = len(onset), np.full(len(onset), -1, dtype=np.int32)
    n_parts = max(len(names), int(part.max(initial=-1)) + 1, 1)
    metres = TimeSignatures(np.zeros(1), np.array([metre[0]], np.int32), np.array([metre[1]], np.int32))
    quarters = ticks / TICKS_A_QUARTER
    return Score(
        onset_quarters=onset / TICKS_A_QUARTER,
        duration_quarters=(end - onset) / TICKS_A_QUARTER,
        midi_pitch=pitch.astype(np.int32),
        part=part.astype(np.int32),
        voice=unknown,
        staff=unknown,
        is_grace=np.zeros(n, dtype=bool),
        is_unpitched=np.zeros(n, dtype=bool),
        velocity=np.full(n, _VELOCITY, dtype=np.int32),
        measures=lay_out_measures(metres, quarters),
        time_signatures=metres,
        tempos=Tempos(np.zeros(1), np.array([tempo_qpm])),
        parts=Parts(
            (*names, *(f"part {i + 1}" for i in range(len(names), n_parts))),
            np.full(n_parts, _PROGRAMME, dtype=np.int32),
        ),
        source=Source(titles=(title,) if title else ()),
    )


def _next_strike(onset: IntArray, part: IntArray, pitch: IntArray) -> IntArray:
    """When the same part strikes the same pitch next; far away where it does not."""
    order = np.lexsort((onset, pitch, part))
    following = np.full(len(onset), np.iinfo(np.int64).max)
    same = (part[order][1:] == part[order][:-1]) & (pitch[order][1:] == pitch[order][:-1])
    following[order[:-1][same]] = onset[order[1:][same]]
    return following


def notes_of(score: Score) -> Notes:
    """The pitched notes of a score on the grid, at least one tick long; a part strikes a pitch once at a moment."""
    rows = np.flatnonzero(~score.is_unpitched & ~score.is_grace)
    onset = np.rint(score.onset_quarters[rows] * TICKS_A_QUARTER).astype(np.int64)
    part, pitch = score.part[rows].astype(np.int64), score.midi_pitch[rows].astype(np.int64)
    duration = np.rint(score.duration_quarters[rows] * TICKS_A_QUARTER).astype(np.int64)
    _, once = np.unique(np.stack([onset, part, pitch]), axis=1, return_index=True)
    return Notes(onset[once], part[once], pitch[once], np.maximum(duration[once], 1))
