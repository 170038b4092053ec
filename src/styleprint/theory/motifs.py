"""Motifs, sequences: short runs of a line that come back, transposed or not.

A *motif* is a run of `length` steps of a line, in semitones, with the rhythm from onset to onset. It is the same
wherever steps and rhythm are: transposition does not matter, tempo and time do not, mode does (a major and a
minor third differ). It *comes back* where it was heard before and the earlier one has ended. It is a *sequence*
where the run directly before, of the same length, was the same motif on another pitch.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.frames import TICKS_A_QUARTER, IndexArray
from styleprint.theory.stretches import first_equal_runs

__all__ = ["Motifs", "find_motifs", "step_codes"]

_LONGEST_TICKS = 4095


@dataclass(frozen=True, eq=False, slots=True)
class Motifs:
    """What begins at each note of a line; runs that do not fit at its end are left out.

    Attributes
    ----------
    length : int
        Steps of a motif.
    motif : ndarray of int64, shape (n_runs,)
        Number of the motif that begins here, in order of first appearance.
    comes_back : ndarray of bool, shape (n_runs,)
        Whether it was heard before, the earlier one having ended.
    is_sequence : ndarray of bool, shape (n_runs,)
        Whether the run directly before was the same motif on another pitch.
    """

    length: int
    motif: IndexArray
    comes_back: npt.NDArray[np.bool_]
    is_sequence: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.motif)


def step_codes(midi_pitch: IntArray, onset_quarters: FloatArray) -> IndexArray:
    """A number for each step of a line: the same for the same semitones after the same time, in ticks."""
    times = onset_quarters[1:] - onset_quarters[:-1]
    ticks = np.minimum(np.rint(times * TICKS_A_QUARTER), _LONGEST_TICKS).astype(np.int64)
    codes: IndexArray = (midi_pitch[1:].astype(np.int64) - midi_pitch[:-1] + 128) * (_LONGEST_TICKS + 1) + ticks
    return codes


def find_motifs(midi_pitch: IntArray, onset_quarters: FloatArray, length: int = 4) -> Motifs:
    """Motifs of a line.

    Parameters
    ----------
    midi_pitch, onset_quarters : ndarray, shape (n_notes,)
        A line: onsets rise.
    length : int
        Steps of a motif, at least one.

    Returns
    -------
    Motifs
        ``n_notes - length`` runs; none where the line is shorter.
    """
    if length < 1:
        raise ValueError(f"length must be at least 1, but is {length}")
    n_runs = max(0, len(midi_pitch) - length)
    if not n_runs:
        nothing = np.empty(0, dtype=bool)
        return Motifs(length, np.empty(0, np.int64), nothing, nothing)
    first, here = first_equal_runs(step_codes(midi_pitch, onset_quarters), length), np.arange(n_runs)
    motif = ((first == here).cumsum() - 1)[first]
    comes_back = first + length <= here
    before = np.maximum(here - length, 0)
    transposed = midi_pitch[before] != midi_pitch[here]
    is_sequence = (here >= length) & (motif[before] == motif) & transposed
    return Motifs(length, motif, comes_back, is_sequence)
