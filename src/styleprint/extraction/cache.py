"""Rows kept between runs: a folder with a size limit, safe for several processes.

A row is kept under the hash of its piece, its variant, its span and the versions of all that its recipe names, so an
entry never has to be renewed, only forgotten. Entries are NumPy archives, never pickles; one that cannot be
read is computed again and replaced. When the folder grows over its limit, what was used longest ago goes first.
"""

import io
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import Row, extract_row
from styleprint.features.make import INSTRUMENTATION_COLUMNS, MAKE_COLUMNS
from styleprint.features.row import feature_columns
from styleprint.music.score import Score
from styleprint.support.atomic import write_bytes
from styleprint.support.hashing import hash_json

__all__ = ["MAX_BYTES", "RowCache", "cached_row", "trim_cache"]

MAX_BYTES = 4 << 30
_ENDING = ".row.npz"
_TRIM_TO = 0.8

_Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class RowCache:
    """Where rows are kept."""

    folder: Path

    def place(self, piece: str, recipe: Recipe, variant: str, span: tuple[float, float] | None) -> Path:
        """The entry's file, in one of 256 folders."""
        key = hash_json([piece, recipe.to_json(), variant, span])
        return self.folder / key[:2] / f"{key}{_ENDING}"

    def read(self, place: Path, recipe: Recipe) -> Row | None:
        """The row kept there; None where there is none that can be read."""
        try:
            data = place.read_bytes()
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                arrays = {name: kept[name] for name in kept.files}
            os.utime(place)
            return _from_arrays(arrays, recipe)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None  # not there, or damaged: the row is computed again

    def write(self, place: Path, row: Row) -> None:
        """Keep a row, whole or not at all."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **_to_arrays(row))
        write_bytes(place, buffer.getvalue())


def cached_row(
    score: Score,
    recipe: Recipe,
    cache: RowCache | None,
    *,
    variant: str = "",
    span: tuple[float, float] | None = None,
) -> Row:
    """The row of :func:`styleprint.extraction.rows.extract_row`, from the cache where it is there."""
    if cache is None or not score.source.hash:
        return extract_row(score, recipe, variant=variant, span=span)
    place = cache.place(score.source.hash, recipe, variant, span)
    row = cache.read(place, recipe)
    if row is None:
        row = extract_row(score, recipe, variant=variant, span=span)
        cache.write(place, row)
    return row


def trim_cache(folder: Path, max_bytes: int = MAX_BYTES) -> int:
    """Forget what was used longest ago until the folder is well under its limit.

    Returns
    -------
    int
        Number of entries forgotten.
    """
    entries = []
    for path in folder.glob(f"??/*{_ENDING}"):
        try:
            about = path.stat()
        except FileNotFoundError:  # another process was faster
            continue
        entries.append((about.st_mtime, about.st_size, path))
    total = sum(size for _, size, _ in entries)
    if total <= max_bytes:
        return 0
    forgotten = 0
    for _, size, path in sorted(entries):
        if total <= _TRIM_TO * max_bytes:
            break
        path.unlink(missing_ok=True)
        total -= size
        forgotten += 1
    return forgotten


def _to_arrays(row: Row) -> _Arrays:
    arrays = {f"stream/{name}": np.asarray(tokens) for name, tokens in row.streams.items()}
    arrays["features"] = np.array(list(row.features.values()), dtype=np.float64)
    arrays["make"] = np.array(list(row.make.values()), dtype=np.float64)
    return arrays


def _from_arrays(arrays: _Arrays, recipe: Recipe) -> Row:
    names = feature_columns(recipe.features)
    make = (*MAKE_COLUMNS, *INSTRUMENTATION_COLUMNS) if recipe.with_make else ()
    streams = {name.removeprefix("stream/"): tokens for name, tokens in arrays.items() if name.startswith("stream/")}
    return Row(
        features=dict(zip(names, arrays["features"].tolist(), strict=True)),
        streams=streams,
        make=dict(zip(make, arrays["make"].tolist(), strict=True)),
    )
