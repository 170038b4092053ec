"""What rows must hold: by the models that will read them, and by the kind of music that a source has."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from styleprint.corpus.folder import Kind, scan_folder
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import is_table, read_recipe
from styleprint.features.registry import feature_names
from styleprint.features.streams.registry import load_stream, stream_names
from styleprint.models.base import Needs
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

    A model says what it needs of scores; of recordings one that needs features is given every feature.

    Raises
    ------
    UsageError
        U114, where a model reads what such music does not have.
    """
    needs = {name: load_model(name).needs for name in models}
    _refuse_deaf(needs, kind)
    wanted = tuple(dict.fromkeys(stream for need in needs.values() for stream in need.streams))
    streams = tuple(stream for stream in wanted if load_stream(stream).kind == kind)
    features = tuple(dict.fromkeys(feature for need in needs.values() for feature in need.features))
    if kind == "recording" and (features or not streams):
        features = feature_names(kind=kind)
    return Recipe.of(features, streams, with_make=with_make, kind=kind)


def _refuse_deaf(needs: Mapping[str, Needs], kind: Kind) -> None:
    """What reads only notes hears no recordings, and what reads spectrograms no scores."""
    for name, need in needs.items():
        kinds = {load_stream(stream).kind for stream in need.streams}
        if kind == "recording" and kinds == {"score"} and not need.features:
            reads, remedy = "notes, and recordings have none", "Choose a model of features or of spectrograms"
        elif kind == "score" and "recording" in kinds:
            reads, remedy = "spectrograms, and scores have none", "Choose a model of features or of sequences"
        else:
            continue
        raise UsageError("U114", f"{name} reads {reads}.", remedy=f"{remedy}: 'styleprint models' lists them.")


def whole_recipe(kind: Kind, *, with_streams: bool = True, models: Sequence[str] = ()) -> Recipe:
    """All that can be told of a piece of that kind, and what these models need besides.

    Of recordings, spectrograms are large, so they are made only where a model asks for them.
    """
    streams = stream_names(kind) if with_streams and kind == "score" else ()
    streams = tuple(dict.fromkeys((*streams, *recipe_for(models, kind).streams)))
    return Recipe.of(feature_names(kind=kind), streams, with_make=True, kind=kind)
