"""What a feature is: its columns, unit and range, and what it does not notice.

A feature turns a record into one or more numbers. Its description stands beside the function that
computes it, in a *family*: a module of this room with a :class:`Family` named ``FEATURES``, and one
line in :mod:`styleprint.features.registry`.

Conventions
-----------
A feature that does not apply (intervals of a single note) is NaN, never a plausible default. `missing` says when
that may happen to a piece of ordinary length and texture.
`unchanged_by` names changes of :mod:`styleprint.music.changes`; laws in the tests hold each feature to it.
Of a recording, `unchanged_by` names changes of :mod:`styleprint.sound.changes`, and `encoding_safe` says that the
level at which it was mastered and the order of its channels do not count. Level and timbre are part of what tells a
genre, so identification uses every feature of a recording; what the making alone tells is for the audit.
`encoding_safe` of a score says that the composer decides the number and not the encoder: it is unchanged by every
re-encoding, and rests on nothing that a file may hold by default (metre, key signature, tempo).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from styleprint.music.changes import REENCODINGS
from styleprint.music.score import FloatArray
from styleprint.sound.changes import CHANGES as SOUND_CHANGES

__all__ = [
    "CHANGES_OF",
    "CHANGE_NAMES",
    "FURTHER_CHANGE_NAMES",
    "USUAL_CHANGES",
    "Compute",
    "Entry",
    "Family",
    "Feature",
    "Kind",
]

Kind = Literal["score", "recording"]

CHANGE_NAMES = ("transposition", *REENCODINGS)
"""What a feature of scores does not notice unless it says otherwise."""

FURTHER_CHANGE_NAMES = ("octave", "repeats")
"""What else it may not notice: the whole piece an octave higher or lower, which is a transposition; the whole piece
played twice, as where a repeat is written out. The second holds exactly for what is counted note by note or frame by
frame; what is counted from one to the next notices where the piece begins again, be it ever so little."""

USUAL_CHANGES: Mapping[str, tuple[str, ...]] = {"score": CHANGE_NAMES, "recording": tuple(SOUND_CHANGES)}
"""What a feature does not notice unless it says otherwise, by kind of record."""

CHANGES_OF: Mapping[str, tuple[str, ...]] = {**USUAL_CHANGES, "score": (*CHANGE_NAMES, *FURTHER_CHANGE_NAMES)}
"""Every change that a feature may declare not to notice, by kind of record."""

_SAFE_FROM = {"score": REENCODINGS, "recording": ("gain", "channel_swap")}

Compute = Callable[[Any], FloatArray | float]
"""From the context of a record: a ScoreContext or a SoundContext."""


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
    aliases : tuple of str
        What the GTZAN table calls each column, where it has them; empty otherwise.
    """

    name: str
    columns: tuple[str, ...]
    unit: str
    kind: Kind
    range: tuple[float, float]
    unchanged_by: tuple[str, ...]
    encoding_safe: bool
    source: str
    version: int = 1
    missing: str = ""
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = set(self.unchanged_by) - set(CHANGES_OF[self.kind])
        if unknown:
            raise ValueError(f"{self.name}: unchanged_by names no known change: {sorted(unknown)}")
        if self.encoding_safe and not set(_SAFE_FROM[self.kind]) <= set(self.unchanged_by):
            raise ValueError(f"{self.name}: encoding_safe asks for unchanged_by every one of {_SAFE_FROM[self.kind]}")
        if self.aliases and len(self.aliases) != len(self.columns):
            raise ValueError(f"{self.name}: needs an alias for each column, or none")
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
    kind : {'score', 'recording'}
        What they are computed from.
    unchanged_by_repeats : collection of str
        Names of those that do not notice whether the piece is played once or twice.
    """

    def __init__(self, kind: Kind = "score", unchanged_by_repeats: Collection[str] = ()) -> None:
        self.kind: Kind = kind
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
        unchanged_by: tuple[str, ...] | None = None,
        encoding_safe: bool = True,
        columns: tuple[str, ...] = (),
        version: int = 1,
        missing: str = "",
        aliases: tuple[str, ...] = (),
    ) -> Callable[[Compute], Compute]:
        """Enter the decorated function into the family, under its own name.

        Parameters
        ----------
        unit, range, source, encoding_safe, version, missing, aliases
            As in :class:`Feature`.
        unchanged_by : tuple of str, optional
            As there; without it every usual change of the kind. What is unchanged by transposition is so by an octave,
            without being told.
        columns : tuple of str, optional
            What follows the name in each column; without it the feature is one number.
        """

        def enter(compute: Compute) -> Compute:
            name = compute.__name__
            names = tuple(f"{name}_{column}" for column in columns) or (name,)
            usual = USUAL_CHANGES[self.kind] if unchanged_by is None else unchanged_by
            further = {"octave"} if "transposition" in usual else set()
            further |= {"repeats"} if name in self.unchanged_by_repeats else set()
            keeps = (*usual, *(change for change in FURTHER_CHANGE_NAMES if change in further))
            feature = Feature(
                name=name,
                columns=names,
                unit=unit,
                kind=self.kind,
                range=range,
                unchanged_by=keeps,
                encoding_safe=encoding_safe,
                source=source,
                version=version,
                missing=missing,
                aliases=aliases,
            )
            self._entries.append(Entry(feature, compute))
            return compute

        return enter
