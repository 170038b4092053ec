"""Small statistics of a piece that say NaN where there is nothing to count.

They are called hundreds of times a piece, on some hundred numbers: what they cost is the number of calls within.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from styleprint.features.loops import hash_runs
from styleprint.music.score import FloatArray
from styleprint.theory.stretches import first_of_stretches as borders
from styleprint.theory.stretches import stretch_lengths as run_lengths

__all__ = [
    "bits",
    "borders",
    "bounded_ratio",
    "chance_of_equal",
    "consists_of",
    "contained",
    "deviation",
    "differences",
    "distinct",
    "figures",
    "kinds",
    "mean",
    "median",
    "moments",
    "ratio",
    "run_lengths",
    "share",
    "shares",
    "spread",
    "variance",
    "weighted_shares",
]

Number = TypeVar("Number", np.int32, np.int64, np.float64)
NumberArray = npt.NDArray[np.number] | npt.NDArray[np.bool_]
CodeArray = npt.NDArray[np.integer]
Integer = np.integer[Any]


def mean(values: NumberArray) -> float:
    """Arithmetic mean; NaN of nothing."""
    return float(np.add.reduce(values, dtype=np.float64)) / len(values) if len(values) else float("nan")


def share(claims: NumberArray) -> float:
    """Share of the entries that are true; NaN of nothing."""
    return int(np.count_nonzero(claims)) / len(claims) if len(claims) else float("nan")


def deviation(values: NumberArray) -> float:
    """Standard deviation (of the whole, divisor n); NaN for fewer than two values."""
    return spread(values) if len(values) > 1 else float("nan")


def spread(values: NumberArray) -> float:
    """Standard deviation (of the whole, divisor n) of one value or more."""
    n = len(values)
    centred = values - np.add.reduce(values, dtype=np.float64) / n
    return sqrt(np.add.reduce(centred * centred) / n)


def differences(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """From each entry to the next; five times faster than :func:`numpy.diff` on some hundreds."""
    between: npt.NDArray[Number] = values[1:] - values[:-1]
    return between


def median(values: NumberArray) -> float:
    """Middle value, or the mean of the middle two; NaN of nothing."""
    n = len(values)
    if not n:
        return float("nan")
    rising = np.sort(values)
    return (float(rising[(n - 1) // 2]) + float(rising[n // 2])) / 2.0


def variance(values: NumberArray) -> float:
    """Variance (of the whole, divisor n); NaN of nothing."""
    return float(values.var()) if len(values) else float("nan")


def ratio(part: float | Integer, whole: float | Integer) -> float:
    """Quotient; NaN where the divisor is zero."""
    return float(part) / float(whole) if whole else float("nan")


def bounded_ratio(part: float | Integer, whole: float | Integer) -> float:
    """Quotient of a part and its whole: 1 at most, whatever rounding did; NaN where the whole is zero."""
    return min(1.0, float(part) / float(whole)) if whole else float("nan")


def shares(codes: CodeArray, n_codes: int) -> FloatArray:
    """Share of each code 0 … n_codes - 1 among the codes; NaN of nothing."""
    if not len(codes):
        return np.full(n_codes, np.nan)
    return np.bincount(codes, minlength=n_codes) / len(codes)


def weighted_shares(codes: CodeArray, weights: FloatArray, n_codes: int) -> FloatArray:
    """Share of the weight of each code 0 … n_codes - 1; NaN where nothing weighs."""
    counts = np.bincount(codes, weights=weights, minlength=n_codes).astype(np.float64)
    total = float(counts.sum())
    return np.minimum(counts / total, 1.0) if total > 0 else np.full(n_codes, np.nan)


def moments(values: NumberArray, weights: FloatArray | None = None) -> tuple[float, float, float, float]:
    """Mean, standard deviation, skewness and kurtosis (3 for a normal distribution), of the whole.

    NaN of nothing; skewness and kurtosis are NaN where all values are the same.
    """
    nan = float("nan")
    weight = np.ones(len(values)) if weights is None else weights
    total = float(weight.sum())
    if not total > 0:
        return nan, nan, nan, nan
    middle = float(weight @ values) / total
    centred = values - middle
    square = centred * centred
    heavy = weight * square
    second, third, fourth = float(heavy.sum()) / total, float(heavy @ centred) / total, float(heavy @ square) / total
    if second <= 1e-12 * max(1.0, middle * middle):
        return middle, 0.0, nan, nan
    return middle, second**0.5, third / second**1.5, fourth / second**2


def bits(weights: NumberArray) -> float:
    """Entropy of weights in bits; NaN where all are zero."""
    total = np.add.reduce(weights)
    if not total > 0:
        return float("nan")
    probability = weights[weights > 0] / total
    return max(0.0, -float(np.add.reduce(probability * np.log2(probability))))


def distinct(codes: CodeArray) -> CodeArray:
    """Each different code once, rising; ten times faster than :func:`numpy.unique` on some thousands."""
    rising = np.sort(codes)
    return rising[borders(rising)]


def consists_of(codes: CodeArray, few: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Whether each code is one of a few; ten times faster than :func:`numpy.isin` for so few."""
    found: npt.NDArray[np.bool_] = codes == few[0]
    for code in few[1:]:
        found |= codes == code
    return found


def contained(codes: CodeArray, among: CodeArray) -> npt.NDArray[np.bool_]:
    """Whether each code is among the others; faster than :func:`numpy.isin` on some thousands."""
    found = np.zeros(len(codes), dtype=bool)
    if len(among):
        order, rising = np.argsort(codes), np.sort(among)
        wanted = codes[order]  # in order, so that one is looked up near the one before
        found[order] = rising[np.minimum(np.searchsorted(rising, wanted), len(rising) - 1)] == wanted
    return found


def kinds(codes: CodeArray) -> npt.NDArray[np.int64]:
    """How often each different code occurs, the commonest first."""
    counts = run_lengths(np.sort(codes))
    return np.sort(counts)[::-1]


def chance_of_equal(codes: CodeArray) -> float:
    """Chance that two entries, drawn without replacement, are equal: it does not grow with length.

    NaN for fewer than two entries.
    """
    n = len(codes)
    if n < 2:
        return float("nan")
    counts = kinds(codes).astype(np.float64)
    return float((counts * (counts - 1)).sum()) / (n * (n - 1))


def figures(codes: CodeArray, length: int) -> CodeArray:
    """One number for each run of `length` successive codes: equal runs have equal numbers.

    The numbers are hashes of 64 bits.
    """
    count = len(codes) - length + 1
    if count < 1:
        return np.empty(0, dtype=np.uint64)
    return hash_runs(codes.astype(np.uint64), length)
