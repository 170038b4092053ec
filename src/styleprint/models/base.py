"""What every model of this room has in common: what it needs, and how it takes its inputs.

A model is a scikit-learn estimator over rows: ``fit(X, y, groups=None, sample_weight=None)``,
``predict_proba(X)``, ``predict(X)``, ``classes_``. Beyond that it gives ``typicality(X)`` (conformal p-values),
``nearest(X, k)``, ``evidence(X, label, count)``, ``attention(label, count)``, and ``to_state()`` and
``from_state(state)``, by which it is stored as arrays and text, never as code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from styleprint.features.streams.registry import stream_levels
from styleprint.support.errors import ModelError
from styleprint.support.list_columns import flat_lists

__all__ = [
    "MOST_STORED",
    "FloatArray",
    "IndexArray",
    "Inputs",
    "Lists",
    "Needs",
    "State",
    "Training",
    "check_training",
    "first_rows",
    "holds_streams",
    "level_columns",
    "read_classes",
    "read_count",
    "read_inputs",
    "with_variants",
]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
State = Mapping[str, Any]

MOST_STORED = 1 << 24
"""Of anything that a stored model counts: rows, classes, columns."""


def read_count(value: Any, what: str, *, least: int = 0, most: int) -> int:
    """A whole number of a state, held within bounds before memory is spent on what it counts.

    Raises
    ------
    ValueError
        Where it is none, or lies outside.
    """
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{what} must be a whole number from {least} to {most}")
    return value


def read_classes(value: Any) -> npt.NDArray[np.str_]:
    """The classes of a state.

    Raises
    ------
    ValueError
        Where they are not at least two names, each once.
    """
    is_names = isinstance(value, list) and all(isinstance(name, str) for name in value)
    if not is_names or len(value) < 2 or len(set(value)) != len(value):
        raise ValueError("classes must be at least two names, each once")
    return np.array(value)


@dataclass(frozen=True)
class Needs:
    """Features and streams that a recipe must name for a model."""

    features: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Lists:
    """A column of lists as one array: row i holds ``values[offsets[i]:offsets[i + 1]]``.

    Attributes
    ----------
    values : ndarray, shape (n,) of tokens or moments, shape (n, size) of levels
    offsets : ndarray of int64, shape (n_rows + 1,)
    """

    values: npt.NDArray[Any]
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def row(self, i: int) -> npt.NDArray[Any]:
        """The list of row i."""
        return self.values[self.offsets[i] : self.offsets[i + 1]]


@dataclass(frozen=True, eq=False)
class Inputs:
    """Rows apart by kind.

    Attributes
    ----------
    features : ndarray of float64, shape (n_rows, n_features)
        NaN where a feature does not apply; infinities count as that.
    feature_names : tuple of str
    streams : mapping of str to Lists
        ``stream.field`` → tokens, or levels.
    n_rows : int
    """

    features: FloatArray
    feature_names: tuple[str, ...]
    streams: Mapping[str, Lists] = field(default_factory=dict)
    n_rows: int = 0


def read_inputs(
    X: Any, feature_names: Sequence[str] | None = None, stream_names: Sequence[str] | None = None
) -> Inputs:
    """Take rows apart into a matrix of features and lists of tokens.

    Negative tokens are padding, and are left out; so is silence at both ends of levels.

    Parameters
    ----------
    X : DataFrame or array, shape (n_rows, n_columns)
        An array holds features alone.
    feature_names, stream_names : sequence of str, optional
        Columns to take, in order. What :meth:`fit` saw, so that columns may come in any order. By default all features,
        and all tokens with their moments; who learns from levels names them (:func:`level_columns`).

    Raises
    ------
    ModelError
        M110, where a column is missing.
    """
    if not isinstance(X, pd.DataFrame):
        X = _frame_of(X, None if feature_names is None else len(feature_names))
    elif not all(isinstance(name, str) for name in X.columns):
        X = X.set_axis([str(name) for name in X.columns], axis=1)
    is_list = {name: _holds_lists(dtype) for name, dtype in X.dtypes.items()}
    features = [n for n in X.columns if not is_list[n]] if feature_names is None else list(feature_names)
    levels = set(level_columns(X))
    tokens = [n for n in X.columns if is_list[n] and n not in levels]
    streams = tokens if stream_names is None else list(stream_names)
    missing = [name for name in (*features, *streams) if name not in is_list]
    if missing:
        raise ModelError(
            "M110",
            f"rows must have the columns that the model learnt, but lack {', '.join(missing[:5])}.",
            remedy="Make the rows with the recipe of the model.",
        )
    matrix = X[features].to_numpy(dtype=np.float64, na_value=np.nan) if features else np.empty((len(X), 0))
    matrix = np.where(np.isfinite(matrix), matrix, np.nan)
    lists = _without_silence(_without_padding({str(name): Lists(*flat_lists(X[name])) for name in streams}))
    return Inputs(matrix, tuple(map(str, features)), lists, len(X))


def with_variants(X: Any, variants: Any) -> Any:
    """Rows of pieces, and after them those of their variants.

    Parameters
    ----------
    X : DataFrame
        Of pieces; anything where there are no variants.
    variants : Variants or None
        Further rows to learn from (:mod:`styleprint.extraction.variants`).

    Raises
    ------
    ModelError
        M122, where pieces and variants have not the same columns.
    """
    if variants is None:
        return X
    if not isinstance(X, pd.DataFrame) or not set(X.columns) <= set(variants.inputs.columns):
        raise ModelError("M122", "pieces must be a table, and their variants must have all its columns.")
    return pd.concat([X, variants.inputs[list(X.columns)]], ignore_index=True)


def first_rows(inputs: Inputs, count: int) -> Inputs:
    """The first rows: those of pieces, where variants follow."""
    if count == inputs.n_rows:
        return inputs
    streams = {name: Lists(lists.values, lists.offsets[: count + 1]) for name, lists in inputs.streams.items()}
    return Inputs(inputs.features[:count], inputs.feature_names, streams, count)


def _frame_of(X: Any, n_features: int | None) -> pd.DataFrame:
    """An array as a table whose columns are called after their places.

    Raises
    ------
    ModelError
        M111, where it is no matrix of numbers, or has not the columns that the model learnt from.
    """
    if hasattr(X, "toarray"):
        raise ModelError("M111", "inputs must be dense, and these are sparse.", remedy="Call toarray() on them.")
    array = np.asarray(X)
    if array.ndim != 2:
        why = f"Expected 2D array, got {array.ndim}D array instead"
        raise ModelError("M111", f"inputs must have two dimensions, but have {array.ndim}. {why}. Reshape your data.")
    if np.iscomplexobj(array):
        raise ModelError("M111", "Complex data not supported: inputs must be real numbers.")
    if n_features is not None and array.shape[1] != n_features:
        raise ModelError("M111", f"X has {array.shape[1]} features, but the model is expecting {n_features} features.")
    width = len(str(max(0, array.shape[1] - 1)))
    return pd.DataFrame(array.astype(np.float64), columns=[f"x{i:0{width}d}" for i in range(array.shape[1])])


def holds_streams(X: Any) -> bool:
    """Whether any column of rows holds lists of tokens."""
    if not isinstance(X, pd.DataFrame):
        return False
    levels = set(level_columns(X))
    return any(_holds_lists(dtype) and name not in levels for name, dtype in X.dtypes.items())


def level_columns(X: Any) -> tuple[str, ...]:
    """Columns of the streams that hold levels and no tokens, with their moments, sorted."""
    if not isinstance(X, pd.DataFrame):
        return ()
    streams = {_stream_of(name) for name, dtype in X.dtypes.items() if _holds_levels(dtype)}
    own = (name for name, dtype in X.dtypes.items() if _holds_lists(dtype) and _stream_of(name) in streams)
    return tuple(sorted(map(str, own)))


def _stream_of(column: Any) -> str:
    return str(column).rpartition(".")[0]


def _holds_levels(dtype: Any) -> bool:
    return _holds_lists(dtype) and pa.types.is_fixed_size_list(dtype.pyarrow_dtype.value_type)


def _holds_lists(dtype: Any) -> bool:
    kind = getattr(dtype, "pyarrow_dtype", None)
    return kind is not None and (pa.types.is_large_list(kind) or pa.types.is_list(kind))


def _without_padding(columns: Mapping[str, Lists]) -> dict[str, Lists]:
    """All columns of a stream without the moments at which one of its fields is negative: no vocabulary has such."""
    found = dict(columns)
    padded = [name for name, lists in columns.items() if lists.values.dtype.kind == "i" and (lists.values < 0).any()]
    for stream in dict.fromkeys(name.rpartition(".")[0] for name in padded):
        own = {name: lists for name, lists in columns.items() if name.rpartition(".")[0] == stream}
        keep = np.logical_and.reduce([own[name].values >= 0 for name in padded if name in own])
        for name, lists in own.items():
            if len(lists.values) != len(keep):
                raise ModelError("M114", f"all fields of a stream must have as many tokens, but {name} has not.")
            kept = np.concatenate([[0], np.cumsum(keep)])
            found[name] = Lists(lists.values[keep], kept[lists.offsets].astype(np.int64))
    return found


def _without_silence(columns: Mapping[str, Lists]) -> dict[str, Lists]:
    """All columns of a stream of levels without the silent moments before the first sound and after the last.

    Raises
    ------
    ModelError
        M114, where its columns are not aligned.
    """
    found = dict(columns)
    for column, lists in columns.items():
        levels = stream_levels(column)
        if levels is None or lists.values.ndim == 1:
            continue
        sounding = np.flatnonzero((lists.values > levels.floor).any(axis=1))
        first = np.searchsorted(sounding, lists.offsets[:-1])
        last = np.searchsorted(sounding, lists.offsets[1:])
        is_heard = first < last
        spans = np.zeros((len(lists), 2), dtype=np.int64)
        spans[is_heard] = np.stack([sounding[first[is_heard]], sounding[last[is_heard] - 1] + 1], axis=1)
        keep = np.concatenate([np.empty(0, np.int64), *[np.arange(start, end) for start, end in spans.tolist()]])
        offsets = np.concatenate([[0], np.cumsum(spans[:, 1] - spans[:, 0])])
        for name, own in columns.items():
            if _stream_of(name) == _stream_of(column):
                if not np.array_equal(own.offsets, lists.offsets):
                    raise ModelError("M114", f"all fields of a stream must have as many moments, but {name} has not.")
                found[name] = Lists(own.values[keep], offsets)
    return found


@dataclass(frozen=True, eq=False)
class Training:
    """What a model learns from, checked: pieces and, after them, their variants.

    Attributes
    ----------
    classes : ndarray of str, shape (n_classes,)
        Sorted.
    y : ndarray of int, shape (n_rows,)
        Index into `classes`.
    groups : ndarray of str, shape (n_rows,)
    weight : ndarray of float, shape (n_rows,)
        Positive. What the piece of each row counts: copies that share the weight of one piece teach as one piece.
    variant_of : ndarray of int, shape (n_variants,), or None
        The row of the piece that each of the last rows is a variant of. Only pieces are held out, calibrate, are
        counted and are kept as neighbours.
    """

    classes: npt.NDArray[np.str_]
    y: IndexArray
    groups: npt.NDArray[np.str_]
    weight: FloatArray
    variant_of: IndexArray | None = None

    @property
    def n_pieces(self) -> int:
        """How many rows are pieces."""
        return len(self.y) - (0 if self.variant_of is None else len(self.variant_of))

    @property
    def piece(self) -> IndexArray:
        """The piece of each row."""
        own = np.arange(self.n_pieces, dtype=np.intp)
        return own if self.variant_of is None else np.concatenate([own, self.variant_of])

    @property
    def share(self) -> FloatArray:
        """What part of its piece's weight each row teaches with: one by the number of the piece's rows."""
        share: FloatArray = 1.0 / np.bincount(self.piece)[self.piece]
        return share

    @property
    def teaching(self) -> FloatArray:
        """What each row counts in learning."""
        return self.weight if self.variant_of is None else self.weight * self.share

    @property
    def pieces(self) -> "Training":
        """Without the variants."""
        if self.variant_of is None:
            return self
        n = self.n_pieces
        return Training(self.classes, self.y[:n], self.groups[:n], self.weight[:n])

    def join(self, rows: IndexArray) -> IndexArray:
        """Rows of pieces, and those of their variants."""
        if self.variant_of is None:
            return rows
        return np.concatenate([rows, self.n_pieces + np.flatnonzero(np.isin(self.variant_of, rows))])


def check_training(y: Any, groups: Any, sample_weight: Any, n_rows: int, variants: Any = None) -> Training:
    """Labels, groups and weights of so many pieces in one form, and what variants have of theirs.

    Raises
    ------
    ModelError
        M101 fewer than two labels; M102 lengths differ; M103 weights are not positive numbers.
    """
    labels = np.asarray(y).astype(str)
    names = np.arange(n_rows).astype(str) if groups is None else np.asarray(groups).astype(str)
    weight = np.ones(n_rows) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    if not len(labels) == len(names) == len(weight) == n_rows:
        raise ModelError(
            "M102",
            f"rows, labels, groups and weights must be as many, but are {n_rows}, {len(labels)}, {len(names)} and "
            f"{len(weight)}.",
        )
    if not (np.isfinite(weight).all() and (weight > 0).all()):
        raise ModelError("M103", "weights must be positive numbers, and some are not.")
    classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        found = f"only '{classes[0]}'" if len(classes) else "none"
        raise ModelError(
            "M101",
            f"telling labels apart needs pieces of at least two labels, but there is {found}.",
            remedy="Add pieces of another label.",
        )
    if variants is None:
        return Training(classes, codes.astype(np.intp), names, weight)
    of = np.asarray(variants.of, dtype=np.intp)
    every = np.concatenate([np.arange(n_rows, dtype=np.intp), of])
    return Training(classes, codes[every].astype(np.intp), names[every], weight[every], of)
