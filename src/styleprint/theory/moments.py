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
    """Moments of pitches, given the frame in which each begins and when it ends."""
    n = len(frames)
    if not n:
        nothing, none = np.empty((0, 12)), np.empty(0, np.int32)
        return Moments(np.empty(0), np.empty(0), nothing, nothing, none, none, np.empty(0, bool))
    start = frames.onset_quarters
    length = np.diff(start, append=max(float(end.max()), start[-1] + 1.0 / 24.0))
    border = np.append(start, start[-1] + length[-1])
    # the moment in which each pitch ends, and what share of that moment it lasts
    last = np.maximum(np.searchsorted(border, end, side="left") - 1, frame)
    part = np.clip((end - border[last]) / length[last], 0.0, 1.0)
    presence, doubling = np.empty((n, 12)), np.empty((n, 12))
    bass, top = frames.midi_pitch[frames.offsets[:-1]], frames.midi_pitch[frames.offsets[1:] - 1]
    lowest = bass.copy()
    _loop()(frame, last, np.argsort(last, kind="stable"), part, pitch, presence, doubling, bass, top, _SOUNDS)
    return Moments(start, length, presence, doubling, bass, top, lowest <= bass)


@cache
def _loop() -> Any:
    return compiled(_fill)


def _fill(  # type: ignore[no-untyped-def]  # numba infers the types
    frame, last, by_last, part, pitch, presence, doubling, bass, top, sounds
):
    """Fill in presence and doubling, and raise or lower `bass` and `top` to what sounds for long enough.

    `frame` rises; `by_last` orders pitches by the moment in which they end.
    """
    whole, partly, classes = np.zeros(128, np.int64), np.zeros(128), np.zeros(12)
    begun, ended, n = 0, 0, len(frame)
    for moment in range(len(bass)):
        while begun < n and frame[begun] == moment:
            whole[pitch[begun]] += 1
            begun += 1
        first = ended
        while ended < n and last[by_last[ended]] == moment:
            whole[pitch[by_last[ended]]] -= 1
            partly[pitch[by_last[ended]]] += part[by_last[ended]]
            ended += 1
        classes[:] = 0.0
        low, high = 128, 0
        for p in range(128):
            share = min(whole[p] + partly[p], 1.0)
            if share > 0.0:
                classes[p % 12] += share
                if share >= sounds:
                    low, high = min(low, p), p
        for c in range(12):
            presence[moment, c] = min(classes[c], 1.0)
            doubling[moment, c] = max(classes[c] - 1.0, 0.0)
        if low < 128:
            bass[moment] = low
        top[moment] = max(high, top[moment])
        for i in range(first, ended):
            partly[pitch[by_last[i]]] = 0.0
