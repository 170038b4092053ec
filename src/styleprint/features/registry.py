"""The catalogue of features: which families there are, and their features by name.

A family is a module of this room; its line here is all that it takes to enter the catalogue, the
contract tests, the laws and the documentation.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from styleprint.features.feature import Entry, Family, Kind
from styleprint.support.errors import UsageError
from styleprint.support.registry import Registry

__all__ = ["FAMILIES", "catalogue", "family_names", "feature_names", "load_feature"]

FAMILIES = Registry(
    "family of features",
    {
        "register": "styleprint.features.register:FEATURES",
        "melody": "styleprint.features.melody:FEATURES",
        "upper_line": "styleprint.features.upper_line:FEATURES",
        "bass": "styleprint.features.bass:FEATURES",
        "outer": "styleprint.features.outer:FEATURES",
        "voice_leading": "styleprint.features.voice_leading:FEATURES",
        "texture": "styleprint.features.texture:FEATURES",
        "harmony": "styleprint.features.harmony:FEATURES",
        "tonality": "styleprint.features.tonality:FEATURES",
        "rhythm": "styleprint.features.rhythm:FEATURES",
        "form": "styleprint.features.form:FEATURES",
        "metre": "styleprint.features.metre:FEATURES",
        "parts": "styleprint.features.parts:FEATURES",
        "articulation": "styleprint.features.articulation:FEATURES",
        "pitches": "styleprint.features.pitches:FEATURES",
        "tension": "styleprint.features.tension:FEATURES",
        "transitions": "styleprint.features.transitions:FEATURES",
        "patterns": "styleprint.features.patterns:FEATURES",
        "modulation": "styleprint.features.modulation:FEATURES",
        "chords": "styleprint.features.chords:FEATURES",
        "progressions": "styleprint.features.progressions:FEATURES",
        "cadences": "styleprint.features.cadences:FEATURES",
        "phrases": "styleprint.features.phrases:FEATURES",
        "counterpoint": "styleprint.features.counterpoint:FEATURES",
        "harmonic_rhythm": "styleprint.features.harmonic_rhythm:FEATURES",
        "verticals": "styleprint.features.verticals:FEATURES",
        "extent": "styleprint.features.extent:FEATURES",
        "note_values": "styleprint.features.note_values:FEATURES",
        "rests": "styleprint.features.rests:FEATURES",
        "density": "styleprint.features.density:FEATURES",
        "metrical": "styleprint.features.metrical:FEATURES",
        "part_lines": "styleprint.features.part_lines:FEATURES",
        "voices": "styleprint.features.voices:FEATURES",
        "spelled": "styleprint.features.spelled:FEATURES",
        "motifs": "styleprint.features.motifs:FEATURES",
        "timbre": "styleprint.features.timbre:FEATURES",
        "level": "styleprint.features.level:FEATURES",
        "chroma": "styleprint.features.chroma:FEATURES",
        "separation": "styleprint.features.separation:FEATURES",
        "tempo": "styleprint.features.tempo:FEATURES",
    },
)


@cache
def catalogue(kind: Kind = "score") -> Mapping[str, Entry]:
    """Every feature of that kind by its name, family by family."""
    return MappingProxyType({name: entry for name, entry in _all().items() if entry.feature.kind == kind})


@cache
def _all() -> Mapping[str, Entry]:
    """Every feature of every kind: names are unique over all."""
    entries: dict[str, Entry] = {}
    for family in FAMILIES:
        features: Family = FAMILIES.load(family)
        for entry in features:
            if entry.feature.name in entries:
                raise ValueError(f"two features are named {entry.feature.name!r}")
            entries[entry.feature.name] = entry
    return MappingProxyType(entries)


def family_names(kind: Kind = "score") -> tuple[str, ...]:
    """Names of the families of that kind, in order."""
    return tuple(name for name in FAMILIES if FAMILIES.load(name).kind == kind)


def feature_names(*, encoding_safe: bool | None = None, family: str = "", kind: Kind = "score") -> tuple[str, ...]:
    """Names of the catalogue's features, in its order.

    Parameters
    ----------
    encoding_safe : bool, optional
        True for those that identification of scores may use, False for the others; without it, all.
    family : str
        Only those of this family, whatever its kind; of all by default.
    kind : {'score', 'recording'}
    """
    entries: Iterable[Entry] = FAMILIES.load(family) if family else catalogue(kind).values()
    return tuple(
        entry.feature.name for entry in entries if encoding_safe is None or entry.feature.encoding_safe is encoding_safe
    )


def load_feature(name: str) -> Entry:
    """The feature of that name.

    Raises
    ------
    UsageError
        U102, where the catalogue has no such feature.
    """
    if name not in _all():
        raise UsageError(
            "U102",
            f"there is no feature named {name!r}.",
            remedy="'styleprint features' lists them all.",
        )
    return _all()[name]
