"""What a stream is: aligned fields of tokens with fixed vocabularies, and how to read a token.

A stream turns a record into a sequence of tokens with the moment at which each is heard. A *field* is one
way to describe the moment (an interval, a sonority); all fields of a stream have one token a moment. A
vocabulary is fixed: token 0 … size − 1 mean the same in every table, for ever, or the version rises.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.music.score import FloatArray, IntArray

__all__ = ["ONSETS", "Field", "Stream", "TokenArray", "as_tokens"]

ONSETS = "onset_quarters"
"""Name of the column of moments, beside the fields."""

TokenArray = IntArray | FloatArray


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
class Stream:
    """A stream and the function that computes it.

    Attributes
    ----------
    name : str
        Its name in the registry.
    fields : mapping of str to Field
        In order; `onset_quarters` comes beside them.
    unchanged_by : tuple of str
        Changes of :mod:`styleprint.music.changes` that no token notices.
    encoding_safe : bool
        Whether the composer decides the tokens and not the encoder.
    source : str
        Whose definition it is.
    compute : callable
        ScoreContext → field → int32 array, and ``onset_quarters`` → float64 array, all of one length.
    version : int
        Raised whenever a token may come out otherwise than before.
    """

    name: str
    fields: Mapping[str, Field]
    unchanged_by: tuple[str, ...]
    encoding_safe: bool
    source: str
    compute: Callable[[ScoreContext], dict[str, TokenArray]]
    version: int = 1


def as_tokens(values: npt.NDArray[Any]) -> IntArray:
    """Whole numbers as tokens."""
    return values.astype(np.int32)
