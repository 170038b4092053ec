"""What a musician asks of labels first: keys, cadences, harmonic rhythm, rests; from the columns of our own catalogue.

A *mix* is a set of shares that make a whole, such as the kinds of cadences; a *rate* is one number. Each group counts
once in each label, by the mean of its rows, and a label's figure is the mean of its groups. Tables from elsewhere,
which have no such columns, have no profiles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from styleprint.evaluation.intervals import BOOTSTRAPS, MIN_GROUPS
from styleprint.evaluation.pieces import FloatArray, Pieces
from styleprint.explaining.separation import Contrast, contrast, group_means
from styleprint.explaining.table_facts import numbers

__all__ = ["Mix", "Profiles", "Rate", "profile_labels"]

_DEGREES = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "b6", "6", "b7", "7")
_MIXES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "cadence_share": (
        "Cadences",
        {
            "pac": "perfect authentic",
            "iac": "imperfect authentic",
            "hc": "half",
            "dc": "deceptive",
            "pc": "plagal",
        },
    ),
    "key_share": (
        "Time in keys",
        {
            "home": "home",
            "dominant": "dominant",
            "subdominant": "subdominant",
            "relative": "relative",
            "parallel": "parallel",
            "near": "up to two steps away",
            "far": "farther",
        },
    ),
    "key_change": (
        "Changes of key",
        {
            "relative": "to the relative",
            "parallel": "to the parallel",
            "close": "close",
            "medium": "medium",
            "distant": "distant",
        },
    ),
    "degree": (
        "Degrees of the key",
        {name: name.replace("b", "♭") for name in _DEGREES},
    ),
}
"""Feature → title, and its columns with their names."""

_RATES = {
    "rest_ratio": "rest ratio",
    "chord_length_mean": "quarters a chord",
    "chord_length_ratio_1": "chords as long as the last",
    "cadence_rate": "cadences a hundred chords",
    "modulations_a_hundred_frames": "modulations a hundred frames",
    "minor_key_share": "time in minor keys",
}
"""Column → name."""


@dataclass(frozen=True)
class Mix:
    """Shares that make a whole.

    Attributes
    ----------
    feature, title : str
    parts : tuple of str
        Their names.
    shares : dict of str to tuple of float
        Label → mean share of each part; labels in which no group has any are left out.
    """

    feature: str
    title: str
    parts: tuple[str, ...]
    shares: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Rate:
    """One number.

    Attributes
    ----------
    feature, title : str
    means : dict of str to (float, float, float)
        Label → mean over groups, with a 95 % interval; NaN ends with fewer than ten groups.
    contrast : Contrast or None
        The labels where it is highest and lowest, with an interval that holds together with those of all rates.
    """

    feature: str
    title: str
    means: dict[str, tuple[float, float, float]]
    contrast: Contrast | None


@dataclass(frozen=True)
class Profiles:
    """Mixes and rates for which the table has columns."""

    mixes: tuple[Mix, ...]
    rates: tuple[Rate, ...]


def profile_labels(pieces: Pieces, columns: Sequence[str], labels: Sequence[str], *, seed: int) -> Profiles:
    """Profiles of labels.

    Parameters
    ----------
    pieces : Pieces
    columns : sequence of str
        The table's columns of numbers.
    labels : sequence of str
        Which to look at.
    seed : int
        Of the bootstraps.
    """
    known = set(columns)
    wanted = {
        feature: tuple(f"{feature}_{part}" for part in parts)
        for feature, (_, parts) in _MIXES.items()
        if all(f"{feature}_{part}" in known for part in parts)
    }
    rates = [column for column in _RATES if column in known]
    used = (*(column for own in wanted.values() for column in own), *rates)
    if not used:
        return Profiles((), ())
    means, label = group_means(numbers(pieces.frame, used), pieces.truth, pieces.group)
    place = {column: i for i, column in enumerate(used)}
    of = {name: means[label == pieces.classes.index(name)] for name in labels}
    mixes = []
    for feature, own in wanted.items():
        title, parts = _MIXES[feature]
        rows = [place[column] for column in own]
        told = {name: values[:, rows] for name, values in of.items() if np.isfinite(values[:, rows]).all(axis=1).any()}
        shares = {name: tuple(np.nanmean(values, axis=0).tolist()) for name, values in told.items()}
        mixes.append(Mix(feature, title, tuple(parts.values()), shares))
    return Profiles(
        tuple(mixes),
        tuple(
            Rate(
                column,
                _RATES[column],
                {name: _mean(values[:, place[column]], seed) for name, values in of.items()},
                contrast(column, means[:, place[column]], label, pieces.classes, comparisons=len(rates), seed=seed),
            )
            for column in rates
        ),
    )


def _mean(values: FloatArray, seed: int) -> tuple[float, float, float]:
    """Mean of the groups that have a number, and its interval where there are ten or more."""
    known = values[~np.isnan(values)]
    nan = float("nan")
    if len(known) < MIN_GROUPS:
        return (float(known.mean()) if len(known) else nan), nan, nan
    times = np.random.default_rng(seed).multinomial(len(known), np.full(len(known), 1 / len(known)), BOOTSTRAPS)
    low, high = np.percentile(times @ known / len(known), (2.5, 97.5))
    return float(known.mean()), float(low), float(high)
