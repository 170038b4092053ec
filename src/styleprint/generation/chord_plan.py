"""A chord progression as typed becomes chords in time: ``"Dm7 | G7 | Cmaj7"``.

A bar line divides measures; the chords of a measure share it evenly; ``%`` repeats the chord before. Names are those
of :mod:`styleprint.features.streams.chord_sequence`. The progression is repeated until the music ends.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.chord_sequence import QUALITIES, chord_number
from styleprint.support.errors import UsageError

__all__ = ["CHORD_TONES", "ChordPlan", "read_chords"]

CHORD_TONES = (
    (0, 4, 7),
    (0, 3, 7),
    (0, 5, 7),
    (0, 4, 8),
    (0, 3, 6),
    (0, 4, 7, 9),
    (0, 3, 7, 9),
    (0, 4, 7, 10),
    (0, 4, 7, 11),
    (0, 3, 7, 10),
    (0, 3, 6, 10),
    (0, 3, 6, 9),
    (0, 4, 7, 11, 2),
    (0, 4, 7, 10, 2),
    (0, 4, 7, 10, 1),
    (0, 3, 7, 10, 2),
)
"""Semitones above the root of each of :data:`styleprint.features.streams.chord_sequence.QUALITIES`."""

_MOST_CHORDS = 1000


@dataclass(frozen=True, eq=False)
class ChordPlan:
    """Chords in time, again and again.

    Attributes
    ----------
    names : tuple of str
    start_quarters : ndarray, shape (n_chords,)
        From the beginning of the progression.
    root, quality : ndarray of int, shape (n_chords,)
        Pitch class, and place in ``QUALITIES``.
    length_quarters : float
        Of the whole progression.
    """

    names: tuple[str, ...]
    start_quarters: npt.NDArray[np.float64]
    root: npt.NDArray[np.int64]
    quality: npt.NDArray[np.int64]
    length_quarters: float

    def at(self, onset_quarters: npt.ArrayLike) -> npt.NDArray[np.intp]:
        """Which chord holds at each moment."""
        within = np.asarray(onset_quarters, dtype=np.float64) % self.length_quarters
        return np.searchsorted(self.start_quarters, within + 1e-6, side="right") - 1

    def pitch_classes(self) -> npt.NDArray[np.bool_]:
        """Which pitch classes each chord has, shape (n_chords, 12)."""
        table = np.zeros((len(self.names), 12), dtype=bool)
        for row, (root, quality) in enumerate(zip(self.root.tolist(), self.quality.tolist(), strict=True)):
            table[row, [(root + tone) % 12 for tone in CHORD_TONES[quality]]] = True
        return table

    def fit(self, onset_quarters: npt.ArrayLike, midi_pitch: npt.ArrayLike) -> float:
        """Share of notes that belong to the chord in which they begin; NaN without notes."""
        pitch = np.asarray(midi_pitch, dtype=np.int64)
        if not len(pitch):
            return float("nan")
        return float(self.pitch_classes()[self.at(onset_quarters), pitch % 12].mean())


def read_chords(text: str, measure_quarters: float = 4.0) -> ChordPlan:
    """Read a progression.

    Parameters
    ----------
    text : str
        Names divided by spaces, measures by ``|``.
    measure_quarters : float
        Length of a measure.

    Raises
    ------
    UsageError
        U183, where a name is no chord, or there is none.
    """
    names: list[str] = []
    starts: list[float] = []
    bars = text.strip().strip("|").split("|")
    for number, bar in enumerate(bars):
        inside = bar.split()
        if not inside:
            raise UsageError(
                "U183", f"each measure of a progression must name a chord, but measure {number + 1} does not."
            )
        for place, name in enumerate(inside):
            if name == "%" and not names:
                raise UsageError("U183", "'%' repeats the chord before, but there is none before the first.")
            names.append(names[-1] if name == "%" else name)
            starts.append((number + place / len(inside)) * measure_quarters)
    if len(names) > _MOST_CHORDS:
        raise UsageError("U183", f"a progression may have {_MOST_CHORDS} chords, but this one has {len(names)}.")
    numbers = np.array([_number_of(name) for name in names], dtype=np.int64)
    return ChordPlan(
        tuple(names),
        np.array(starts),
        numbers // len(QUALITIES),
        numbers % len(QUALITIES),
        len(bars) * measure_quarters,
    )


def _number_of(name: str) -> int:
    number = chord_number(name)
    if number is None or not 0 <= number < 12 * len(QUALITIES):
        raise UsageError(
            "U183",
            f"a chord must be a root and one of {len(QUALITIES)} qualities, but {name!r} is not.",
            remedy="Write chords as Dm7, G7, Cmaj7, F#dim or Bb, and measures between '|'.",
        )
    return number
