"""Moments: what sounds from one frame to the next.

A moment begins with each frame (:mod:`styleprint.theory.frames`) and lasts to the next one, the last to the end
of the music. Notes that were attacked before and still sound belong to it by the share of it that they last.

How long notes sound may be read from the file, or inferred from onsets alone
(:mod:`styleprint.theory.sustain`): the second survives other note-offs.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray
from styleprint.support.compiled import compiled
from styleprint.theory.frames import Frames, IndexArray, Notes
from styleprint.theory.sustain import sustained_quarters

__all__ = ["Moments", "sustained_moments", "written_moments"]

_SOUNDS = 0.3
"""Share of a moment from which on a pitch may be its bass."""


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """Moments in order, without gaps; one a frame.

    Attributes
    ----------
    start_quarters, length_quarters : ndarray of float64, shape (n_moments,)
    presence : ndarray of float64, shape (n_moments, 12)
        Share of the moment that each pitch class sounds, 0–1.
    doubling : ndarray of float64, shape (n_moments, 12)
        What further octaves of the same pitch class add.
    bass : ndarray of int32, shape (n_moments,)
        Lowest MIDI pitch that sounds for a third of the moment or so; the lowest attacked where none does.
    top : ndarray of int32, shape (n_moments,)
        Highest MIDI pitch that is attacked or sounds so long.
    bass_attacked : ndarray of bool, shape (n_moments,)
        Whether the lowest pitch attacked here is as low as the bass.
    """

    start_quarters: FloatArray
    length_quarters: FloatArray
    presence: FloatArray
    doubling: FloatArray
    bass: IntArray
    top: IntArray
    bass_attacked: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.start_quarters)

    @property
    def end_quarters(self) -> float:
        """When the last moment ends; 0.0 where there is none."""
        return float(self.start_quarters[-1] + self.length_quarters[-1]) if len(self) else 0.0


def written_moments(notes: Notes, frames: Frames) -> Moments:
    """Moments with the durations of the file."""
    return _moments(frames, notes.frame, notes.onset_quarters + notes.duration_quarters, notes.midi_pitch)


def sustained_moments(frames: Frames) -> Moments:
    """Moments from onsets and pitches alone: each pitch sounds until it is replaced."""
    end = frames.onset_quarters[frames.frame] + sustained_quarters(frames)
    return _moments(frames, frames.frame, end, frames.midi_pitch)


def _moments(frames: Frames, frame: IndexArray, end: FloatArray, pitch: IntArray) -> Moments:
    """Moments of pitches, in order of frame, given the frame in which each begins and when it ends."""
    n = len(frames)
    if not n:
        nothing, none = np.empty((0, 12)), np.empty(0, np.int32)
        return Moments(np.empty(0), np.empty(0), nothing, nothing, none, none, np.empty(0, bool))
    start = frames.onset_quarters
    length = np.empty(n)
    np.subtract(start[1:], start[:-1], out=length[:-1])
    length[-1] = max(float(end.max()), start[-1] + 1.0 / 24.0) - start[-1]
    order = np.argsort(pitch.astype(np.uint8), kind="stable")  # by pitch, then frame; eight bits sort fast
    columns = _loop()(start, length, frame[order], end[order], pitch[order].astype(np.int64), _SOUNDS)
    total, bass, top = columns
    lowest, highest = frames.midi_pitch[frames.offsets[:-1]], frames.midi_pitch[frames.offsets[1:] - 1]
    bass = np.where(bass < 128, bass, lowest).astype(np.int32)
    top = np.maximum(top, highest).astype(np.int32)
    presence, doubling = np.minimum(total, 1.0), np.maximum(total - 1.0, 0.0)
    return Moments(start, length, presence, doubling, bass, top, lowest <= bass)


@cache
def _loop() -> Any:
    return compiled(_sounding)


def _sounding(start, length, frame, end, pitch, sounds):  # type: ignore[no-untyped-def]  # numba infers the types
    """Share of each moment that pitch classes sound, octaves added; lowest and highest pitch that sounds long enough.

    Pitches come in order. Of one pitch, `share` holds what has been counted in each moment, so that it counts
    once however many notes have it; `upto` is the moment before which it sounds throughout already.
    """
    n = len(start)
    total = np.zeros((n, 12))
    bass, top = np.full(n, 128), np.full(n, -1)
    share = np.zeros(n)
    i = 0
    while i < len(pitch):
        stop = i
        while stop < len(pitch) and pitch[stop] == pitch[i]:
            stop += 1
        upto = 0
        for note in range(i, stop):
            moment = max(frame[note], upto)
            while moment < n and (start[moment] < end[note] or moment == frame[note]):
                part = min(max((end[note] - start[moment]) / length[moment], 0.0), 1.0)
                more = min(1.0 - share[moment], part)
                share[moment] += more
                total[moment, pitch[note] % 12] += more
                if share[moment] >= sounds:
                    bass[moment] = min(bass[moment], pitch[note])
                    top[moment] = max(top[moment], pitch[note])
                moment += 1
                if part >= 1.0:
                    upto = moment
        for note in range(i, stop):
            moment = frame[note]
            while moment < n and share[moment] > 0.0:
                share[moment] = 0.0
                moment += 1
        i = stop
    return total, bass, top
