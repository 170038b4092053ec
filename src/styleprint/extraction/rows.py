"""``row = recipe(record, variant, span)``: a score or a recording becomes one row.

A variant is a pure change of the record; a span is a part of it. The key of a row is the hash of its
piece, the variant, and the start and end of the span: equal keys and recipes give equal rows, always.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Column
from styleprint.features.kinds import KINDS
from styleprint.features.registry import load_feature
from styleprint.features.row import feature_columns, feature_row
from styleprint.features.streams.registry import load_stream
from styleprint.music.recording import Recording
from styleprint.music.score import Score

__all__ = ["Row", "extract_row", "frame_of_rows", "row_columns", "table_of_rows"]

ONSETS = "onset_quarters"


@dataclass(frozen=True, eq=False)
class Row:
    """One row.

    Attributes
    ----------
    features : mapping of str to float
        Feature column → number.
    streams : mapping of str to ndarray
        ``stream.field`` → int32 tokens; ``stream.onset_quarters`` → float64.
    make : mapping of str to float
        How the file was made; empty unless the recipe asks for it.
    """

    features: Mapping[str, float]
    streams: Mapping[str, npt.NDArray[np.int32] | npt.NDArray[np.float64]]
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
        Start and end, in quarters of a score and in seconds of a recording; the whole piece by default.
    """
    kind = KINDS[recipe.kind]
    if span is not None:
        record = kind.cut(record, *span)
    if variant:
        record = kind.change(record, variant)
    context = kind.context(record)
    streams: dict[str, npt.NDArray[np.int32] | npt.NDArray[np.float64]] = {}
    for name in recipe.streams:
        for field, tokens in load_stream(name).compute(context).items():
            streams[f"{name}.{field}"] = tokens
    make = kind.make(context) if recipe.with_make else {}
    return Row(feature_row(context, recipe.features), streams, make)


def row_columns(recipe: Recipe) -> dict[str, Column]:
    """The columns that rows of this recipe have, in order."""
    columns: dict[str, Column] = {}
    for name, version in recipe.features.items():
        feature = load_feature(name).feature
        columns |= {column: Column("feature", feature.unit, version) for column in feature.columns}
    for name, version in recipe.streams.items():
        for field in load_stream(name).fields:
            columns[f"{name}.{field}"] = Column("stream", "token", version)
        columns[f"{name}.{ONSETS}"] = Column("stream", "quarters", version)
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
    columns: dict[str, object] = dict(_numbers([row.features for row in rows], feature_columns(recipe.features)))
    for name, lists in _streams(rows, recipe).items():
        columns[name] = pd.Series(lists, dtype=pd.ArrowDtype(lists.type))
    if recipe.with_make:
        columns |= _numbers([row.make for row in rows], KINDS[recipe.kind].make_columns)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))


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
    numbers = np.array([list(row.values()) for row in rows], dtype=np.float64).reshape(len(rows), len(names))
    return dict(zip(names, np.ascontiguousarray(numbers.T), strict=True))


def _streams(rows: Sequence[Row], recipe: Recipe) -> dict[str, pa.LargeListArray]:
    names = [column for column, about in row_columns(recipe).items() if about.role == "stream"]
    return {name: _arrow_lists([row.streams[name] for row in rows], is_onset=name.endswith(ONSETS)) for name in names}


def _arrow_lists(values: Sequence[npt.NDArray[np.generic]], *, is_onset: bool) -> pa.LargeListArray:
    kind, dtype = (pa.float64(), np.float64) if is_onset else (pa.int32(), np.int32)
    offsets = np.concatenate([[0], np.cumsum([len(v) for v in values], dtype=np.int64)])
    joined = np.concatenate([np.empty(0, dtype), *[np.asarray(v, dtype=dtype) for v in values]])
    return pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), pa.array(joined, kind))
