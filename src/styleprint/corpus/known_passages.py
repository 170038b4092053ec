"""What passages the training music has, transposition-free, so that copying can be told from composing.

A *line* is the notes of one part, or of all parts together where there are several, by onset and then pitch. A step
of a line is the interval to the next note in semitones and the time until it in ticks of 1/24 of a quarter, four
quarters and more being one class. A passage of *n* notes is known where its *n* − 1 steps stand one after another in
a line of the training music: so in any key, at any octave, in any part, and whatever notes last. A line of parts
reveals a copied voice, that of all parts a copied texture.

What is kept is no music: a 32-bit hash of each eight notes, in order, and the whole quarter in which they begin. Two
lines that have *k* successive hashes in common have *k* + 7 notes in common. Eight notes that differ share a hash
once in 4·10⁹; sixteen that differ need nine such accidents in a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.support.compiled import compiled

__all__ = [
    "ALL_PARTS",
    "TICKS_A_QUARTER",
    "WINDOW_NOTES",
    "KnownPassages",
    "KnownRun",
    "Line",
    "lines_of",
    "passage_hashes",
    "steps_of",
]

WINDOW_NOTES = 8
"""Notes in one hash: the shortest passage that is looked for."""

TICKS_A_QUARTER = 24
ALL_PARTS = -1
"""Part of the line of all notes."""

_LONGEST_TICKS = 4 * TICKS_A_QUARTER
_LOWEST_STEP = 127
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))

Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """Notes that are heard as one succession.

    Attributes
    ----------
    part : int
        Whose notes; `ALL_PARTS` for all together.
    notes : ndarray of int, shape (n,)
        Which notes of the piece, by onset, then pitch.
    steps : ndarray of uint64, shape (n - 1,)
        Interval and time of each step, as one number.
    """

    part: int
    notes: Indices
    steps: Hashes


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A passage that stands in the training music.

    Attributes
    ----------
    notes : int
        How many notes it has.
    part : int
        In whose line it was found; `ALL_PARTS` for the line of all notes.
    first, last : int
        Its first and last note, as numbers of notes of the piece asked about.
    piece : int
        Number of the training piece.
    onset_quarters : int
        Whole quarter in which it begins there.
    """

    notes: int
    part: int
    first: int
    last: int
    piece: int
    onset_quarters: int


def lines_of(onset_quarters: npt.ArrayLike, part: npt.ArrayLike, midi_pitch: npt.ArrayLike) -> list[Line]:
    """The lines of a piece: one a part, and that of all parts where there are several.

    Parameters
    ----------
    onset_quarters, part, midi_pitch : array-like, shape (n_notes,)
    """
    ticks = np.rint(np.asarray(onset_quarters, dtype=np.float64) * TICKS_A_QUARTER).astype(np.int64)
    parts, pitch = np.asarray(part, dtype=np.int64), np.asarray(midi_pitch, dtype=np.int64)
    order = np.lexsort((pitch, ticks))
    present = np.unique(parts).tolist()
    lines = [_line(number, order[parts[order] == number], ticks, pitch) for number in present]
    if len(present) > 1:
        lines.append(_line(ALL_PARTS, order, ticks, pitch))
    return lines


def _line(part: int, notes: Indices, ticks: Indices, pitch: Indices) -> Line:
    return Line(part, notes, steps_of(ticks[notes], pitch[notes]))


def steps_of(ticks: Indices, pitch: Indices) -> Hashes:
    """Each step of a line as one number below 2¹⁶."""
    interval = np.diff(pitch) + _LOWEST_STEP
    return (interval * 256 + np.minimum(np.diff(ticks), _LONGEST_TICKS)).astype(np.uint64)


def joined_hashes(symbols: Hashes, width: int) -> Hashes:
    """A hash of each `width` successive symbols; empty where there are fewer."""
    n = len(symbols) - width + 1
    if n <= 0:
        return np.empty(0, dtype=np.uint64)
    total = np.zeros(n, dtype=np.uint64)
    for place in range(width):
        total = total * _MULTIPLIER + symbols[place : place + n] + np.uint64(1)
    for shift, factor in zip((30, 27), _MIX, strict=True):
        total = (total ^ (total >> np.uint64(shift))) * factor
    return total ^ (total >> np.uint64(31))


def window_hashes(steps: Hashes) -> Hashes:
    """The hash of each eight notes of a line, 32 bits of it."""
    return joined_hashes(steps, WINDOW_NOTES - 1) >> np.uint64(32)


@dataclass(frozen=True, eq=False)
class KnownPassages:
    """The passages of training pieces.

    Attributes
    ----------
    hashes : ndarray of uint32, shape (n_windows,)
        Line after line, in order.
    onset_quarters : ndarray of uint16, shape (n_windows,)
        Whole quarter in which each window begins; 65,535 stands for later ones too.
    offsets : ndarray of int64, shape (n_lines + 1,)
    piece : ndarray of int32, shape (n_lines,)
        Of each line.
    """

    hashes: npt.NDArray[np.uint32]
    onset_quarters: npt.NDArray[np.uint16]
    offsets: Indices
    piece: npt.NDArray[np.int32]

    @classmethod
    def of(cls, pieces: Iterable[tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]]) -> "KnownPassages":
        """Of pieces, each as onsets in quarters, parts and MIDI pitches of its notes."""
        hashes, onsets, lengths, owner = [], [], [0], []
        for number, (onset, part, pitch) in enumerate(pieces):
            onset = np.asarray(onset, dtype=np.float64)
            for line in lines_of(onset, part, pitch):
                found = window_hashes(line.steps).astype(np.uint32)
                starts = np.minimum(onset[line.notes[: len(found)]], np.iinfo(np.uint16).max)
                hashes.append(found)
                onsets.append(starts.astype(np.uint16))
                lengths.append(len(found))
                owner.append(number)
        return cls(
            np.concatenate([np.empty(0, np.uint32), *hashes]),
            np.concatenate([np.empty(0, np.uint16), *onsets]),
            np.cumsum(lengths, dtype=np.int64),
            np.array(owner, dtype=np.int32),
        )

    def to_state(self) -> dict[str, npt.NDArray[Any]]:
        """For a bundle: numbers alone."""
        return {
            "hashes": self.hashes,
            "onset_quarters": self.onset_quarters,
            "offsets": self.offsets,
            "piece": self.piece,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "KnownPassages":
        """What :meth:`to_state` gave.

        Raises
        ------
        ValueError
            Where the state is damaged.
        """
        known = cls(
            np.asarray(state["hashes"], dtype=np.uint32),
            np.asarray(state["onset_quarters"], dtype=np.uint16),
            np.asarray(state["offsets"], dtype=np.int64),
            np.asarray(state["piece"], dtype=np.int32),
        )
        offsets = known.offsets
        if not len(offsets) or offsets[0] != 0 or offsets[-1] != len(known.hashes) or (np.diff(offsets) < 0).any():
            raise ValueError("the offsets of known passages must divide their hashes")
        if len(known.piece) != len(offsets) - 1 or len(known.onset_quarters) != len(known.hashes):
            raise ValueError("known passages must have one piece a line and one onset a hash")
        return known

    @cached_property
    def _order(self) -> Indices:
        return np.argsort(self.hashes, kind="stable")

    @cached_property
    def _line_of_window(self) -> Indices:
        return np.repeat(np.arange(len(self.piece)), np.diff(self.offsets))

    def runs(self, line: Line, *, without: Sequence[int] = ()) -> list[KnownRun]:
        """The passages of a line that stand in the training music and are part of no longer one at the same place.

        Parameters
        ----------
        line : Line
        without : sequence of int
            Numbers of training pieces that do not count: its own, where the line is of one of them.

        Returns
        -------
        list of KnownRun
            At most one beginning at each note: the longest.
        """
        query = window_hashes(line.steps).astype(np.uint32)
        if not len(query) or not len(self.hashes):
            return []
        counts = ~np.isin(self.piece, np.asarray(without, dtype=np.int64))
        low = np.searchsorted(self.hashes, query, side="left", sorter=self._order)
        high = np.searchsorted(self.hashes, query, side="right", sorter=self._order)
        length, place = _search()(query, self.hashes, self._order, low, high, self._line_of_window, counts)
        found = []
        for start in np.flatnonzero(length).tolist():
            notes, where = int(length[start]) + WINDOW_NOTES - 1, int(place[start])
            found.append(
                KnownRun(
                    notes=notes,
                    part=line.part,
                    first=int(line.notes[start]),
                    last=int(line.notes[start + notes - 1]),
                    piece=int(self.piece[self._line_of_window[where]]),
                    onset_quarters=int(self.onset_quarters[where]),
                )
            )
        return found

    def passages_of(self, notes: int) -> Hashes:
        """A hash of each known passage of so many notes, sorted and once each; `notes` is at least `WINDOW_NOTES`."""
        width = notes - WINDOW_NOTES + 1
        ends = zip(self.offsets[:-1].tolist(), self.offsets[1:].tolist(), strict=True)
        return np.unique(np.concatenate([np.empty(0, np.uint64), *(self._joined(a, b, width) for a, b in ends)]))

    def _joined(self, start: int, end: int, width: int) -> Hashes:
        return joined_hashes(self.hashes[start:end].astype(np.uint64), width)


def passage_hashes(steps: Hashes, notes: int) -> Hashes:
    """The hash of each passage of so many notes of a line, as :meth:`KnownPassages.passages_of` makes them."""
    return joined_hashes(window_hashes(steps), notes - WINDOW_NOTES + 1)


@cache
def _search() -> Any:
    return compiled(_longest)


def _longest(query, known, order, low, high, line, counts):  # type: ignore[no-untyped-def]  # as numba infers
    """Length in windows, and place, of the longest run that begins at each window and not before; 0 where none does.

    Only runs that cannot begin earlier are followed, so each pair of equal windows is looked at twice at most.
    """
    length, place = np.zeros(len(query), np.int64), np.zeros(len(query), np.int64)
    for start in range(len(query)):
        for rank in range(low[start], high[start]):
            here = order[rank]
            if not counts[line[here]]:
                continue
            if start > 0 and here > 0 and line[here - 1] == line[here] and known[here - 1] == query[start - 1]:
                continue
            run = 1
            while (
                start + run < len(query)
                and here + run < len(known)
                and line[here + run] == line[here]
                and known[here + run] == query[start + run]
            ):
                run += 1
            if run > length[start]:
                length[start], place[start] = run, here
    return length, place
