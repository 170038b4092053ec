"""Rows kept between runs (:mod:`styleprint.support.kept_arrays`).

A row is kept under the hash of its piece, its variant, its span and the versions of all that its recipe names, so an
entry never has to be renewed, only forgotten. One that cannot be read is computed again and replaced.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.extraction.division import Span
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import Row, divided_rows, extract_row
from styleprint.features.kinds import KINDS
from styleprint.features.row import feature_columns
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.support.hashing import hash_json
from styleprint.support.kept_arrays import entry_path, read_arrays, write_arrays

__all__ = ["RowCache", "cached_parts", "cached_row"]

_Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class RowCache:
    """Where rows are kept."""

    folder: Path

    def place(self, piece: str, recipe: Recipe, variant: str, span: tuple[float, float] | None) -> Path:
        """The entry's file."""
        return entry_path(self.folder, hash_json([piece, recipe.to_json(), variant, span]))

    def read(self, place: Path, recipe: Recipe) -> Row | None:
        """The row kept there; None where there is none that can be read."""
        arrays = read_arrays(place)
        try:
            return None if arrays is None else _from_arrays(arrays, recipe)
        except (KeyError, ValueError):
            return None  # of other columns: the row is computed again

    def write(self, place: Path, row: Row) -> None:
        """Keep a row, whole or not at all."""
        write_arrays(place, _to_arrays(row))


def cached_row(
    record: Score | Recording,
    recipe: Recipe,
    cache: RowCache | None,
    *,
    variant: str = "",
    span: tuple[float, float] | None = None,
) -> Row:
    """The row of :func:`styleprint.extraction.rows.extract_row`, from the cache where it is there."""
    if cache is None or not record.source.hash:
        return extract_row(record, recipe, variant=variant, span=span)
    place = cache.place(record.source.hash, recipe, variant, span)
    row = cache.read(place, recipe)
    if row is None:
        row = extract_row(record, recipe, variant=variant, span=span)
        cache.write(place, row)
    return row


def cached_parts(record: Recording, recipe: Recipe, cache: RowCache | None) -> tuple[list[Span], list[Row]]:
    """The rows of :func:`styleprint.extraction.rows.divided_rows`, from the cache where they are there.

    One entry holds all parts of a recording, under its hash and the recipe, which says how it is divided.
    """
    if cache is None or not record.source.hash:
        return divided_rows(record, recipe)
    place = cache.place(record.source.hash, recipe, "", None)
    arrays = read_arrays(place)
    try:
        if arrays is not None:
            return _parts_from_arrays(arrays, recipe)
    except (KeyError, ValueError):
        pass  # of other columns: the rows are computed again
    spans, rows = divided_rows(record, recipe)
    write_arrays(place, _parts_to_arrays(spans, rows))
    return spans, rows


def _parts_to_arrays(spans: list[Span], rows: list[Row]) -> _Arrays:
    return {
        "spans": np.array([(span.start_seconds, span.end_seconds) for span in spans], np.float64).reshape(-1, 2),
        "sections": np.array([span.section.encode() for span in spans], dtype="S8"),
        "features": np.array([list(row.features.values()) for row in rows], np.float64).reshape(len(rows), -1),
        "make": np.array(list(rows[0].make.values()) if rows else [], np.float64),
    }


def _parts_from_arrays(arrays: _Arrays, recipe: Recipe) -> tuple[list[Span], list[Row]]:
    names = feature_columns(recipe.features)
    spans = [
        Span(start, end, section.decode())
        for (start, end), section in zip(arrays["spans"].tolist(), arrays["sections"].tolist(), strict=True)
    ]
    columns = KINDS[recipe.kind].make_columns if recipe.with_make and spans else ()
    make = dict(zip(columns, arrays["make"].tolist(), strict=True))
    features = [dict(zip(names, row, strict=True)) for row in arrays["features"].tolist()]
    return spans, [Row(row, {}, make) for _, row in zip(spans, features, strict=True)]


def _to_arrays(row: Row) -> _Arrays:
    arrays = {f"stream/{name}": np.asarray(tokens) for name, tokens in row.streams.items()}
    arrays["features"] = np.array(list(row.features.values()), dtype=np.float64)
    arrays["make"] = np.array(list(row.make.values()), dtype=np.float64)
    return arrays


def _from_arrays(arrays: _Arrays, recipe: Recipe) -> Row:
    names = feature_columns(recipe.features)
    make = KINDS[recipe.kind].make_columns if recipe.with_make else ()
    streams = {name.removeprefix("stream/"): tokens for name, tokens in arrays.items() if name.startswith("stream/")}
    return Row(
        features=dict(zip(names, arrays["features"].tolist(), strict=True)),
        streams=streams,
        make=dict(zip(make, arrays["make"].tolist(), strict=True)),
    )
