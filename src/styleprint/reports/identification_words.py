"""An answer in words: the verdict, how far to trust it, and what each piece of evidence means."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["join_names", "tell_copy", "tell_evidence", "tell_likeliest", "tell_typicality", "tell_verdict"]

_NEAR_ONE = 0.999

_VIEWS = {
    "notes": "steps from note to note, from the lowest up, in semitones",
    "figured bass": "how the bass moves, and the intervals that sound above it, in semitones",
    "sonorities": "intervals that sound above the lowest note, in semitones",
    "upper line": "steps of the highest note, in semitones",
    "bass": "steps of the lowest note, in semitones",
    "counterpoint": "interval between the outer voices, and how both move, in semitones",
    "rhythm": "how each time between attacks compares with the one before",
}
"""View of the standard model → what its patterns are made of."""


def join_names(names: Sequence[str], last: str = "and") -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    return f" {last} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def tell_verdict(answer: Mapping[str, Any]) -> str:
    """The verdict in a sentence."""
    candidates = answer["candidates"]
    if answer["verdict"] == "none_of_these":
        return "None of these: it is untypical of every class that the bundle knows."
    if answer["verdict"] == "undecided":
        return f"Undecided: it could be {join_names(candidates, 'or')}."
    return f"Typical of {candidates[0]} alone."


def tell_likeliest(answer: Mapping[str, Any]) -> str:
    """The likeliest class, its probability, and under which prior."""
    prior = {
        "corpus": "if classes are as common as in its corpus",
        "equal": "if all classes are equally common",
    }.get(answer["prior"], f"under the prior {answer['prior']}")
    shown = f"{min(answer['probability'], _NEAR_ONE):.3f}"
    more = "over " if answer["probability"] > _NEAR_ONE else ""
    return f"Likeliest: {answer['label']}, with probability {more}{shown} {prior}."


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
