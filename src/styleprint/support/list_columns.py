"""Columns of lists: one array of what stands in them, and where each row begins."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

__all__ = ["flat_lists"]


def flat_lists(column: "pd.Series[Any]") -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """Values of all rows, and where each row begins and the last ends; a missing list is an empty one.

    Returns
    -------
    values : ndarray, shape (n_values,) or, of lists of equal length, (n_values, length)
        Of a part of a longer column they may hold what stands before and after it: row i is
        ``values[offsets[i]:offsets[i + 1]]``.
    offsets : ndarray of int64, shape (n_rows + 1,)
    """
    array = pa.array(column)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    array = array.fill_null([]) if array.null_count else array
    values, offsets = array.values, array.offsets.to_numpy().astype(np.int64)
    if pa.types.is_fixed_size_list(values.type):
        return values.flatten().to_numpy(zero_copy_only=False).reshape(-1, values.type.list_size), offsets
    return values.to_numpy(zero_copy_only=False), offsets
