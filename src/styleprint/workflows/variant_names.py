"""The variants that are asked for by name, as ``transposed=3,noisy@20``: read, and refused where they mean nothing."""

import math
from collections.abc import Sequence
from pathlib import Path

from styleprint.extraction.table import Table
from styleprint.features.kinds import SEQUENCES, Forms
from styleprint.sound.variants import Strength
from styleprint.support.errors import UsageError
from styleprint.workflows.options import AugmentOptions

__all__ = ["check_asked", "forms_of_table", "read_names"]

_MOST_OF_A_NAME = 100
_AS_IN = "A name may have a number, as in transposed=3, and for recordings a strength, as in noisy@20."


def check_asked(options: AugmentOptions) -> bool:
    """Whether any variants are asked for.

    Raises
    ------
    UsageError
        U168, where classes are to be filled up and no variant is named.
    """
    if not options.names and options.to is not None:
        raise UsageError("U168", "--augment-to fills classes up with variants, and --augment names none.")
    return bool(options.names)


def forms_of_table(table: Table, source: Path) -> Forms:
    """The forms in which the sequences of a table may teach.

    Raises
    ------
    UsageError
        U168, where it has none whose tokens have a meaning of which a variant can be made.
    """
    streams = dict.fromkeys(name.rpartition(".")[0] for name in table.names("stream"))
    known = [name for name in streams if name in SEQUENCES]
    if not known:
        has = f"sequences of {', '.join(streams)}" if streams else "no sequences"
        raise UsageError(
            "U168",
            f"variants are made of the music in a folder, or of sequences of {', '.join(SEQUENCES)} in a table; this "
            f"table has {has}.",
            remedy="Give the folder, or --vocabulary chords where tokens are chords; of columns of numbers, a "
            "preparation with smote=N or noise=N makes more rows of rare classes.",
            place=str(source),
        )
    return SEQUENCES[known[0]]


def read_names(names: Sequence[str], forms: Forms) -> dict[str, int]:
    """Name → how many of it a piece gets, or, with a target, in a turn.

    Raises
    ------
    UsageError
        U168, where a name means nothing, or is named twice.
    """
    counts: dict[str, int] = {}
    for text in names:
        name, count = _read_name(text, forms)
        if name in counts:
            raise UsageError("U168", f"each variant is named once, and {name!r} is named twice.", remedy=_AS_IN)
        counts[name] = count
    return counts


def _read_name(text: str, forms: Forms) -> tuple[str, int]:
    """``noisy@20=3`` → its name with its strength, and how many."""
    stated, has_count, number = text.partition("=")
    name, has_strength, strength = stated.partition("@")
    if name not in forms.variants:
        known = ", ".join(forms.variants)
        raise UsageError("U168", f"{text!r} is no variant.", remedy=f"Choose among {known}, each once. {_AS_IN}")
    if has_count and not (number.isdecimal() and 1 <= int(number) <= _MOST_OF_A_NAME):
        raise UsageError(
            "U168",
            f"{text!r} is no variant: after = stands how many of it, from 1 to {_MOST_OF_A_NAME}.",
            remedy=_AS_IN,
        )
    usual = forms.strengths.get(name)
    value = _read_strength(text, strength, usual) if has_strength else None
    is_usual = value is None or (usual is not None and value == usual.usual)
    return name if is_usual else f"{name}@{value:g}", int(number or 1)


def _read_strength(text: str, strength: str, about: Strength | None) -> float:
    if about is None:
        raise UsageError(
            "U168",
            f"{text!r} is no variant: this one has no strength to state.",
            remedy="Leave out @ and what follows it.",
        )
    try:
        value = float(strength)
    except ValueError:
        value = math.nan
    if not about.least <= value <= about.most:
        raise UsageError(
            "U168",
            f"{text!r} is no variant: after @ stands its strength, "
            f"from {about.least:g} to {about.most:g} {about.unit}.",
            remedy=f"State one, or leave it out: it is {about.usual:g} then.",
        )
    return value
