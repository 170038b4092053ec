"""Is one model better than another? Statistics of differences between models that were run on the same folds.

With d the differences of the k·r fits of k folds repeated r times, m their mean and s² their variance (n − 1):

corrected t (Nadeau and Bengio, *Inference for the generalization error*, Machine Learning 52, 2003)
    t = m / sqrt(s² (1/(kr) + 1/(k − 1))), on k·r − 1 degrees of freedom. The training sets of the folds overlap, so
    the differences depend on each other; 1/(k − 1), the number of test rows for each training row, stands for that.
    The ordinary t-test, without that term, finds differences where there are none.
Bayesian correlated t (Benavoli, Corani, Demšar and Zaffalon, *Time for a change*, JMLR 18, 2017, section 3)
    The posterior of the mean difference, under a flat prior and a correlation of 1/k between folds, is Student's t
    with the same centre, scale and degrees of freedom. Its mass below −ROPE, within ± ROPE and above ROPE is the
    probability that the one is worse, that they are equivalent in practice, and that it is better.
paired bootstrap
    The groups are drawn with replacement, the same for both models; the interval of the difference of their pooled
    figures. It says how far the test works decide; it leaves out the variation of training.
Holm (1979)
    Of several p-values against one reference: sorted, multiplied by the number that remain, and never falling.

The two t-tests need at least :data:`MIN_FITS` fits: with fewer, the variance of the differences is not known well
enough, and the answer is "does not apply".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from styleprint.evaluation.intervals import GroupBootstrap, interval
from styleprint.evaluation.metrics import Tally
from styleprint.evaluation.pieces import FloatArray

__all__ = ["MIN_FITS", "ROPE", "CorrelatedT", "correlated_t", "difference_interval", "holm"]

MIN_FITS = 10
ROPE = 0.01


@dataclass(frozen=True)
class CorrelatedT:
    """Both t-tests of one series of differences.

    Attributes
    ----------
    mean : float
    standard_error : float
        Corrected for the overlap of training sets.
    t : float
        Infinite where all differences are equal and not 0, NaN where all are 0.
    degrees : int
        Of freedom.
    p_value : float
        Two-sided; 1 where all differences are 0.
    p_worse, p_equivalent, p_better : float
        Posterior probabilities; they sum to 1.
    """

    mean: float
    standard_error: float
    t: float
    degrees: int
    p_value: float
    p_worse: float
    p_equivalent: float
    p_better: float


def correlated_t(differences: Sequence[float] | FloatArray, *, folds: int, rope: float = ROPE) -> CorrelatedT | None:
    """Both tests.

    Parameters
    ----------
    differences : sequence of float, one a fit
        Positive where the model is better than the reference.
    folds : int
        k: each fit learns from (k − 1)/k of the rows.
    rope : float
        Half the width of the region of practical equivalence.

    Returns
    -------
    CorrelatedT or None
        None where there are fewer than :data:`MIN_FITS` fits, or fewer than two folds.
    """
    values = np.asarray(differences, dtype=np.float64)
    n = len(values)
    if n < MIN_FITS or folds < 2:
        return None
    mean = float(values.mean())
    error = float(np.sqrt(values.var(ddof=1) * (1.0 / n + 1.0 / (folds - 1))))
    if error <= np.finfo(np.float64).eps * max(1.0, abs(mean)):
        return _without_spread(mean, n - 1, rope)
    t = mean / error
    below, above = stats.t.cdf(-rope, n - 1, mean, error), stats.t.sf(rope, n - 1, mean, error)
    return CorrelatedT(
        mean=mean,
        standard_error=error,
        t=t,
        degrees=n - 1,
        p_value=float(2.0 * stats.t.sf(abs(t), n - 1)),
        p_worse=float(below),
        p_equivalent=float(1.0 - below - above),
        p_better=float(above),
    )


def _without_spread(mean: float, degrees: int, rope: float) -> CorrelatedT:
    """All differences are one number: the posterior is that number."""
    is_zero = abs(mean) <= np.finfo(np.float64).eps
    return CorrelatedT(
        mean=mean,
        standard_error=0.0,
        t=float("nan") if is_zero else float(np.copysign(np.inf, mean)),
        degrees=degrees,
        p_value=1.0 if is_zero else 0.0,
        p_worse=float(mean < -rope),
        p_equivalent=float(abs(mean) <= rope),
        p_better=float(mean > rope),
    )


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """p-values adjusted for their number, by Holm's step-down rule; in the order given."""
    count = len(p_values)
    adjusted, floor = {}, 0.0
    for rank, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        floor = max(floor, min(1.0, (count - rank) * p_values[name]))
        adjusted[name] = floor
    return {name: adjusted[name] for name in p_values}


def difference_interval(
    model: Tally, reference: Tally, bootstrap: GroupBootstrap, metric: str, *, sign: float = 1.0
) -> dict[str, float]:
    """The difference of the pooled figures of two models, with its interval over groups.

    Parameters
    ----------
    model, reference : Tally
        Sums of the same units, those of `bootstrap`.
    bootstrap : GroupBootstrap
    metric : str
        One that a Tally gives.
    sign : float
        −1 where lower is better, so that a positive difference always speaks for the model.

    Returns
    -------
    dict
        ``value``, ``low``, ``high``.
    """
    draws = [
        sign * (model.values(times)[0][metric] - reference.values(times)[0][metric])
        for times in bootstrap.blocks(model.n_classes**2)
    ]
    once = np.ones((1, len(bootstrap.label_of_unit)))
    value = sign * (model.values(once)[0][metric] - reference.values(once)[0][metric])
    return interval(float(value[0]), np.concatenate(draws))
