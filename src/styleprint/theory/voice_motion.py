"""How voices move against each other: parallel fifths, octaves and unisons.

Two voices are in parallel where both move from one moment to the next, the same way, and are a perfect fifth,
an octave or a unison apart before and after (compounds count). Voices are those of
:mod:`styleprint.theory.voices` or of the file; in each moment a voice has the pitch that it attacked last, for
as long as that sounds.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.frames import IndexArray, Notes

__all__ = ["PARALLELS", "Parallels", "find_parallels"]

PARALLELS = ("fifth", "octave", "unison")
_MOST_VOICES = 5
_SAME_QUARTERS = 1.0 / 24.0
_KIND_OF_SEMITONES = np.select([np.arange(129) == 0, np.arange(129) % 12 == 0, np.arange(129) % 12 == 7], [2, 1, 0], -1)


@dataclass(frozen=True, eq=False, slots=True)
class Parallels:
    """Parallels, in order of moment.

    Attributes
    ----------
    moment : ndarray of int64, shape (n_parallels,)
        The frame in which the second interval is struck.
    kind : ndarray of int32, shape (n_parallels,)
        Index into `PARALLELS`.
    lower, upper : ndarray of int64, shape (n_parallels,)
        Numbers of the voices.
    steps_together : int
        In how many cases two voices moved at once, over all pairs and moments: what shares are of.
    """

    moment: IndexArray
    kind: IntArray
    lower: IndexArray
    upper: IndexArray
    steps_together: int

    def __len__(self) -> int:
        return len(self.kind)


def find_parallels(
    notes: Notes, voice: IndexArray, frame_onset_quarters: FloatArray, duration_quarters: FloatArray | None = None
) -> Parallels:
    """Parallels between the voices that have most notes, five at most.

    Parameters
    ----------
    notes : Notes
    voice : ndarray of int, shape (n_notes,)
        Number of the voice of each note.
    frame_onset_quarters : ndarray, shape (n_frames,)
    duration_quarters : ndarray, optional
        How long notes sound; what the file says without it.

    Returns
    -------
    Parallels
    """
    n_frames = len(frame_onset_quarters)
    duration = notes.duration_quarters if duration_quarters is None else duration_quarters
    numbers = np.argsort(-np.bincount(voice), kind="stable")[:_MOST_VOICES] if len(voice) else np.empty(0, np.int64)
    lines = [_line(notes, np.flatnonzero(voice == v), frame_onset_quarters, duration) for v in numbers]
    moment, kind, lower, upper, together = [], [], [], [], 0
    for a in range(len(numbers)):
        for b in range(a + 1, len(numbers)):
            where, what, count = _parallels_of(lines[a], lines[b])
            together += count
            moment.append(where)
            kind.append(what)
            a_is_lower = lines[a][0][where] <= lines[b][0][where]
            lower.append(np.where(a_is_lower, numbers[a], numbers[b]))
            upper.append(np.where(a_is_lower, numbers[b], numbers[a]))
    if not moment or n_frames < 2:
        none = np.empty(0, np.int64)
        return Parallels(none, np.empty(0, np.int32), none, none, together)
    order = np.argsort(np.concatenate(moment), kind="stable")
    columns = [np.concatenate(column)[order] for column in (moment, kind, lower, upper)]
    return Parallels(columns[0], columns[1].astype(np.int32), columns[2], columns[3], together)


_Line = tuple[IndexArray, npt.NDArray[np.bool_]]


def _line(notes: Notes, rows: IndexArray, frame_onset: FloatArray, duration: FloatArray) -> _Line:
    """Pitch of a voice in each frame, -1 where it is silent; and whether it is attacked there."""
    n = len(frame_onset)
    pitch, until = np.full(n, -1, np.int32), np.full(n, -np.inf)
    frame = notes.frame[rows]
    pitch[frame] = notes.midi_pitch[rows]
    until[frame] = notes.onset_quarters[rows] + duration[rows]
    attacked = pitch >= 0
    last = np.maximum.accumulate(np.where(attacked, np.arange(n), 0))
    sounds = until[last] > frame_onset + _SAME_QUARTERS
    return np.where(attacked | sounds, pitch[last], -1), attacked


def _parallels_of(one: _Line, other: _Line) -> tuple[IndexArray, IndexArray, int]:
    """Frames and kinds of parallels of two voices, and how often both move at once."""
    (a, a_attacked), (b, b_attacked) = one, other
    # the interval before is that of the frame before: both must still sound there, or have just sounded
    both = (a[:-1] >= 0) & (b[:-1] >= 0) & a_attacked[1:] & b_attacked[1:]
    a_step, b_step = a[1:] - a[:-1], b[1:] - b[:-1]
    moves = both & (a_step != 0) & (b_step != 0)
    same_way = moves & (np.sign(a_step) == np.sign(b_step))
    kinds = _KIND_OF_SEMITONES[np.abs(a - b)]
    found = np.flatnonzero(same_way & (kinds[1:] >= 0) & (kinds[1:] == kinds[:-1])) + 1
    return found, kinds[found], int(moves.sum())
