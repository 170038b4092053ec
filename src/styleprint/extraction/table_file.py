"""A CSV or a Parquet file from elsewhere becomes a DataFrame, or an error that says what is wrong with it.

CSV: UTF-8, a header line, cells apart by commas, semicolons or tabs (whichever the header has most of). Empty cells
and ``NA``, ``NaN``, ``null`` and the like are missing values. A file that would need more memory than there is, is
refused; with a cap it is read in blocks, in two passes, and only the rows that were drawn are kept.
"""

import csv
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from styleprint.support.errors import TableError

__all__ = ["available_bytes", "draw_rows", "read_rows"]

_SEPARATORS = (",", ";", "\t")
_BLOCK_ROWS = 50_000
_EXPANSION = 2.0
"""A CSV needs about so many bytes of memory for each of its own while it is read."""


def read_rows(path: Path, *, target: tuple[str, ...] = (), cap: int | None = None, seed: int = 0) -> pd.DataFrame:
    """All rows, or at most `cap` of each value of the target columns, drawn by seed, in the order of the file.

    Parameters
    ----------
    path : Path
        ``*.parquet``, or a CSV under any other name.
    target : tuple of str
        Columns by whose values rows are drawn.
    cap : int, optional
    seed : int

    Raises
    ------
    TableError
        T120 it cannot be read; T121 it is not UTF-8; T122 it has two columns of one name; T123 it has no rows;
        T124 it needs more memory than there is.
    """
    header = _header(path)
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise TableError(
            "T122",
            f"each column must have a name of its own, but {len(twice)} stand twice: {', '.join(twice[:5])}.",
            remedy="Rename or remove one of each.",
            place=str(path),
        )
    if cap is not None and set(target) <= set(header):
        frame = _draw(path, target, cap, seed)
    else:
        _check_memory(path)
        frame = _whole(path)
    if not len(frame):
        raise TableError("T123", "a table must have rows, but has a header alone.", place=str(path))
    return frame


def available_bytes() -> int:
    """Memory that is free for this process."""
    return int(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() in (".parquet", ".pq")


def _header(path: Path) -> list[str]:
    try:
        if _is_parquet(path):
            return [str(name) for name in pq.read_schema(path).names]
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline()
    except (OSError, pa.ArrowInvalid) as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise _not_utf8(path, error) from error
    if not line.strip():
        raise TableError("T123", "a table must have a header and rows, but is empty.", place=str(path))
    return next(csv.reader([line], delimiter=_separator(line)))


def _separator(line: str) -> str:
    return max(_SEPARATORS, key=line.count)


def _check_memory(path: Path) -> None:
    if _is_parquet(path):
        about = pq.read_metadata(path)
        needed = about.num_rows * about.num_columns * 8 * _EXPANSION
    else:
        needed = path.stat().st_size * _EXPANSION
    there = available_bytes()
    if needed > there:
        raise TableError(
            "T124",
            f"the table needs about {needed / 1e9:.1f} GB of memory to read, and {there / 1e9:.1f} GB are free.",
            remedy="Give --cap N: at most N rows of each label are then drawn, and the file is read in blocks.",
            place=str(path),
        )


def _whole(path: Path) -> pd.DataFrame:
    return pd.concat(list(_blocks(path)), ignore_index=True)


def _draw(path: Path, target: tuple[str, ...], cap: int, seed: int) -> pd.DataFrame:
    labels = pd.concat(list(_blocks(path, list(target))), ignore_index=True)
    known = labels.notna().all(axis=1).to_numpy()
    names = labels.astype(str).agg("/".join, axis=1).to_numpy()
    keep = np.zeros(len(labels), dtype=bool)
    keep[draw_rows(names, known, cap, seed)] = True
    start, kept = 0, []
    for block in _blocks(path):
        kept.append(block[keep[start : start + len(block)]])
        start += len(block)
    return pd.concat(kept, ignore_index=True)


def draw_rows(names: npt.NDArray[Any], known: npt.NDArray[np.bool_], cap: int, seed: int) -> npt.NDArray[np.intp]:
    """Positions of at most `cap` rows of each name, drawn by seed among those that are known."""
    random = np.random.default_rng(seed)
    chosen = [random.permutation(np.flatnonzero(known & (names == name)))[:cap] for name in sorted(set(names[known]))]
    return np.concatenate([np.empty(0, dtype=np.intp), *chosen])


def _blocks(path: Path, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    if _is_parquet(path):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=_BLOCK_ROWS, columns=columns):
            yield batch.to_pandas()
    else:
        yield from _csv(path, columns)


def _csv(path: Path, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        separator = _separator(file.readline())
    try:
        with warnings.catch_warnings():
            # rows with more cells than the header has
            warnings.simplefilter("error", pd.errors.ParserWarning)
            with pd.read_csv(
                path,
                sep=separator,
                encoding="utf-8-sig",
                index_col=False,
                low_memory=False,
                usecols=columns,
                chunksize=_BLOCK_ROWS,
            ) as reader:
                yield from reader
    except UnicodeDecodeError as error:
        raise _not_utf8(path, error) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, pd.errors.ParserWarning, OSError, csv.Error) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> TableError:
    return TableError(
        "T120",
        f"the table must be a CSV with a header, or a Parquet file, but cannot be read: {str(error).strip()}.",
        remedy="Correct the line, or save the table again.",
        place=str(path),
    )


def _not_utf8(path: Path, error: UnicodeDecodeError) -> TableError:
    return TableError(
        "T121",
        f"the table must be UTF-8, but byte {error.start} is {error.object[error.start]:#04x}.",
        remedy="Save it as 'CSV UTF-8'.",
        place=str(path),
    )
