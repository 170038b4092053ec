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
from styleprint.extraction.division import Span, span_columns
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
    """What is kept of a piece for the table.

    Attributes
    ----------
    rows : sequence of Row
        One, unless the recipe divides recordings.
    spans : sequence of Span
        What part each row is of; empty where there is one of the whole.
    parts : int
        Parts, or channels.
    encoder : str
        Who encoded it.
    """

    rows: Sequence[Row]
    spans: Sequence[Span]
    parts: int
    encoder: str

    @classmethod
    def of(cls, record: Score | Recording, spans: Sequence[Span], rows: Sequence[Row]) -> "Digest":
        """The digest of a record whose rows are made."""
        parts = record.channels if isinstance(record, Recording) else len(np.unique(record.part))
        return cls(rows, spans, parts, record.source.encoder)


def digest_bytes(digest: Digest | None) -> int:
    """About how much memory a digest takes."""
    if digest is None:
        return 0
    return sum(
        8 * (len(row.features) + len(row.make)) + sum(a.nbytes for a in row.streams.values()) for row in digest.rows
    )


@dataclass(frozen=True, eq=False)
class Packed:
    """Outcomes of a batch of files, ready to be written or sent.

    Attributes
    ----------
    pieces : pyarrow.Table
        One row a file that was read; its ``place`` in the batch, its first ``row`` in `rows` and how many it has
        there (``n_rows``: none where it has no notes).
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
    rows = table_of_rows([row for digest in digests for row in digest.rows], recipe)
    rows = pa.table(
        {"parts": pa.array([d.parts for d in digests for _ in d.rows], pa.int64())}
        | {"encoder": pa.array([d.encoder for d in digests for _ in d.rows], pa.large_string())}
        | _about_spans(digests, recipe.division)
        | {name: rows.column(name) for name in rows.column_names}
    )
    n_rows = np.array([len(piece.value.rows) if piece.value else 0 for _, piece in pieces], dtype=np.int64)
    table = pa.table(
        {
            "place": pa.array([place for place, _ in pieces], pa.int64()),
            "row": pa.array(np.cumsum(n_rows) - n_rows, pa.int64()),
            "n_rows": pa.array(n_rows, pa.int64()),
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


def _about_spans(digests: Sequence[Digest], division: str) -> dict[str, pa.Array]:
    """Of what part each row is (:func:`styleprint.extraction.division.span_columns`)."""
    spans = [(number, span) for digest in digests for number, span in enumerate(digest.spans)]
    arrays = (
        pa.array([number for number, _ in spans], pa.int64()),
        pa.array([span.start_seconds for _, span in spans], pa.float64()),
        pa.array([span.end_seconds for _, span in spans], pa.float64()),
        pa.array([span.section for _, span in spans], pa.large_string()),
    )
    return dict(zip(span_columns(division), arrays, strict=False))


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
    """Where the rows of a piece lie: the part, the first row in it, and how many they are."""

    part: int
    row: int
    count: int


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
        """Where the rows of a file's content lie, if they are there."""
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
            found |= {piece.sha256: piece for piece in pieces if piece.sha256}
            self._places |= _places(number, table)
        return found

    def write(self, packed: Packed) -> None:
        """Write a part, whole or not at all."""
        if not len(packed.pieces):
            return
        number, self._next = self._next, self._next + 1
        _write(packed.rows, self._rows_path(number))
        pieces = packed.pieces.replace_schema_metadata({_KEY: self.key.encode()})
        _write(pieces, self.folder / f"{number:06d}{_PIECES}")
        self._places |= _places(number, pieces)

    def rows(self, places: Sequence[Place]) -> pa.Table:
        """All rows of these places, in their order."""
        numbers = sorted({place.part for place in places})
        start, tables, offset = {}, [], 0
        for number in numbers:
            tables.append(self._part(number))
            start[number] = offset
            offset += len(tables[-1])
        first = [start[place.part] + place.row for place in places]
        rows = [at + row for at, place in zip(first, places, strict=True) for row in range(place.count)]
        indices = pa.array(rows, pa.int64())
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


def _places(number: int, pieces: pa.Table) -> dict[str, Place]:
    columns = [pieces.column(name).to_pylist() for name in ("sha256", "row", "n_rows")]
    return {sha256: Place(number, row, count) for sha256, row, count in zip(*columns, strict=True)}


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
