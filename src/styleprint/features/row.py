"""A piece becomes a row: the numbers of the features asked for, column by column."""

from collections.abc import Iterable

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.registry import load_feature

__all__ = ["feature_columns", "feature_row"]


def feature_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Columns of these features, in their order."""
    return tuple(column for name in names for column in load_feature(name).feature.columns)


def feature_row(context: ScoreContext, names: Iterable[str]) -> dict[str, float]:
    """Compute features of a piece.

    Parameters
    ----------
    context : ScoreContext
        Share one among all that is computed of a piece.
    names : iterable of str
        Features of the catalogue (:func:`styleprint.features.registry.feature_names`).

    Returns
    -------
    dict of str to float
        One entry a column, in the order of names and columns; NaN where a feature does not apply.

    Raises
    ------
    UsageError
        U102, where a name is not in the catalogue.
    """
    columns: list[str] = []
    numbers: list[float] = []
    for name in names:
        entry = load_feature(name)
        values = entry.compute(context)
        columns += entry.feature.columns
        numbers += values.tolist() if isinstance(values, np.ndarray) else (float(values),)
        if len(numbers) != len(columns):
            raise ValueError(f"{name} must give {len(entry.feature.columns)} numbers, but gave {np.size(values)}")
    return dict(zip(columns, map(float, numbers), strict=True))
