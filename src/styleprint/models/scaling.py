"""Features on one scale, by what the training rows were like.

``raw``
    As they are.
``standard``
    Mean 0, deviation 1.
``robust``
    Median 0, distance between the quartiles 1.
``quantile``
    Normal scores of ranks within ±3 (:class:`styleprint.models.kernel.RankNormal`): outliers and units do not count.

A feature that does not vary becomes 0.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, State
from styleprint.models.kernel import RankNormal

__all__ = ["SCALINGS", "Scaling", "learn_scaling"]

SCALINGS = ("raw", "standard", "robust", "quantile")


@dataclass(frozen=True, eq=False)
class Scaling:
    """What was learnt.

    Attributes
    ----------
    center, width : ndarray, shape (n_features,)
        Subtracted, then divided by.
    quantiles : ndarray of float32, shape (n_quantiles, n_features), or None
        Where ranks count instead.
    """

    center: FloatArray
    width: FloatArray
    quantiles: npt.NDArray[np.float32] | None = None

    def apply(self, rows: FloatArray) -> FloatArray:
        """The rows on that scale."""
        if self.quantiles is not None:
            return RankNormal(self.quantiles).apply(rows)
        scaled: FloatArray = (rows - self.center) / self.width
        return scaled

    def to_state(self) -> dict[str, Any]:
        """Arrays."""
        if self.quantiles is not None:
            return {"quantiles": self.quantiles}
        return {"center": self.center, "width": self.width}

    @classmethod
    def from_state(cls, state: State) -> "Scaling":
        """What :meth:`to_state` described."""
        if "quantiles" in state:
            quantiles = np.asarray(state["quantiles"], dtype=np.float32)
            if quantiles.ndim != 2 or len(quantiles) < 2:
                raise ValueError("quantiles must be a matrix of at least two rows")
            return cls(np.zeros(quantiles.shape[1]), np.ones(quantiles.shape[1]), quantiles)
        center, width = (np.asarray(state[name], dtype=np.float64) for name in ("center", "width"))
        if center.shape != width.shape or center.ndim != 1 or not (width > 0).all():
            raise ValueError("each feature must have a center and a width above 0")
        return cls(center, width)

    def __len__(self) -> int:
        return len(self.center)


def learn_scaling(name: str, rows: FloatArray, weight: FloatArray) -> Scaling:
    """Learn a scaling from rows without NaN.

    Parameters
    ----------
    name : str
        One of :data:`SCALINGS`.
    rows : ndarray, shape (n_rows, n_features)
    weight : ndarray, shape (n_rows,)
        Of the rows, for mean, deviation and ranks; medians count each row once.
    """
    n_features = rows.shape[1]
    if name == "quantile":
        ranks = RankNormal.learn(rows, weight)
        return Scaling(np.zeros(n_features), np.ones(n_features), ranks.quantiles)
    if name == "standard":
        center = np.average(rows, axis=0, weights=weight)
        width = np.sqrt(np.average((rows - center) ** 2, axis=0, weights=weight))
    elif name == "robust":
        low, center, high = np.quantile(rows, [0.25, 0.5, 0.75], axis=0)
        width = high - low
        # half of the rows share one value: the deviation must do
        width = np.where(width > 0, width, rows.std(axis=0))
    else:
        center, width = np.zeros(n_features), np.ones(n_features)
    return Scaling(center, np.where(width > 0, width, 1.0))
