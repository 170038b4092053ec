"""A table from elsewhere becomes a Table: numbers are features, one column is the label, nothing else is learnt from.

A table of sequences (:mod:`styleprint.extraction.sequences`) becomes a Table with one stream: the sequences are what is
learnt from, and of the other columns only those that the user names.

What is found in it is said in the Table's notes: columns left out and why (:mod:`styleprint.extraction.table_columns`),
constant and equal columns (models leave them out, inside the fold), missing values, rows without a label, rows that
are the same numbers throughout. Such rows are copies: they join groups, count once, and under different labels they
are label conflicts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.corpus.groups import connected
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.sequences import (
    TOKENS,
    Sequences,
    is_array_file,
    parse_sequences,
    read_array_file,
    to_streams,
)
from styleprint.extraction.table import Column, Table
from styleprint.extraction.table_columns import DURATION, Judged, judge_column, shorten
from styleprint.extraction.table_file import draw_rows, read_rows
from styleprint.extraction.table_groups import read_values
from styleprint.extraction.table_notes import tell_columns, tell_left_out, tell_rows, tell_sequences
from styleprint.features.streams.registry import VOCABULARIES
from styleprint.support.errors import TableError, UsageError

__all__ = ["RESERVED", "TableOptions", "read_foreign", "read_inputs_of"]

RESERVED = frozenset(
    (
        *("path", "label", "status", "reason", "work", "work_source", "collection", "copies", "attribution"),
        *("group", "split", "sha256", "notes", "quarters", "parts", "encoder"),
    )
)
"""Columns that every Table may have, and that mean something in it."""

_SPLITS = ("train", "validation", "valid", "test")
_CONTINUOUS = 0.5
_NAMES = 0.9
_LEAST_COPY = 16

Names = npt.NDArray[np.str_]


@dataclass(frozen=True)
class TableOptions:
    """How a file becomes a Table.

    Attributes
    ----------
    target : str
        Column of the label; ``genre/subgenre`` joins two as levels.
    groups : str
        What no split may divide: a column, ``column~pattern`` or a CSV; empty leaves each row by itself.
    split : str
        A given split: a column or a CSV.
    leave_out, keep : tuple of str
        Columns that are no features, and columns that are, whatever they look like.
    only : tuple of str
        Keep these labels alone.
    cap : int or None
        At most so many rows of a label, drawn by seed.
    seed : int
    stream : str
        The column, or array, of sequences; of an ``.npz`` ``tokens`` where none is named.
    vocabulary : str
        ``chords`` or ``tokens``: what the tokens are; empty takes chords where they can be chords.
    """

    target: str = ""
    groups: str = ""
    split: str = ""
    leave_out: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    cap: int | None = None
    seed: int = 0
    stream: str = ""
    vocabulary: str = ""


@dataclass(frozen=True, eq=False)
class _Learnt:
    """What of a table is learnt from.

    Attributes
    ----------
    features : sequence of Judged
    streams : mapping of str to Series
    about : mapping of str to arrays
        Further columns that audits may ask for.
    copies : ndarray of str
    notes : list of str
    recipe : Recipe
    """

    features: Sequence[Judged]
    streams: Mapping[str, "pd.Series[Any]"]
    about: Mapping[str, Any]
    copies: Names
    notes: list[str]
    recipe: Recipe


def read_foreign(path: Path, options: TableOptions) -> Table:
    """Read a CSV, Parquet or NumPy array file as a Table.

    Raises
    ------
    TableError
        T120–T136, T145–T148, each with what must hold and what came.
    """
    place, notes = str(path), []
    frame, sequences, levels = _read(path, options)
    labels = _labels(frame, levels)
    keep = labels != ""
    if options.only:
        keep &= np.isin(labels, options.only) | np.isin([name.split("/")[0] for name in labels], options.only)
    if not keep.any():
        raise TableError("T131", "a table must have rows with a label, but none is left.", place=place)
    if (labels == "").any():
        notes.append(f"{int((labels == '').sum())} rows have no label and were left out.")
    if sequences is not None and options.cap is not None:
        keep[np.setdiff1d(np.arange(len(keep)), draw_rows(labels, keep, options.cap, options.seed))] = False
    frame, labels = frame[keep].reset_index(drop=True), labels[keep]
    sequences = None if sequences is None else sequences.take(np.flatnonzero(keep))
    groups, group_column = read_values(options.groups, frame, "group", place) if options.groups else (None, "")
    split, split_column = read_values(options.split, frame, "split", place) if options.split else (None, "")
    used = {*levels, group_column, split_column, *options.leave_out}
    if sequences is None:
        learnt = _learn_columns(frame, labels, used, options, place)
    else:
        learnt = _learn_sequences(frame, labels, sequences, used, options, place)
    about: dict[str, Any] = {
        "path": _row_names(frame, levels),
        "label": labels,
        "copies": learnt.copies,
        "group": _join(groups, learnt.copies),
        **learnt.about,
    }
    notes += learnt.notes
    if groups is not None and (groups == "").any():
        notes.append(f"{int((groups == '').sum())} rows have no group and stand alone.")
    if split is not None:
        about["split"] = _check_split(split, place)
    return _assemble(about, learnt, levels, tuple(notes))


def _read(path: Path, options: TableOptions) -> tuple[pd.DataFrame, Sequences | None, tuple[str, ...]]:
    """All columns, the sequences where there are any, and the columns of the label; rows without music left out."""
    levels = tuple(name.strip() for name in options.target.split("/") if name.strip())
    if options.vocabulary not in ("", TOKENS, *VOCABULARIES):
        raise UsageError("U167", f"--vocabulary must be chords or tokens, but is {options.vocabulary!r}.")
    if is_array_file(path):
        frame, sequences = read_array_file(path, options.stream or TOKENS)
        levels = levels or (("labels",) if "labels" in frame else ())
        _check_names(frame, levels, options, str(path))
        return frame, sequences, levels
    if not options.stream:
        frame = read_rows(path, target=levels, cap=options.cap, seed=options.seed)
        _check_names(frame, levels, options, str(path))
        return frame, None, levels
    frame = read_rows(path)
    _check_names(frame, levels, options, str(path), options.stream)
    sequences = parse_sequences(frame[options.stream], str(path))
    return frame.drop(columns=options.stream), sequences, levels


def _learn_columns(frame: pd.DataFrame, labels: Names, used: set[str], options: TableOptions, place: str) -> _Learnt:
    judged = [
        judge_column(frame[name], labels, keep=name in options.keep, place=place) for name in frame if name not in used
    ]
    features = [one for one in judged if one.values is not None and one.kind in ("feature", DURATION)]
    if not features:
        raise TableError(
            "T132",
            "a table must have columns of numbers to learn from, but has none.",
            remedy=f"Left out: {tell_left_out(judged)}. Name those to use with --keep, or sequences with --stream.",
            place=place,
        )
    values = np.column_stack([one.values for one in features if one.values is not None])
    copies = _find_copies(values)
    notes = tell_columns(judged, features, values) + tell_rows(copies, labels)
    recipe = Recipe("table", dict.fromkeys([_safe(one.name) for one in features], 1))
    return _Learnt(features, {}, {}, copies, notes, recipe)


def _learn_sequences(
    frame: pd.DataFrame, labels: Names, sequences: Sequences, used: set[str], options: TableOptions, place: str
) -> _Learnt:
    """The sequences, and the columns that the user keeps."""
    features = [judge_column(frame[name], labels, keep=True, place=place) for name in options.keep if name not in used]
    streams, music = to_streams(sequences, options.vocabulary)
    name = next(iter(streams)).partition(".")[0]
    version = VOCABULARIES.load(name).version if name in VOCABULARIES else 1
    copies = _find_equal_sequences(music)
    is_guess = not options.vocabulary and not sequences.is_chords
    notes = tell_sequences(name, sequences, music, is_guess=is_guess) + tell_rows(copies, labels, what="sequence")
    about = {"encoder": _text(frame["encoder"])} if "encoder" in frame and "encoder" not in options.keep else {}
    recipe = Recipe(
        "table",
        dict.fromkeys([_safe(one.name) for one in features], 1),
        {name: version},
        sequence=options.stream or TOKENS,
    )
    return _Learnt(features, streams, about, copies, notes, recipe)


def read_inputs_of(path: Path, recipe: Recipe) -> tuple[pd.DataFrame, list[str]]:
    """Rows to be asked about: the columns that a model learnt from, and a name for each row.

    Raises
    ------
    TableError
        T120–T126, T145–T148, and T133 where a column is missing.
    """
    sequences: Sequences | None = None
    if is_array_file(path):
        frame, sequences = read_array_file(path, recipe.sequence, TOKENS)
    else:
        frame = read_rows(path)
        if recipe.sequence in frame:
            sequences = parse_sequences(frame[recipe.sequence], str(path))
            frame = frame.drop(columns=recipe.sequence)
    there = {_safe(str(name)): str(name) for name in frame}
    missing = [name for name in recipe.features if name not in there]
    if recipe.streams and sequences is None:
        missing.append(recipe.sequence)
    if missing:
        raise TableError(
            "T133",
            f"the table must have the columns that the model learnt from, but lacks {shorten(missing)}.",
            place=str(path),
        )
    inputs: dict[str, Any] = {}
    for name in recipe.features:
        found = judge_column(frame[there[name]], None, keep=True, place=str(path))
        inputs[name] = found.values
    if sequences is not None and recipe.streams:
        inputs |= to_streams(sequences, next(iter(recipe.streams)))[0]
    return pd.DataFrame(inputs, index=range(len(frame))), _row_names(frame).tolist()


def _assemble(about: dict[str, Any], learnt: _Learnt, levels: tuple[str, ...], notes: tuple[str, ...]) -> Table:
    values = {_safe(one.name): one.values for one in learnt.features}
    frame = pd.concat([pd.DataFrame(about), pd.DataFrame(values | dict(learnt.streams))], axis=1)
    roles = {"path": "identity", "label": "label", "copies": "copies", "group": "group", "split": "identity"}
    columns: dict[str, Column] = {name: Column(roles.get(name, "identity")) for name in about}  # type: ignore[arg-type]  # roles, all
    for one in learnt.features:
        columns[_safe(one.name)] = Column("feature", DURATION if one.kind == DURATION else "")
    version = next(iter(learnt.recipe.streams.values()), 1)
    columns |= {name: Column("stream", "token", version) for name in learnt.streams}
    recipe: Mapping[str, Any] = learnt.recipe.to_json() | {"levels": list(levels)}
    return Table(frame, columns, recipe, notes)


def _safe(name: str) -> str:
    """A feature's name, told apart from the columns that every Table has."""
    return f"{name}_" if name in RESERVED else name


def _check_names(
    frame: pd.DataFrame, levels: tuple[str, ...], options: TableOptions, place: str, *further: str
) -> None:
    if not levels:
        raise TableError(
            "T134",
            "a table needs a column of labels, and none was named.",
            remedy=f"Name it with --target; the table has {shorten(list(map(str, frame)), 12)}.",
            place=place,
        )
    wrong = [name for name in (*levels, *options.leave_out, *options.keep, *further) if name not in frame]
    if wrong:
        raise TableError(
            "T130",
            f"the table must have the columns that are named, but lacks {', '.join(map(repr, wrong))}.",
            remedy=f"It has {shorten(list(map(str, frame)), 12)}.",
            place=place,
        )


def _labels(frame: pd.DataFrame, levels: tuple[str, ...]) -> Names:
    """Levels joined by ``/``; a ``/`` inside a value of several levels becomes ``⁄``; empty where one is missing."""
    parts = []
    for name in levels:
        column = frame[name]
        if pd.api.types.is_float_dtype(column.dtype) and (column.dropna() == column.dropna().round()).all():
            column = column.astype("Int64")
        text = column.astype(object).where(column.notna(), "").astype(str).str.strip()
        parts.append((text.str.replace("/", "⁄") if len(levels) > 1 else text).to_numpy(dtype=str))
    return np.array(["/".join(row) if all(row) else "" for row in zip(*parts, strict=True)], dtype=str)


def _text(column: "pd.Series[Any]") -> Names:
    return column.astype(object).where(column.notna(), "").astype(str).str.strip().to_numpy(dtype=str)


def _row_names(frame: pd.DataFrame, levels: Sequence[str] = ()) -> Names:
    """What a row is called: the text that differs most, if it does in nine of ten rows, else its number, from 1.

    Rows that share a name are told apart by their numbers.
    """
    numbers = np.array([f"row {i + 1}" for i in range(len(frame))])
    texts = [name for name in frame if name not in levels and not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    differing = [int(frame[name].nunique()) for name in texts]
    if not texts or max(differing) < _NAMES * len(frame):
        return numbers
    names = _text(frame[texts[int(np.argmax(differing))]])
    shared = pd.Series(names).duplicated(keep=False).to_numpy() | (names == "")
    told = [f"{name} ({number})" if name else number for name, number in zip(names.tolist(), numbers, strict=True)]
    return np.where(shared, np.array(told, dtype=str), names)


def _find_copies(values: npt.NDArray[np.float64]) -> Names:
    """Id of the set of rows with the same numbers; empty for a row that has no other.

    Where hardly any column takes many values, equal rows are no wonder, and none is called a copy.
    """
    found = np.full(len(values), "", dtype=object)
    distinct = max((len(np.unique(column)) for column in values.T), default=0)
    if distinct < _CONTINUOUS * len(values):
        return found.astype(str)
    rows = np.ascontiguousarray(np.nan_to_num(values, nan=np.inf))
    keys = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    first: dict[int, str] = {}
    for row, code in enumerate(inverse.tolist()):
        if counts[code] > 1:
            found[row] = first.setdefault(code, f"rows like {row + 1}")
    return found.astype(str)


def _find_equal_sequences(sequences: Sequences) -> Names:
    """Id of the set of rows with the same sequence; short ones are equal by chance, and none is called a copy."""
    found = np.full(len(sequences), "", dtype=object)
    rows: dict[bytes, list[int]] = {}
    for i in range(len(sequences)):
        own = sequences.tokens[sequences.offsets[i] : sequences.offsets[i + 1]]
        if len(own) >= _LEAST_COPY:
            rows.setdefault(own.tobytes(), []).append(i)
    for same in rows.values():
        if len(same) > 1:
            found[same] = f"rows like {same[0] + 1}"
    return found.astype(str)


def _join(groups: Names | None, copies: Names) -> Names:
    """Groups joined by copies; a row with neither has none."""
    joined: dict[tuple[str, str], list[int]] = {}
    for row in range(len(copies)):
        for kind, name in (("group", "" if groups is None else groups[row]), ("copies", copies[row])):
            if name:
                joined.setdefault((kind, str(name)), []).append(row)
    first = connected(len(copies), joined.values())
    alone = (copies == "") if groups is None else (copies == "") & (groups == "")
    names = [
        "" if is_alone else (str(groups[f]) if groups is not None and groups[f] else f"row {f + 1}")
        for f, is_alone in zip(first, alone, strict=True)
    ]
    return np.array(names, dtype=str)


def _check_split(split: Names, place: str) -> Names:
    low = np.char.lower(split)
    if not np.isin(low, _SPLITS).any():
        raise TableError(
            "T135",
            f"a split must say {', '.join(_SPLITS)}, but says {shorten(sorted(set(low.tolist())))}.",
            place=place,
        )
    return low
