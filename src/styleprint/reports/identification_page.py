"""Answers about pieces as one page to keep, and as parts of a page that a service shows.

The page is complete in itself: no script, nothing from outside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from styleprint.explaining.evidence_places import EvidencePlaces, Passage
from styleprint.explaining.explanation import Explanation, FeatureRanges
from styleprint.reports.engraving import show_engraving
from styleprint.reports.identification_words import (
    tell_copy,
    tell_evidence,
    tell_likeliest,
    tell_number,
    tell_places,
    tell_share,
    tell_typicality,
    tell_verdict,
)
from styleprint.reports.page import render
from styleprint.reports.piano_roll import piano_roll

__all__ = ["AnswerView", "EvidenceRow", "RangeView", "RollView", "look_at_answer", "render_identifications"]

_LETTER_SHARE = 0.015
"""Width of a letter over that of a roll, about."""

_MOST_CLASSES = 12
_MOST_RANGES = 4
_RANGE_WIDTH, _RANGE_MARGIN = 100.0, 3.0


@dataclass(frozen=True)
class RangeView:
    """The middle half of a class's pieces, and the piece beside it; all places are of a hundred.

    Attributes
    ----------
    name : str
        The class.
    words : str
        Its quartiles.
    low, median, high, here : float
    is_inside : bool
        Whether the piece lies between the quartiles.
    """

    name: str
    words: str
    low: float
    median: float
    high: float
    here: float
    is_inside: bool


@dataclass(frozen=True)
class EvidenceRow:
    """One pattern that speaks for the likeliest class, or against it.

    Attributes
    ----------
    number : int
        As the piano roll marks it.
    words, meaning : str
    weight : float
        Change of log-odds; below 0 it speaks against the class.
    share : float
        Its size over that of the strongest.
    where : str
        Bars of its first moments.
    value : str
        Of a feature: what it is in this piece.
    ranges : tuple of RangeView
        Of a feature: what is usual in the likeliest classes.
    """

    number: int
    words: str
    meaning: str
    weight: float
    share: float
    where: str
    value: str = ""
    ranges: tuple[RangeView, ...] = ()


@dataclass(frozen=True)
class RollView:
    """A passage in which evidence stands.

    Attributes
    ----------
    name : str
        Its bars.
    figure : Markup
        A piano roll.
    notes : str
        What a script needs to play it: ``onset,duration,pitch`` of each note in seconds, parted by spaces.
    engraving : str or Markup
        The passage as printed; empty where it was not drawn.
    """

    name: str
    figure: Markup
    notes: str
    engraving: str = ""


@dataclass(frozen=True)
class AnswerView:
    """One answer as a template shows it.

    Attributes
    ----------
    record : mapping
        What ``identify --json`` writes of the file.
    is_answered : bool
    verdict : str
        In words; why there is none, where there is none.
    sentences : tuple of str
        How far to trust it.
    copy : str
        Which known piece it is; empty where it is none.
    chances : tuple of (class, probability, its words, typicality, is_excluded)
        The likeliest first.
    left_out : int
        Classes that are not shown.
    evidence : tuple of EvidenceRow
    rolls : tuple of RollView
    """

    record: Mapping[str, Any]
    is_answered: bool
    verdict: str
    sentences: tuple[str, ...] = ()
    copy: str = ""
    chances: tuple[tuple[str, float, str, float, bool], ...] = ()
    left_out: int = 0
    evidence: tuple[EvidenceRow, ...] = ()
    rolls: tuple[RollView, ...] = ()


def look_at_answer(
    record: Mapping[str, Any], explanation: Explanation | None, descriptions: Mapping[str, str]
) -> AnswerView:
    """An answer made ready to be shown.

    Parameters
    ----------
    record : mapping
        What ``identify --json`` writes of the file.
    explanation : Explanation or None
        What is behind it.
    descriptions : mapping of str to str
        Column of a feature → what it is.
    """
    if record["status"] != "ok":
        return AnswerView(record, is_answered=False, verdict=_tell_failure(record))
    ranked = sorted(record["probabilities"].items(), key=lambda item: -item[1])
    typicality, candidates = record["typicality"], record["candidates"]
    chances = [(name, p, tell_share(p), typicality[name], name not in candidates) for name, p in ranked]
    places = explanation.places if explanation else None
    features = {feature.number: feature for feature in explanation.features} if explanation else {}
    shown = [chance for i, chance in enumerate(chances) if i < _MOST_CLASSES or not chance[-1]]
    return AnswerView(
        record,
        is_answered=True,
        verdict=tell_verdict(record),
        sentences=(tell_likeliest(record), tell_typicality(record)),
        copy=tell_copy(record["copy_of"]) if record["copy_of"] else "",
        chances=tuple(shown),
        left_out=len(chances) - len(shown),
        evidence=_evidence(record["evidence"], places, descriptions, features, [name for name, *_ in chances]),
        rolls=_rolls(explanation) if explanation else (),
    )


def _rolls(explanation: Explanation) -> tuple[RollView, ...]:
    if explanation.places is None:
        return ()
    drawn = [*explanation.engravings, *[""] * len(explanation.places.passages)]
    rolls = []
    for passage, svg in zip(explanation.places.passages, drawn, strict=False):
        title = f"{passage.name.capitalize()} as printed, with the bars in colour in which evidence stands"
        engraving = show_engraving(svg, title) if svg else ""
        rolls.append(RollView(passage.name, _roll(passage), _playable(passage), engraving))
    return tuple(rolls)


def render_identifications(views: Sequence[AnswerView], *, source: Mapping[str, Any]) -> str:
    """A page to keep.

    Parameters
    ----------
    views : sequence of AnswerView
    source : mapping
        ``model``, ``styleprint``, ``classes``, ``pieces`` of the bundle, as its card has them, and its ``identity``.
    """
    many = f"{len(views)} pieces" if len(views) != 1 else str(views[0].record["path"])
    return render("identification.html", title=f"Whose music? {many}", sections=(), views=views, source=source)


def _tell_failure(record: Mapping[str, Any]) -> str:
    return {
        "empty": "It holds no pitched notes.",
        "over_limit": "It would take more than the limits allow.",
        "unreadable": "It cannot be read.",
    }.get(record["status"], "There is no answer.")


def _evidence(
    evidence: Sequence[Mapping[str, Any]],
    places: EvidencePlaces | None,
    descriptions: Mapping[str, str],
    features: Mapping[int, FeatureRanges],
    ranked: Sequence[str],
) -> tuple[EvidenceRow, ...]:
    most = max((abs(pattern["weight"]) for pattern in evidence), default=0.0) or 1.0
    rows = []
    for index, pattern in enumerate(evidence):
        words, meaning = tell_evidence(str(pattern["name"]), descriptions)
        weight = float(pattern["weight"])
        where = tell_places(places.names[index]) if places else ""
        feature = features.get(index + 1)
        value, ranges = (tell_number(feature.value), _ranges(feature, ranked)) if feature else ("", ())
        rows.append(EvidenceRow(index + 1, words, meaning, weight, abs(weight) / most, where, value, ranges))
    return tuple(rows)


def _ranges(feature: FeatureRanges, ranked: Sequence[str]) -> tuple[RangeView, ...]:
    """Those of the likeliest classes, on one scale."""
    shown = [name for name in ranked if name in feature.ranges][:_MOST_RANGES]
    numbers = [feature.value, *(value for name in shown for value in feature.ranges[name])]
    least, width = min(numbers), (max(numbers) - min(numbers)) or 1.0

    def place(value: float) -> float:
        return _RANGE_MARGIN + (_RANGE_WIDTH - 2 * _RANGE_MARGIN) * (value - least) / width

    found = []
    for name in shown:
        low, median, high = feature.ranges[name]
        words = f"{tell_number(low)} to {tell_number(high)}"
        is_inside = low <= feature.value <= high
        found.append(RangeView(name, words, place(low), place(median), place(high), place(feature.value), is_inside))
    return tuple(found)


def _roll(passage: Passage) -> Markup:
    """The passage's notes, with a line and the numbers of its patterns where they stand.

    Each number stands at its first place in the passage; those that are so near that they would not fit share a line.
    """
    groups: list[tuple[float, set[int]]] = []
    seen: set[int] = set()
    for onset, all_numbers in passage.marks:
        numbers = set(all_numbers) - seen
        seen |= numbers
        if not numbers:
            continue
        if groups and onset - groups[-1][0] < (len(_label(groups[-1][1])) + 1) * _LETTER_SHARE * passage.quarters:
            groups[-1][1].update(numbers)
        else:
            groups.append((onset, numbers))
    ends = [onset for onset, _ in groups[1:]] + [passage.quarters]
    marks = [(onset, end, _label(numbers)) for (onset, numbers), end in zip(groups, ends, strict=True)]
    title = f"Piano roll of {passage.name}, with the numbers of the evidence where it stands"
    return piano_roll(passage.notes, marks, quarters=passage.quarters, title=title)


def _label(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def _playable(passage: Passage) -> str:
    pace = passage.seconds / passage.quarters if passage.quarters > 0 else 0.0
    return " ".join(f"{onset * pace:.3f},{length * pace:.3f},{pitch}" for onset, length, pitch, _ in passage.notes)
