"""A few rows with the probabilities that a bundle's model must give them, here as where it was trained."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from styleprint.support.errors import BundleError

__all__ = ["check_rows", "rows_to_json"]

TOLERANCE = 1e-4
"""Libraries of linear algebra sum in different orders on different machines."""


def rows_to_json(estimator: Any, inputs: pd.DataFrame, count: int) -> dict[str, Any]:
    """The rows with the fewest tokens, and their probabilities.

    Parameters
    ----------
    estimator : object
        Fitted.
    inputs : DataFrame
        Feature and stream columns.
    count : int
    """
    streams = [str(name) for name in inputs if isinstance(inputs[name].dtype, pd.ArrowDtype)]
    length = sum(
        (inputs[name].list.len().to_numpy(dtype=np.int64) for name in streams), np.zeros(len(inputs), np.int64)
    )
    rows = inputs.iloc[np.argsort(length, kind="stable")[:count]]
    columns = {str(name): _to_list(rows[name]) for name in rows}
    return {
        "columns": columns,
        "onsets": [name for name in streams if name.endswith(".onset_quarters")],
        "probabilities": estimator.predict_proba(_to_frame(columns)).tolist(),
    }


def check_rows(estimator: Any, found: Mapping[str, Any], place: str) -> None:
    """Hold the estimator against the rows.

    Raises
    ------
    BundleError
        B121, where it gives other probabilities.
    """
    expected = np.asarray(found["probabilities"], dtype=np.float64)
    given = estimator.predict_proba(_to_frame(found["columns"]))
    if given.shape != expected.shape or not (abs(given - expected) <= TOLERANCE).all():
        raise BundleError(
            "B121",
            "a bundle must answer as it did when it was trained, but its self-check comes out otherwise.",
            remedy="Train it again on this machine, and report this.",
            place=place,
        )


def _to_list(column: "pd.Series[Any]") -> list[Any]:
    if isinstance(column.dtype, pd.ArrowDtype):
        return [list(value) for value in pa.array(column).to_pylist()]
    return [None if np.isnan(value) else float(value) for value in column.to_numpy(dtype=np.float64)]


def _to_frame(columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    made: dict[str, Any] = {}
    for name, values in columns.items():
        if values and isinstance(values[0], list):
            kind = pa.large_list(pa.float64() if name.endswith(".onset_quarters") else pa.int32())
            made[name] = pd.Series(pa.array(values, kind), dtype=pd.ArrowDtype(kind))
        else:
            made[name] = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return pd.DataFrame(made)
