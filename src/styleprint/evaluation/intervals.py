"""How far a figure may be from the truth: percentile intervals from bootstraps of groups.

Within each label its groups are drawn with replacement, as many as there are; all rows of a group come
along, those of several repeats too, so repeats count as one piece. The 2.5 and 97.5 percentiles of the
figure over 2,000 such draws are the interval (Efron and Tibshirani 1993, chapter 13). Groups and not
pieces, because movements of one work are right or wrong together. The models are not trained anew, so
the interval leaves out the variation that comes from learning on other pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.evaluation.pieces import FloatArray, IndexArray

__all__ = ["BOOTSTRAPS", "INTERVAL_NOTE", "MIN_GROUPS", "TOO_FEW", "GroupBootstrap", "interval", "weighted_share"]

BOOTSTRAPS = 2000
MIN_GROUPS = 10
TOO_FEW = "too few"
INTERVAL_NOTE = (
    "Intervals are 95 % percentiles of 2,000 bootstraps of groups within each label. They say how much the figure "
    "would vary with other test works; they leave out the variation of training on other works."
)

_PERCENTILES = (2.5, 97.5)
_BLOCK_CELLS = 4_000_000


@dataclass(frozen=True, eq=False)
class GroupBootstrap:
    """Draws of groups within labels.

    Attributes
    ----------
    unit : ndarray of int, shape (n_rows,)
        Code of (label, group) of each row.
    label_of_unit : ndarray of int, shape (n_units,)
    bootstraps : int
    seed : int
    """

    unit: IndexArray
    label_of_unit: IndexArray
    bootstraps: int
    seed: int

    @classmethod
    def of(cls, truth: IndexArray, group: IndexArray, *, seed: int, bootstraps: int = BOOTSTRAPS) -> "GroupBootstrap":
        """The draws for rows of these labels and groups."""
        pairs, unit = np.unique(np.stack([truth, group]), axis=1, return_inverse=True)
        return cls(unit.reshape(-1).astype(np.intp), pairs[0], bootstraps, seed)

    @property
    def groups_per_label(self) -> IndexArray:
        """Number of groups of each label."""
        return np.bincount(self.label_of_unit).astype(np.intp)

    def blocks(self, width: int) -> Iterator[FloatArray]:
        """How often each unit is drawn, shape (some, n_units), in blocks that keep `width` columns small."""
        rng = np.random.default_rng(self.seed)
        block = max(1, _BLOCK_CELLS // max(width, len(self.label_of_unit), 1))
        members = [np.flatnonzero(self.label_of_unit == label) for label in np.unique(self.label_of_unit)]
        for start in range(0, self.bootstraps, block):
            some = min(block, self.bootstraps - start)
            times = np.zeros((some, len(self.label_of_unit)))
            for units in members:
                times[:, units] = rng.multinomial(len(units), np.full(len(units), 1.0 / len(units)), size=some)
            yield times


def interval(value: float, draws: FloatArray) -> dict[str, float]:
    """A figure with the ends of its interval: ``value``, ``low``, ``high``.

    A figure that resampling biases, as it does ECE, may lie outside the percentiles; the interval is then
    extended to it.
    """
    known = draws[np.isfinite(draws)]
    if not len(known):
        return {"value": float(value), "low": float("nan"), "high": float("nan")}
    low, high = np.percentile(known, _PERCENTILES)
    return {"value": float(value), "low": min(float(low), float(value)), "high": max(float(high), float(value))}


def weighted_share(
    is_true: npt.NDArray[np.bool_] | FloatArray, weight: FloatArray, bootstrap: GroupBootstrap
) -> dict[str, float]:
    """A weighted mean over rows, with its interval.

    Parameters
    ----------
    is_true : ndarray, shape (n,)
    weight : ndarray, shape (n,)
        0 leaves a row out.
    bootstrap : GroupBootstrap
        Of the same rows.
    """
    n_units = len(bootstrap.label_of_unit)
    part = np.bincount(bootstrap.unit, weights=weight * is_true, minlength=n_units)
    whole = np.bincount(bootstrap.unit, weights=weight, minlength=n_units)
    draws = []
    for times in bootstrap.blocks(n_units):
        total = times @ whole
        draws.append(np.divide(times @ part, total, out=np.full(len(times), np.nan), where=total > 0))
    value = part.sum() / whole.sum() if whole.sum() > 0 else float("nan")
    return interval(value, np.concatenate(draws))
