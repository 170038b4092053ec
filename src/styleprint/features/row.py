"""A piece becomes a row: the numbers of the features asked for, column by column."""

from collections.abc import Iterable

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.registry import load_feature
from styleprint.features.sound_context import SoundContext

__all__ = ["feature_columns", "feature_row"]


def feature_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Columns of these features, in their order."""
    return tuple(column for name in names for column in load_feature(name).feature.columns)


def feature_row(context: ScoreContext | SoundContext, names: Iterable[str]) -> dict[str, float]:
    """Compute features of a piece.

    Parameters
    ----------
    context : ScoreContext or SoundContext
        Share one among all that is computed of a piece.
    names : iterable of str
        Features of the catalogue, of the kind of the context (:func:`styleprint.features.registry.feature_names`).

    Returns
    -------
    dict of str to float
        One entry a column, in the order of names and columns; NaN where a feature does not apply.

    Raises
    ------
    UsageError
        U102, where a name is not in the catalogue.
    """
    row: dict[str, float] = {}
    for name in names:
        entry = load_feature(name)
        values = entry.compute(context)
        if isinstance(values, np.ndarray):
            row.update(zip(entry.feature.columns, values.astype(np.float64).tolist(), strict=True))
        else:
            row[entry.feature.columns[0]] = float(values)
    return row
