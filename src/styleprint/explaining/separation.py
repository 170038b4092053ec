"""Which features differ between labels, and by how much one may say so.

Rows of one group are alike for more reasons than their label, so each group counts once in each label: by the mean of
its rows. On these values a feature's separation is Kruskal and Wallis's rank test of equal distributions, with the
effect ε² = H / (n − 1), from 0 to 1 (Tomczak and Tomczak 2014), and p after Holm over all features.

The labels with the highest and lowest median are then held against each other: the difference of their medians, with
an interval from 2,000 bootstraps of groups. The level of the intervals is raised by Bonferroni's rule, so that all of
those that are shown hold together with 95 %.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from styleprint.evaluation.intervals import BOOTSTRAPS, MIN_GROUPS
from styleprint.evaluation.paired import holm
from styleprint.evaluation.pieces import FloatArray, IndexArray

__all__ = ["Contrast", "Separation", "contrast", "group_means", "separations"]

_BLOCK_CELLS = 4_000_000
_TOO_MANY_GROUPS = 2_000


@dataclass(frozen=True)
class Separation:
    """How far a feature tells labels apart.

    Attributes
    ----------
    feature : str
    effect : float
        ε², from 0 to 1.
    p_value, p_holm : float
    """

    feature: str
    effect: float
    p_value: float
    p_holm: float


@dataclass(frozen=True)
class Contrast:
    """The labels where a feature is highest and lowest, among those with at least ten groups.

    Attributes
    ----------
    feature, high, low : str
        `high` and `low` are labels.
    high_median, low_median : float
        Over group means.
    difference, difference_low, difference_high : float
        With its simultaneous interval.
    comparisons : int
        That hold together with 95 %.
    """

    feature: str
    high: str
    low: str
    high_median: float
    low_median: float
    difference: float
    difference_low: float
    difference_high: float
    comparisons: int


def group_means(values: FloatArray, truth: IndexArray, group: IndexArray) -> tuple[FloatArray, IndexArray]:
    """Mean of each group in each label, NaN left out, and the label of each mean.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_features)
    truth, group : ndarray of int, shape (n_rows,)

    Returns
    -------
    means : ndarray, shape (n_units, n_features)
        NaN where a group has no number.
    label : ndarray of int, shape (n_units,)
    """
    pairs, unit = np.unique(np.stack([truth, group]), axis=1, return_inverse=True)
    unit = unit.reshape(-1)
    known = ~np.isnan(values)
    sums = np.zeros((pairs.shape[1], values.shape[1]))
    counts = np.zeros_like(sums)
    np.add.at(sums, unit, np.where(known, values, 0.0))
    np.add.at(counts, unit, known)
    means = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    return means, pairs[0].astype(np.intp)


def separations(means: FloatArray, label: IndexArray, features: tuple[str, ...]) -> list[Separation]:
    """Each feature's separation, the strongest first.

    Parameters
    ----------
    means : ndarray, shape (n_units, n_features)
    label : ndarray of int, shape (n_units,)
    features : tuple of str
        Names of the columns. A feature that varies in no way, or is known of one label alone, is left out.
    """
    found: dict[str, tuple[float, float]] = {}
    for name, column in zip(features, means.T, strict=True):
        known = ~np.isnan(column)
        samples = [column[known & (label == code)] for code in np.unique(label[known])]
        if len(samples) < 2 or len(np.unique(column[known])) < 2:
            continue
        statistic, p_value = stats.kruskal(*samples)
        found[name] = float(statistic) / (known.sum() - 1), float(p_value)
    adjusted = holm({name: p for name, (_, p) in found.items()})
    entries = [Separation(name, effect, p, adjusted[name]) for name, (effect, p) in found.items()]
    return sorted(entries, key=lambda entry: -entry.effect)


def contrast(
    feature: str,
    column: FloatArray,
    label: IndexArray,
    classes: tuple[str, ...],
    *,
    comparisons: int,
    seed: int,
) -> Contrast | None:
    """The extreme labels of one feature and how far they lie apart.

    Parameters
    ----------
    feature : str
    column : ndarray, shape (n_units,)
        Group means.
    label : ndarray of int, shape (n_units,)
    classes : tuple of str
    comparisons : int
        How many contrasts are shown together.
    seed : int

    Returns
    -------
    Contrast or None
        None where fewer than two labels have ten groups.
    """
    known = ~np.isnan(column)
    own = {code: column[known & (label == code)] for code in range(len(classes))}
    own = {code: values for code, values in own.items() if len(values) >= MIN_GROUPS}
    if len(own) < 2:
        return None
    medians = {code: float(np.median(values)) for code, values in own.items()}
    high, low = max(medians, key=lambda code: medians[code]), min(medians, key=lambda code: medians[code])
    rng = np.random.default_rng(seed)
    draws = _median_draws(own[high], rng) - _median_draws(own[low], rng)
    tail = 2.5 / comparisons
    ends = np.percentile(draws, (tail, 100 - tail))
    return Contrast(
        feature=feature,
        high=classes[high],
        low=classes[low],
        high_median=medians[high],
        low_median=medians[low],
        difference=medians[high] - medians[low],
        difference_low=float(ends[0]),
        difference_high=float(ends[1]),
        comparisons=comparisons,
    )


def _median_draws(values: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Medians of resamples; a class of very many groups is thinned, which only widens the interval."""
    values = values if len(values) <= _TOO_MANY_GROUPS else rng.choice(values, _TOO_MANY_GROUPS, replace=False)
    block = max(1, _BLOCK_CELLS // len(values))
    parts = [
        np.median(values[rng.integers(0, len(values), (min(block, BOOTSTRAPS - start), len(values)))], axis=1)
        for start in range(0, BOOTSTRAPS, block)
    ]
    return np.concatenate(parts)
