"""What a stream is: aligned fields of tokens with fixed vocabularies, and how to read a token.

A stream turns a record into a sequence of tokens with the moment at which each is heard. A *field* is one
way to describe the moment (an interval, a sonority); all fields of a stream have one token a moment. A
vocabulary is fixed: token 0 … size − 1 mean the same in every table, for ever, or the version rises.

Of sound a moment may be described by *levels* in place of tokens: a vector of so many numbers, kept as float16.
Streams of scores have ``onset_quarters`` beside their fields, those of recordings ``onset_seconds``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray

__all__ = ["MOMENTS", "ONSETS", "Field", "LevelArray", "Levels", "Stream", "TokenArray", "as_tokens"]

ONSETS = "onset_quarters"
"""Name of the column of moments of a score, beside the fields."""

MOMENTS = {"score": ONSETS, "recording": "onset_seconds"}
"""Kind of record → name of the column of moments."""

TokenArray = IntArray | FloatArray
LevelArray = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Field:
    """One way to describe a moment.

    Attributes
    ----------
    size : int
        Of the vocabulary: tokens are 0 … size − 1.
    unit : str
        What a token counts.
    name : callable
        Token → words for people.
    """

    size: int
    unit: str
    name: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Levels:
    """A vector of numbers a moment.

    Attributes
    ----------
    size : int
        How many numbers.
    unit : str
    floor : float
        A moment at which no number is above it is silence.
    """

    size: int
    unit: str
    floor: float


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream and the function that computes it.

    Attributes
    ----------
    name : str
        Its name in the registry.
    fields : mapping of str to Field
        In order; the moments come beside them.
    unchanged_by : tuple of str
        Changes of :mod:`styleprint.music.changes` (of :mod:`styleprint.sound.changes`) that no token notices.
    encoding_safe : bool
        Whether the composer decides the tokens and not the encoder.
    source : str
        Whose definition it is.
    compute : callable
        Context → field → int32 array (of levels a float16 array, shape (n, size)), and :attr:`moments` → float64
        array, all of one length.
    version : int
        Raised whenever a token may come out otherwise than before.
    kind : {'score', 'recording'}
        What it is made from.
    levels : mapping of str to Levels
        Beside the fields, or in their place.
    """

    name: str
    fields: Mapping[str, Field]
    unchanged_by: tuple[str, ...]
    encoding_safe: bool
    source: str
    compute: Callable[[Any], Mapping[str, TokenArray | LevelArray]]
    version: int = 1
    kind: Literal["score", "recording"] = "score"
    levels: Mapping[str, Levels] = field(default_factory=dict)

    @property
    def moments(self) -> str:
        """Name of the column of moments."""
        return MOMENTS[self.kind]


def as_tokens(values: npt.NDArray[Any]) -> IntArray:
    """Whole numbers as tokens."""
    return values.astype(np.int32)
