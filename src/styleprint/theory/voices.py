"""Voices where the format gives none: notes of one track, or of a piano, told apart into streams.

Frame by frame, notes go to the voices that sing so far, in order of pitch, so that voices do not cross within a
frame. Which note goes to which voice costs least in all (an alignment by dynamic programming): the distance
in semitones, rests, more where the voice still sounds, and a price for a voice that is new. Nearness in pitch and
time and the avoidance of crossing are the principles of Huron, "Tone and Voice" (2001); assigning frames at least
cost follows Kilian and Hoos, "Voice Separation — A Local Optimisation Approach" (2002), with one note a
voice.

Voices are numbered in order of appearance, from the lowest note of the first frame up.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from styleprint.music.score import FloatArray
from styleprint.support.compiled import compiled
from styleprint.theory.frames import IndexArray, Notes

__all__ = ["VoiceParameters", "Voices", "separate_voices"]

_MOST_VOICES = 32
"""Voices in hand at most; of more the one that fell silent first is given up."""


@dataclass(frozen=True)
class VoiceParameters:
    """Costs in semitones, set by hand.

    Attributes
    ----------
    new : float
        Of a voice that begins.
    rest : float
        A quarter of rest before a note, up to four.
    overlap : float
        Of a note that begins while its voice still sounds.
    least_overlap : float
        Quarters of overlap that are no overlap: played legato.
    forgotten : float
        Quarters of silence after which a voice has ended.
    """

    new: float = 30.0
    rest: float = 8.0
    overlap: float = 20.0
    least_overlap: float = 0.1
    forgotten: float = 16.0


@dataclass(frozen=True, eq=False, slots=True)
class Voices:
    """Voices of notes.

    Attributes
    ----------
    voice : ndarray of int64, shape (n_notes,)
        Number of the voice of each note.
    previous, following : ndarray of int64, shape (n_notes,)
        The note before and after in the same voice; -1 where there is none.
    """

    voice: IndexArray
    previous: IndexArray
    following: IndexArray


def separate_voices(
    notes: Notes, duration_quarters: FloatArray | None = None, parameters: VoiceParameters | None = None
) -> Voices:
    """Tell notes apart into voices, by onsets, pitches and durations alone.

    Parameters
    ----------
    notes : Notes
    duration_quarters : ndarray, optional
        How long notes sound; what the file says without it.
    parameters : VoiceParameters, optional

    Returns
    -------
    Voices
    """
    chosen = parameters or VoiceParameters()
    duration = notes.duration_quarters if duration_quarters is None else duration_quarters
    order = np.argsort(notes.frame * 128 + notes.midi_pitch, kind="stable")
    costs = np.array([chosen.new, chosen.rest, chosen.overlap, chosen.least_overlap, chosen.forgotten])
    end = notes.onset_quarters + duration
    columns = (notes.frame[order], notes.onset_quarters[order], end[order], notes.midi_pitch[order].astype(np.int64))
    voice, previous = _loop()(*columns, costs, _MOST_VOICES)
    result = [np.empty(len(order), np.int64) for _ in range(3)]
    result[0][order] = voice
    result[1][order] = np.where(previous >= 0, order[previous], -1) if len(order) else previous
    result[2][:] = -1
    followed = np.flatnonzero(result[1] >= 0)
    result[2][result[1][followed]] = followed
    return Voices(*result)


@cache
def _loop() -> Any:
    return compiled(_assign)


def _assign(frame, onset, end, pitch, costs, most):  # type: ignore[no-untyped-def]  # numba infers the types
    """Voice of each note, and the note before it; notes by frame, then pitch."""
    new, rest, overlap, least_overlap, forgotten = costs
    n = len(frame)
    voice, previous = np.empty(n, np.int64), np.full(n, -1)
    last = np.empty(most, np.int64)  # last note of each voice in hand, by rising pitch
    in_hand, count = 0, 0
    largest, first = 1, 0
    for note in range(1, n):
        if frame[note] != frame[note - 1]:
            first = note
        largest = max(largest, note - first + 1)
    best, way = np.empty((most + 1, largest + 1)), np.zeros((most + 1, largest + 1), np.int8)
    taken = np.empty(largest, np.int64)
    first = 0
    while first < n:
        stop = first
        while stop < n and frame[stop] == frame[first]:
            stop += 1
        # voices that have ended are let go
        kept = 0
        for v in range(in_hand):
            if onset[first] - end[last[v]] <= forgotten:
                last[kept] = last[v]
                kept += 1
        in_hand = kept
        size = stop - first
        best[0, 0] = 0.0
        for j in range(1, size + 1):
            best[0, j] = best[0, j - 1] + new
            way[0, j] = 2
        for i in range(1, in_hand + 1):
            before = last[i - 1]
            best[i, 0] = 0.0
            way[i, 0] = 1
            for j in range(1, size + 1):
                note = first + j - 1
                gap = onset[note] - end[before]
                cost = abs(pitch[note] - pitch[before])
                if gap < -least_overlap:
                    cost += overlap
                elif gap > 0.0:
                    cost += rest * min(gap, 4.0)
                best[i, j], way[i, j] = best[i - 1, j], 1
                if best[i, j - 1] + new < best[i, j]:
                    best[i, j], way[i, j] = best[i, j - 1] + new, 2
                if best[i - 1, j - 1] + cost < best[i, j]:
                    best[i, j], way[i, j] = best[i - 1, j - 1] + cost, 3
        i, j = in_hand, size
        taken[:size] = -1
        while i > 0 or j > 0:
            if way[i, j] == 1:
                i -= 1
            elif way[i, j] == 2:
                j -= 1
            else:
                i -= 1
                j -= 1
                taken[j] = i
        for j in range(size):
            note = first + j
            if taken[j] >= 0:
                previous[note] = last[taken[j]]
                voice[note] = voice[previous[note]]
                last[taken[j]] = note
            else:
                voice[note] = count
                count += 1
                if in_hand == most:  # the voice that fell silent first makes room
                    oldest = 0
                    for v in range(in_hand):
                        if end[last[v]] < end[last[oldest]]:
                            oldest = v
                    last[oldest] = note
                else:
                    last[in_hand] = note
                    in_hand += 1
        for a in range(1, in_hand):  # by rising pitch again
            mover, b = last[a], a - 1
            while b >= 0 and pitch[last[b]] > pitch[mover]:
                last[b + 1] = last[b]
                b -= 1
            last[b + 1] = mover
        first = stop
    return voice, previous
