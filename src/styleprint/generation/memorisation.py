"""How much of a piece stands in the training music, and how generation avoids that.

What a known passage is, :mod:`styleprint.corpus.known_passages` says: eight notes or more of one part, or of all
parts together, whose intervals and times from onset to onset stand one after another in a training piece, in any key.
A note is *copied* where it lies in a known passage of at least `notes` notes; the *copied share* is the share of such
notes. Scales, broken chords and repeated notes are common to much music, so a share means something only beside that
of pieces that the model has not learnt from: :func:`copied_share` of held-out pieces is the measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.corpus.known_passages import (
    ALL_PARTS,
    WINDOW_NOTES,
    KnownPassages,
    KnownRun,
    lines_of,
    passage_hashes,
    steps_of,
)
from styleprint.music.score import Score
from styleprint.support.errors import UsageError

__all__ = ["COPIED_NOTES", "Memorisation", "RunGuard", "check_memorisation", "copied_share"]

COPIED_NOTES = 16
"""How long a passage must be for its notes to count as copied."""

_SHOWN = 5


@dataclass(frozen=True)
class Memorisation:
    """What of a piece stands in the training music.

    Attributes
    ----------
    notes : int
        Pitched notes of the piece.
    longest : int
        Notes of the longest known passage; 0 where none has eight.
    copied_share : float
        Share of notes in known passages of at least `copied_notes`; NaN without notes.
    copied_notes : int
    passages : tuple of KnownRun
        The longest ones, longest first, none within another.
    """

    notes: int
    longest: int
    copied_share: float
    copied_notes: int
    passages: tuple[KnownRun, ...]


def check_memorisation(
    score: Score, known: KnownPassages, *, notes: int = COPIED_NOTES, without: Sequence[int] = ()
) -> Memorisation:
    """Look for the training music in a piece.

    Parameters
    ----------
    score : Score
        Unpitched notes are passed over.
    known : KnownPassages
    notes : int
        From which length on a passage is copied; at least 8.
    without : sequence of int
        Training pieces that do not count: the piece itself, where it is one of them.
    """
    _check_notes(notes)
    rows = np.flatnonzero(~score.is_unpitched)
    columns = (score.onset_quarters[rows], score.part[rows], score.midi_pitch[rows])
    longest = np.zeros(len(rows), dtype=np.int64)
    runs: list[KnownRun] = []
    for line in lines_of(*columns):
        place = np.empty(len(rows), dtype=np.int64)
        place[line.notes] = np.arange(len(line.notes))
        for run in known.runs(line, without=without):
            inside = line.notes[place[run.first] : place[run.last] + 1]
            longest[inside] = np.maximum(longest[inside], run.notes)
            runs.append(run)
    return Memorisation(
        notes=len(rows),
        longest=int(longest.max(initial=0)),
        copied_share=float((longest >= notes).mean()) if len(rows) else float("nan"),
        copied_notes=notes,
        passages=tuple(_outermost(runs)[:_SHOWN]),
    )


def copied_share(
    scores: Sequence[Score], known: KnownPassages, *, notes: int = COPIED_NOTES
) -> npt.NDArray[np.float64]:
    """The copied share of each of several pieces: of held-out ones, what chance and common figures account for."""
    return np.array([check_memorisation(score, known, notes=notes).copied_share for score in scores])


def _outermost(runs: Sequence[KnownRun]) -> list[KnownRun]:
    """Longest first; a passage that lies within one already taken is left out."""
    taken: list[KnownRun] = []
    for run in sorted(runs, key=lambda run: (-run.notes, run.part == ALL_PARTS, run.first)):
        if not any(other.first <= run.first and run.last <= other.last for other in taken):
            taken.append(run)
    return taken


class RunGuard:
    """Says of the next note of a piece in the making whether it would complete a known passage of too many notes.

    Notes come in order of onset; those of one onset in any order. No line of what was let through holds a known
    passage of more than `notes` notes, as :func:`check_memorisation` finds them: a passage is complete when its last
    note comes, and every passage that the note would be part of is looked up then.

    Parameters
    ----------
    known : KnownPassages
    notes : int
        The longest passage that is allowed; at least 8.
    """

    def __init__(self, known: KnownPassages, notes: int) -> None:
        _check_notes(notes)
        self._width = notes + 1
        self._forbidden = known.passages_of(self._width)
        self._tails: dict[int, list[tuple[int, int]]] = {}

    def completes(self, ticks: int, part: int, midi_pitch: int) -> bool:
        """Whether this note would complete a known passage of more notes than are allowed.

        Parameters
        ----------
        ticks : int
            Onset in 1/24 quarters; no earlier than the last note's.
        part, midi_pitch : int
        """
        if not len(self._forbidden):
            return False
        return any(self._is_known(self._with(key, (ticks, midi_pitch))) for key in self._keys(part))

    def add(self, ticks: int, part: int, midi_pitch: int) -> None:
        """Let a note through."""
        for key in {part, ALL_PARTS}:
            tail = self._with(key, (ticks, midi_pitch))
            now = sum(onset == ticks for onset, _ in tail)
            self._tails[key] = tail[-(self._width + now) :]

    def _keys(self, part: int) -> tuple[int, ...]:
        """The lines that the note would join: there is one of all notes where there are several parts."""
        several = any(key not in (part, ALL_PARTS) for key in self._tails)
        return (part, ALL_PARTS) if several else (part,)

    def _with(self, key: int, note: tuple[int, int]) -> list[tuple[int, int]]:
        return sorted([*self._tails.get(key, ()), note])

    def _is_known(self, tail: list[tuple[int, int]]) -> bool:
        if len(tail) < self._width:
            return False
        columns = np.array(tail, dtype=np.int64)
        found = passage_hashes(steps_of(columns[:, 0], columns[:, 1]), self._width)
        place = np.minimum(np.searchsorted(self._forbidden, found), len(self._forbidden) - 1)
        return bool((self._forbidden[place] == found).any())


def _check_notes(notes: int) -> None:
    if notes < WINDOW_NOTES:
        raise UsageError(
            "U181",
            f"a passage that counts as copied must have at least {WINDOW_NOTES} notes, but {notes} are asked for.",
            remedy="Shorter passages are common to most music.",
        )
