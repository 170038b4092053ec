"""What a person would look at in one piece: its chords in their keys, where it goes, and its beginning.

Chords and keys are those of :mod:`styleprint.theory.harmony`, from onsets and pitches alone; each chord counts by how
long it lasts, so that nothing depends on how often it is struck.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from styleprint.music.score import Score
from styleprint.music.time import to_seconds
from styleprint.theory.cadences import CADENCES, Cadences, find_cadences
from styleprint.theory.chords import Chords, chords_of
from styleprint.theory.frames import frames_of, sounded_notes
from styleprint.theory.harmony import estimate_harmony
from styleprint.theory.moments import sustained_moments
from styleprint.theory.numerals import numeral_names, numerals_of

__all__ = ["KEY_NAMES", "Opening", "PieceLook", "Roll", "look_at_piece"]

_TONICS = ("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
KEY_NAMES = tuple(f"{name} major" for name in _TONICS) + tuple(f"{name} minor" for name in _TONICS)
"""Of keys as the theory counts them: tonic as pitch class, + 12 for minor."""

_ROLL_QUARTERS = 32.0
_ROLL_NOTES = 700
_OPENING_SECONDS = 20.0
_OPENING_NOTES = 3_000
_SPAN = 3


@dataclass(frozen=True)
class Roll:
    """The beginning of a piece: notes, the keys it stands in, and where phrases close.

    Attributes
    ----------
    quarters : float
        How much of the piece.
    notes : tuple of (onset, duration, MIDI pitch, part)
        In quarters.
    keys : tuple of (start, end, name)
    cadences : tuple of (onset, kind)
        When the last harmony arrives; of :data:`styleprint.theory.cadences.CADENCES`.
    """

    quarters: float
    notes: tuple[tuple[float, float, int, int], ...]
    keys: tuple[tuple[float, float, str], ...]
    cadences: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class Opening:
    """The beginning of a piece as it is to be heard, from its first note on.

    Attributes
    ----------
    seconds : float
        How much of the piece, by its tempos: 20 at most, and no more than 3,000 notes.
    notes : tuple of (onset, duration, MIDI pitch)
        In seconds.
    is_tempo_known : bool
        False where the file has no tempo, so that 120 quarters a minute are taken.
    """

    seconds: float = 0.0
    notes: tuple[tuple[float, float, int], ...] = ()
    is_tempo_known: bool = False


@dataclass(frozen=True)
class PieceLook:
    """One piece.

    Attributes
    ----------
    quarters : float
    measures : int
        0 where the file has none.
    is_minor : bool or None
        Of the home key; None where it has none.
    key_changes : int
        How often the local key changes.
    away : float
        Share of the time in another key than the home key; NaN without one.
    numerals : dict of str to float
        Quarters that each numeral lasts.
    progressions : dict of str to int
        Three different numerals in a row, within one key.
    roll : Roll
    opening : Opening
    """

    quarters: float
    measures: int
    is_minor: bool | None
    key_changes: int
    away: float
    numerals: dict[str, float]
    progressions: dict[str, int]
    roll: Roll
    opening: Opening = field(default_factory=Opening)


def look_at_piece(score: Score) -> PieceLook:
    """Look at a score."""
    moments = sustained_moments(frames_of(sounded_notes(score)))
    harmony = estimate_harmony(moments)
    chords = chords_of(moments, harmony)
    names = numeral_names(chords, numerals_of(chords))
    length = chords.end_quarters - chords.start_quarters
    numerals: Counter[str] = Counter()
    for name, quarters in zip(names, length.tolist(), strict=True):
        numerals[name] += quarters
    total = float(length.sum())
    home = harmony.home_key
    return PieceLook(
        quarters=total,
        measures=len(score.measures.start_quarters),
        is_minor=None if home < 0 else home >= 12,
        key_changes=int((np.diff(chords.key) != 0).sum()) if len(chords) else 0,
        away=float(length[chords.key != home].sum() / total) if home >= 0 and total > 0 else float("nan"),
        numerals=dict(numerals),
        progressions=_progressions(names, chords),
        roll=_roll(score, chords, find_cadences(moments, harmony, chords)),
        opening=_opening(score),
    )


def _progressions(names: list[str], chords: Chords) -> dict[str, int]:
    found: Counter[str] = Counter()
    for _, part in groupby(zip(chords.key.tolist(), names, strict=True), key=lambda item: item[0]):
        own = [name for name, _ in groupby(name for _, name in part)]
        found.update(" – ".join(own[i : i + _SPAN]) for i in range(len(own) - _SPAN + 1))
    return dict(found)


def _roll(score: Score, chords: Chords, cadences: Cadences) -> Roll:
    end = min(_ROLL_QUARTERS, float(chords.end_quarters[-1]) if len(chords) else 0.0)
    rows = np.flatnonzero(~score.is_unpitched & (score.onset_quarters < end))[:_ROLL_NOTES]
    columns = (score.onset_quarters, score.duration_quarters, score.midi_pitch, score.part)
    notes = tuple(zip(*(column[rows].tolist() for column in columns), strict=True))
    keys: list[tuple[float, float, str]] = []
    for start, stop, key in zip(chords.start_quarters, chords.end_quarters, chords.key, strict=True):
        if start >= end:
            break
        name = KEY_NAMES[int(key)]
        if keys and keys[-1][2] == name:
            keys[-1] = (keys[-1][0], min(float(stop), end), name)
        else:
            keys.append((float(start), min(float(stop), end), name))
    marks = zip(cadences.onset_quarters.tolist(), cadences.kind.tolist(), strict=True)
    return Roll(end, notes, tuple(keys), tuple((onset, CADENCES[kind]) for onset, kind in marks if onset < end))


def _opening(score: Score) -> Opening:
    """Pitched notes of the first seconds; graces sound as long as the file says."""
    rows = np.flatnonzero(~score.is_unpitched)
    if not len(rows):
        return Opening()
    onset = to_seconds(score.onset_quarters[rows], score.tempos)
    inside = np.flatnonzero(onset < onset[0] + _OPENING_SECONDS)[:_OPENING_NOTES]
    rows, onset = rows[inside], onset[inside]
    end = to_seconds(score.onset_quarters[rows] + score.duration_quarters[rows], score.tempos)
    columns = (onset - onset[0], end - onset, score.midi_pitch[rows])
    notes = tuple(zip(*(column.tolist() for column in columns), strict=True))
    seconds = min(_OPENING_SECONDS, float(end.max() - onset[0]))
    return Opening(seconds, notes, is_tempo_known=len(score.tempos.tempo_qpm) > 0)
