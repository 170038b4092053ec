"""A key as typed, ``"D minor"``, ``"Bb"``, ``"f#m"``, becomes tonic and mode."""

import re

from styleprint.support.errors import UsageError

__all__ = ["read_key"]

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NAME = re.compile(r"([A-Ga-g])([#♯b♭]?)\s*((?i:major|maj|minor|min|m|))")


def read_key(name: str) -> tuple[int, bool]:
    """Tonic as pitch class, and whether it is minor: ``m``, ``min`` and ``minor`` say so, nothing else does.

    Raises
    ------
    UsageError
        U184, where the text names no key.
    """
    found = _NAME.fullmatch(name.strip())
    if found is None:
        raise UsageError("U184", f"a key must be named as 'D minor', 'Bb' or 'F# major', but {name!r} is asked for.")
    letter, sign, mode = found.groups()
    tonic = _LETTERS[letter.upper()] + (sign in ("#", "♯")) - (sign in ("b", "♭"))
    return tonic % 12, mode.lower() in ("minor", "min", "m") and mode != "M"
