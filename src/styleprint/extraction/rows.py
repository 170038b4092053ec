"""``row = recipe(record, variant, span)``: a score or a recording becomes one row.

A variant is a pure change of the record; a span is a part of it. The key of a row is the hash of its
piece, the variant, and the start and end of the span: equal keys and recipes give equal rows, always.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from styleprint.extraction.division import Span, divide
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Column
from styleprint.features.kinds import KINDS
from styleprint.features.registry import load_feature
from styleprint.features.row import feature_columns, feature_row
from styleprint.features.streams.registry import load_stream, stream_levels
from styleprint.features.streams.stream import MOMENTS, LevelArray, TokenArray
from styleprint.music.recording import Recording
from styleprint.music.score import Score

__all__ = [
    "Row",
    "arrow_lists",
    "divided_rows",
    "extract_row",
    "frame_of_rows",
    "row_columns",
    "table_of_rows",
]


@dataclass(frozen=True, eq=False)
class Row:
    """One row.

    Attributes
    ----------
    features : mapping of str to float
        Feature column → number.
    streams : mapping of str to ndarray
        ``stream.field`` → int32 tokens, or float16 levels; ``stream.onset_quarters`` or ``onset_seconds`` → float64.
    make : mapping of str to float
        How the file was made; empty unless the recipe asks for it.
    """

    features: Mapping[str, float]
    streams: Mapping[str, TokenArray | LevelArray]
    make: Mapping[str, float]


def extract_row(
    record: Score | Recording, recipe: Recipe, *, variant: str = "", span: tuple[float, float] | None = None
) -> Row:
    """Compute what the recipe names.

    Parameters
    ----------
    record : Score or Recording
        Of the recipe's kind.
    recipe : Recipe
    variant : str
        A change of the kind (:meth:`styleprint.features.kinds.RecordKind.change`); empty leaves the record as it is.
    span : (float, float), optional
        Start and end, in quarters of a score and in seconds of a recording, of the variant; the whole piece by
        default. `make` is that of the whole.
    """
    kind = KINDS[recipe.kind]
    context = kind.context(kind.change(record, variant) if variant else record)
    make = kind.make(context) if recipe.with_make else {}
    if span is not None:
        context = kind.part(context, *span)
    streams: dict[str, TokenArray | LevelArray] = {}
    for name in recipe.streams:
        for field, tokens in load_stream(name).compute(context).items():
            streams[f"{name}.{field}"] = tokens
    return Row(feature_row(context, recipe.features), streams, make)


def divided_rows(record: Recording, recipe: Recipe) -> tuple[list[Span], list[Row]]:
    """A row for each part of a recording, as the recipe divides it; all from one analysis of the whole.

    How the file was made is said of the whole, in each row.
    """
    kind = KINDS[recipe.kind]
    context = kind.context(record)
    spans = divide(context, recipe.division)
    make = kind.make(context) if recipe.with_make and spans else {}
    parts = (kind.part(context, span.start_seconds, span.end_seconds) for span in spans)
    return spans, [Row(feature_row(part, recipe.features), {}, make) for part in parts]


def row_columns(recipe: Recipe) -> dict[str, Column]:
    """The columns that rows of this recipe have, in order."""
    columns: dict[str, Column] = {}
    for name, version in recipe.features.items():
        feature = load_feature(name).feature
        columns |= {column: Column("feature", feature.unit, version) for column in feature.columns}
    for name, version in recipe.streams.items():
        stream = load_stream(name)
        for field in stream.fields:
            columns[f"{name}.{field}"] = Column("stream", "token", version)
        for field, levels in stream.levels.items():
            columns[f"{name}.{field}"] = Column("stream", levels.unit, version)
        columns[f"{name}.{stream.moments}"] = Column("stream", stream.moments.removeprefix("onset_"), version)
    if recipe.with_make:
        columns |= {column: Column("make") for column in KINDS[recipe.kind].make_columns}
    return columns


def frame_of_rows(rows: Sequence[Row], recipe: Recipe) -> pd.DataFrame:
    """Rows as a DataFrame; streams as Arrow lists.

    Parameters
    ----------
    rows : sequence of Row, n of them

    Returns
    -------
    DataFrame, n rows
    """
    index = pd.RangeIndex(len(rows))
    names = feature_columns(recipe.features)
    numbers = pd.DataFrame(_matrix([row.features for row in rows], names), index=index, columns=list(names))
    lists = {
        name: pd.Series(values, dtype=pd.ArrowDtype(values.type), index=index)
        for name, values in _streams(rows, recipe).items()
    }
    parts = [numbers, pd.DataFrame(lists, index=index)]
    if recipe.with_make:
        make = KINDS[recipe.kind].make_columns
        parts.append(pd.DataFrame(_matrix([row.make for row in rows], make), index=index, columns=list(make)))
    return pd.concat(parts, axis=1)


def table_of_rows(rows: Sequence[Row], recipe: Recipe) -> pa.Table:
    """Rows as :func:`frame_of_rows` has them, as an Arrow table; NaN is null."""
    columns = _numbers([row.features for row in rows], feature_columns(recipe.features))
    arrays = {name: pa.array(numbers, from_pandas=True) for name, numbers in columns.items()}
    arrays |= _streams(rows, recipe)
    if recipe.with_make:
        columns = _numbers([row.make for row in rows], KINDS[recipe.kind].make_columns)
        arrays |= {name: pa.array(numbers, from_pandas=True) for name, numbers in columns.items()}
    return pa.table(arrays)


def _numbers(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> dict[str, npt.NDArray[np.float64]]:
    """Columns of numbers, from rows that hold exactly these names in this order."""
    return dict(zip(names, np.ascontiguousarray(_matrix(rows, names).T), strict=True))


def _matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.array([list(row.values()) for row in rows], dtype=np.float64).reshape(len(rows), len(names))


def _streams(rows: Sequence[Row], recipe: Recipe) -> dict[str, pa.LargeListArray]:
    names = [column for column, about in row_columns(recipe).items() if about.role == "stream"]
    return {name: arrow_lists(name, [row.streams[name] for row in rows]) for name in names}


def arrow_lists(column: str, values: Sequence[Any]) -> pa.LargeListArray:
    """Lists as one Arrow array: of tokens, of moments, or of vectors of levels.

    Parameters
    ----------
    column : str
        ``stream.field``, which says what the lists hold.
    values : sequence of array-like
        One a row.
    """
    levels = stream_levels(column)
    is_moments = column.rpartition(".")[2] in MOMENTS.values()
    dtype = np.float16 if levels else np.float64 if is_moments else np.int32
    shape = (-1, levels.size) if levels else (-1,)
    parts = [np.asarray(value, dtype=dtype).reshape(shape) for value in values]
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in parts], dtype=np.int64)])
    joined = np.concatenate([np.empty(0, dtype).reshape(0, *shape[1:]), *parts])
    flat = pa.array(joined.reshape(-1))
    items = pa.FixedSizeListArray.from_arrays(flat, levels.size) if levels else flat
    return pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), items)
