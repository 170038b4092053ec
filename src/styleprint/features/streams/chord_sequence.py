"""Chords from files: numbers or names become a root and a quality, never a magnitude.

A chord number is a category with two parts, ``16 × root + quality``, as Koh codes them (*Recognizing Classical
Composers Using High-Level Musical Features*, 2017); −1 is a rest. A name such as ``Am7``, ``F#maj7/A#`` or ``G:min7``
(Harte, Sandler, Abdallah and Gómez, ISMIR 2005) says the same: the bass after a slash is passed over, alterations
beyond the sixteen qualities count as ``other``, and ``N`` is a rest.

Vocabulary
----------
``root``
    Pitch class, 0 = C … 11 = B; 12 where nothing sounds, or the chord is not known.
``quality``
    0–15 as :data:`QUALITIES`; 16 any other; 17 a rest.
``motion``
    Semitones up from the last root before, modulo 12; 12 before there is one, 13 where there is no root.

A transposition changes the root alone.
"""

import functools
import re

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.stream import Field
from styleprint.features.streams.vocabulary import Vocabulary
from styleprint.music.score import IntArray

__all__ = ["LARGEST", "QUALITIES", "REST", "VOCABULARY", "chord_number", "chords_of", "fields_of"]

QUALITIES = (
    "major",
    "minor",
    "suspended",
    "augmented",
    "diminished",
    "major sixth",
    "minor sixth",
    "dominant seventh",
    "major seventh",
    "minor seventh",
    "half-diminished seventh",
    "diminished seventh",
    "major ninth",
    "dominant ninth",
    "dominant minor ninth",
    "minor ninth",
)
REST = -1
LARGEST = 12 * len(QUALITIES) - 1
"""The greatest chord number of the sixteen qualities; from the next one on come chords of other qualities."""

_ROOTS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_NO_ROOT, _OTHER, _SILENT = 12, 16, 17
_FIRST, _NO_MOTION = 12, 13
_UNKNOWN = LARGEST + 13
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NAME = re.compile(r"([A-G])([#b♯♭]*)(.*)", re.DOTALL)
_SYMBOLS = (
    "|M|maj|major",
    "m|min|-|minor",
    "sus|sus4|sus2|4",
    "+|aug|#5|augmented",
    "dim|o|°|diminished",
    "6|maj6|M6|add6",
    "m6|min6|-6",
    "7|dom7|dom",
    "maj7|M7|Maj7|Δ|Δ7|j7|ma7",
    "m7|min7|-7|mi7",
    "m7b5|min7b5|ø|ø7|hdim7|hdim|-7b5|m7-5",
    "dim7|o7|°7",
    "maj9|M9|Maj9|Δ9|ma9",
    "9|dom9|7(9)",
    "7b9|7(b9)|dom7b9",
    "m9|min9|-9|mi9",
)
_SUFFIXES = {name: i for i, names in enumerate(_SYMBOLS) for name in names.split("|")}
_RESTS = frozenset(("N", "NC", "N.C.", "rest", "r", "R", "-1"))


@functools.lru_cache(maxsize=4096)
def chord_number(name: str) -> int | None:
    """The number of a chord by its name.

    Returns
    -------
    int or None
        ``16 × root + quality``; −1 for a rest; 192 + root for a quality beyond the sixteen, 204 for an unknown chord
        (``X``); None where the text names no chord.
    """
    if name in _RESTS:
        return REST
    if name == "X":
        return _UNKNOWN
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    letter, signs, suffix = found.groups()
    root = (_LETTERS[letter] + signs.count("#") + signs.count("♯") - signs.count("b") - signs.count("♭")) % 12
    suffix = suffix.removeprefix(":").split("/")[0].strip()
    bare = suffix.replace("(", "").replace(")", "").replace("♭", "b").replace("♯", "#")
    quality = _SUFFIXES.get(suffix, _SUFFIXES.get(bare))
    if quality is not None:
        return len(QUALITIES) * root + quality
    is_symbol = re.fullmatch(r"(?:alt|[-+#bmMajindsuo°øΔ0-9,*h^])*", bare) is not None
    return LARGEST + 1 + root if is_symbol else None


def fields_of(chords: npt.NDArray[np.int64], offsets: npt.NDArray[np.int64]) -> dict[str, IntArray]:
    """Tokens of each field.

    Parameters
    ----------
    chords : ndarray of int, shape (n_tokens,)
        As :func:`chord_number` gives them; sequences one after another.
    offsets : ndarray of int, shape (n_sequences + 1,)

    Returns
    -------
    dict of str to ndarray of int32, shape (n_tokens,)
    """
    is_known = (chords >= 0) & (chords <= LARGEST)
    is_other = (chords > LARGEST) & (chords < _UNKNOWN)
    root = np.where(is_known, chords // len(QUALITIES), np.where(is_other, chords - LARGEST - 1, _NO_ROOT))
    quality = np.where(is_known, chords % len(QUALITIES), np.where(chords < 0, _SILENT, _OTHER))
    return {
        "root": root.astype(np.int32),
        "quality": quality.astype(np.int32),
        "motion": _motion(root, offsets).astype(np.int32),
    }


def chords_of(root: npt.NDArray[np.integer], quality: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """The chord numbers that :func:`fields_of` takes apart; a rest is −1, whatever negative number it was.

    Parameters
    ----------
    root, quality : ndarray of int, shape (n_tokens,)
    """
    roots, qualities = root.astype(np.int64), quality.astype(np.int64)
    other = np.where(roots < _NO_ROOT, LARGEST + 1 + roots, _UNKNOWN)
    known = len(QUALITIES) * roots + qualities
    return np.where(qualities == _SILENT, REST, np.where(qualities == _OTHER, other, known))


def _motion(root: npt.NDArray[np.int64], offsets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Semitones up from the last root of the same sequence; rests between are passed over."""
    motion = np.full(len(root), _NO_MOTION)
    place = np.flatnonzero(root != _NO_ROOT)
    if not len(place):
        return motion
    sequence = np.searchsorted(offsets, place, side="right")
    motion[place[1:]] = np.where(sequence[1:] == sequence[:-1], (root[place[1:]] - root[place[:-1]]) % 12, _FIRST)
    motion[place[0]] = _FIRST
    return motion


def _name_root(token: int) -> str:
    return _ROOTS[token] if token < _NO_ROOT else "no root"


def _name_quality(token: int) -> str:
    return QUALITIES[token] if token < _OTHER else "other" if token == _OTHER else "rest"


def _name_motion(token: int) -> str:
    return f"+{token}" if token < _FIRST else "first" if token == _FIRST else "no root"


VOCABULARY = Vocabulary(
    name="chords",
    fields={
        "root": Field(13, "pitch class", _name_root),
        "quality": Field(18, "kind of chord", _name_quality),
        "motion": Field(14, "semitones modulo 12", _name_motion),
    },
    absolute=("root",),
    source="Koh 2017 (numbers); Harte, Sandler, Abdallah and Gómez 2005 (names)",
)
