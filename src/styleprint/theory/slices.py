"""Salami slices: a new slice wherever any note of any part begins or ends.

Each slice holds the pitches that sound throughout it, each once however many parts have it. Slices
rest on note-offs, which encoders decide.

How many pitches sound takes memory in proportion to the notes; which ones, up to 128 times that.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray
from styleprint.support.compiled import compiled

__all__ = ["Cut", "Slices", "Sounding", "count_sounding", "cut_notes", "salami_slices", "slices_of", "sounding_of"]

_SAME_QUARTERS = 1e-6
"""Times closer than this are one time: the exactness of a Score."""

_Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Sounding:
    """Slices without their pitches.

    Attributes
    ----------
    start_quarters, length_quarters : ndarray of float64, shape (n_slices,)
    count : ndarray of int64, shape (n_slices,)
        How many different pitches sound.
    """

    start_quarters: FloatArray
    length_quarters: FloatArray
    count: _Indices


@dataclass(frozen=True, eq=False, slots=True)
class Slices:
    """Slices in order, without gaps; rests are slices without pitches.

    Attributes
    ----------
    start_quarters, length_quarters : ndarray of float64, shape (n_slices,)
    offsets : ndarray of int64, shape (n_slices + 1,)
        Slice i holds ``midi_pitch[offsets[i]:offsets[i + 1]]``.
    midi_pitch : ndarray of int32
        Sounding pitches of each slice, rising.
    """

    start_quarters: FloatArray
    length_quarters: FloatArray
    offsets: _Indices
    midi_pitch: IntArray

    def __len__(self) -> int:
        return len(self.start_quarters)


def count_sounding(onset_quarters: FloatArray, duration_quarters: FloatArray, midi_pitch: IntArray) -> Sounding:
    """How many pitches sound in each slice.

    Parameters
    ----------
    onset_quarters, duration_quarters, midi_pitch : ndarray, shape (n_notes,)
        As for :func:`salami_slices`.

    Returns
    -------
    Sounding
    """
    return sounding_of(cut_notes(onset_quarters, duration_quarters, midi_pitch))


def sounding_of(cut: "Cut") -> Sounding:
    """How many pitches sound in each slice of notes that are cut already."""
    n_times = len(cut.times)
    steps = np.bincount(cut.first, minlength=n_times) - np.bincount(cut.last, minlength=n_times)
    return Sounding(cut.times[:-1], cut.times[1:] - cut.times[:-1], np.cumsum(steps)[:-1])


def salami_slices(onset_quarters: FloatArray, duration_quarters: FloatArray, midi_pitch: IntArray) -> Slices:
    """Cut notes into slices.

    Parameters
    ----------
    onset_quarters, duration_quarters, midi_pitch : ndarray, shape (n_notes,)
        In any order. Notes without duration sound in no slice.

    Returns
    -------
    Slices
        From the first onset to the last end; empty where no note has a duration.
    """
    return slices_of(cut_notes(onset_quarters, duration_quarters, midi_pitch))


def slices_of(cut: "Cut") -> Slices:
    """Slices of notes that are cut already."""
    times, order = cut.times, np.argsort(cut.midi_pitch.astype(np.uint8), kind="stable")
    n_slices = max(0, len(times) - 1)
    offsets, pitch = _loops()[1](cut.first[order], cut.last[order], cut.midi_pitch[order], n_slices)
    return Slices(times[:-1], times[1:] - times[:-1], offsets, pitch)


@dataclass(frozen=True, eq=False, slots=True)
class Cut:
    """What :func:`sounding_of` and :func:`slices_of` start from: notes of one pitch that overlap are one stretch.

    Attributes
    ----------
    times : ndarray of float64, shape (n_slices + 1,)
        Borders of the slices.
    first, last : ndarray of int64, shape (n_stretches,)
        First slice of each stretch, and the slice after its last.
    midi_pitch : ndarray of int32, shape (n_stretches,)
    """

    times: FloatArray
    first: _Indices
    last: _Indices
    midi_pitch: IntArray


def cut_notes(onset_quarters: FloatArray, duration_quarters: FloatArray, midi_pitch: IntArray) -> Cut:
    """Borders of the slices, and where each sounding stretch of a pitch lies among them."""
    lasting = duration_quarters > _SAME_QUARTERS
    onset, pitch = onset_quarters[lasting], midi_pitch[lasting]
    end = onset + duration_quarters[lasting]
    if (onset[1:] < onset[:-1]).any():
        order = np.argsort(onset, kind="stable")
        onset, end, pitch = onset[order], end[order], pitch[order]
    # ends are rounded as on one axis for all pitches, each beyond the one below: so tables stay what they were
    shift = np.arange(128) * (end.max(initial=0.0) + 1.0)
    start, end, pitch = _loops()[0](onset, end, pitch, shift, _SAME_QUARTERS)
    times = np.sort(np.concatenate([end, onset]))
    is_border = np.ones(len(times), dtype=bool)
    np.greater(times[1:] - times[:-1], _SAME_QUARTERS, out=is_border[1:])
    times = times[is_border]
    first, last = np.searchsorted(times, start - _SAME_QUARTERS), np.searchsorted(times, end - _SAME_QUARTERS)
    return Cut(times, first, last, pitch)


@cache
def _loops() -> tuple[Any, Any]:
    return compiled(_unite), compiled(_spread)


def _unite(onset, end, pitch, shift, same):  # type: ignore[no-untyped-def]  # numba infers the types
    """Start, end and pitch of each stretch: notes of one pitch that overlap, whatever their parts, are joined.

    Onsets rise. `stretch` is the last stretch of each pitch so far.
    """
    starts, ends, pitches = np.empty_like(onset), np.empty_like(end), np.empty_like(pitch)
    stretch, n = np.full(128, -1), 0
    for note in range(len(onset)):
        last, reach = stretch[pitch[note]], end[note] + shift[pitch[note]]
        if last >= 0 and onset[note] + shift[pitch[note]] <= ends[last] - same:
            ends[last] = max(ends[last], reach)
            continue
        starts[n], ends[n], pitches[n] = onset[note], reach, pitch[note]
        stretch[pitch[note]] = n
        n += 1
    return starts[:n], ends[:n] - shift[pitches[:n]], pitches[:n]


def _spread(first, last, pitch, n_slices):  # type: ignore[no-untyped-def]  # as above
    """Offsets of the slices, and the pitches in each: of stretches in order of pitch, so they rise."""
    offsets = np.zeros(n_slices + 1, np.int64)
    for i in range(len(first)):
        for number in range(first[i], last[i]):
            offsets[number + 1] += 1
    for number in range(n_slices):
        offsets[number + 1] += offsets[number]
    place, pitches = offsets[:-1].copy(), np.empty(offsets[-1], np.int32)
    for i in range(len(first)):
        for number in range(first[i], last[i]):
            pitches[place[number]] = pitch[i]
            place[number] += 1
    return offsets, pitches
