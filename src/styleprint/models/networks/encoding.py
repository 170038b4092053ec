"""Sequences become arrays of indices; rows are cut into windows of one length with a mask.

Of one stream a network sees several aligned columns: for each view (:mod:`styleprint.models.views`) the runs of 1 to
`longest` words that begin at each moment. Each column has a vocabulary of its own, learnt from training rows: the runs
that stand in at least two of them, the commonest first. Index 0 is a run that is not among them.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.registry import stream_fields
from styleprint.models.base import Inputs, read_count
from styleprint.models.views import HashArray, View, choose_views, hash_runs, name_run, onsets_column

__all__ = [
    "Described",
    "Encoded",
    "Encoding",
    "Windows",
    "choose_network_views",
    "choose_run_views",
    "choose_stream",
    "cut_windows",
    "learn_encoding",
]

_NAMED = 4
_MOST_COLUMNS = 64
_MOST_RUNS = 4000
_LEAST_ROWS = 2

Described = tuple[str, dict[str, tuple[float, ...]]]
"""A passage in words, and its moments by their unit, as :class:`styleprint.models.contributions.Pattern` has them."""


@dataclass(frozen=True, eq=False)
class Encoded:
    """Rows as a network sees them, one after another.

    Attributes
    ----------
    values : ndarray of int32 (indices) or float32 (levels), shape (n_moments, n_columns)
    offsets : ndarray of int64, shape (n_rows + 1,)
        Where each row begins.
    there : ndarray of bool, shape (n_moments,)
        False where there is nothing to see: silence.
    """

    values: npt.NDArray[Any]
    offsets: npt.NDArray[np.int64]
    there: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Encoding:
    """Columns of runs and their vocabularies.

    Attributes
    ----------
    views : tuple of View
        Each with one order; one a column.
    hashes : tuple of ndarray of uint64
        Sorted; index 1 + place.
    """

    views: tuple[View, ...]
    hashes: tuple[HashArray, ...]

    @property
    def stream(self) -> str:
        """The stream that it reads."""
        return self.views[0].stream

    @property
    def first_column(self) -> str:
        """One of the columns that it reads; the others have as many moments."""
        return self.views[0].columns[0]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Indices of each column, 0 among them."""
        return tuple(len(hashes) + 1 for hashes in self.hashes)

    @property
    def n_columns(self) -> int:
        """Numbers a moment."""
        return len(self.hashes)

    def encode(self, inputs: Inputs) -> "Encoded":
        """Indices of all rows."""
        offsets = inputs.streams[self.first_column].offsets
        offsets = offsets - offsets[0]
        columns = []
        for view, hashes in zip(self.views, self.hashes, strict=True):
            found = _runs(inputs, view)
            place = np.minimum(np.searchsorted(hashes, found), max(0, len(hashes) - 1))
            is_known = hashes[place] == found if len(hashes) else np.zeros(len(found), dtype=bool)
            columns.append(np.where(is_known, place + 1, 0).astype(np.int32))
        return Encoded(np.stack(columns, axis=1), offsets, np.ones(len(columns[0]), dtype=bool))

    def describe(self, inputs: Inputs, start: int, length: int) -> Described:
        """A passage of the first row in words, ``chords 33–48: A minor seventh · D dominant seventh …``, and when."""
        first = self.views[0]
        fields = tuple(name for name in first.fields if name in stream_fields(first.stream)) or first.fields
        view = View(first.name, first.stream, fields, (1,))
        words = view.join([inputs.streams[name].row(0) for name in view.columns])
        end = min(len(words), start + length)
        told = name_run(view, words[start : min(end, start + _NAMED)]).partition(": ")[2]
        name = f"{view.stream} {start + 1}–{end}: {told}{' …' if end > start + _NAMED else ''}"
        onsets = onsets_column(first.stream, inputs.streams)
        return name, {"onset_quarters": (float(inputs.streams[onsets].row(0)[start]),)} if onsets else {}

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "encoding_views": [view.to_json() for view in self.views],
            "encoding_hashes": np.concatenate([np.empty(0, np.uint64), *self.hashes]),
            "encoding_counts": [len(hashes) for hashes in self.hashes],
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Encoding":
        """What :meth:`to_state` described."""
        views = tuple(View.from_json(view) for view in state["encoding_views"])
        hashes = np.asarray(state["encoding_hashes"]).astype(np.uint64)
        counts = [read_count(n, "runs of a column", most=_MOST_RUNS) for n in state["encoding_counts"]]
        one_stream = len({view.stream for view in views}) == 1 and len(views) <= _MOST_COLUMNS
        if not one_stream or len(counts) != len(views) or hashes.shape != (sum(counts),):
            raise ValueError("columns must be of one stream, each with its runs")
        return cls(views, tuple(np.split(hashes, np.cumsum(counts)[:-1])))


@dataclass(frozen=True, eq=False)
class Windows:
    """Rows cut into windows of one length.

    Attributes
    ----------
    values : ndarray of int64 or float32, shape (n_windows, window, n_columns)
    mask : ndarray of float32, shape (n_windows, window)
        1 where there is a token, or sound.
    row : ndarray of int, shape (n_windows,)
        Which of the rows asked for, rising; each has at least one window.
    """

    values: npt.NDArray[Any]
    mask: npt.NDArray[np.float32]
    row: npt.NDArray[np.intp]


def choose_stream(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of the stream that has the most."""
    streams: dict[str, list[str]] = {}
    for column in sorted(columns):
        streams.setdefault(column.rpartition(".")[0], []).append(column)
    stream = max(streams, key=lambda name: len(streams[name]), default="")
    return tuple(streams.get(stream, ()))


def choose_network_views(columns: Sequence[str], longest: int) -> tuple[View, ...]:
    """Of one stream runs of 1 to `longest` words of fields that are joined, then each field by itself; a view a run."""
    joined = [view for view in choose_views(columns) if len(view.fields) > 1]
    single = [View(name, name.rpartition(".")[0], (name.rpartition(".")[2],), (1,)) for name in sorted(columns)]
    runs = range(1, longest + 1)
    alone = runs if len(joined) + len(single) == 1 else (1,)
    return (
        *(replace(view, orders=(order,)) for view in joined for order in runs),
        *(replace(view, orders=(order,)) for view in single for order in alone),
    )


def choose_run_views(columns: Sequence[str], longest: int) -> tuple[View, ...]:
    """Of one stream all runs that n-grams count in the standard model, up to `longest` words; a view a run."""
    views = choose_views(columns)
    return tuple(replace(view, orders=(order,)) for view in views for order in view.orders if order <= longest)


def learn_encoding(
    inputs: Inputs, views: Sequence[View], piece: npt.NDArray[np.intp] | None = None, least_share: float = 0.0
) -> Encoding:
    """Vocabularies of these rows, one a view: its runs, all of one length.

    Rows of one piece, where `piece` says which they are, count as one. Runs of fewer than two pieces, or of less than
    `least_share` of them, are left out.
    """
    lengths = np.diff(inputs.streams[views[0].columns[0]].offsets)
    own = np.arange(len(lengths)) if piece is None else piece
    pieces = int(own.max()) + 1
    least = max(min(_LEAST_ROWS, pieces), math.ceil(least_share * pieces))
    return Encoding(tuple(views), tuple(_choose(_runs(inputs, view), lengths, own, least) for view in views))


def _runs(inputs: Inputs, view: View) -> HashArray:
    """The run that begins at each token of all rows; 0 where too few follow in the row."""
    columns = [inputs.streams[name] for name in view.columns]
    offsets = columns[0].offsets
    words = view.join([column.values[column.offsets[0] : column.offsets[-1]] for column in columns])
    runs = np.zeros(len(words), dtype=np.uint64)
    hashed = hash_runs(words, view.orders[0])
    runs[: len(hashed)] = hashed
    left = np.repeat(offsets[1:] - offsets[0], np.diff(offsets)) - np.arange(len(words))
    runs[left < view.orders[0]] = 0
    return runs


def _choose(runs: HashArray, lengths: npt.NDArray[np.int64], piece: npt.NDArray[np.intp], least: int) -> HashArray:
    """The commonest runs that stand in at least so many pieces, sorted."""
    different: HashArray
    different, place = np.unique(runs, return_inverse=True)
    row = np.repeat(piece, lengths)
    pairs = np.unique(place.astype(np.int64) * len(lengths) + row)
    rows_with = np.bincount(pairs // len(lengths), minlength=len(different))
    keep = np.flatnonzero((rows_with >= least) & (different != 0))
    if len(keep) > _MOST_RUNS:
        order = np.lexsort((different[keep], -rows_with[keep]))
        keep = np.sort(keep[order[:_MOST_RUNS]])
    return different[keep]


def cut_windows(encoded: Encoded, spans: Sequence[tuple[int, int]], window: int) -> Windows:
    """Cut spans of moments into windows of `window`, the last of each filled up and masked.

    Parameters
    ----------
    encoded : Encoded
    spans : sequence of (int, int)
        Start and end of each row.
    window : int
    """
    counts = [max(1, -(-(end - start) // window)) for start, end in spans]
    kind = np.int64 if encoded.values.dtype.kind == "i" else np.float32
    cut = np.zeros((sum(counts), window, encoded.values.shape[1]), dtype=kind)
    mask = np.zeros((sum(counts), window), dtype=np.float32)
    starts = np.concatenate([[0], np.cumsum(counts)])
    for (start, end), first in zip(spans, starts[:-1].tolist(), strict=True):
        for i, (a, b) in enumerate(itertools.pairwise([*range(start, end, window), end])):
            cut[first + i, : b - a] = encoded.values[a:b]
            mask[first + i, : b - a] = encoded.there[a:b]
    return Windows(cut, mask, np.repeat(np.arange(len(spans)), counts))
