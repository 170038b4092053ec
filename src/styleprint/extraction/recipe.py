"""A recipe says what a row holds: features and streams, each with its version.

A model names what it needs; the recipe of a table is the union of what was asked for. A bundle keeps the
recipe of its model, and is refused only if one of *its* features or streams has another version here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from styleprint.features.registry import load_feature
from styleprint.features.streams.registry import VOCABULARIES, load_stream
from styleprint.support.errors import TableError
from styleprint.support.hashing import hash_json

__all__ = ["Recipe"]

Kind = Literal["score", "recording", "table"]


@dataclass(frozen=True)
class Recipe:
    """What a row holds.

    Attributes
    ----------
    kind : {'score', 'recording', 'table'}
        What rows are made from. A table from elsewhere is its own rows: its features are its columns.
    features, streams : mapping of str to int
        Name → version, in order.
    with_make : bool
        Whether the row also says how its file was made, for audits.
    sequence : str
        The column, or array, of a table from elsewhere that holds its sequences.
    division : str
        How recordings are divided into rows (:mod:`styleprint.extraction.division`); empty makes one row of each.
    """

    kind: Kind = "score"
    features: Mapping[str, int] = field(default_factory=dict)
    streams: Mapping[str, int] = field(default_factory=dict)
    with_make: bool = False
    sequence: str = ""
    division: str = ""

    @classmethod
    def of(
        cls, features: Iterable[str], streams: Iterable[str], *, with_make: bool = False, kind: Kind = "score"
    ) -> "Recipe":
        """The recipe that holds these, all of that kind, in their present versions.

        Raises
        ------
        UsageError
            U102 or U103, where there is no such feature or stream.
        """
        return cls(
            kind=kind,
            features={name: load_feature(name).feature.version for name in features},
            streams={name: load_stream(name).version for name in streams},
            with_make=with_make,
        )

    def to_json(self) -> dict[str, Any]:
        """The recipe as JSON can hold it."""
        return {
            "kind": self.kind,
            "features": dict(self.features),
            "streams": dict(self.streams),
            "with_make": self.with_make,
            **({"sequence": self.sequence} if self.sequence else {}),
            **({"division": self.division} if self.division else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Recipe":
        """The recipe that :meth:`to_json` wrote.

        Raises
        ------
        TableError
            T110, where the value is no recipe.
        """
        try:
            kinds: dict[str, Kind] = {"score": "score", "recording": "recording", "table": "table"}
            kind = kinds[value["kind"]]
            features = {str(name): int(version) for name, version in value["features"].items()}
            streams = {str(name): int(version) for name, version in value["streams"].items()}
            further = (str(value.get("sequence", "")), str(value.get("division", "")))
            return cls(kind, features, streams, bool(value["with_make"]), *further)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TableError("T110", f"a recipe must name kind, features and streams, but lacks {error}.") from error

    @property
    def hash(self) -> str:
        """Equal for equal recipes."""
        return hash_json(self.to_json())

    def check_versions(self) -> None:
        """Every feature and stream must exist here in the recipe's version.

        Raises
        ------
        TableError
            T111, with the names of those that do not.
        """
        if self.kind == "table":
            self._check_vocabulary()
            return
        here = {**_feature_versions(self.features, self.kind), **_stream_versions(self.streams)}
        wanted = {**self.features, **self.streams}
        _refuse([name for name, version in wanted.items() if here.get(name) != version])

    def _check_vocabulary(self) -> None:
        """Sequences of a table from elsewhere: a vocabulary in its version, or plain tokens."""
        here = {name: VOCABULARIES.load(name).version for name in self.streams if name in VOCABULARIES}
        _refuse([name for name, version in self.streams.items() if here.get(name, 1) != version])


def _refuse(other: list[str]) -> None:
    if other:
        raise TableError(
            "T111",
            f"features and streams must have the versions of the recipe, but these differ: {', '.join(other)}.",
            remedy="Train again with this version of styleprint, or use the version that the bundle was made with.",
        )


def _feature_versions(names: Iterable[str], kind: Literal["score", "recording"]) -> dict[str, int]:
    from styleprint.features.registry import catalogue

    return {name: catalogue(kind)[name].feature.version for name in names if name in catalogue(kind)}


def _stream_versions(names: Iterable[str]) -> dict[str, int]:
    from styleprint.features.streams.registry import STREAMS

    return {name: load_stream(name).version for name in names if name in STREAMS}
