"""Scores kept on disk by the content of the file that they were read from: NumPy arrays and JSON, no pickle."""

import io
import json
import zipfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from styleprint.music.score import KeySignatures, Measures, Parts, Score, Source, Tempos, TimeSignatures
from styleprint.support.atomic import write_bytes

__all__ = ["load_score", "save_score"]

_TABLES = {
    "measures": Measures,
    "time_signatures": TimeSignatures,
    "key_signatures": KeySignatures,
    "tempos": Tempos,
    "parts": Parts,
}
_NOT_COLUMNS = {*_TABLES, "source", "warnings"}


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
    file = io.BytesIO()
    np.savez_compressed(file, words=np.frombuffer(json.dumps(words).encode(), dtype=np.uint8), **arrays)
    write_bytes(path, file.getvalue())


def load_score(path: Path, name: str) -> Score | None:
    """The score kept at that path, called `name` now; None where there is none or it cannot be used."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
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
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
