"""What a feature is: its columns, unit and range, and what it does not notice.

A feature turns a record into one or more numbers. Its description stands beside the function that
computes it, in a *family*: a module of this room with a :class:`Family` named ``FEATURES``, and one
line in :mod:`styleprint.features.registry`.

Conventions
-----------
A feature that does not apply (intervals of a single note) is NaN, never a plausible default. `missing` says when
that may happen to a piece of ordinary length and texture.
`unchanged_by` names changes of :mod:`styleprint.music.changes`; laws in the tests hold each feature to it.
`encoding_safe` says that the composer decides the number and not the encoder: it is unchanged by every
re-encoding, and rests on nothing that a file may hold by default (metre, key signature, tempo).
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from styleprint.features.context import ScoreContext
from styleprint.music.changes import REENCODINGS
from styleprint.music.score import FloatArray

__all__ = ["CHANGE_NAMES", "FURTHER_CHANGE_NAMES", "Compute", "Entry", "Family", "Feature"]

CHANGE_NAMES = ("transposition", *REENCODINGS)
"""What a feature does not notice unless it says otherwise."""

FURTHER_CHANGE_NAMES = ("octave", "repeats")
"""What else it may not notice: the whole piece an octave higher or lower, which is a transposition; the whole piece
played twice, as where a repeat is written out. The second holds exactly for what is counted note by note or frame by
frame; what is counted from one to the next notices where the piece begins again, be it ever so little."""

Compute = Callable[[ScoreContext], FloatArray | float]


@dataclass(frozen=True, slots=True)
class Feature:
    """One entry of the catalogue.

    Attributes
    ----------
    name : str
        Unique in the catalogue.
    columns : tuple of str
        Names of its numbers; a feature of one number has one column of its own name.
    unit : str
        Of all its columns: ``semitones``, ``share``, ``bits`` …
    kind : {'score', 'recording'}
        What it is computed from.
    range : tuple of float
        Least and greatest value, both possible in principle; `inf` where there is no bound.
    unchanged_by : tuple of str
        Changes that it does not notice, of `CHANGE_NAMES` and `FURTHER_CHANGE_NAMES`.
    encoding_safe : bool
        Whether identification may use it (see the module).
    source : str
        Whose definition it is.
    version : int
        Raised whenever a number may come out otherwise than before.
    missing : str
        Of which ordinary pieces some of its columns are NaN ("a piece without rests"); empty where of none.
    """

    name: str
    columns: tuple[str, ...]
    unit: str
    kind: Literal["score", "recording"]
    range: tuple[float, float]
    unchanged_by: tuple[str, ...]
    encoding_safe: bool
    source: str
    version: int = 1
    missing: str = ""

    def __post_init__(self) -> None:
        unknown = set(self.unchanged_by) - {*CHANGE_NAMES, *FURTHER_CHANGE_NAMES}
        if unknown:
            raise ValueError(f"{self.name}: unchanged_by names no known change: {sorted(unknown)}")
        if self.encoding_safe and not set(REENCODINGS) <= set(self.unchanged_by):
            raise ValueError(f"{self.name}: encoding_safe asks for unchanged_by every one of {REENCODINGS}")
        if not self.columns or not self.range[0] < self.range[1]:
            raise ValueError(f"{self.name}: needs columns, and a range from low to high")


@dataclass(frozen=True, slots=True)
class Entry:
    """A feature and the function that computes it."""

    feature: Feature
    compute: Compute

    @property
    def description(self) -> str:
        """The first paragraph of the function's docstring, on one line."""
        paragraph = (self.compute.__doc__ or "").strip().split("\n\n")[0]
        return " ".join(paragraph.split())


class Family:
    """Features of one subject: iterates over its entries, in the order of their definition.

    Parameters
    ----------
    unchanged_by_repeats : collection of str
        Names of those that do not notice whether the piece is played once or twice.
    """

    def __init__(self, unchanged_by_repeats: Collection[str] = ()) -> None:
        self.unchanged_by_repeats = frozenset(unchanged_by_repeats)
        self._entries: list[Entry] = []

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def module(self) -> str:
        """Name of the module in which its features are defined."""
        return self._entries[0].compute.__module__

    def add(
        self,
        *,
        unit: str,
        range: tuple[float, float],  # noqa: A002 - the word of the record
        source: str,
        unchanged_by: tuple[str, ...] = CHANGE_NAMES,
        encoding_safe: bool = True,
        columns: tuple[str, ...] = (),
        version: int = 1,
        missing: str = "",
    ) -> Callable[[Compute], Compute]:
        """Enter the decorated function into the family, under its own name.

        Parameters
        ----------
        unit, range, source, unchanged_by, encoding_safe, version, missing
            As in :class:`Feature`. What is unchanged by transposition is so by an octave, without being told.
        columns : tuple of str, optional
            What follows the name in each column; without it the feature is one number.
        """

        def enter(compute: Compute) -> Compute:
            name = compute.__name__
            names = tuple(f"{name}_{column}" for column in columns) or (name,)
            further = {"octave"} if "transposition" in unchanged_by else set()
            further |= {"repeats"} if name in self.unchanged_by_repeats else set()
            kept = (*unchanged_by, *(change for change in FURTHER_CHANGE_NAMES if change in further))
            feature = Feature(name, names, unit, "score", range, kept, encoding_safe, source, version, missing)
            self._entries.append(Entry(feature, compute))
            return compute

        return enter
