"""What speaks for a class: n-grams with the moments where they stand, and features.

A contribution is a change of log-odds: how much the logarithm of P(class) / P(not class) would fall, to first
order, if an n-gram were absent or a feature were as in the median piece. Contributions of machines that are
linear in what they see are exact up to the softmax; those of the kernel are its gradient times the feature's
normal score.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.special import ndtr

from styleprint.models.base import FloatArray, IndexArray, Inputs
from styleprint.models.kernel import WIDTH, KernelRidge, gaussian
from styleprint.models.ngram_svm import NgramSvm
from styleprint.models.views import hash_runs, name_run, onsets_column

__all__ = [
    "Pattern",
    "contrast",
    "describe_feature",
    "find_run",
    "kernel_contributions",
    "ngram_contributions",
    "strongest",
]

_MOST_PLACES = 3


@dataclass(frozen=True)
class Pattern:
    """Something that speaks for a class, or against it."""

    name: str
    weight: float
    onset_quarters: tuple[float, ...] = ()
    onset_seconds: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a mapping; moments only where there are any."""
        found: dict[str, Any] = {"name": self.name, "weight": self.weight}
        moments = {"onset_quarters": self.onset_quarters, "onset_seconds": self.onset_seconds}
        return found | {name: list(places) for name, places in moments.items() if places}


def contrast(probabilities: FloatArray, k: int) -> FloatArray:
    """Direction of log-odds of class k among decision values: 1 for it, minus the others' shares of the rest.

    Parameters
    ----------
    probabilities : ndarray, shape (n_classes,)
    k : int
    """
    rest = np.maximum(np.delete(probabilities, k), 1e-9)
    return np.insert(-rest / rest.sum(), k, 1.0)


def ngram_contributions(machine: NgramSvm, weighed: sp.csr_matrix, direction: FloatArray) -> FloatArray:
    """Of each column of one weighed row (or of the mean of several), shape (n_columns,)."""
    mean = np.asarray(weighed.mean(axis=0), dtype=np.float64).ravel()
    contributions: FloatArray = mean * (machine.coefficients @ direction)
    return contributions


def kernel_contributions(machine: KernelRidge, scores: FloatArray, direction: FloatArray) -> FloatArray:
    """Of each feature of one row (or the mean of several), shape (n_features,)."""
    along = machine.coefficients @ direction
    kernel = gaussian(scores, machine.landmarks) * along
    slope = kernel @ machine.landmarks.astype(np.float64) - kernel.sum(axis=1, keepdims=True) * scores
    contributions: FloatArray = (slope * scores).mean(axis=0) * 2 * WIDTH / max(1, scores.shape[1])
    return contributions


def describe_feature(name: str, score: float) -> str:
    """``mean_melodic_interval, higher than in 93 % of pieces``."""
    share = float(ndtr(score))
    return f"{name}, {'higher' if share >= 0.5 else 'lower'} than in {100 * max(share, 1 - share):.0f} % of pieces"


def find_run(
    machine: NgramSvm, column: int, inputs: Inputs, rows: IndexArray | range
) -> tuple[str, tuple[float, ...]] | None:
    """Name of the n-gram of a column, and the onsets of its first places in the first of the rows that has it."""
    borders = machine.space.borders
    view_index = int(np.searchsorted(borders, column, side="right")) - 1
    view = machine.space.views[view_index]
    wanted = machine.space.hashes[view_index][column - borders[view_index]]
    onsets = onsets_column(view.stream, inputs.streams)
    for row in rows:
        words = view.join([inputs.streams[name].row(row) for name in view.columns])
        for order in view.orders:
            places = np.flatnonzero(hash_runs(words, order) == wanted)
            if len(places):
                moments = inputs.streams[onsets].row(row)[places[:_MOST_PLACES]] if onsets else np.empty(0)
                return name_run(view, words[places[0] : places[0] + order]), tuple(map(float, moments))
    return None


def strongest(contributions: npt.NDArray[Any], count: int, *, against: bool = False) -> Iterator[int]:
    """Indices of the greatest contributions, the greatest first; of the least with `against`."""
    signed = -contributions if against else contributions
    there = np.flatnonzero(signed > 0)
    yield from there[np.argsort(-signed[there], kind="stable")[:count]].tolist()
