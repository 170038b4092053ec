"""Views: which fields of which stream make the words of which n-grams, and how words are hashed.

A *view* joins one or more fields of a stream into words, one a moment, and looks at runs of 1 to 5 of them.
A run is known by a hash of 64 bits; among ten million runs the chance that any two share one is under
one in 300,000.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.registry import stream_fields
from styleprint.features.streams.stream import MOMENTS
from styleprint.models.base import read_count

__all__ = ["STANDARD_VIEWS", "HashArray", "View", "choose_views", "hash_runs", "name_run", "onsets_column"]

HashArray = npt.NDArray[np.uint64]
WordArray = npt.NDArray[np.int64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_GENERIC_ORDERS = (1, 2, 3)
_GENERIC_BASE = 1 << 20
_MOST_FIELDS = 16
_LONGEST_RUN = 16


@dataclass(frozen=True, slots=True)
class View:
    """Runs of words over the fields of one stream.

    Attributes
    ----------
    name : str
        For people.
    stream : str
    fields : tuple of str
        Joined into one word a moment.
    orders : tuple of int
        Lengths of runs.
    familiar : int
        Length of the runs by which a piece is familiar or not (:mod:`styleprint.models.familiarity`); 0 for none.
    """

    name: str
    stream: str
    fields: tuple[str, ...]
    orders: tuple[int, ...]
    familiar: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of a table that it reads."""
        return tuple(f"{self.stream}.{field}" for field in self.fields)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Vocabulary of each field."""
        fields = stream_fields(self.stream)
        return tuple(fields[name].size if name in fields else _GENERIC_BASE for name in self.fields)

    def to_json(self) -> list[Any]:
        """As JSON can hold it."""
        return [self.name, self.stream, list(self.fields), list(self.orders), self.familiar]

    @classmethod
    def from_json(cls, value: list[Any]) -> "View":
        """The view that :meth:`to_json` described."""
        name, stream, fields, orders, familiar = value
        if not all(isinstance(text, str) for text in (name, stream, *fields)) or not 1 <= len(fields) <= _MOST_FIELDS:
            raise ValueError("a view must name a stream and some of its fields")
        if not 1 <= len(orders) <= _LONGEST_RUN:
            raise ValueError("a view must look at runs of some lengths")
        lengths = tuple(read_count(order, "the length of a run", least=1, most=_LONGEST_RUN) for order in orders)
        familiar = read_count(familiar, "the length of a run", most=_LONGEST_RUN)
        return cls(name, stream, tuple(fields), lengths, familiar)

    def join(self, tokens: list[npt.NDArray[np.integer]]) -> WordArray:
        """One word a moment from one token a field."""
        words = tokens[0].astype(np.int64)
        for size, more in zip(self.sizes[1:], tokens[1:], strict=True):
            words = words * size + more
        return words

    def split(self, words: WordArray) -> list[tuple[int, ...]]:
        """The tokens of each word."""
        parts: list[WordArray] = []
        for size in reversed(self.sizes[1:]):
            words, part = np.divmod(words, size)
            parts.append(part)
        return list(zip(*[p.tolist() for p in (words, *reversed(parts))], strict=True))


STANDARD_VIEWS = (
    View("notes", "notes", ("interval",), (1, 2, 3, 4), familiar=3),
    View("figured bass", "frames", ("bass_class", "sonority"), (1, 2), familiar=1),
    View("sonorities", "frames", ("sonority",), (1, 2)),
    View("upper line", "frames", ("skyline",), (1, 2, 3), familiar=3),
    View("bass", "frames", ("bass",), (1, 2, 3)),
    View("counterpoint", "frames", ("vertical", "skyline", "bass"), (1, 2), familiar=1),
    View("rhythm", "frames", ("ratio",), (1, 2, 3, 4, 5)),
    View("chords", "chords", ("root", "quality"), (1, 2, 3), familiar=2),
    View("chord steps", "chords", ("motion", "quality"), (1, 2, 3)),
)
"""What the standard model reads of a score, and of a sequence of chords from a file."""


def choose_views(columns: Iterable[str]) -> tuple[View, ...]:
    """The standard views that the columns allow; for streams of other kinds each field by itself.

    Parameters
    ----------
    columns : iterable of str
        ``stream.field``.
    """
    there = list(columns)
    chosen = [view for view in STANDARD_VIEWS if set(view.columns) <= set(there)]
    standard = {view.stream for view in chosen}
    for column in there:
        stream, _, name = column.rpartition(".")
        if stream not in standard and not name.startswith("onset_"):
            chosen.append(View(column, stream, (name,), _GENERIC_ORDERS, familiar=2))
    return tuple(chosen)


def hash_runs(words: WordArray, order: int) -> HashArray:
    """Hashes of all runs of `order` words, in order of their first word."""
    count = len(words) - order + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    values = words.astype(np.uint64)
    hashes = np.full(count, order, dtype=np.uint64)
    for i in range(order):
        hashes = (hashes ^ values[i : i + count]) * _MULTIPLIER
        hashes ^= hashes >> _SHIFT
    return hashes


def name_run(view: View, words: WordArray) -> str:
    """A run in words for people: ``bass: +2 · +2 · -4``."""
    fields = stream_fields(view.stream)
    namers = [fields[name].name if name in fields else str for name in view.fields]
    parts = [" ".join(namer(token) for namer, token in zip(namers, word, strict=True)) for word in view.split(words)]
    return f"{view.name}: {' · '.join(parts)}"


def onsets_column(stream: str, columns: Iterable[str]) -> str | None:
    """The column of moments of a stream, where there is one."""
    there = set(columns)
    return next((name for name in (f"{stream}.{moments}" for moments in MOMENTS.values()) if name in there), None)
