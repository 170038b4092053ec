"""Where in a piece the evidence stands: its bars, and the passages that hold most of it.

An answer's evidence names the first moments of each pattern (:mod:`styleprint.models.contributions`). Moments that
lie near each other are shown together, as a passage of the score around them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from styleprint.music.score import Score
from styleprint.music.time import to_seconds

__all__ = ["EvidencePlaces", "Passage", "find_places"]

_QUARTERS = 16.0
_MOST_PASSAGES = 3
_MOST_NOTES = 600
_BEFORE_QUARTERS = 1.0
_TOLERANCE_QUARTERS = 1e-6


@dataclass(frozen=True)
class Passage:
    """Some bars of a piece.

    Attributes
    ----------
    name : str
        Its bars, for people; where it has none, its quarters.
    start_quarters, quarters : float
        Where it begins, and how long it is.
    seconds : float
        How long it lasts in the tempo of the file.
    notes : tuple of (onset, duration, MIDI pitch, part)
        In quarters from its beginning.
    marks : tuple of (onset, numbers)
        Moments of the evidence from its beginning, and the numbers of the patterns there, counted from 1.
    """

    name: str
    start_quarters: float
    quarters: float
    seconds: float
    notes: tuple[tuple[float, float, int, int], ...]
    marks: tuple[tuple[float, tuple[int, ...]], ...]


@dataclass(frozen=True)
class EvidencePlaces:
    """Where the evidence stands.

    Attributes
    ----------
    names : tuple of tuples of str
        For each pattern the places of its first moments; empty for what is true of the piece as a whole.
    passages : tuple of Passage
        In the order of the piece.
    """

    names: tuple[tuple[str, ...], ...]
    passages: tuple[Passage, ...]


def find_places(score: Score, evidence: Sequence[Mapping[str, Any]]) -> EvidencePlaces:
    """Where the evidence about a piece stands in it.

    Parameters
    ----------
    score : Score
    evidence : sequence of mappings
        As an Identification has it: ``onset_quarters`` where a pattern has moments.
    """
    moments = [tuple(pattern.get("onset_quarters", ())) for pattern in evidence]
    names = tuple(tuple(dict.fromkeys(_place(score, onset) for onset in onsets)) for onsets in moments)
    marks = sorted((float(onset), number) for number, onsets in enumerate(moments, start=1) for onset in onsets)
    passages = [_passage(score, start, marks) for start in _choose(score, marks)]
    return EvidencePlaces(names, tuple(passages))


def _choose(score: Score, marks: Sequence[tuple[float, int]]) -> list[float]:
    """Starts of a few passages that do not overlap, each where most patterns are that no other shows."""
    starts = sorted({_bar_start(score, onset) for onset, _ in marks})
    seen: set[int] = set()
    chosen: list[float] = []
    for _ in range(_MOST_PASSAGES):
        free = [start for start in starts if all(abs(start - other) >= _QUARTERS for other in chosen)]
        gains = [len({n for onset, n in marks if start <= onset < start + _QUARTERS} - seen) for start in free]
        if not gains or max(gains) == 0:
            break
        best = free[int(np.argmax(gains))]
        chosen.append(best)
        seen |= {n for onset, n in marks if best <= onset < best + _QUARTERS}
    return sorted(chosen)


def _passage(score: Score, start: float, marks: Sequence[tuple[float, int]]) -> Passage:
    end = min(start + _QUARTERS, score.end_quarters)
    is_inside = (score.onset_quarters < end) & (score.onset_quarters + score.duration_quarters > start)
    rows = np.flatnonzero(is_inside & ~score.is_unpitched)[:_MOST_NOTES]
    onset = np.maximum(score.onset_quarters[rows], start)
    duration = np.minimum(score.onset_quarters[rows] + score.duration_quarters[rows], end) - onset
    columns = (onset - start, duration, score.midi_pitch[rows], score.part[rows])
    inside: dict[float, list[int]] = {}
    for moment, number in marks:
        if start <= moment < end:
            numbers = inside.setdefault(round(moment - start, 6), [])
            if number not in numbers:
                numbers.append(number)
    return Passage(
        name=_span(score, start, end),
        start_quarters=start,
        quarters=end - start,
        seconds=float(np.diff(to_seconds([start, end], score.tempos))[0]),
        notes=tuple(zip(*(column.tolist() for column in columns), strict=True)),
        marks=tuple((moment, tuple(numbers)) for moment, numbers in inside.items()),
    )


def _bar_index(score: Score, onset: float) -> int:
    """The bar of a moment; -1 where the piece has none there."""
    return int(np.searchsorted(score.measures.start_quarters, onset + _TOLERANCE_QUARTERS, side="right")) - 1


def _bar_start(score: Score, onset: float) -> float:
    """The start of the moment's bar; a little before the moment where there are no bars, or long ones."""
    index = _bar_index(score, onset)
    before = max(0.0, onset - _BEFORE_QUARTERS)
    start = float(score.measures.start_quarters[index]) if index >= 0 else before
    return start if onset - start < _QUARTERS / 2 else before


def _label(score: Score, index: int) -> str:
    """What is printed of a bar; its number where nothing is, counted as editors do: a pickup is bar 0."""
    lengths = score.measures.length_quarters
    has_pickup = len(lengths) > 1 and lengths[0] < lengths[1] - _TOLERANCE_QUARTERS
    return score.measures.label[index] or str(index + (0 if has_pickup else 1))


def _place(score: Score, onset: float) -> str:
    index = _bar_index(score, onset)
    return f"bar {_label(score, index)}" if index >= 0 else f"quarter {onset + 1:g}"


def _span(score: Score, start: float, end: float) -> str:
    first, last = _bar_index(score, start), _bar_index(score, end - 2 * _TOLERANCE_QUARTERS)
    if first < 0:
        return f"quarters {start + 1:g} to {end:g}"
    if first == last:
        return f"bar {_label(score, first)}"
    return f"bars {_label(score, first)} to {_label(score, last)}"
