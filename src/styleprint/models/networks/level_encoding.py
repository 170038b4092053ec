"""Levels of a spectrogram become numbers about zero: each band with the mean and the deviation of training rows.

Silent moments are not there: they are masked as what fills a window up is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.registry import stream_levels
from styleprint.models.base import FloatArray, Inputs
from styleprint.models.networks.encoding import Described, Encoded
from styleprint.models.views import onsets_column

__all__ = ["LevelEncoding", "learn_level_encoding"]

_LEAST_DEVIATION = 1.0


@dataclass(frozen=True, eq=False)
class LevelEncoding:
    """A column of levels, and what is taken from them and what they are divided by.

    Attributes
    ----------
    column : str
        ``stream.field``.
    mean, deviation : ndarray, shape (n_bands,)
    """

    column: str
    mean: FloatArray
    deviation: FloatArray

    @property
    def stream(self) -> str:
        """The stream that it reads."""
        return self.column.rpartition(".")[0]

    @property
    def first_column(self) -> str:
        """The column that it reads."""
        return self.column

    @property
    def n_columns(self) -> int:
        """Numbers a moment."""
        return len(self.mean)

    def encode(self, inputs: Inputs) -> Encoded:
        """Numbers of all rows."""
        lists = inputs.streams[self.column]
        levels = lists.values[lists.offsets[0] : lists.offsets[-1]]
        if levels.ndim != 2 or levels.shape[1] != self.n_columns:
            raise ValueError(f"{self.column} must have {self.n_columns} levels a moment")
        values = (levels.astype(np.float32) - self.mean.astype(np.float32)) / self.deviation.astype(np.float32)
        return Encoded(values, lists.offsets - lists.offsets[0], _is_heard(self.column, levels))

    def describe(self, inputs: Inputs, start: int, length: int) -> Described:
        """A passage of the first row in words, ``mel_spectrogram 12.1–13.6 s``, and when it begins."""
        stream = self.column.rpartition(".")[0]
        count = len(inputs.streams[self.column].row(0))
        onsets = onsets_column(stream, inputs.streams)
        if onsets is None:
            return f"{stream} {start + 1}–{min(count, start + length)}", {}
        moments = inputs.streams[onsets].row(0)
        first, last = float(moments[start]), float(moments[min(count, start + length) - 1])
        return f"{stream} {first:.1f}–{last:.1f} s", {"onset_seconds": (first,)}

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {"level_column": self.column, "level_mean": self.mean, "level_deviation": self.deviation}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """What :meth:`to_state` described."""
        column = str(state["level_column"])
        mean = np.asarray(state["level_mean"], np.float64)
        deviation = np.asarray(state["level_deviation"], np.float64)
        levels = stream_levels(column)
        if levels is None or mean.shape != (levels.size,) or deviation.shape != mean.shape:
            raise ValueError("each band of the levels must have a mean and a deviation")
        if not (np.isfinite(mean).all() and np.isfinite(deviation).all() and (deviation > 0).all()):
            raise ValueError("means and deviations of levels must be numbers")
        return cls(column, mean, deviation)


def learn_level_encoding(inputs: Inputs, column: str, share: FloatArray) -> LevelEncoding:
    """Mean and deviation of each band over what is heard, each piece weighing alike, its variants sharing its weight.

    Parameters
    ----------
    inputs : Inputs
    column : str
    share : ndarray, shape (n_rows,)
        What part of its piece each row counts.
    """
    lists = inputs.streams[column]
    size = lists.values.shape[1]
    total, square, weight = np.zeros(size), np.zeros(size), 0.0
    for row in range(len(share)):
        levels = lists.row(row)
        heard = levels[_is_heard(column, levels)].astype(np.float64)
        if len(heard):
            total += share[row] * heard.mean(axis=0)
            square += share[row] * (heard**2).mean(axis=0)
            weight += float(share[row])
    mean = total / weight if weight else total
    variance = square / weight - mean**2 if weight else np.ones(size)
    return LevelEncoding(column, mean, np.maximum(np.sqrt(np.maximum(variance, 0.0)), _LEAST_DEVIATION))


def _is_heard(column: str, levels: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    about = stream_levels(column)
    floor = -np.inf if about is None else about.floor
    return np.asarray((levels > floor).any(axis=1))
