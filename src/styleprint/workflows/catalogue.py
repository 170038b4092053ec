"""What there is to choose from: features and models."""

from typing import Literal

from styleprint.features.registry import catalogue
from styleprint.models.registry import MODELS, load_model
from styleprint.workflows.result import TextResult

__all__ = ["list_features", "list_models"]


def list_features(kind: Literal["score", "recording"] = "score") -> TextResult:
    """Every feature with its unit, range, what leaves it unchanged, and its source."""
    entries = [(entry.feature, entry.description) for entry in catalogue(kind).values()]
    as_json = [
        {
            "name": feature.name,
            "columns": list(feature.columns),
            "unit": feature.unit,
            "range": [str(bound) for bound in feature.range],
            "unchanged_by": list(feature.unchanged_by),
            "encoding_safe": feature.encoding_safe,
            "source": feature.source,
            "version": feature.version,
            "aliases": list(feature.aliases),
            "description": description,
        }
        for feature, description in entries
    ]
    columns = sum(len(feature.columns) for feature, _ in entries)
    unsafe = "how the file was encoded" if kind == "score" else "the level of the recording"
    lines = [f"{len(entries)} features in {columns} columns. * rests on {unsafe}.", ""]
    lines += [f"{f.name}{'' if f.encoding_safe else ' *'} [{f.unit}]: {text}" for f, text in entries]
    return TextResult("\n".join(lines), as_json)


def list_models() -> TextResult:
    """The models that can be trained, with what each is."""
    found = [{"name": name, "description": _first_line(load_model(name).__doc__)} for name in MODELS]
    width = max(len(entry["name"]) for entry in found)
    return TextResult("\n".join(f"{entry['name']:{width}}  {entry['description']}" for entry in found), found)


def _first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0]
