"""Sequences from elsewhere: an array file or a column of text becomes one stream a row.

``*.npz`` (NumPy, no pickles): ``tokens`` and ``offsets`` (row i is ``tokens[offsets[i]:offsets[i + 1]]``), or
``tokens`` as a matrix padded with negative numbers; further arrays with one value a row become columns. In a CSV or
Parquet file one column holds the sequences: whole numbers or names of chords apart by spaces, commas, semicolons or
bars, or lists.

Negative numbers before the first and after the last token are padding, or silence around the music, and are cut:
nothing learns from them. Within a sequence a negative number is a rest among chords; among other tokens it is left out.
"""

import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from styleprint.extraction.table_file import available_bytes
from styleprint.features.streams.chord_sequence import LARGEST, REST, chord_number, chords_of, fields_of
from styleprint.support.errors import TableError
from styleprint.support.list_columns import flat_lists

__all__ = ["TOKENS", "Sequences", "from_streams", "is_array_file", "parse_sequences", "read_array_file", "to_streams"]

TOKENS = "tokens"
"""Name of the array of tokens, of the vocabulary of plain tokens, and of its field."""

_APART = re.compile(r"[\s,;|\[\]]+")
_WHOLE = re.compile(r"[-+]?\d+(?:\.0*)?")
_LARGEST_TOKEN = 2**31 - 1
_MOST_DIGITS = 10
_MAGIC = b"\x93NUMPY"
_READ_HEADER = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
_UNREADABLE = (
    *(OSError, ValueError, EOFError, KeyError, NotImplementedError, RuntimeError, MemoryError),
    *(zipfile.BadZipFile, zlib.error),
)


@dataclass(frozen=True, eq=False)
class Sequences:
    """Tokens of all rows, one row after another.

    Attributes
    ----------
    tokens : ndarray of int, shape (n_tokens,)
        Chord numbers or other categories; negative where there is nothing.
    offsets : ndarray of int, shape (n_rows + 1,)
    is_chords : bool
        Whether the file itself says that they are chords, by their names.
    """

    tokens: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    is_chords: bool = False

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def trimmed(self, *, keep_rests: bool) -> "Sequences":
        """Without the negative numbers at both ends of each row; without any, where `keep_rests` is false."""
        is_there = self.tokens >= 0
        row = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        keep = is_there.copy()
        if keep_rests:
            place = np.flatnonzero(is_there)
            first, last = np.full(len(self), len(self.tokens)), np.full(len(self), -1)
            np.minimum.at(first, row[place], place)
            np.maximum.at(last, row[place], place)
            position = np.arange(len(self.tokens))
            keep = (position >= first[row]) & (position <= last[row])
        lengths = np.bincount(row[keep], minlength=len(self))
        return Sequences(self.tokens[keep], _offsets(lengths), self.is_chords)

    def take(self, rows: npt.NDArray[np.intp]) -> "Sequences":
        """Some rows."""
        parts = [self.tokens[self.offsets[i] : self.offsets[i + 1]] for i in rows]
        tokens = np.concatenate([np.empty(0, np.int64), *parts])
        return Sequences(tokens, _offsets([len(part) for part in parts]), self.is_chords)


def is_array_file(path: Path) -> bool:
    """Whether it is an ``.npz`` by its name."""
    return path.suffix.lower() == ".npz"


def read_array_file(path: Path, *names: str) -> tuple[pd.DataFrame, Sequences]:
    """Columns and sequences of an ``.npz``.

    Parameters
    ----------
    path : Path
    *names : str
        Of the array of tokens: the first that is there counts.

    Raises
    ------
    TableError
        T145 it cannot be read; T146 its arrays do not fit together; T124 it needs more memory than there is.
    """
    arrays = _load_arrays(path)
    name = next((name for name in names if name in arrays), "")
    if not name:
        raise _no_fit(path, f"it has {', '.join(arrays) or 'no arrays'}, and none named {names[-1]!r}")
    sequences = _join(arrays, name, path)
    columns = {
        key: array for key, array in arrays.items() if key != name and array.ndim == 1 and len(array) == len(sequences)
    }
    written, labels = arrays.get("label_names"), columns.get("labels")
    if written is not None and labels is not None and labels.dtype.kind in "iu" and written.ndim == 1:
        if len(labels) and not (labels.min() >= 0 and labels.max() < len(written)):
            raise _no_fit(path, f"'labels' has numbers beyond the {len(written)} of 'label_names'")
        columns["labels"] = written[labels]
    return pd.DataFrame({key: _plain(array) for key, array in columns.items()}, index=range(len(sequences))), sequences


def parse_sequences(column: "pd.Series[Any]", place: str) -> Sequences:
    """The sequences of a column of text or of lists.

    Raises
    ------
    TableError
        T147, where a token is neither a whole number nor the name of a chord.
    """
    rows = [_split(cell) for cell in column.astype(object).where(column.notna(), "").tolist()]
    is_numbers = all(_WHOLE.fullmatch(token) for row in rows for token in row)
    tokens: list[int] = []
    for i, row in enumerate(rows):
        for token in row:
            found = _whole(token) if is_numbers else chord_number(token)
            if found is None or abs(found) > _LARGEST_TOKEN:
                raise TableError(
                    "T147",
                    f"a sequence must be of whole numbers, or of chords such as Am7, but row {i + 1} of "
                    f"{str(column.name)!r} has {token[:40]!r}.",
                    remedy="Correct the token, or leave the row out.",
                    place=place,
                )
            tokens.append(found)
    return Sequences(np.array(tokens, dtype=np.int64), _offsets([len(row) for row in rows]), is_chords=not is_numbers)


def to_streams(sequences: Sequences, vocabulary: str) -> tuple[dict[str, "pd.Series[Any]"], Sequences]:
    """Stream columns of a table, and the sequences that they hold.

    Parameters
    ----------
    sequences : Sequences
    vocabulary : str
        ``chords`` or ``tokens``; empty takes chords where names say so or all numbers are chord numbers.

    Raises
    ------
    TableError
        T148, where tokens are no chords, though they must be.
    """
    wanted = vocabulary or ("chords" if _may_be_chords(sequences) else TOKENS)
    if wanted == TOKENS:
        plain = sequences.trimmed(keep_rests=False)
        return {f"{TOKENS}.token": _lists(plain.tokens.astype(np.int32), plain.offsets)}, plain
    if not _may_be_chords(sequences):
        raise TableError(
            "T148",
            f"chord numbers must lie in −1…{LARGEST} (16 × root + quality), but the greatest is "
            f"{int(sequences.tokens.max(initial=0))}.",
            remedy="Give --vocabulary tokens to read them as plain categories.",
        )
    music = sequences.trimmed(keep_rests=True)
    fields = fields_of(np.maximum(music.tokens, REST), music.offsets)
    return {f"chords.{name}": _lists(tokens, music.offsets) for name, tokens in fields.items()}, music


def from_streams(frame: pd.DataFrame) -> Sequences:
    """The chords of a table that :func:`to_streams` made stream columns of."""
    (root, offsets), (quality, starts) = (flat_lists(frame[f"chords.{name}"]) for name in ("root", "quality"))
    own, other = slice(offsets[0], offsets[-1]), slice(starts[0], starts[-1])
    return Sequences(chords_of(root[own], quality[other]), offsets - offsets[0], is_chords=True)


def _may_be_chords(sequences: Sequences) -> bool:
    return sequences.is_chords or int(sequences.tokens.max(initial=REST)) <= LARGEST


def _whole(token: str) -> int | None:
    """A whole number, perhaps written with a point and noughts; none where it has too many digits."""
    sign, digits = token[:1] if token[:1] in "+-" else "", token.partition(".")[0].lstrip("+-").lstrip("0")
    return int(sign + (digits or "0")) if len(digits) <= _MOST_DIGITS else None


def _split(cell: Any) -> list[str]:
    if isinstance(cell, list | tuple | np.ndarray):
        return [str(token) for token in cell]
    return [token for token in _APART.split(str(cell)) if token]


def _load_arrays(path: Path) -> Mapping[str, npt.NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            needed = sum(member.file_size for member in members)
            if needed > (there := available_bytes()):
                raise TableError(
                    "T124",
                    f"the arrays need {needed / 1e9:.1f} GB of memory, and {there / 1e9:.1f} GB are free.",
                    place=str(path),
                )
            for member in members:
                _check_member(archive, member)
        with np.load(path, allow_pickle=False) as arrays:
            return {name: np.asarray(arrays[name]) for name in arrays.files}
    except _UNREADABLE as error:
        raise TableError(
            "T145",
            f"an array file must be an .npz of plain arrays, without pickles, but cannot be read: {error}.",
            remedy="Save it with numpy.savez_compressed(path, tokens=…, offsets=…, labels=…).",
            place=str(path),
        ) from error


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """NumPy takes the memory that a header asks for before it reads: the header must ask for what the member has.

    Raises
    ------
    ValueError
    """
    with archive.open(member) as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return  # NumPy gives it as bytes, and no array
        file.seek(0)
        version = np.lib.format.read_magic(file)
        if version not in _READ_HEADER:
            raise ValueError(f"{member.filename!r} is of an unknown version of the format")
        shape, _, dtype = _READ_HEADER[version](file)
        left = member.file_size - file.tell()
    if dtype.hasobject:
        raise ValueError(f"{member.filename!r} holds objects")
    if math.prod(shape) * dtype.itemsize != left:
        raise ValueError(f"{member.filename!r} has {left} bytes, and its header says shape {shape} of {dtype}")


def _join(arrays: Mapping[str, npt.NDArray[Any]], name: str, path: Path) -> Sequences:
    tokens, offsets = arrays[name], arrays.get("offsets")
    if tokens.dtype.kind not in "iu" or tokens.ndim not in (1, 2):
        raise _no_fit(path, f"{name!r} has {tokens.ndim} dimensions of {tokens.dtype}, and must be whole numbers in 1")
    if tokens.size and int(tokens.max()) > _LARGEST_TOKEN:
        raise _no_fit(path, f"{name!r} has a token beyond {_LARGEST_TOKEN}")
    if tokens.ndim == 2:
        return Sequences(tokens.astype(np.int64).ravel(), np.arange(len(tokens) + 1, dtype=np.int64) * tokens.shape[1])
    if offsets is None or offsets.ndim != 1 or offsets.dtype.kind not in "iu" or len(offsets) < 2:
        raise _no_fit(path, f"{name!r} needs 'offsets': row i is {name}[offsets[i]:offsets[i + 1]]")
    rising = offsets.astype(np.int64)
    if rising[0] != 0 or rising[-1] != len(tokens) or (np.diff(rising) < 0).any():
        raise _no_fit(path, f"'offsets' must rise from 0 to the {len(tokens)} of {name!r}")
    return Sequences(tokens.astype(np.int64), rising)


def _plain(array: npt.NDArray[Any]) -> Any:
    return array.astype(str).astype(object) if array.dtype.kind in "US" else array


def _offsets(lengths: Iterable[int]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.fromiter(lengths, dtype=np.int64))]).astype(np.int64)


def _lists(values: npt.NDArray[np.int32], offsets: npt.NDArray[np.int64]) -> "pd.Series[Any]":
    lists = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), pa.array(values, pa.int32()))
    return pd.Series(lists, dtype=pd.ArrowDtype(pa.large_list(pa.int32())))


def _no_fit(path: Path, why: str) -> TableError:
    return TableError(
        "T146",
        f"an array file must hold sequences, but {why}.",
        remedy="Save tokens (whole numbers), offsets (one more than rows, from 0) and labels (one a row).",
        place=str(path),
    )
