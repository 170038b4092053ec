"""The inner loop of :mod:`styleprint.models.linear`, compiled by numba."""

import numba
import numpy as np

__all__ = ["descend"]


@numba.njit(cache=True)
def descend(data, indices, indptr, square, sign, cost, alpha, coefficients, order):  # type: ignore[no-untyped-def]  # compiled for its arguments
    """Visit each row once, and move its dual variables to their best (algorithm 1 with an intercept).

    `alpha` (n, n_classes) and `coefficients` (n_columns + 1, n_classes; the last row the intercepts) are
    changed in place.

    Returns
    -------
    float
        Greatest projected gradient that was met: 0 at the optimum.
    """
    n_classes = sign.shape[1]
    last = coefficients.shape[0] - 1
    margin = np.empty(n_classes)
    step = np.empty(n_classes)
    worst = 0.0
    for i in order:
        start, end = indptr[i], indptr[i + 1]
        for k in range(n_classes):
            margin[k] = coefficients[last, k]
        for j in range(start, end):
            column, value = indices[j], data[j]
            for k in range(n_classes):
                margin[k] += value * coefficients[column, k]
        diagonal = 0.5 / cost[i]
        moved = False
        for k in range(n_classes):
            gradient = sign[i, k] * margin[k] - 1.0 + diagonal * alpha[i, k]
            projected = min(gradient, 0.0) if alpha[i, k] == 0.0 else gradient
            step[k] = 0.0
            if abs(projected) > 1e-12:
                worst = max(worst, abs(projected))
                before = alpha[i, k]
                alpha[i, k] = max(before - gradient / (square[i] + diagonal), 0.0)
                step[k] = (alpha[i, k] - before) * sign[i, k]
                moved = moved or step[k] != 0.0
        if moved:
            for k in range(n_classes):
                coefficients[last, k] += step[k]
            for j in range(start, end):
                column, value = indices[j], data[j]
                for k in range(n_classes):
                    coefficients[column, k] += value * step[k]
    return worst
