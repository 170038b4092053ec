"""What features and streams share, computed once a piece when first asked for.

Frames are what is attacked together (:mod:`styleprint.theory.frames`). The *skyline* is the highest pitch of
each frame, the *bass* the lowest.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray, Score
from styleprint.theory.cadences import Cadences, find_cadences
from styleprint.theory.chords import Chords, chords_of
from styleprint.theory.frames import TICKS_A_QUARTER, Frames, IndexArray, Notes, frames_of, sounded_notes
from styleprint.theory.harmony import Harmony, estimate_harmony
from styleprint.theory.local_keys import LocalKeys, Modulations, local_keys_of, modulations_of
from styleprint.theory.moments import Moments, sustained_moments
from styleprint.theory.nonchord_tones import NonchordTones, find_nonchord_tones
from styleprint.theory.numerals import Numerals, numerals_of
from styleprint.theory.phrases import Phrases, find_phrases
from styleprint.theory.slices import Cut, Slices, Sounding, cut_notes, slices_of, sounding_of
from styleprint.theory.sonorities import pitch_classes
from styleprint.theory.tension import Tension, tension_of
from styleprint.theory.voice_motion import Parallels, find_parallels
from styleprint.theory.voices import Voices, separate_voices

__all__ = ["TICKS_A_QUARTER", "Frames", "Notes", "ScoreContext"]

_PULSE_BINS_AN_OCTAVE = 24
_LEAST_OCTAVE = -4  # below the logarithm of two ticks
_PULSE_TIE = 0.98

Result = TypeVar("Result")


class ScoreContext:
    """A score, and what is derived from it on demand.

    Parameters
    ----------
    score : Score
    """

    def __init__(self, score: Score) -> None:
        self.score = score
        self._shared: dict[Callable[[ScoreContext], Any], Any] = {}

    def shared(self, analyse: Callable[["ScoreContext"], Result]) -> Result:
        """What `analyse` makes of this piece, computed once: for what one family's features share."""
        try:
            result: Result = self._shared[analyse]
        except KeyError:
            result = self._shared[analyse] = analyse(self)
        return result

    @cached_property
    def notes(self) -> Notes:
        """Pitched notes, graces left out."""
        return sounded_notes(self.score)

    @cached_property
    def frames(self) -> Frames:
        """What is attacked together."""
        return frames_of(self.notes)

    @cached_property
    def skyline(self) -> IntArray:
        """Highest pitch of each frame."""
        return self.frames.midi_pitch[self.frames.offsets[1:] - 1]

    @cached_property
    def bass(self) -> IntArray:
        """Lowest pitch of each frame."""
        return self.frames.midi_pitch[self.frames.offsets[:-1]]

    @cached_property
    def inter_onset_quarters(self) -> FloatArray:
        """Time from each frame to the next; one fewer than frames."""
        onset = self.frames.onset_quarters
        return onset[1:] - onset[:-1]

    @cached_property
    def pulse_quarters(self) -> float:
        """The commonest time between frames; NaN for fewer than two frames.

        The fullest neighbourhood on a logarithmic scale, a sixth wide; among those nearly as full the
        shortest; then the mean of what lies there. So rounding of onsets does not move it.
        """
        if not len(self.inter_onset_quarters):
            return float("nan")
        octave = np.log2(self.inter_onset_quarters)
        position = (octave - _LEAST_OCTAVE) * _PULSE_BINS_AN_OCTAVE
        counts = np.bincount(np.rint(position).astype(np.int64))
        full = np.convolve(counts, [1, 2, 3, 3, 3, 2, 1])[3:-3]
        best = int((full >= _PULSE_TIE * full.max()).argmax())
        near = np.abs(position - best) <= 3.5
        return float(2 ** octave[near].mean())

    @cached_property
    def pitch_class_masks(self) -> IndexArray:
        """Pitch classes of each frame as bits: C is 1, C♯ 2, … B 2048."""
        if not len(self.frames):
            return np.empty(0, np.int64)
        bits = np.left_shift(1, self.frames.midi_pitch.astype(np.int64) % 12)
        return np.bitwise_or.reduceat(bits, self.frames.offsets[:-1])

    @cached_property
    def pitch_class_presence(self) -> npt.NDArray[np.bool_]:
        """Whether each frame attacks each pitch class, shape (n_frames, 12)."""
        return pitch_classes(self.pitch_class_masks)

    @cached_property
    def pitch_class_totals(self) -> FloatArray:
        """How many frames before each attack each pitch class, shape (n_frames + 1, 12); the last row counts all."""
        totals = np.zeros((len(self.frames) + 1, 12))
        np.cumsum(self.pitch_class_presence, axis=0, out=totals[1:])
        return totals

    @cached_property
    def _cut(self) -> Cut:
        notes = self.notes
        return cut_notes(notes.onset_quarters, notes.duration_quarters, notes.midi_pitch)

    @cached_property
    def slices(self) -> Slices:
        """Salami slices over all parts. They rest on note-offs: nothing made of them is encoding safe."""
        return slices_of(self._cut)

    @cached_property
    def sounding(self) -> Sounding:
        """How many pitches sound in each slice. As little encoding safe as the slices."""
        return sounding_of(self._cut)

    @cached_property
    def measure_of_frame(self) -> IndexArray:
        """Index of the measure in which each frame begins; -1 before the first, or where there are none."""
        starts = self.score.measures.start_quarters
        return np.searchsorted(starts, self.frames.onset_quarters + 0.5 / TICKS_A_QUARTER, side="right") - 1

    @cached_property
    def moments(self) -> Moments:
        """What sounds from each frame to the next, told by onsets and pitches alone.

        Harmony, chords, numerals, keys and cadences stand on it and on no metre, so they are as encoding safe as
        frames are.
        """
        return sustained_moments(self.frames)

    @cached_property
    def harmony(self) -> Harmony:
        """Key and chord of each moment."""
        return estimate_harmony(self.moments)

    @cached_property
    def chords(self) -> Chords:
        """Chords as stretches of time."""
        return chords_of(self.moments, self.harmony)

    @cached_property
    def numerals(self) -> Numerals:
        """What each chord is in its local key."""
        return numerals_of(self.chords)

    @cached_property
    def local_keys(self) -> LocalKeys:
        """Stretches of one key."""
        return local_keys_of(self.moments, self.harmony)

    @cached_property
    def modulations(self) -> Modulations:
        """Changes from each local key to the next."""
        return modulations_of(self.local_keys)

    @cached_property
    def cadences(self) -> Cadences:
        """Where phrases close, and how."""
        return find_cadences(self.moments, self.harmony, self.chords)

    @cached_property
    def phrases(self) -> Phrases:
        """Phrases, from cadences, pauses and returns."""
        return find_phrases(self.moments, self.cadences)

    @cached_property
    def voices(self) -> Voices:
        """Voices told by pitch and time, whatever the file says of parts. They rest on note-offs."""
        return separate_voices(self.notes)

    @cached_property
    def parallels(self) -> Parallels:
        """Parallel fifths, octaves and unisons between voices. They rest on note-offs as voices do."""
        return find_parallels(self.notes, self.voices.voice, self.frames.onset_quarters)

    @cached_property
    def nonchord_tones(self) -> NonchordTones:
        """What each note is to its chord. It rests on note-offs as voices do."""
        return find_nonchord_tones(self.notes, self.voices, self.chords)

    @cached_property
    def tension(self) -> Tension:
        """Harmonic tension of each moment on the spiral array."""
        return tension_of(self.moments, self.harmony, self.chords)
