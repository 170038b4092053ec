"""Our machines beside scikit-learn's, on the same problem."""

import numpy as np
import scipy.sparse as sp
from sklearn.gaussian_process.kernels import RBF
from sklearn.kernel_ridge import KernelRidge
from sklearn.svm import LinearSVC

from styleprint.models.kernel import RIDGE, WIDTH, RankNormal, fit_kernel
from styleprint.models.linear import balance, decide, fit_linear


def problem(seed=0, n=150, n_columns=400):
    random = np.random.default_rng(seed)
    y = random.integers(0, 3, n)
    rows = sp.random(n, n_columns, density=0.05, random_state=random, format="lil", dtype=np.float32)
    rows[np.arange(n), y] = 0.5
    return sp.csr_matrix(rows), y, random.uniform(0.5, 2, n)


def test_linear_machine():
    """Both minimise one function; ours stops within a few thousandths of the least value that liblinear finds."""
    rows, y, weight = problem()
    reference = LinearSVC(C=2.0, tol=1e-8, max_iter=100_000).fit(rows, y, sample_weight=weight)
    coefficients, intercepts = fit_linear(rows, y, weight, 3, strength=2.0, seed=0)
    ours, theirs = decide(rows, coefficients, intercepts), reference.decision_function(rows)
    assert np.abs(ours - theirs).max() < 0.03
    sign = np.where(y[:, None] == np.arange(3), 1, -1)

    def objective(w, b, decision):
        hinge = np.maximum(0, 1 - sign * decision) ** 2
        return 0.5 * ((w**2).sum() + (b**2).sum()) + 2.0 * (weight[:, None] * hinge).sum()

    least = objective(reference.coef_, reference.intercept_, theirs)
    assert objective(coefficients, intercepts, ours) <= least * 1.003


def test_chosen_rows_are_as_good_as_a_copy():
    """Learning from some rows in place gives what learning from a copy of them gives."""
    rows, y, weight = problem()
    chosen = np.flatnonzero(np.arange(len(y)) % 3 > 0)
    there = fit_linear(rows, y, weight, 3, strength=1.0, seed=0, chosen=chosen)
    apart = fit_linear(rows[chosen], y[chosen], weight[chosen], 3, strength=1.0, seed=0)
    assert np.abs(there[0] - apart[0]).max() < 0.02


def test_kernel_machine():
    """Weighted kernel ridge regression with a Gaussian kernel, targets centred by weight."""
    random = np.random.default_rng(1)
    features = random.normal(size=(80, 6))
    y, weight = random.integers(0, 2, 80), random.uniform(0.5, 2, 80)
    ranks = RankNormal.learn(features, np.ones(len(features)))
    scores = ranks.apply(features).astype(np.float16).astype(np.float64)
    found = fit_kernel(ranks, scores, y, weight, 2, seed=0).decide(scores)
    balanced = balance(y, weight, 2)
    target = np.where(y[:, None] == np.arange(2), 1.0, -1.0)
    mean = (balanced[:, None] * target).sum(axis=0) / balanced.sum()
    kernel = RBF(np.sqrt(6 / (2 * WIDTH)))
    reference = KernelRidge(alpha=RIDGE, kernel="precomputed")
    matrix = kernel(scores)
    expected = reference.fit(matrix, target - mean, sample_weight=balanced).predict(matrix) + mean
    assert np.abs(found - expected).max() < 1e-6


def test_landmarks_come_near_all_rows(monkeypatch):
    """With fewer landmarks than rows the answers stay close."""
    random = np.random.default_rng(2)
    features = random.normal(size=(300, 4))
    y = (features[:, 0] + 0.3 * random.normal(size=300) > 0).astype(np.intp)
    ranks = RankNormal.learn(features, np.ones(len(features)))
    scores = ranks.apply(features)
    whole = fit_kernel(ranks, scores, y, np.ones(300), 2, seed=0).decide(scores)
    monkeypatch.setattr("styleprint.models.kernel.MAX_LANDMARKS", 100)
    part = fit_kernel(ranks, scores, y, np.ones(300), 2, seed=0)
    assert len(part.landmarks) == 100
    assert np.corrcoef(part.decide(scores)[:, 1], whole[:, 1])[0, 1] > 0.99
