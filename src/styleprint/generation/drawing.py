"""Tokens drawn from probabilities: temperature, the nucleus, and one source of chance an output.

Temperature divides the logarithms of the probabilities: under 1 the likely becomes likelier. The *nucleus* (top-p;
Holtzman, Buys, Du, Forbes and Choi 2020) is the smallest set of likeliest tokens whose probabilities sum to at
least p; the others are left out. Output k of a seed has its own source of chance, so that it does not depend on how
many are made beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.support.errors import UsageError

__all__ = ["Sampling", "draw", "sharpen", "sources"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sampling:
    """How tokens are drawn.

    Attributes
    ----------
    temperature : float
        Over 0; 1 leaves the probabilities as they are.
    top_p : float
        Mass of the nucleus, over 0 up to 1; 1 leaves all tokens in.
    seed : int
    """

    temperature: float = 1.0
    top_p: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.temperature < float("inf"):
            raise UsageError("U182", f"a temperature must be above 0, but {self.temperature:g} is asked for.")
        if not 0 < self.top_p <= 1:
            raise UsageError("U182", f"top-p must be above 0 and at most 1, but {self.top_p:g} is asked for.")


def sources(seed: int, n: int) -> list[np.random.Generator]:
    """One source of chance an output."""
    return [np.random.default_rng([seed, number]) for number in range(n)]


def sharpen(probabilities: FloatArray, sampling: Sampling) -> FloatArray:
    """Probabilities after temperature and nucleus.

    Parameters
    ----------
    probabilities : ndarray, shape (n, size)
        Not negative; each row has some mass, and need not sum to 1.
    sampling : Sampling

    Returns
    -------
    ndarray, shape (n, size)
        Rows sum to 1.
    """
    with np.errstate(divide="ignore"):
        scaled = np.log(probabilities) / sampling.temperature
    weights: FloatArray = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    if sampling.top_p >= 1:
        return weights
    order = np.argsort(-weights, axis=1, kind="stable")
    ranked = np.take_along_axis(weights, order, axis=1)
    before = np.cumsum(ranked, axis=1) - ranked
    kept = np.zeros_like(weights)
    np.put_along_axis(kept, order, np.where(before < sampling.top_p, ranked, 0.0), axis=1)
    nucleus: FloatArray = kept / kept.sum(axis=1, keepdims=True)
    return nucleus


def draw(probabilities: FloatArray, chance: Sequence[np.random.Generator]) -> npt.NDArray[np.int64]:
    """One token a row; row k by source k.

    Parameters
    ----------
    probabilities : ndarray, shape (n, size)
        Rows sum to 1.
    chance : sequence of Generator
    """
    mass = np.cumsum(probabilities, axis=1)
    threshold = np.array([source.random() for source in chance]) * mass[:, -1]
    token = (mass <= threshold[:, None]).sum(axis=1)
    last = probabilities.shape[1] - 1 - (probabilities[:, ::-1] > 0).argmax(axis=1)
    drawn: npt.NDArray[np.int64] = np.minimum(token, last)
    return drawn
