"""Notes that do not belong to their chord, and what they are.

A note is strange where its pitch class is none of the tones of the chord of the moment in which it is
attacked. What it is follows from how its voice comes to it and leaves it; the first that fits holds:

suspension
    Repeats the pitch before it, which was a tone of its chord, and goes down by step.
anticipation
    Is repeated by the next note, which belongs to its chord, and comes by step or leap.
passing
    Comes by step and leaves by step, the same way.
neighbour
    Comes by step and goes back.
appoggiatura
    Comes by leap and leaves by step.
escape
    Comes by step and leaves by leap.
other
    All else, and notes without a note before or after.

A suspension that is tied over is one note here, attacked as a tone of its chord: it is *held over* where
it still sounds in a chord to which it does not belong, and goes down by step. Definitions after Kostka and
Payne, *Tonal Harmony*, ch. 11 and 12. A step is one or two semitones.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from styleprint.music.score import IntArray
from styleprint.theory.chord_vocabulary import CHORD_TONES, QUALITIES
from styleprint.theory.chords import CHORD_QUALITIES, Chords
from styleprint.theory.frames import IndexArray, Notes
from styleprint.theory.voices import Voices

__all__ = ["NONCHORD_TONES", "NonchordTones", "find_nonchord_tones"]

NONCHORD_TONES = ("suspension", "anticipation", "passing", "neighbour", "appoggiatura", "escape", "other")
_STEP = 2

_AFTERWARDS = {"italian_sixth": (0, 2, 6), "french_sixth": (0, 2, 6, 8), "german_sixth": (0, 2, 6, 9)}


@dataclass(frozen=True, eq=False, slots=True)
class NonchordTones:
    """Of every note, what it is to its chord.

    Attributes
    ----------
    kind : ndarray of int32, shape (n_notes,)
        Index into `NONCHORD_TONES`; -1 for a tone of the chord.
    held_over : ndarray of bool, shape (n_notes,)
        Whether the note sounds on into a chord to which it does not belong, and then goes down by step.
    """

    kind: IntArray
    held_over: npt.NDArray[np.bool_]


def find_nonchord_tones(notes: Notes, voices: Voices, chords: Chords) -> NonchordTones:
    """What each note is to its chord.

    Parameters
    ----------
    notes, voices, chords
        Of one piece; chords stand on the frames of the notes.

    Returns
    -------
    NonchordTones
    """
    n = len(notes)
    if not n:
        return NonchordTones(np.empty(0, np.int32), np.empty(0, bool))
    chord = np.searchsorted(chords.first_moment, notes.frame, side="right") - 1
    pitch = notes.midi_pitch.astype(np.int64)
    belongs = _belongs(chords, chord, pitch % 12)
    previous, following = voices.previous, voices.following
    known = (previous >= 0) & (following >= 0)
    comes = np.where(known, pitch - pitch[previous], 0)
    leaves = np.where(known, pitch[following] - pitch, 0)
    comes_by_step, leaves_by_step = _is_step(comes), _is_step(leaves)
    kind = np.select(
        [
            ~known,
            (comes == 0) & belongs[previous] & leaves_by_step & (leaves < 0),
            (leaves == 0) & belongs[following],
            comes_by_step & leaves_by_step & (np.sign(comes) == np.sign(leaves)),
            comes_by_step & leaves_by_step,
            ~comes_by_step & (comes != 0) & leaves_by_step,
            comes_by_step & ~leaves_by_step & (leaves != 0),
        ],
        [6, 0, 1, 2, 3, 4, 5],
        6,
    )
    return NonchordTones(
        np.where(belongs, -1, kind).astype(np.int32), _held_over(notes, chords, chord, belongs, following)
    )


def _held_over(
    notes: Notes, chords: Chords, chord: IndexArray, belongs: npt.NDArray[np.bool_], following: IndexArray
) -> npt.NDArray[np.bool_]:
    end = notes.onset_quarters + notes.duration_quarters
    later = np.searchsorted(chords.start_quarters, end - 1.0 / 24.0, side="right") - 1
    pitch = notes.midi_pitch.astype(np.int64)
    down = np.where(following >= 0, pitch[following] - pitch, 0)
    strange_later = ~_belongs(chords, np.maximum(later, chord), pitch % 12)
    held: npt.NDArray[np.bool_] = belongs & (later > chord) & strange_later & _is_step(down) & (down < 0)
    return held


def _is_step(interval: IndexArray) -> npt.NDArray[np.bool_]:
    step: npt.NDArray[np.bool_] = (interval != 0) & (np.abs(interval) <= _STEP)
    return step


def _belongs(chords: Chords, chord: IndexArray, pitch_class: IndexArray) -> npt.NDArray[np.bool_]:
    belongs: npt.NDArray[np.bool_] = _tone_table()[chords.quality[chord], (pitch_class - chords.root[chord]) % 12]
    return belongs


@cache
def _tone_table() -> npt.NDArray[np.bool_]:
    """Whether each semitone above the root belongs to a chord of each quality."""
    table = np.zeros((len(CHORD_QUALITIES), 12), dtype=bool)
    for quality, name in enumerate(CHORD_QUALITIES):
        table[quality, list(_AFTERWARDS[name] if name in _AFTERWARDS else CHORD_TONES[quality])] = True
    table[QUALITIES.index("cadential_six_four"), 8] = True  # the sixth of the minor mode
    return table
