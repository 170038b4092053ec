"""The part of the standard model that reads streams: n-grams of passages, told apart by a linear machine.

Learning takes a row at three scales (:mod:`styleprint.models.passages`); asking takes whole rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from styleprint.models.base import FloatArray, IndexArray, Inputs
from styleprint.models.linear import balance, decide, fit_linear
from styleprint.models.ngrams import Space, learn_space
from styleprint.models.passages import Scales, cut_rows, join_scales
from styleprint.models.views import View

__all__ = ["NgramSvm", "Units", "fit_units", "learn_units"]

STRENGTH = 1.0


@dataclass(frozen=True, eq=False)
class Units:
    """Training rows at all scales, weighed.

    Attributes
    ----------
    weighed : sparse matrix, shape (n_units, n_columns)
    scales : Scales
    """

    weighed: sp.csr_matrix
    scales: Scales

    def whole(self) -> sp.csr_matrix:
        """The units that are whole rows, in the order of rows."""
        return self.weighed[self.scales.whole]


@dataclass(frozen=True, eq=False)
class NgramSvm:
    """A space of n-grams and the coefficients of each class in it.

    Attributes
    ----------
    space : Space
    coefficients : ndarray of float32, shape (n_columns, n_classes)
    intercepts : ndarray of float64, shape (n_classes,)
    """

    space: Space
    coefficients: npt.NDArray[np.float32]
    intercepts: FloatArray

    def weigh(self, inputs: Inputs) -> sp.csr_matrix:
        """Whole rows as TF-IDF."""
        return self.space.weigh(self.space.count(inputs, cut_rows(inputs, self.space.views, moments=None)))

    def decide(self, weighed: sp.csr_matrix) -> FloatArray:
        """Decision values of weighed rows, shape (n_rows, n_classes)."""
        return decide(weighed, self.coefficients, self.intercepts)

    def to_state(self) -> dict[str, Any]:
        """Arrays and values; coefficients are kept to a part in two thousand."""
        return self.space.to_state() | {
            "ngram_coefficients": self.coefficients.astype(np.float16),
            "ngram_intercepts": self.intercepts,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "NgramSvm":
        """The machine that :meth:`to_state` described."""
        space = Space.from_state(state)
        coefficients = np.asarray(state["ngram_coefficients"]).astype(np.float32)
        intercepts = np.asarray(state["ngram_intercepts"], dtype=np.float64)
        if coefficients.shape != (len(space.idf), len(intercepts)):
            raise ValueError("coefficients must fit the space and the classes")
        return cls(space, coefficients, intercepts)


def learn_units(inputs: Inputs, views: Sequence[View], weight: FloatArray) -> tuple[Space, Units]:
    """Learn the space of n-grams of these rows, and weigh them at all scales."""
    cuts = cut_rows(inputs, views)
    space, blocks = learn_space(inputs, views, cuts, weight)
    scales = join_scales(cuts, inputs.n_rows)
    summed = (sp.csr_matrix(scales.sums @ blocks.pop(0)) for _ in views)
    return space, Units(space.weigh(summed), scales)


def fit_units(
    space: Space,
    units: Units,
    rows: IndexArray,
    y: IndexArray,
    weight: FloatArray,
    n_classes: int,
    *,
    strength: float = STRENGTH,
    seed: int,
) -> NgramSvm:
    """Fit the coefficients on the units of some rows.

    Parameters
    ----------
    space : Space
    units : Units
    rows : ndarray of int
        Which rows to learn from.
    y, weight : ndarray, shape (n_rows,)
        Of all rows.
    n_classes : int
    strength : float
    seed : int
    """
    balanced = np.zeros(len(y))
    balanced[rows] = balance(y[rows], weight[rows], n_classes)
    row = units.scales.row
    chosen = np.flatnonzero(balanced[row] > 0)
    # a row's units share its weight, so that the number of passages changes nothing but the resolution;
    # in sum they count what their rows do, so that copies that share a weight count as one
    cost = balanced[row] * units.scales.share
    cost *= weight[row[chosen]].sum() / cost.sum()
    coefficients, intercepts = fit_linear(
        units.weighed, y[row], cost, n_classes, strength=strength, seed=seed, chosen=chosen
    )
    # what is stored is what answers
    return NgramSvm(space, coefficients.astype(np.float16).astype(np.float32), intercepts)
