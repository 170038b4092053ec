"""Groups and splits of a table from elsewhere: from a column, from a pattern in a column, or from a CSV beside it.

A CSV beside the table has the column that is wanted (``group`` or ``split``) and one that is also in the table. Names
of columns are tried first; where none is shared, that column of the table counts whose values the CSV knows. Endings
of file names are passed over. One row of the CSV may stand for many rows of the table, never the other way.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.corpus.corpus_csv import read_cells
from styleprint.support.errors import TableError

__all__ = ["read_side", "read_values"]

_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_ENOUGH = 0.5

Names = npt.NDArray[np.str_]


def read_values(text: str, frame: pd.DataFrame, wanted: str, place: str) -> tuple[Names, str]:
    """The group or split of each row, empty where there is none, and the column that it came from.

    Parameters
    ----------
    text : str
        ``COLUMN``, ``COLUMN~REGEX`` (its first group, or else the whole match), or the path of a CSV.
    frame : DataFrame
    wanted : str
        ``group`` or ``split``: the column of a CSV, and the option's name.
    place : str
        The table, for messages.

    Raises
    ------
    TableError
        T127 no such column or file; T128 the pattern is none; T129 the CSV does not fit the table.
    """
    if text in frame:
        return _names(frame[text]), text
    column, is_pattern, pattern = text.partition("~")
    if is_pattern and column in frame:
        return _match(_names(frame[column]), pattern), column
    if Path(text).is_file():
        return read_side(Path(text), frame, wanted, place), ""
    raise TableError(
        "T127",
        f"--{wanted}{'s' if wanted == 'group' else ''} must be a column of the table, a column~pattern, or a CSV, but "
        f"{text!r} is none.",
        remedy=f"The table has the columns {', '.join(map(str, list(frame)[:12]))}.",
        place=place,
    )


def read_side(path: Path, frame: pd.DataFrame, wanted: str, place: str) -> Names:
    """What a CSV says of each row of the table; empty where it says nothing.

    Raises
    ------
    TableError
        T129.
    """
    header, rows = read_cells(path)
    if wanted not in header or len(header) < 2:
        raise _no_fit(path, f"it has the columns {', '.join(header)}, and none named {wanted!r} beside another")
    cells = pd.DataFrame(rows, columns=header)
    values = cells[wanted].str.strip().to_numpy(dtype=str)
    best: tuple[float, Names] = (0.0, np.full(len(frame), ""))
    keys = [name for name in header if name != wanted]
    shared = [(name, name) for name in keys if name in frame]
    texts = [str(name) for name in frame if not pd.api.types.is_float_dtype(frame[name].dtype)]
    for key, column in shared or [(key, column) for key in keys for column in texts]:
        found = _look_up(cells[key].to_numpy(dtype=str), values, _names(frame[column]), path, is_sure=bool(shared))
        share = float((found != "").mean())
        if share > best[0]:
            best = (share, found)
    if best[0] == 0.0 or (not shared and best[0] < _ENOUGH):
        raise _no_fit(path, f"none of its columns names rows of {place}")
    return best[1]


def _look_up(keys: Names, values: Names, asked: Names, path: Path, *, is_sure: bool) -> Names:
    exact = dict(zip(keys.tolist(), values.tolist(), strict=True))
    if not set(exact) & set(asked.tolist()):
        keys, asked = _bare(keys), _bare(asked)
        exact = dict(zip(keys.tolist(), values.tolist(), strict=True))
    twice = [k for k, v in zip(keys.tolist(), values.tolist(), strict=True) if exact[k] != v]
    if twice:
        if is_sure:
            raise _no_fit(path, f"it says two things of {twice[0]!r}")
        return np.full(len(asked), "")
    return np.array([exact.get(name, "") if name else "" for name in asked.tolist()], dtype=str)


def _bare(names: Names) -> Names:
    return np.array([_ENDING.sub("", name) for name in names.tolist()], dtype=str)


def _names(column: "pd.Series[Any]") -> Names:
    """Cells as text; whole numbers without a point, empty where missing."""
    if pd.api.types.is_float_dtype(column.dtype):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(numbers)
        is_whole = bool((numbers[known] == np.round(numbers[known])).all())
        texts = [str(int(x)) if is_whole else str(x) for x in np.where(known, numbers, 0.0).tolist()]
        return np.where(known, np.array(texts, dtype=str), "")
    filled = column.astype(object).where(column.notna(), "")
    return filled.astype(str).str.strip().to_numpy(dtype=str)


def _match(names: Names, pattern: str) -> Names:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise TableError(
            "T128", f"a pattern must be a regular expression, but {pattern!r} is none: {error}."
        ) from error
    found = []
    for name in names.tolist():
        match = compiled.search(name)
        found.append("" if match is None else (match.group(1) if compiled.groups else match.group(0)) or "")
    return np.array(found, dtype=str)


def _no_fit(path: Path, why: str) -> TableError:
    return TableError(
        "T129",
        f"a CSV beside a table must have a column that is also in the table, and the one that is asked for, but {why}.",
        remedy="Correct its header; each name may stand once, or always with the same value.",
        place=str(path),
    )
