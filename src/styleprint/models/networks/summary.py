"""What the branches of the hybrid read of a whole piece: its features, and where it lies by its runs.

Both enter as normal scores by rank, learnt from training rows without labels, as in the standard model; a feature that
does not apply is the median.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, Inputs, State, Training
from styleprint.models.held_out import Splits
from styleprint.models.kernel import RankNormal
from styleprint.models.latent_runs import LatentRuns
from styleprint.models.lesson import nest, nested
from styleprint.models.views import View

__all__ = ["Summary"]


@dataclass(frozen=True, eq=False)
class Summary:
    """Whole pieces in numbers.

    Attributes
    ----------
    feature_names : tuple of str
    runs : LatentRuns or None
    ranks : RankNormal
        Of the features, and after them of the coordinates of runs.
    """

    feature_names: tuple[str, ...]
    runs: LatentRuns | None
    ranks: RankNormal

    @classmethod
    def learn(
        cls, inputs: Inputs, views: Sequence[View], training: Training, splits: Splits, *, seed: int
    ) -> "tuple[Summary, FloatArray] | None":
        """What rows look like, and their scores, shape (n_rows, n_numbers); None where there is nothing to read.

        Parameters
        ----------
        inputs : Inputs
        views : sequence of View
            Of the runs.
        training : Training
        splits : sequence of pairs of row numbers
            Inner folds: a row that is held out in one is placed by the others.
        seed : int
        """
        runs, coordinates = LatentRuns.learn(inputs, views, training, splits, seed=seed) or (
            None,
            np.empty((inputs.n_rows, 0)),
        )
        numbers = np.concatenate([inputs.features, coordinates], axis=1)
        if not numbers.shape[1]:
            return None
        found = cls(inputs.feature_names, runs, RankNormal.learn(numbers, training.teaching))
        return found, found.ranks.apply(numbers)

    @property
    def n_numbers(self) -> int:
        """How many numbers a row has."""
        return int(self.ranks.quantiles.shape[1])

    def fits(self, feature_names: tuple[str, ...], stream_names: tuple[str, ...]) -> bool:
        """Whether it reads these features, and of streams no others."""
        read = set() if self.runs is None else {name for view in self.runs.space.views for name in view.columns}
        return self.feature_names == feature_names and read <= set(stream_names)

    def apply(self, inputs: Inputs) -> FloatArray:
        """Scores of rows, shape (n_rows, n_numbers)."""
        own = [] if self.runs is None else [self.runs.apply(inputs)]
        return self.ranks.apply(np.concatenate([inputs.features, *own], axis=1))

    def without(self, inputs: Inputs, borders: Mapping[str, npt.NDArray[np.int64]]) -> FloatArray:
        """Scores of a single row as it is, and then without the runs of each of its passages.

        Parameters
        ----------
        inputs : Inputs
            One row.
        borders : mapping of str to ndarray of int, shape (n_passages + 1,)
            Stream → where its passages begin, and the end.

        Returns
        -------
        ndarray, shape (1 + n_passages, n_numbers)
            Features are of the whole row, so they stay.
        """
        whole = self.apply(inputs)
        n_passages = len(next(iter(borders.values()))) - 1
        if self.runs is None:
            return np.repeat(whole, 1 + n_passages, axis=0)
        features = np.repeat(inputs.features, n_passages, axis=0)
        left = self.ranks.apply(np.concatenate([features, self.runs.without(inputs, borders)], axis=1))
        return np.concatenate([whole, left])

    def to_state(self) -> dict[str, Any]:
        """Arrays, text and values."""
        state: dict[str, Any] = {"feature_names": list(self.feature_names), "rank_quantiles": self.ranks.quantiles}
        return state | ({} if self.runs is None else nest("runs", self.runs.to_state()))

    @classmethod
    def from_state(cls, state: State) -> "Summary":
        """What :meth:`to_state` described."""
        names = tuple(map(str, state["feature_names"]))
        own = nested("runs", state)
        runs = LatentRuns.from_state(own) if own else None
        ranks = RankNormal(np.asarray(state["rank_quantiles"], dtype=np.float32))
        wanted = len(names) + (0 if runs is None else runs.directions.shape[1])
        if (
            not np.isfinite(ranks.quantiles).all()
            or ranks.quantiles.ndim != 2
            or len(ranks.quantiles) < 2
            or ranks.quantiles.shape[1] != wanted
        ):
            raise ValueError("features, runs and their quantiles must fit together")
        return cls(names, runs, ranks)
