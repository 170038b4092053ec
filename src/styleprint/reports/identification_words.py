"""An answer in words: the verdict, how far to trust it, and what each piece of evidence means."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = [
    "join_names",
    "tell_copy",
    "tell_evidence",
    "tell_likeliest",
    "tell_number",
    "tell_places",
    "tell_share",
    "tell_typicality",
    "tell_verdict",
]

_SMALLEST = 0.001

_VIEWS = {
    "notes": "steps from each note to the next, chords from their lowest note up, in semitones",
    "figured bass": "semitones that the bass moves up within the octave, and {which intervals are struck above it}",
    "sonorities": "{which intervals are struck above the lowest note}; tt is a tritone, alone means none",
    "upper line": "steps of the highest note, in semitones",
    "bass": "steps of the lowest note, in semitones",
    "counterpoint": "interval between the outer voices, and how both move, in semitones",
    "rhythm": "how each time between attacks compares with the one before",
}
"""View of the standard model → what its patterns are made of."""


def join_names(names: Sequence[str], last: str = "and") -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    return f" {last} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def tell_share(value: float) -> str:
    """A probability with three digits, never rounded to certainty."""
    if value > 1 - _SMALLEST:
        return f"over {1 - _SMALLEST:.3f}"
    return f"under {_SMALLEST:.3f}" if value < _SMALLEST else f"{value:.3f}"


def tell_number(value: float) -> str:
    """A number with three digits: ``0.0312``, ``12.4``, ``1,240``."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def tell_places(names: Sequence[str]) -> str:
    """``bars 1, 2 and 5`` from ``bar 1``, ``bar 2``, ``bar 5``."""
    kinds = {name.partition(" ")[0] for name in names}
    if len(names) < 2 or len(kinds) != 1:
        return join_names(names)
    return f"{kinds.pop()}s {join_names([name.partition(' ')[2] for name in names])}"


def tell_verdict(answer: Mapping[str, Any]) -> str:
    """The verdict in a sentence."""
    candidates = answer["candidates"]
    if answer["verdict"] == "none_of_these":
        return "None of these: it is untypical of every class that the bundle knows."
    if answer["verdict"] == "undecided" and answer["label"] not in candidates:
        others = join_names(candidates)
        return f"Undecided: it is untypical of {answer['label']}, the likeliest; not excluded: {others}."
    if answer["verdict"] == "undecided":
        return f"Undecided: it could be {join_names(candidates, 'or')}."
    return f"Typical of {candidates[0]} alone."


def tell_likeliest(answer: Mapping[str, Any]) -> str:
    """The likeliest class, its probability, and under which prior."""
    prior = {
        "corpus": "if classes are as common as in its corpus",
        "equal": "if all classes are equally common",
    }.get(answer["prior"], f"under the prior {answer['prior']}")
    return f"Likeliest: {answer['label']}, with probability {tell_share(answer['probability'])} {prior}."


def tell_typicality(answer: Mapping[str, Any]) -> str:
    """How far the verdict can be trusted: what is excluded, and at which risk."""
    excluded = [name for name in answer["typicality"] if name not in answer["candidates"]]
    if not excluded:
        return "No class is excluded."
    few = sorted(excluded, key=lambda name: -answer["typicality"][name])[:6]
    more = f" and {len(excluded) - len(few)} others" if len(excluded) > len(few) else ""
    names = f"{', '.join(few)}{more}" if more else join_names(few)
    verb = "is" if len(excluded) == 1 else "are"
    return f"{names} {verb} excluded: at most one in twenty of the pieces that do belong there is as untypical as this."


def tell_copy(copy: Mapping[str, Any]) -> str:
    """Which known piece it is, or shares music with."""
    same = "holds the same music as" if copy["kind"] == "copy" else "shares a passage with"
    return f"It {same} a piece that the bundle was trained on: {copy['path']} ({copy['label']})."


def tell_evidence(name: str, descriptions: Mapping[str, str]) -> tuple[str, str]:
    """A piece of evidence for people, and what it is about.

    Parameters
    ----------
    name : str
        As the answer has it: ``mean_pitch, higher than in 93 % of pieces`` or ``bass: +2 · +2``.
    descriptions : mapping of str to str
        Column of a feature → what it is.
    """
    column, comma, rest = name.partition(", ")
    if comma and column in descriptions:
        return f"{column.replace('_', ' ')}, {rest}", descriptions[column]
    view = name.partition(": ")[0]
    return name, _VIEWS.get(view, "")
