"""Salami slices: a new slice wherever any note of any part begins or ends.

Each slice holds the pitches that sound throughout it, each once however many parts have it. Slices
rest on note-offs, which encoders decide.

How many pitches sound takes memory in proportion to the notes; which ones, up to 128 times that.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray

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
    return Sounding(cut.times[:-1], np.diff(cut.times), np.cumsum(steps)[:-1])


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
    times, first, pitch = cut.times, cut.first, cut.midi_pitch
    n_slices = max(0, len(times) - 1)
    held = cut.last - first
    # slice numbers first[i] … last[i] - 1 of every note i, without a loop
    within = np.arange(held.sum()) - np.repeat(np.cumsum(held) - held, held)
    number = np.repeat(first, held) + within
    key = np.sort(number * 128 + np.repeat(pitch, held))
    offsets = np.searchsorted(key, np.arange(n_slices + 1) * 128)
    return Slices(times[:-1], np.diff(times), offsets.astype(np.int64), (key % 128).astype(np.int32))


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
    onset = onset_quarters[lasting]
    start, end, pitch = _united(onset, duration_quarters[lasting], midi_pitch[lasting])
    times = np.sort(np.concatenate([end, onset]))
    times = times[np.diff(times, prepend=-np.inf) > _SAME_QUARTERS]
    first, last = np.searchsorted(times, start - _SAME_QUARTERS), np.searchsorted(times, end - _SAME_QUARTERS)
    return Cut(times, first, last, pitch)


def _united(onset: FloatArray, duration: FloatArray, pitch: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Join notes of one pitch that overlap, whatever their parts: start, end and pitch of each."""
    if (onset[1:] >= onset[:-1]).all():
        order = np.argsort(pitch.astype(np.uint8), kind="stable")  # the same, and eight bits sort fast
    else:
        order = np.lexsort((onset, pitch))
    onset, pitch = onset[order], pitch[order]
    end = onset + duration[order]
    if not len(onset):
        return onset, end, pitch
    # one axis for all pitches, so that one running maximum serves them
    shift = pitch * (end.max() + 1.0)
    reach = np.maximum.accumulate(end + shift)
    begins = np.concatenate([[True], (onset + shift)[1:] > reach[:-1] - _SAME_QUARTERS])
    firsts = np.flatnonzero(begins)
    lasts = np.concatenate([firsts[1:], [len(onset)]]) - 1
    return onset[firsts], reach[lasts] - shift[lasts], pitch[firsts]
