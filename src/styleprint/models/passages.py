"""Rows cut into passages, and passages joined again at several scales.

A model of n-grams learns from whole pieces and from passages of them, so that a short piece looks to it like
what it has learnt. A row is cut at equal numbers of moments of its leading stream; other streams are cut at
the same onsets. Larger passages are sums of smaller ones: nothing is counted twice.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from styleprint.models.base import FloatArray, IndexArray, Inputs
from styleprint.models.views import View, onsets_column

__all__ = ["PASSAGE_MOMENTS", "Cuts", "Scales", "cut_rows", "follow_borders", "join_scales"]

PASSAGE_MOMENTS = 256
"""Moments (frames) that the smallest passages have, about."""

_MOMENTS_OF_SCALES = (PASSAGE_MOMENTS, 4 * PASSAGE_MOMENTS)


@dataclass(frozen=True, eq=False)
class Cuts:
    """Where rows are cut.

    Attributes
    ----------
    row : ndarray of int, shape (n_passages,)
        The row of each passage, rising.
    borders : mapping of str to list of ndarray
        Stream → for each row the positions at which its passages begin, and the end.
    """

    row: IndexArray
    borders: Mapping[str, list[npt.NDArray[np.int64]]]


def cut_rows(inputs: Inputs, views: Sequence[View], *, moments: float | None = PASSAGE_MOMENTS) -> Cuts:
    """Cut each row into passages of about `moments` moments; None leaves rows whole.

    A row has at least one passage, if an empty one.
    """
    streams = list(dict.fromkeys(view.stream for view in views))
    first = {view.stream: view.columns[0] for view in reversed(views)}
    lead = min(streams, key=lambda name: (len(inputs.streams[first[name]].values), name))
    borders: dict[str, list[npt.NDArray[np.int64]]] = {name: [] for name in streams}
    counts = np.ones(inputs.n_rows, dtype=np.intp)
    for i in range(inputs.n_rows):
        lengths = {name: len(inputs.streams[first[name]].row(i)) for name in streams}
        if moments is not None:
            counts[i] = max(1, round(lengths[lead] / moments))
        for name in streams:
            borders[name].append(_borders(inputs, i, lead, name, lengths, int(counts[i])))
    return Cuts(np.repeat(np.arange(inputs.n_rows, dtype=np.intp), counts), borders)


def _borders(
    inputs: Inputs, row: int, lead: str, stream: str, lengths: Mapping[str, int], count: int
) -> npt.NDArray[np.int64]:
    """Cuts of one stream of one row: even for the leading stream, at the same onsets for others."""
    cuts = np.linspace(0, lengths[lead], count + 1).astype(np.int64)
    if stream == lead or count == 1:
        return cuts if stream == lead else np.array([0, lengths[stream]])
    return follow_borders(inputs, row, lead, cuts, stream, lengths[stream])


def follow_borders(
    inputs: Inputs, row: int, lead: str, cuts: npt.NDArray[np.int64], stream: str, length: int
) -> npt.NDArray[np.int64]:
    """Cuts of a stream of `length` moments at the onsets at which another is cut; evenly where it has no onsets."""
    lead_onsets, onsets = onsets_column(lead, inputs.streams), onsets_column(stream, inputs.streams)
    if lead_onsets is None or onsets is None:
        return np.linspace(0, length, len(cuts)).astype(np.int64)
    moments = inputs.streams[lead_onsets].row(row)[cuts[1:-1]]
    inner = np.searchsorted(inputs.streams[onsets].row(row), moments)
    return np.concatenate([[0], inner, [length]]).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Scales:
    """Units that a model learns from: passages, longer passages, whole rows.

    Attributes
    ----------
    sums : sparse matrix, shape (n_units, n_passages)
        Ones where a passage belongs to a unit.
    row : ndarray of int, shape (n_units,)
        The row of each unit.
    share : ndarray of float, shape (n_units,)
        What part of its row's weight each unit carries; they sum to 1 for each row.
    whole : ndarray of int, shape (n_rows,)
        Which unit is the whole of each row.
    """

    sums: sp.csr_matrix
    row: IndexArray
    share: FloatArray
    whole: IndexArray


def join_scales(cuts: Cuts, n_rows: int) -> Scales:
    """All passages, passages joined by fours, and whole rows, each scale with a third of the row's weight.

    Where a row is so short that scales coincide, one unit carries the weight of them all.
    """
    counts = np.bincount(cuts.row, minlength=n_rows)
    starts = np.concatenate([[0], np.cumsum(counts)])
    members: list[npt.NDArray[np.int64]] = []
    row: list[int] = []
    share: list[float] = []
    whole = np.empty(n_rows, dtype=np.intp)
    for i, (start, count) in enumerate(zip(starts[:-1], counts, strict=True)):
        parts = (int(count), max(1, round(count * _MOMENTS_OF_SCALES[0] / _MOMENTS_OF_SCALES[1])), 1)
        for n_parts in dict.fromkeys(parts):
            cut = np.linspace(0, count, n_parts + 1).round().astype(np.int64) + start
            members += [np.arange(a, b) for a, b in itertools.pairwise(cut)]
            row += [i] * n_parts
            share += [parts.count(n_parts) / (len(parts) * n_parts)] * n_parts
        whole[i] = len(row) - 1
    indptr = np.concatenate([[0], np.cumsum([len(m) for m in members], dtype=np.int64)])
    columns = np.concatenate(members) if members else np.empty(0, np.int64)
    sums = sp.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, indptr), shape=(len(row), int(starts[-1])))
    return Scales(sums, np.array(row, dtype=np.intp), np.array(share), whole)
