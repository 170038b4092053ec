"""How voices move against each other: parallel fifths, octaves and unisons.

Two voices are in parallel where both move from one moment to the next, the same way, and are a perfect fifth,
an octave or a unison apart before and after (compounds count). Voices are those of
:mod:`styleprint.theory.voices` or of the file; in each moment a voice has the pitch that it attacked last, for
as long as that sounds.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from styleprint.music.score import FloatArray, IntArray
from styleprint.support.compiled import compiled
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
    duration = notes.duration_quarters if duration_quarters is None else duration_quarters
    if not len(notes):
        none = np.empty(0, np.int64)
        return Parallels(none, np.empty(0, np.int32), none, none, 0)
    numbers = np.argsort(-np.bincount(voice), kind="stable")[:_MOST_VOICES]
    line_of_voice = np.full(int(voice.max()) + 1, -1)
    line_of_voice[numbers] = np.arange(len(numbers))
    until = notes.onset_quarters + duration
    pitch = notes.midi_pitch.astype(np.int64)
    moment, kind, lower, upper, together = _loop()(
        notes.frame, line_of_voice[voice], pitch, until, frame_onset_quarters, len(numbers), _KIND_OF_SEMITONES
    )
    return Parallels(moment, kind.astype(np.int32), numbers[lower], numbers[upper], together)


@cache
def _loop() -> Any:
    return compiled(_parallels)


def _parallels(frame, line, pitch, until, onset, n_lines, kinds):  # type: ignore[no-untyped-def]  # as numba infers
    """Moment, kind, lower and upper line of each parallel, and how often two lines move at once.

    `held` is what each line attacked last, `now` that or -1 where it sounds no more, `before` the same a frame
    earlier. Notes come by frame; those of line -1 are left out.
    """
    n_frames = len(onset)
    found = np.empty((4, 64), np.int64)
    count, together, note = 0, 0, 0
    held, end = np.full(n_lines, -1), np.full(n_lines, -np.inf)
    now, before, attacked = np.full(n_lines, -1), np.full(n_lines, -1), np.zeros(n_lines, np.bool_)
    for moment in range(n_frames):
        before[:] = now
        attacked[:] = False
        while note < len(frame) and frame[note] == moment:
            if line[note] >= 0:
                attacked[line[note]] = True
                held[line[note]], end[line[note]] = pitch[note], until[note]
            note += 1
        for i in range(n_lines):
            now[i] = held[i] if attacked[i] or end[i] > onset[moment] + _SAME_QUARTERS else -1
        for a in range(n_lines):
            for b in range(a + 1, n_lines):
                if before[a] < 0 or before[b] < 0 or not (attacked[a] and attacked[b]):
                    continue
                a_step, b_step = now[a] - before[a], now[b] - before[b]
                if a_step == 0 or b_step == 0:
                    continue
                together += 1
                kind = kinds[abs(now[a] - now[b])]
                if (a_step > 0) == (b_step > 0) and kind >= 0 and kind == kinds[abs(before[a] - before[b])]:
                    lower, upper = (a, b) if now[a] <= now[b] else (b, a)
                    if count == found.shape[1]:
                        found = np.concatenate((found, np.empty_like(found)), axis=1)
                    found[0, count], found[1, count], found[2, count], found[3, count] = moment, kind, lower, upper
                    count += 1
    return found[0, :count], found[1, :count], found[2, :count], found[3, :count], together
