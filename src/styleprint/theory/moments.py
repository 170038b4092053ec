"""Moments: what sounds from one frame to the next.

A moment begins with each frame (:mod:`styleprint.theory.frames`) and lasts to the next one, the last to the end
of the music. Notes that were attacked before and still sound belong to it by the share of it that they last.

How long notes sound may be read from the file, or inferred from onsets alone
(:mod:`styleprint.theory.sustain`): the second survives other note-offs.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.frames import Frames, IndexArray, Notes
from styleprint.theory.sustain import sustained_quarters

__all__ = ["Moments", "sustained_moments", "written_moments"]

_SOUNDS = 0.3
"""Share of a moment from which on a pitch may be its bass."""

_CHUNK = 8192
"""Moments looked at together, so that memory is bounded by this many times 128 pitches."""


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
    bass, top = np.empty(n, np.int32), np.empty(n, np.int32)
    lowest, highest = frames.midi_pitch[frames.offsets[:-1]], frames.midi_pitch[frames.offsets[1:] - 1]
    sounding = np.zeros(128)
    for first in range(0, n, _CHUNK):
        stop = min(first + _CHUNK, n)
        share, sounding = _shares(first, stop, sounding, (frame, last, part, pitch))
        octaves = np.zeros((stop - first, 132))
        octaves[:, :128] = share
        total = octaves.reshape(-1, 11, 12).sum(axis=1)
        presence[first:stop] = np.minimum(total, 1.0)
        doubling[first:stop] = np.maximum(total - 1.0, 0.0)
        sounds = share >= _SOUNDS
        bass[first:stop] = np.where(sounds.any(axis=1), sounds.argmax(axis=1), lowest[first:stop])
        longest = np.where(sounds.any(axis=1), 127 - sounds[:, ::-1].argmax(axis=1), 0)
        top[first:stop] = np.maximum(longest, highest[first:stop])
    return Moments(start, length, presence, doubling, bass, top, lowest <= bass)


def _shares(
    first: int, stop: int, sounding: FloatArray, notes: tuple[IndexArray, IndexArray, FloatArray, IntArray]
) -> tuple[FloatArray, FloatArray]:
    """Share of the moments from `first` to `stop` that each pitch sounds; and what sounds on after them.

    `sounding` counts for each pitch the notes that began before and fill the first moment.
    """
    frame, last, part, pitch = notes
    size = stop - first
    begins = np.flatnonzero((frame >= first) & (frame < stop))
    ends = np.flatnonzero((last >= first) & (last < stop))
    change = np.bincount((frame[begins] - first) * 128 + pitch[begins], minlength=size * 128).astype(np.float64)
    change -= np.bincount((last[ends] - first) * 128 + pitch[ends], minlength=size * 128)
    change[:128] += sounding
    full = np.cumsum(change.reshape(size, 128), axis=0)
    partial = np.bincount((last[ends] - first) * 128 + pitch[ends], weights=part[ends], minlength=size * 128)
    return np.minimum(full + partial.reshape(size, 128), 1.0), full[-1].copy()
