"""Whether probabilities mean what they say.

ECE is the expected calibration error of the likeliest class (Naeini, Cooper and Hauskrecht 2015): in
each of 15 bins of equal mass, ordered by confidence, the gap between mean confidence and accuracy;
the mean of the gaps. Equal mass, because most answers are confident and bins of equal width are then
nearly empty (Nixon et al. 2019). A row on the border of two bins counts in both, by its share, and rows of
equal confidence are spread alike, so that the figure does not depend on the order of rows.

ECE is biased upwards: even a perfectly calibrated model shows a gap in every finite bin. So it stands
beside what such a model of that size would show, simulated. The simulation draws pieces as independent, copies and
repeats apart; movements of a work are right or wrong together more often than that, so the yardstick is a little
short and errs towards caution.
"""

import numpy as np

from styleprint.evaluation.pieces import FloatArray, IndexArray

__all__ = ["N_BINS", "ece", "ece_if_perfect", "reliability"]

N_BINS = 15
_N_SIMULATED = 500


def ece(confidence: FloatArray, right: FloatArray, weight: FloatArray, bins: int = N_BINS) -> float | FloatArray:
    """Expected calibration error.

    Parameters
    ----------
    confidence : ndarray, shape (n,)
        Probability of the likeliest class.
    right : ndarray, shape (n,) or (m, n)
        1 where that class is the true one.
    weight : ndarray, shape (n,) or (m, n)
        With m rows, m values are returned.
    bins : int

    Returns
    -------
    float, or ndarray of shape (m,)
    """
    starts, order = _sorted(confidence)
    mass, gap = np.atleast_2d(weight)[:, order], np.atleast_2d(weight * (right - confidence))[:, order]
    mass, gap = np.add.reduceat(mass, starts, axis=1), np.add.reduceat(gap, starts, axis=1)
    mass, gap = np.broadcast_arrays(np.cumsum(mass, axis=1), np.cumsum(gap, axis=1))
    edges = np.linspace(0.0, 1.0, bins + 1)
    found = np.array(
        [
            abs(np.diff(np.interp(edges, _from_zero(m / m[-1]), _from_zero(g)))).sum() / m[-1]
            for m, g in zip(mass, gap, strict=True)
        ]
    )
    return found if max(np.ndim(weight), np.ndim(right)) > 1 else float(found[0])


def ece_if_perfect(confidence: FloatArray, weight: FloatArray, unit: IndexArray, seed: int) -> FloatArray:
    """ECE of a model whose probabilities are true, over simulated answers.

    Parameters
    ----------
    confidence, weight : ndarray, shape (n,)
    unit : ndarray of int, shape (n,)
        Rows that are right or wrong together: copies of a piece, and a piece in several repeats.
    seed : int

    Returns
    -------
    ndarray, shape (500,)
    """
    rng = np.random.default_rng(seed)
    n_units = int(unit.max()) + 1
    found = []
    block = max(1, 2_000_000 // max(len(confidence), n_units))
    for start in range(0, _N_SIMULATED, block):
        draws = rng.random((min(block, _N_SIMULATED - start), n_units))
        found.append(np.atleast_1d(ece(confidence, (draws[:, unit] < confidence).astype(np.float64), weight)))
    return np.concatenate(found)


def reliability(confidence: FloatArray, right: FloatArray, weight: FloatArray) -> list[dict[str, float]]:
    """Mean confidence and accuracy of each bin of equal mass, and its share of the weight."""
    starts, order = _sorted(confidence)
    sums = [np.cumsum(np.add.reduceat((weight * column)[order], starts)) for column in (1.0, confidence, right)]
    mass = sums[0]
    bins = min(N_BINS, len(confidence))
    edges = np.linspace(0.0, 1.0, bins + 1)
    at_edges = [np.diff(np.interp(edges, _from_zero(mass / mass[-1]), _from_zero(column))) for column in sums]
    return [
        {"confidence": float(c / m), "accuracy": float(r / m), "share": float(m / mass[-1])}
        for m, c, r in zip(*at_edges, strict=True)
    ]


def _sorted(confidence: FloatArray) -> tuple[IndexArray, IndexArray]:
    """Where each distinct value starts in the sorted order, and that order."""
    order = np.argsort(confidence, kind="stable")
    return np.unique(confidence[order], return_index=True)[1], order


def _from_zero(cumulative: FloatArray) -> FloatArray:
    return np.concatenate([[0.0], cumulative])
