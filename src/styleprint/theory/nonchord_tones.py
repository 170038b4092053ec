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
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.score import IntArray
from styleprint.support.compiled import compiled
from styleprint.theory.chord_vocabulary import CHORD_TONES, QUALITIES
from styleprint.theory.chords import CHORD_QUALITIES, Chords
from styleprint.theory.frames import Notes
from styleprint.theory.voices import Voices

__all__ = ["NONCHORD_TONES", "NonchordTones", "find_nonchord_tones"]

NONCHORD_TONES = ("suspension", "anticipation", "passing", "neighbour", "appoggiatura", "escape", "other")
_SUSPENSION, _ANTICIPATION, _PASSING, _NEIGHBOUR, _APPOGGIATURA, _ESCAPE, _OTHER = range(len(NONCHORD_TONES))
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
    end = notes.onset_quarters + notes.duration_quarters
    later = np.searchsorted(chords.start_quarters, end - 1.0 / 24.0, side="right") - 1
    tones = _tone_table()[chords.quality]
    kind, held_over = _loop()(
        notes.midi_pitch.astype(np.int64), voices.previous, voices.following, chord, later, chords.root, tones
    )
    return NonchordTones(kind, held_over)


@cache
def _loop() -> Any:
    return compiled(_tell)


def _tell(pitch, previous, following, chord, later, root, tones):  # type: ignore[no-untyped-def]  # as numba infers
    """Kind of each note, and whether it is held over: the definitions of the module, in their order.

    `later` is the chord in which each note ends, `tones` which semitones above its root belong to each chord.
    """
    n = len(pitch)
    belongs, kind, held_over = np.empty(n, np.bool_), np.full(n, -1, np.int32), np.zeros(n, np.bool_)
    for note in range(n):
        belongs[note] = tones[chord[note], (pitch[note] - root[chord[note]]) % 12]
    for note in range(n):
        before, after = previous[note], following[note]
        leaves = pitch[after] - pitch[note] if after >= 0 else 0
        leaves_by_step = 0 < abs(leaves) <= _STEP
        if belongs[note]:
            end = later[note]
            strange_later = end > chord[note] and not tones[end, (pitch[note] - root[end]) % 12]
            held_over[note] = strange_later and leaves_by_step and leaves < 0
            continue
        if before < 0 or after < 0:
            kind[note] = _OTHER
            continue
        comes = pitch[note] - pitch[before]
        comes_by_step = 0 < abs(comes) <= _STEP
        if comes == 0 and belongs[before] and leaves_by_step and leaves < 0:
            kind[note] = _SUSPENSION
        elif leaves == 0 and belongs[after]:
            kind[note] = _ANTICIPATION
        elif comes_by_step and leaves_by_step:
            kind[note] = _PASSING if (comes > 0) == (leaves > 0) else _NEIGHBOUR
        elif comes != 0 and not comes_by_step and leaves_by_step:
            kind[note] = _APPOGGIATURA
        elif comes_by_step and leaves != 0:
            kind[note] = _ESCAPE
        else:
            kind[note] = _OTHER
    return kind, held_over


@cache
def _tone_table() -> npt.NDArray[np.bool_]:
    """Whether each semitone above the root belongs to a chord of each quality."""
    table = np.zeros((len(CHORD_QUALITIES), 12), dtype=bool)
    for quality, name in enumerate(CHORD_QUALITIES):
        table[quality, list(_AFTERWARDS[name] if name in _AFTERWARDS else CHORD_TONES[quality])] = True
    table[QUALITIES.index("cadential_six_four"), 8] = True  # the sixth of the minor mode
    return table
