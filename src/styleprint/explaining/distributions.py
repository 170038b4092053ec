"""How the values of a feature lie in each label: what box, violin and density plots draw."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from styleprint.evaluation.pieces import FloatArray, IndexArray

__all__ = ["Distribution", "distribute"]

_POINTS = 60
_MOST_ROWS = 2_000


@dataclass(frozen=True)
class Distribution:
    """Values of one feature in one label.

    Attributes
    ----------
    label : str
    count : int
        Rows that have a number.
    low, first, median, third, high : float
        Quartiles, and the outermost values within 1.5 times the distance of the quartiles (Tukey 1977).
    beyond : int
        Rows outside `low` and `high`.
    density : tuple of (value, density)
        Gaussian kernels with Scott's width; empty where values do not vary.
    """

    label: str
    count: int
    low: float
    first: float
    median: float
    third: float
    high: float
    beyond: int
    density: tuple[tuple[float, float], ...]


def distribute(
    column: FloatArray, truth: IndexArray, classes: tuple[str, ...], labels: tuple[str, ...], *, seed: int
) -> tuple[Distribution, ...]:
    """The distribution of a feature in each of these labels; labels without a number are left out.

    Parameters
    ----------
    column : ndarray, shape (n_rows,)
    truth : ndarray of int, shape (n_rows,)
    classes : tuple of str
        What `truth` counts.
    labels : tuple of str
        Which to look at.
    seed : int
        Of the choice among very many rows, for densities.
    """
    known = ~np.isnan(column)
    if not known.any():
        return ()
    ends = np.percentile(column[known], (0.5, 99.5))
    grid = np.linspace(ends[0], ends[1], _POINTS)
    found = []
    for label in labels:
        values = column[known & (truth == classes.index(label))]
        if len(values):
            found.append(_distribution(label, values, grid, seed))
    return tuple(found)


def _distribution(label: str, values: FloatArray, grid: FloatArray, seed: int) -> Distribution:
    first, median, third = (float(q) for q in np.percentile(values, (25, 50, 75)))
    reach = 1.5 * (third - first)
    inside = values[(values >= first - reach) & (values <= third + reach)]
    return Distribution(
        label=label,
        count=len(values),
        low=float(inside.min()),
        first=first,
        median=median,
        third=third,
        high=float(inside.max()),
        beyond=len(values) - len(inside),
        density=_density(values, grid, seed),
    )


def _density(values: FloatArray, grid: FloatArray, seed: int) -> tuple[tuple[float, float], ...]:
    spread = float(np.ptp(values))
    if len(values) < 3 or spread <= 1e-9 * max(1.0, float(np.abs(values).max())):
        return ()
    if len(values) > _MOST_ROWS:
        values = np.random.default_rng(seed).choice(values, _MOST_ROWS, replace=False)
    heights = stats.gaussian_kde(values)(grid)
    return tuple((float(x), float(y)) for x, y in zip(grid, heights, strict=True))
