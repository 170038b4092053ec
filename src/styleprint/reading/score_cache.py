"""Scores kept on disk by the content of the file that they were read from, and by how it was read.

What they are kept as: :mod:`styleprint.support.kept_arrays`, with JSON for words.
"""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from styleprint.music.score import KeySignatures, Measures, Parts, Score, Source, Tempos, TimeSignatures
from styleprint.reading.limits import Limits
from styleprint.support.hashing import hash_json
from styleprint.support.kept_arrays import entry_path, read_arrays, write_arrays

__all__ = ["load_score", "save_score", "score_place"]

_VERSION = 3
"""Of what the readers that keep scores make of the same bytes."""

_TABLES = {
    "measures": Measures,
    "time_signatures": TimeSignatures,
    "key_signatures": KeySignatures,
    "tempos": Tempos,
    "parts": Parts,
}
_NOT_COLUMNS = {*_TABLES, "source", "warnings"}


def score_place(folder: Path, digest: str, limits: Limits, *, lenient: bool) -> Path:
    """Where the score of a file's content is kept: under other limits or leniency it might be none, or another."""
    return entry_path(folder, hash_json([_VERSION, digest, asdict(limits), lenient]))


def save_score(score: Score, path: Path) -> None:
    """Keep a score at that path."""
    arrays: dict[str, Any] = {}
    words: dict[str, Any] = {"source": asdict(score.source), "warnings": score.warnings}
    for field in fields(score):
        value = getattr(score, field.name)
        if field.name in _TABLES:
            for column in fields(value):
                content = getattr(value, column.name)
                target = words if isinstance(content, tuple) else arrays
                target[f"{field.name}.{column.name}"] = content
        elif field.name not in _NOT_COLUMNS and value is not None:
            arrays[field.name] = value
    arrays["words"] = np.frombuffer(json.dumps(words).encode(), dtype=np.uint8)
    write_arrays(path, arrays, compress=True)


def load_score(path: Path, name: str) -> Score | None:
    """The score kept at that path, called `name` now; None where there is none or it cannot be used."""
    arrays: dict[str, Any] | None = read_arrays(path)
    if arrays is None:
        return None
    try:
        words = json.loads(arrays.pop("words").tobytes())
        tables: dict[str, Any] = {}
        for table, kind in _TABLES.items():
            columns = {
                column.name: tuple(words[key]) if (key := f"{table}.{column.name}") in words else arrays.pop(key)
                for column in fields(kind)
            }
            tables[table] = kind(**columns)
        described = words["source"] | {"path": name}
        described |= {key: tuple(described[key]) for key in ("titles", "comments")}
        return Score(**arrays, **tables, source=Source(**described), warnings=tuple(words["warnings"]))
    except (ValueError, KeyError, TypeError):
        return None  # of other columns: the file is read again
