"""A few rows with the answers that a bundle's model must give them, here as where it was trained.

Probabilities, typicality and similarities of the nearest pieces are held against what they were. A p-value moves in
steps, and a library of linear algebra that sums in another order may take one row over a step; so half of the
p-values at least must be what they were. Which of two equally near pieces comes first does not count.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from styleprint.extraction.rows import arrow_lists
from styleprint.models.base import level_columns, read_count
from styleprint.support.errors import BundleError

__all__ = ["check_rows", "rows_to_json"]

TOLERANCE = 1e-4
"""Libraries of linear algebra sum in different orders on different machines."""

_NEAREST = 3
_MOST_ROWS = 16
_MOST_MOMENTS = 128


def rows_to_json(estimator: Any, inputs: pd.DataFrame, count: int) -> dict[str, Any]:
    """The rows with the fewest tokens, and what the model says of them; of spectrograms the beginning alone.

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
    cut = set(level_columns(inputs))
    columns = {str(name): _to_list(rows[name], _MOST_MOMENTS if name in cut else None) for name in rows}
    frame = _to_frame(columns, len(rows))
    return {
        "rows": len(rows),
        "columns": columns,
        "probabilities": estimator.predict_proba(frame).tolist(),
        "typicality": estimator.typicality(frame).tolist(),
        "similarities": estimator.nearest(frame, min(_NEAREST, estimator.n_rows_))[1].tolist(),
    }


def check_rows(estimator: Any, found: Mapping[str, Any], place: str) -> None:
    """Hold the estimator against the rows.

    Raises
    ------
    ValueError
        Where the rows are none.
    BundleError
        B121, where it answers otherwise.
    """
    n_rows = read_count(found["rows"], "rows of the self-check", least=1, most=_MOST_ROWS)
    frame = _to_frame(found["columns"], n_rows)
    near, similarities = estimator.nearest(frame, min(_NEAREST, estimator.n_rows_))
    same = _is_same(estimator.predict_proba(frame), found["probabilities"], n_rows)
    same &= _is_same(similarities, found["similarities"], n_rows)
    same &= _is_same(estimator.typicality(frame), found["typicality"], n_rows, share=0.5)
    if not same or near.min() < 0 or near.max() >= estimator.n_rows_:
        raise BundleError(
            "B121",
            "a bundle must answer as it did when it was trained, but its self-check comes out otherwise.",
            remedy="Train it again on this machine, and report this.",
            place=place,
        )


def _is_same(given: Any, told: Any, n_rows: int, share: float = 1.0) -> bool:
    """Whether numbers are what they were: all of them, or a share."""
    expected = np.asarray(told, dtype=np.float64)
    if given.shape != expected.shape or len(given) != n_rows or not np.isfinite(given).all():
        return False
    return bool((abs(given - expected) <= TOLERANCE).mean() >= share)


def _to_list(column: "pd.Series[Any]", most: int | None = None) -> list[Any]:
    if isinstance(column.dtype, pd.ArrowDtype):
        return [list(value)[:most] for value in pa.array(column).to_pylist()]
    return [None if np.isnan(value) else float(value) for value in column.to_numpy(dtype=np.float64)]


def _to_frame(columns: Mapping[str, list[Any]], n_rows: int) -> pd.DataFrame:
    made: dict[str, Any] = {}
    for name, values in columns.items():
        if len(values) != n_rows:
            raise ValueError(f"column {name} of the self-check must have {n_rows} rows")
        if values and isinstance(values[0], list):
            lists = arrow_lists(name, values)
            made[name] = pd.Series(lists, dtype=pd.ArrowDtype(lists.type))
        else:
            made[name] = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    return pd.DataFrame(made, index=range(n_rows))
