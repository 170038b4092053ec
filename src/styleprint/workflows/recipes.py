"""What rows must hold: by the models that will read them, and by the kind of music that a source has."""

from collections.abc import Sequence
from pathlib import Path

from styleprint.corpus.folder import Kind, scan_folder
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import is_table, read_recipe
from styleprint.features.registry import feature_names
from styleprint.features.streams.registry import STREAMS
from styleprint.models.registry import load_model
from styleprint.support.errors import UsageError

__all__ = ["recipe_for", "source_kind", "whole_recipe"]


def source_kind(source: Path) -> Kind:
    """Whether a folder, or the table extracted from one, is of scores or of recordings.

    Which music of a folder counts: :mod:`styleprint.corpus.folder`.

    A table from elsewhere is its own recipe, so it counts as scores here.
    """
    if source.is_file():
        recipe = read_recipe(source) if is_table(source) else {}
        return "recording" if recipe.get("kind") == "recording" else "score"
    return scan_folder(source).kind


def recipe_for(models: Sequence[str], kind: Kind, *, with_make: bool = True) -> Recipe:
    """What rows of that kind must hold for all these models.

    A model says what it needs of scores; of recordings it is given every feature.

    Raises
    ------
    UsageError
        U114, where a model reads notes alone and the rows are of recordings.
    """
    needs = {name: load_model(name).needs for name in models}
    if kind == "recording":
        if deaf := [name for name, need in needs.items() if need.streams and not need.features]:
            raise UsageError(
                "U114",
                f"{', '.join(deaf)} reads notes, and recordings have none.",
                remedy="Choose a model of features: 'styleprint models' lists them.",
            )
        return Recipe.of(feature_names(kind=kind), (), with_make=with_make, kind=kind)
    features = tuple(dict.fromkeys(feature for need in needs.values() for feature in need.features))
    streams = tuple(dict.fromkeys(stream for need in needs.values() for stream in need.streams))
    return Recipe.of(features, streams, with_make=with_make)


def whole_recipe(kind: Kind, *, with_streams: bool = True) -> Recipe:
    """All that can be told of a piece of that kind."""
    streams = tuple(STREAMS) if with_streams and kind == "score" else ()
    return Recipe.of(feature_names(kind=kind), streams, with_make=True, kind=kind)
