"""Rows on the way to a table: parts of a few hundred pieces, each written whole or not at all.

While a corpus is extracted, what was read lies in a folder of parts, so that memory does not grow with the rows
and a run that is killed loses at most the part in hand. Part 12 is two Parquet files: ``000012.rows.parquet``
holds the rows, and ``000012.pieces.parquet``, written after it, what a scan wants to know of each piece, and
which row is its own. A part without its second file is not there.

Pieces are found again by the hash of their file. Parts name the key under which they were made (versions of
features and package, options of reading); parts of another key are never used.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from styleprint.corpus.fingerprints import Fingerprint
from styleprint.corpus.pieces import Piece
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import Row, table_of_rows
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.support.atomic import atomic_path
from styleprint.support.errors import StyleprintError
from styleprint.support.workers import Outcome

__all__ = ["Digest", "Packed", "Parts", "Place", "digest_bytes", "pack"]

PARTS_OPEN = 4
"""How many parts are held in memory while the table is put together."""

_PIECES, _ROWS = ".pieces.parquet", ".rows.parquet"
_KEY = b"styleprint-parts"


@dataclass(frozen=True)
class Digest:
    """What is kept of a piece for the table: its row, its number of parts (or channels), and who encoded it."""

    row: Row
    parts: int
    encoder: str

    @classmethod
    def of(cls, record: Score | Recording, row: Row) -> "Digest":
        """The digest of a record whose row is made."""
        parts = record.channels if isinstance(record, Recording) else len(np.unique(record.part))
        return cls(row, parts, record.source.encoder)


def digest_bytes(digest: Digest | None) -> int:
    """About how much memory a digest takes."""
    if digest is None:
        return 0
    return 8 * (len(digest.row.features) + len(digest.row.make)) + sum(a.nbytes for a in digest.row.streams.values())


@dataclass(frozen=True, eq=False)
class Packed:
    """Outcomes of a batch of files, ready to be written or sent.

    Attributes
    ----------
    pieces : pyarrow.Table
        One row a file that was read; its ``place`` in the batch, and its ``row`` in `rows` (-1: no notes).
    rows : pyarrow.Table
    errors : mapping of int to StyleprintError
        Place in the batch → why that file failed.
    """

    pieces: pa.Table
    rows: pa.Table
    errors: dict[int, StyleprintError]

    def outcomes(self) -> dict[int, Outcome[Piece]]:
        """Place in the batch → its outcome, without rows."""
        found = {place: Outcome[Piece](error=error) for place, error in self.errors.items()}
        places = self.pieces.column("place").to_pylist()
        return found | {place: Outcome(piece) for place, piece in zip(places, _pieces_of(self.pieces), strict=True)}


def pack(outcomes: Sequence[Outcome[Piece]], recipe: Recipe) -> Packed:
    """Put outcomes into tables; the pieces' values are digests, or None where there are no notes."""
    pieces = [(place, outcome.unwrap()) for place, outcome in enumerate(outcomes) if outcome.error is None]
    digests: list[Digest] = [piece.value for _, piece in pieces if piece.value is not None]
    rows = table_of_rows([digest.row for digest in digests], recipe)
    rows = pa.table(
        {"parts": pa.array([d.parts for d in digests], pa.int64())}
        | {"encoder": pa.array([d.encoder for d in digests], pa.large_string())}
        | {name: rows.column(name) for name in rows.column_names}
    )
    has_row = np.array([piece.value is not None for _, piece in pieces], dtype=bool)
    number = np.where(has_row, np.cumsum(has_row) - 1, -1)
    table = pa.table(
        {
            "place": pa.array([place for place, _ in pieces], pa.int64()),
            "row": pa.array(number, pa.int64()),
            "sha256": pa.array([piece.sha256 for _, piece in pieces], pa.string()),
            "notes": pa.array([piece.notes for _, piece in pieces], pa.int64()),
            "quarters": pa.array([piece.quarters for _, piece in pieces], pa.float64()),
            "seconds": pa.array([piece.seconds for _, piece in pieces], pa.float64()),
            "key_confidence": pa.array([piece.key_confidence for _, piece in pieces], pa.float64()),
            "titles": pa.array([piece.titles for _, piece in pieces], pa.list_(pa.string())),
            "file_format": pa.array([piece.file_format for _, piece in pieces], pa.string()),
            "frames": pa.array([piece.fingerprint.frames for _, piece in pieces], pa.large_list(pa.uint16())),
            "artist": pa.array([piece.artist for _, piece in pieces], pa.string()),
            "album": pa.array([piece.album for _, piece in pieces], pa.string()),
            "has_music": pa.array([piece.has_music for _, piece in pieces], pa.bool_()),
            "shingles": pa.array([piece.fingerprint.shingles for _, piece in pieces], pa.large_list(pa.uint64())),
        }
    )
    errors = {place: outcome.error for place, outcome in enumerate(outcomes) if outcome.error is not None}
    return Packed(table, rows, errors)


def _pieces_of(table: pa.Table) -> list[Piece]:
    columns = {
        name: table.column(name).to_pylist() for name in table.column_names if name not in ("frames", "shingles")
    }
    frames, shingles = _lists(table.column("frames"), np.uint16), _lists(table.column("shingles"), np.uint64)
    return [
        Piece(
            sha256=columns["sha256"][i],
            notes=columns["notes"][i],
            quarters=columns["quarters"][i],
            seconds=columns["seconds"][i],
            key_confidence=columns["key_confidence"][i],
            titles=tuple(columns["titles"][i]),
            file_format=columns["file_format"][i],
            fingerprint=Fingerprint(frames[i], shingles[i]),
            artist=columns["artist"][i],
            album=columns["album"][i],
            has_music=columns["has_music"][i],
        )
        for i in range(len(table))
    ]


def _lists(column: pa.ChunkedArray, dtype: type) -> list[Any]:
    """Each list as an array of its own, so that none keeps its part alive."""
    return [np.asarray(cell.values, dtype=dtype).copy() for cell in column]


@dataclass(frozen=True, order=True)
class Place:
    """Where a row lies: the part, and the row in it (-1: the piece has no notes)."""

    part: int
    row: int


class Parts:
    """The folder of parts of one run.

    Parameters
    ----------
    folder : Path
        Made when the first part is written.
    key : str
        Under which parts are made; others are not looked at.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self.key = key
        self._places: dict[str, Place] = {}
        self._open: OrderedDict[int, pa.Table] = OrderedDict()
        self._next = 0

    def find(self, sha256: str) -> Place | None:
        """Where the row of a file's content lies, if it is there."""
        return self._places.get(sha256)

    def recall(self) -> dict[str, Piece]:
        """Take up the parts that a run of the same key left; hash → piece."""
        found: dict[str, Piece] = {}
        for path in sorted(self.folder.glob(f"*{_PIECES}")):
            number = int(path.name.removesuffix(_PIECES))
            self._next = max(self._next, number + 1)
            table = _read(path)
            if table is None or (table.schema.metadata or {}).get(_KEY) != self.key.encode():
                continue
            if not _is_whole(self._rows_path(number)):
                continue
            pieces = _pieces_of(table)
            for piece, row in zip(pieces, table.column("row").to_pylist(), strict=True):
                if piece.sha256:
                    found[piece.sha256] = piece
                self._places[piece.sha256] = Place(number, row)
        return found

    def write(self, packed: Packed) -> None:
        """Write a part, whole or not at all."""
        if not len(packed.pieces):
            return
        number, self._next = self._next, self._next + 1
        _write(packed.rows, self._rows_path(number))
        pieces = packed.pieces.replace_schema_metadata({_KEY: self.key.encode()})
        _write(pieces, self.folder / f"{number:06d}{_PIECES}")
        hashes, rows = pieces.column("sha256").to_pylist(), pieces.column("row").to_pylist()
        self._places |= {sha256: Place(number, row) for sha256, row in zip(hashes, rows, strict=True)}

    def rows(self, places: Sequence[Place]) -> pa.Table:
        """Rows in the order of these places, none of which may be without a row."""
        numbers = sorted({place.part for place in places})
        start, tables, offset = {}, [], 0
        for number in numbers:
            tables.append(self._part(number))
            start[number] = offset
            offset += len(tables[-1])
        indices = pa.array([start[place.part] + place.row for place in places], pa.int64())
        return pa.concat_tables(tables).take(indices).combine_chunks()

    def _part(self, number: int) -> pa.Table:
        if number not in self._open:
            self._open[number] = pq.read_table(self._rows_path(number))
            while len(self._open) > PARTS_OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(number)
        return self._open[number]

    def _rows_path(self, number: int) -> Path:
        return self.folder / f"{number:06d}{_ROWS}"


def _write(table: pa.Table, path: Path) -> None:
    with atomic_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", use_dictionary=False, write_statistics=False)


def _is_whole(path: Path) -> bool:
    try:
        pq.read_metadata(path)
    except (pa.ArrowInvalid, OSError):
        return False
    return True


def _read(path: Path) -> pa.Table | None:
    try:
        return pq.read_table(path)
    except (pa.ArrowInvalid, OSError):
        return None  # damaged: its pieces are read again
