"""A score as columns: one entry a note, over all parts.

Conventions
-----------
Onsets and durations are in *quarters* (quarter-note lengths) from the start of the piece, exact to
1e-6; the record rounds nothing. Tied notes are one note. Pitches are MIDI numbers, 60 is middle C.
Notes are ordered by onset, then part, voice and pitch. What a format does not tell is None (a whole
column) or -1 (an entry): never a plausible default.

A Score is music only, and frozen: what changes it makes another (:mod:`styleprint.music.changes`).
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = [
    "FloatArray",
    "IntArray",
    "KeySignatures",
    "Measures",
    "Parts",
    "Score",
    "Source",
    "Tempos",
    "TimeSignatures",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]


def _floats() -> FloatArray:
    return np.empty(0, dtype=np.float64)


def _ints() -> IntArray:
    return np.empty(0, dtype=np.int32)


@dataclass(frozen=True, eq=False, slots=True)
class Measures:
    """Measures in order; `label` is what is printed, and empty where the format prints none.

    A bar that a repeat divides is two measures with one label.
    """

    start_quarters: FloatArray = field(default_factory=_floats)
    length_quarters: FloatArray = field(default_factory=_floats)
    label: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class TimeSignatures:
    """Time signatures in order of onset."""

    onset_quarters: FloatArray = field(default_factory=_floats)
    numerator: IntArray = field(default_factory=_ints)
    denominator: IntArray = field(default_factory=_ints)


@dataclass(frozen=True, eq=False, slots=True)
class KeySignatures:
    """Key signatures in order of onset: sharps as positive `fifths`, flats as negative; `is_minor` 0, 1, -1 unknown."""

    onset_quarters: FloatArray = field(default_factory=_floats)
    fifths: IntArray = field(default_factory=_ints)
    is_minor: IntArray = field(default_factory=_ints)


@dataclass(frozen=True, eq=False, slots=True)
class Tempos:
    """Tempos in order of onset, in quarters a minute."""

    onset_quarters: FloatArray = field(default_factory=_floats)
    tempo_qpm: FloatArray = field(default_factory=_floats)


@dataclass(frozen=True, eq=False, slots=True)
class Parts:
    """One entry a part: its name as the file gives it, and its General MIDI programme (0–127, -1 unknown)."""

    name: tuple[str, ...] = ()
    programme: IntArray = field(default_factory=_ints)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a score comes from: for works and audits, never for features.

    `resolution` is ticks a quarter (MIDI) or divisions; 0 where the format has none. `titles` are what
    the file says of its work and movement, `comments` all other texts, in the order of the file.
    """

    path: str = ""
    hash: str = ""
    format: str = ""
    encoder: str = ""
    titles: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    resolution: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Score:
    """A piece of music.

    Attributes
    ----------
    onset_quarters, duration_quarters : ndarray of float64, shape (n_notes,)
        Finite, not negative. Grace notes and unpitched strokes may have a duration of zero.
    midi_pitch : ndarray of int32, shape (n_notes,)
        0–127. For unpitched notes the key of the drum map.
    part, voice, staff : ndarray of int32, shape (n_notes,)
        Index into `parts`; voice and staff are -1 where the format does not tell.
    is_grace, is_unpitched : ndarray of bool, shape (n_notes,)
    step, alter, octave : ndarray of int32, shape (n_notes,), or None
        Spelling: step 0–6 for C–B, alter in semitones, octave 4 from middle C up.
    velocity : ndarray of int32, shape (n_notes,), or None
        1–127 as the file gives it.
    measures, time_signatures, key_signatures, tempos, parts, source
        Tables, see their classes.
    warnings : tuple of str
        What reading had to mend or leave out, in sentences.
    """

    onset_quarters: FloatArray
    duration_quarters: FloatArray
    midi_pitch: IntArray
    part: IntArray
    voice: IntArray
    staff: IntArray
    is_grace: npt.NDArray[np.bool_]
    is_unpitched: npt.NDArray[np.bool_]
    step: IntArray | None = None
    alter: IntArray | None = None
    octave: IntArray | None = None
    velocity: IntArray | None = None
    measures: Measures = field(default_factory=Measures)
    time_signatures: TimeSignatures = field(default_factory=TimeSignatures)
    key_signatures: KeySignatures = field(default_factory=KeySignatures)
    tempos: Tempos = field(default_factory=Tempos)
    parts: Parts = field(default_factory=Parts)
    source: Source = field(default_factory=Source)
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check(self)

    def __len__(self) -> int:
        return len(self.onset_quarters)

    @property
    def end_quarters(self) -> float:
        """When the last note ends; 0.0 for a score without notes."""
        if not len(self):
            return 0.0
        return float((self.onset_quarters + self.duration_quarters).max())


_COLUMNS = ("duration_quarters", "midi_pitch", "part", "voice", "staff", "is_grace", "is_unpitched")
_OPTIONAL = ("step", "alter", "octave", "velocity")


def _check(score: Score) -> None:
    """The invariants of a Score; a reader that breaks one has a fault of its own, so this is a ValueError."""
    n = len(score.onset_quarters)
    for name in _COLUMNS:
        if len(getattr(score, name)) != n:
            raise ValueError(f"{name} must have one entry a note ({n}), but has {len(getattr(score, name))}")
    for name in _OPTIONAL:
        column = getattr(score, name)
        if column is not None and len(column) != n:
            raise ValueError(f"{name} must have one entry a note ({n}), but has {len(column)}")
    if not n:
        return
    onset, duration, pitch = score.onset_quarters, score.duration_quarters, score.midi_pitch
    if not (np.isfinite(onset[-1]) and onset[0] >= 0 and bool((onset[1:] >= onset[:-1]).all())):
        raise ValueError("onset_quarters must be finite, not negative and in order")
    if not (np.isfinite(duration.max()) and duration.min() >= 0):
        raise ValueError("duration_quarters must be finite and not negative")
    if np.bitwise_or.reduce(pitch) & ~127:  # a negative number has its sign bit, a larger one a bit above
        raise ValueError("midi_pitch must lie in 0–127")
    if score.part.min() < 0 or score.part.max() >= len(score.parts.name):
        raise ValueError(f"part must index one of {len(score.parts.name)} parts")
