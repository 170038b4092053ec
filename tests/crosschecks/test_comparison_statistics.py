"""The statistics of comparisons beside published values, scipy, and definitions written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from styleprint.evaluation.intervals import GroupBootstrap
from styleprint.evaluation.metrics import Tally
from styleprint.evaluation.paired import correlated_t, difference_interval, holm

DIFFERENCES = st.lists(st.floats(-0.5, 0.5, allow_subnormal=False), min_size=10, max_size=40)


def test_scikit_learns_published_example():
    """Its guide on comparing models: corrected t .750, one-sided p .227, equivalence within .01 .432, better .500."""
    X, y = make_moons(noise=0.352, random_state=1, n_samples=100)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    rbf, linear = (
        cross_val_score(SVC(kernel=kernel, random_state=0), X, y, scoring="roc_auc", cv=folds)
        for kernel in ("rbf", "linear")
    )
    found = correlated_t(rbf - linear, folds=10)
    assert found.t == pytest.approx(0.750, abs=5e-4)
    assert found.p_value / 2 == pytest.approx(0.227, abs=5e-4)
    assert found.p_equivalent == pytest.approx(0.432, abs=5e-4)
    assert found.p_worse == pytest.approx(0.068, abs=5e-4)


@given(DIFFERENCES, st.integers(2, 20))
def test_the_correction_is_a_factor_of_the_ordinary_t(differences, folds):
    """Scipy's one-sample t, with 1/n replaced by 1/n + 1/(k − 1)."""
    if np.std(differences) < 1e-6:
        return
    n = len(differences)
    ordinary = stats.ttest_1samp(differences, 0.0).statistic
    found = correlated_t(differences, folds=folds)
    assert found.t == pytest.approx(ordinary * np.sqrt((1 / n) / (1 / n + 1 / (folds - 1))), rel=1e-9, abs=1e-12)
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(found.t), n - 1))


def test_the_posterior_is_what_integration_finds():
    """The density of the posterior, written out and integrated over the three regions."""
    differences = np.random.default_rng(3).normal(0.01, 0.03, size=20)
    n, folds, rope = 20, 10, 0.01
    scale = np.sqrt(differences.var(ddof=1) * (1 / n + (1 / folds) / (1 - 1 / folds)))

    def density(mu):
        z = (mu - differences.mean()) / scale
        return (1 + z**2 / (n - 1)) ** (-n / 2)

    whole = integrate.quad(density, -1, 1, points=[differences.mean()], epsabs=1e-12, limit=200)[0]
    within = integrate.quad(density, -rope, rope, epsabs=1e-12)[0] / whole
    found = correlated_t(differences, folds=folds, rope=rope)
    assert found.p_equivalent == pytest.approx(within, abs=1e-6)
    assert found.p_worse + found.p_equivalent + found.p_better == pytest.approx(1.0)


@given(DIFFERENCES, st.integers(2, 10))
def test_who_is_compared_with_whom_is_a_sign(differences, folds):
    """Models exchanged: the same p, better and worse exchanged."""
    one, other = correlated_t(differences, folds=folds), correlated_t([-d for d in differences], folds=folds)
    assert one.p_value == pytest.approx(other.p_value)
    assert one.p_better == pytest.approx(other.p_worse, abs=1e-12)


def test_nine_fits_are_too_few():
    """Fewer than ten differences say too little of their variance."""
    assert correlated_t([0.1] * 9, folds=3) is None
    assert correlated_t([0.1] * 10, folds=1) is None


@pytest.mark.parametrize(("value", "p", "better"), [(0.0, 1.0, 0.0), (0.02, 0.0, 1.0), (0.005, 0.0, 0.0)])
def test_equal_differences(value, p, better):
    """No spread: the posterior is one number, and no division by zero."""
    found = correlated_t([value] * 10, folds=5)
    assert (found.p_value, found.p_better) == (p, better)


def test_the_correction_keeps_its_promise():
    """Two coin-tossing models differ at p < .05 in about 5 % of comparisons; the ordinary t-test would in many more."""
    rng = np.random.default_rng(0)
    corrected = ordinary = 0
    for _ in range(300):
        common = rng.normal(scale=np.sqrt(1 / 5))  # differences of overlapping fits: correlation 1/k with k = 5
        differences = common + rng.normal(scale=np.sqrt(1 - 1 / 5), size=10)
        corrected += correlated_t(differences, folds=5).p_value < 0.05
        ordinary += stats.ttest_1samp(differences, 0.0).pvalue < 0.05
    assert 0.01 < corrected / 300 < 0.09
    assert ordinary / 300 > 0.15


def test_holm_by_hand():
    """Holm's rule on four p-values: sorted, times 4, 3, 2, 1, never falling."""
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}) == pytest.approx(
        {"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02}
    )
    assert holm({}) == {}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_lies_between_plain_and_bonferroni(p_values):
    """It never lowers a p-value and never asks more than Bonferroni."""
    named = {str(i): p for i, p in enumerate(p_values)}
    adjusted = holm(named)
    assert all(named[i] <= adjusted[i] <= min(1.0, len(named) * named[i]) + 1e-12 for i in named)


def test_the_bootstrap_draws_the_same_groups_for_both():
    """A model against itself differs by nothing in every draw; a better one by what its draws say."""
    rng = np.random.default_rng(1)
    truth, group = rng.integers(0, 2, 60), np.arange(60) // 3
    sure = np.eye(2)[truth]
    coin = np.eye(2)[rng.integers(0, 2, 60)]
    bootstrap = GroupBootstrap.of(truth, group, seed=0)
    right, guessing = (Tally.count(truth, p, np.ones(60), bootstrap.unit) for p in (sure, coin))
    assert difference_interval(right, right, bootstrap, "accuracy") == {"value": 0.0, "low": 0.0, "high": 0.0}
    found = difference_interval(right, guessing, bootstrap, "accuracy")
    assert found["value"] == pytest.approx(1 - (coin == sure).all(axis=1).mean())
    assert 0 < found["low"] < found["value"] < found["high"]
