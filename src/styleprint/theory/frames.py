"""What is attacked together.

A *frame* is what is attacked together: its pitches, each once however many parts have it. Onsets are heard
to a tick, a 24th of a quarter (`TICKS_A_QUARTER`); notes belong to one frame where each follows the one
before by a tick at most. So a chord whose notes were rounded or played apart is one frame, triplets of 32nds
(two ticks) are three, and faster notes fall together. Frames rest on nothing but note-ons and pitches: they
survive another tick resolution, other note-offs and merged tracks. Grace notes (which one format marks and
another writes out) and unpitched strokes are left out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray, Score
from styleprint.theory.stretches import first_of_stretches

__all__ = ["TICKS_A_QUARTER", "Frames", "IndexArray", "Notes", "frames_of", "sounded_notes"]

TICKS_A_QUARTER = 24
"""To what onsets are heard: the coarsest resolution in use, so that what such a file holds is heard alike
from every file."""

IndexArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Notes:
    """Pitched notes that are no graces, in the order of the score.

    Attributes
    ----------
    onset_quarters, duration_quarters : ndarray of float64, shape (n_notes,)
        As the file has them.
    midi_pitch, part : ndarray of int32, shape (n_notes,)
    frame : ndarray of int64, shape (n_notes,)
        In which frame each is attacked.
    """

    onset_quarters: FloatArray
    duration_quarters: FloatArray
    midi_pitch: IntArray
    part: IntArray
    frame: IndexArray

    def __len__(self) -> int:
        return len(self.onset_quarters)


@dataclass(frozen=True, eq=False, slots=True)
class Frames:
    """What is attacked together, over all parts.

    Attributes
    ----------
    onset_quarters : ndarray of float64, shape (n_frames,)
        When the first note of each is attacked, to a tick.
    offsets : ndarray of int64, shape (n_frames + 1,)
        Frame i holds ``midi_pitch[offsets[i]:offsets[i + 1]]``, at least one.
    midi_pitch : ndarray of int32, shape (n_pitches,)
        Different pitches of each frame, rising.
    frame : ndarray of int64, shape (n_pitches,)
        To which frame each pitch belongs.
    """

    onset_quarters: FloatArray
    offsets: IndexArray
    midi_pitch: IntArray
    frame: IndexArray

    def __len__(self) -> int:
        return len(self.onset_quarters)

    @property
    def size(self) -> IndexArray:
        """How many pitches each frame has."""
        return self.offsets[1:] - self.offsets[:-1]


def sounded_notes(score: Score) -> Notes:
    """Pitched notes of a score, graces left out, and their frames."""
    kept = ~(score.is_grace | score.is_unpitched)
    onset = score.onset_quarters[kept]
    ticks = _ticks(onset)
    frame = np.zeros(len(ticks), dtype=np.int64)
    np.cumsum(ticks[1:] - ticks[:-1] > 1, out=frame[1:])
    return Notes(onset, score.duration_quarters[kept], score.midi_pitch[kept], score.part[kept], frame)


def frames_of(notes: Notes) -> Frames:
    """What is attacked together among these notes."""
    if not len(notes):
        return Frames(np.empty(0), np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.int64))
    key = np.sort(notes.frame * 128 + notes.midi_pitch)
    key = key[first_of_stretches(key)]
    frame = key >> 7
    begins = first_of_stretches(frame)
    offsets = np.append(begins, len(frame))
    starts = first_of_stretches(notes.frame)
    onset = _ticks(notes.onset_quarters[starts]) / TICKS_A_QUARTER
    return Frames(onset, offsets, (key & 127).astype(np.int32), frame)


def _ticks(onset_quarters: FloatArray) -> FloatArray:
    return np.rint(onset_quarters * TICKS_A_QUARTER)
