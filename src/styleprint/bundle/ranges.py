"""The range of each feature in each class, so that the value of a piece can be shown beside them."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["ClassRanges"]

_QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, eq=False)
class ClassRanges:
    """Quartiles of the training pieces of each class.

    Attributes
    ----------
    columns : tuple of str
        Features.
    quartiles : ndarray of float32, shape (n_classes, n_columns, 3)
        Lower quartile, median, upper quartile, each file counting alike; NaN where no piece of the class has the
        feature.
    """

    columns: tuple[str, ...]
    quartiles: npt.NDArray[np.float32]

    @classmethod
    def of(cls, inputs: pd.DataFrame, labels: npt.NDArray[np.str_], classes: Sequence[str]) -> "ClassRanges | None":
        """Those of training rows: of every column that holds numbers; None where there is none."""
        columns = [str(name) for name in inputs.columns if pd.api.types.is_float_dtype(inputs[name].dtype)]
        if not columns:
            return None
        values = inputs[columns].to_numpy(dtype=np.float64)
        found = np.empty((len(classes), len(columns), len(_QUARTILES)), dtype=np.float32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a column without values in a class has no range
            for k, name in enumerate(classes if columns else ()):  # models of sequences alone have no features
                found[k] = np.nanquantile(values[labels == name], _QUARTILES, axis=0).T
        return cls(tuple(columns), found)

    def of_column(self, column: str) -> npt.NDArray[np.float32] | None:
        """Quartiles by class, shape (n_classes, 3); None for what is no feature here."""
        return self.quartiles[:, self.columns.index(column)] if column in self.columns else None

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        is_known = np.isfinite(self.quartiles)
        return {
            "columns": list(self.columns),
            "quartiles": np.where(is_known, self.quartiles, np.float32(0)),
            "known": is_known.all(axis=2).astype(np.uint8),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any], n_classes: int) -> "ClassRanges":
        """What :meth:`to_state` described."""
        columns, known = tuple(state["columns"]), np.asarray(state["known"]).astype(bool)
        quartiles = np.asarray(state["quartiles"], dtype=np.float32)
        if not all(isinstance(name, str) for name in columns) or len(set(columns)) < len(columns):
            raise ValueError("each range must be of a feature, each once")
        if quartiles.shape != (*known.shape, len(_QUARTILES)) or known.shape != (n_classes, len(columns)):
            raise ValueError("each class must have three quartiles of each feature")
        if not np.isfinite(quartiles).all() or (np.diff(quartiles, axis=2) < 0).any():
            raise ValueError("quartiles must be finite, and must rise")
        return cls(columns, np.where(known[:, :, None], quartiles, np.float32(np.nan)))
