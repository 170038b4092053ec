"""Salami slices: a new slice wherever any note of any part begins or ends.

Each slice holds the pitches that sound throughout it, each once however many parts have it. Slices
rest on note-offs, which encoders decide: see :class:`styleprint.features.context.Frames` for what is
attacked together, which does not.
"""

from dataclasses import dataclass

import numpy as np

from styleprint.music.score import FloatArray, IntArray

__all__ = ["Slices", "salami_slices"]

_SAME_QUARTERS = 1e-6
"""Times closer than this are one time: the exactness of a Score."""


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
    offsets: np.ndarray[tuple[int], np.dtype[np.int64]]
    midi_pitch: IntArray

    def __len__(self) -> int:
        return len(self.start_quarters)

    @property
    def sounding(self) -> IntArray:
        """How many pitches sound in each slice."""
        return np.diff(self.offsets).astype(np.int32)


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
    lasting = duration_quarters > _SAME_QUARTERS
    start, end, pitch = _united(onset_quarters[lasting], duration_quarters[lasting], midi_pitch[lasting])
    onsets = onset_quarters[lasting]
    times = np.sort(np.concatenate([start, end, onsets]))
    if not len(times):
        return Slices(np.empty(0), np.empty(0), np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int32))
    times = times[np.concatenate([[True], np.diff(times) > _SAME_QUARTERS])]
    n_slices = len(times) - 1
    first = np.searchsorted(times, start - _SAME_QUARTERS)
    last = np.searchsorted(times, end - _SAME_QUARTERS)
    held = last - first
    # slice numbers first[i] … last[i] - 1 of every note i, without a loop
    within = np.arange(held.sum()) - np.repeat(np.cumsum(held) - held, held)
    number = np.repeat(first, held) + within
    key = np.sort(number * 128 + np.repeat(pitch, held))
    offsets = np.searchsorted(key, np.arange(n_slices + 1) * 128)
    return Slices(times[:-1], np.diff(times), offsets.astype(np.int64), (key % 128).astype(np.int32))


def _united(onset: FloatArray, duration: FloatArray, pitch: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Join notes of one pitch that overlap, whatever their parts: start, end and pitch of each."""
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
