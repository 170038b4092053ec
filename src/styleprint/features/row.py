"""A piece becomes a row: the numbers of the features asked for, column by column."""

from collections.abc import Iterable
from functools import cache

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Entry
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
    entries, columns = _catalogued(tuple(names))
    numbers: list[float] = []
    for entry in entries:
        values = entry.compute(context)
        numbers += values.tolist() if isinstance(values, np.ndarray) else (values,)
    return dict(zip(columns, map(float, numbers), strict=True))


@cache
def _catalogued(names: tuple[str, ...]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Entries of these features, and their columns; the same few sets of names are asked for again and again."""
    return tuple(load_feature(name) for name in names), feature_columns(names)
