"""A Table: rows with a known schema, kept as Parquet.

Every column has a role: ``feature`` (a number), ``stream`` (a list of integers, one a token, of vectors of
levels, or of onsets beside them), ``label``, ``work``, ``copies``, ``group``, ``identity`` (path, hash, status …) or
``make`` (how the file was made and by whom: for audits alone). A stream named ``melody`` with a field
``interval`` is the column ``melody.interval``; its onsets are ``melody.onset_quarters``. Stream columns
are pandas columns of Arrow large lists, so that models take values and offsets without a copy.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from styleprint.support.atomic import atomic_path
from styleprint.support.errors import TableError

__all__ = ["Column", "Role", "Table", "describe_table", "is_table", "read_recipe", "read_table", "write_table"]

Role = Literal["feature", "stream", "label", "work", "copies", "group", "identity", "make"]

_METADATA = b"styleprint"
_FORMAT = 1


@dataclass(frozen=True)
class Column:
    """What a column is: its role, unit and version."""

    role: Role
    unit: str = ""
    version: int = 1


@dataclass(frozen=True, eq=False)
class Table:
    """Rows and what their columns are.

    Attributes
    ----------
    frame : DataFrame
        One row a piece (or a variant or span of one).
    columns : mapping of str to Column
        One entry a column of `frame`.
    recipe : mapping
        What made the rows (see :mod:`styleprint.extraction.recipe`); empty for tables from elsewhere.
    notes : tuple of str
        What a user should know, in sentences.
    """

    frame: pd.DataFrame
    columns: Mapping[str, Column]
    recipe: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if list(self.columns) != list(self.frame.columns):
            raise ValueError("a Table must describe each column of its frame, in order")

    def __len__(self) -> int:
        return len(self.frame)

    def names(self, *roles: Role) -> list[str]:
        """Names of the columns that have one of these roles, in order."""
        return [name for name, column in self.columns.items() if column.role in roles]

    def inputs(self) -> pd.DataFrame:
        """What an estimator may see: feature and stream columns, nothing else."""
        return self.frame[self.names("feature", "stream")]

    def without(self, names: Iterable[str]) -> "Table":
        """The table without these columns."""
        gone = set(names)
        columns = {name: column for name, column in self.columns.items() if name not in gone}
        return Table(self.frame[list(columns)], columns, self.recipe, self.notes)

    def take(self, rows: Iterable[int]) -> "Table":
        """The rows of these positions, renumbered from 0."""
        return Table(self.frame.iloc[list(rows)].reset_index(drop=True), self.columns, self.recipe, self.notes)


def write_table(table: Table, path: Path) -> None:
    """Write a Table as Parquet, whole or not at all; equal tables give equal bytes."""
    arrow = pa.Table.from_pandas(table.frame, preserve_index=False)
    arrow = arrow.replace_schema_metadata(describe_table(table.columns, table.recipe, table.notes))
    with atomic_path(path) as temporary:
        pq.write_table(arrow, temporary, compression="zstd", version="2.6")


def is_table(path: Path) -> bool:
    """Whether the file is Parquet that says what its columns are, as :func:`write_table` makes it."""
    try:
        return _METADATA in (pq.read_schema(path).metadata or {})
    except (pa.ArrowInvalid, OSError):
        return False


def read_recipe(path: Path) -> Mapping[str, Any]:
    """The recipe of a table, without its rows; empty where it has none."""
    recipe: Mapping[str, Any] = json.loads(pq.read_schema(path).metadata[_METADATA])["recipe"]
    return recipe


def describe_table(
    columns: Mapping[str, Column], recipe: Mapping[str, Any], notes: Iterable[str]
) -> dict[bytes, bytes]:
    """The metadata of a Parquet file that holds a Table."""
    description = {
        "format": _FORMAT,
        "columns": {name: asdict(column) for name, column in columns.items()},
        "recipe": dict(recipe),
        "notes": list(notes),
    }
    return {_METADATA: json.dumps(description, sort_keys=False).encode()}


def read_table(path: Path) -> Table:
    """Read a Table that :func:`write_table` wrote.

    Raises
    ------
    TableError
        T101 not a Parquet file; T102 not written by styleprint; T103 of a newer format.
    """
    try:
        arrow = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise TableError("T101", f"a table must be a readable Parquet file: {error}.", place=str(path)) from error
    metadata = arrow.schema.metadata or {}
    if _METADATA not in metadata:
        raise TableError(
            "T102",
            "the Parquet file has no description of its columns' roles.",
            remedy="Make the table with 'styleprint extract'.",
            place=str(path),
        )
    description = json.loads(metadata[_METADATA])
    if description["format"] > _FORMAT:
        raise TableError(
            "T103",
            f"the table has format {description['format']}, this version reads up to {_FORMAT}.",
            remedy="Update styleprint, or extract the table again.",
            place=str(path),
        )
    frame = arrow.replace_schema_metadata(None).to_pandas(types_mapper=_pandas_type)
    columns = {name: Column(**column) for name, column in description["columns"].items()}
    return Table(frame, columns, description["recipe"], tuple(description["notes"]))


def _pandas_type(kind: pa.DataType) -> Any:
    """Lists stay Arrow's, all else becomes what pandas would choose."""
    return pd.ArrowDtype(kind) if pa.types.is_large_list(kind) or pa.types.is_list(kind) else None
