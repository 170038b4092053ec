"""Sequences that come from files and not from scores: what their fields mean.

A *vocabulary* is what a :class:`styleprint.features.streams.stream.Stream` is to a score: a name, fields whose
tokens mean the same for ever, and which of them a transposition changes. Nothing computes it; a file states it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from styleprint.features.streams.stream import Field

__all__ = ["Vocabulary"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Fields of sequences from files.

    Attributes
    ----------
    name : str
        Of the stream in a table: its columns are ``name.field``.
    fields : mapping of str to Field
    absolute : tuple of str
        The fields that a transposition changes.
    source : str
        Whose definition it is.
    version : int
        Raised whenever a token may come out otherwise than before.
    """

    name: str
    fields: Mapping[str, Field]
    absolute: tuple[str, ...]
    source: str
    version: int = 1
