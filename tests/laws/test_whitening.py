"""What whitening promises: no relation left inside classes, whatever the features' units and order were."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st

from styleprint.models import whitening
from styleprint.models.whitening import learn_whitening


def lesson(seed, n=120, n_features=5, n_classes=3):
    """Rows of related features, their classes and weights."""
    random = np.random.default_rng(seed)
    y = np.arange(n) % n_classes
    mixing = random.normal(size=(n_features, n_features))
    rows = random.normal(size=(n, n_features)) @ mixing + 3.0 * random.normal(size=(n_classes, n_features))[y]
    return rows, y, random.uniform(0.5, 2.0, n)


def within(rows, y, weight):
    """The weighted covariance within classes."""
    share = weight / weight.sum()
    rest = rows - np.stack([np.average(rows[y == k], axis=0, weights=weight[y == k]) for k in np.unique(y)])[y]
    return (share[:, None] * rest).T @ rest


@given(st.integers(0, 50))
def test_features_are_unrelated_within_classes(seed):
    """With hardly any shrinkage the covariance within classes becomes a multiple of the identity."""
    rows, y, weight = lesson(seed)
    matrix = learn_whitening(1e-9, rows, y, weight)
    found = within(rows @ matrix, y, weight)
    assert np.allclose(found / found[0, 0], np.eye(5), atol=1e-3)
    assert np.allclose(matrix, matrix.T)
    mixed = (rows - np.average(rows, axis=0, weights=weight)) @ matrix
    assert np.average((mixed**2).mean(axis=1), weights=weight) == pytest.approx(1.0, rel=1e-4)


@given(st.integers(0, 50), st.sampled_from([0.1, 0.3, 1.0]))
def test_it_is_the_inverse_square_root_of_the_shrunken_covariance(seed, shrinkage):
    """SciPy's matrix root gives the same, up to scale."""
    rows, y, weight = lesson(seed)
    covariance = within(rows, y, weight)
    shrunken = (1 - shrinkage) * covariance + shrinkage * np.diag(np.diag(covariance))
    root = np.linalg.inv(scipy.linalg.sqrtm(shrunken).real)
    matrix = learn_whitening(shrinkage, rows, y, weight)
    assert np.allclose(matrix / matrix[0, 0], root / root[0, 0], rtol=1e-3, atol=1e-4)


@given(st.integers(0, 50), st.permutations(range(5)))
def test_the_order_of_features_does_not_count(seed, order):
    """Mixed features stand where the features stood."""
    rows, y, weight = lesson(seed)
    straight, turned = learn_whitening(0.3, rows, y, weight), learn_whitening(0.3, rows[:, order], y, weight)
    assert np.allclose((rows @ straight)[:, order], rows[:, order] @ turned, atol=1e-3)


def test_features_that_do_not_vary_and_too_many_are_borne(monkeypatch):
    """A constant feature breaks nothing; beyond the limit features stay as they are."""
    rows, y, weight = lesson(0)
    rows[:, 2] = 7.0
    assert np.isfinite(rows @ learn_whitening(0.3, rows, y, weight)).all()
    assert np.isfinite(learn_whitening(0.3, np.ones((6, 2)), np.array([0, 0, 0, 1, 1, 1]), np.ones(6))).all()
    monkeypatch.setattr(whitening, "MOST_FEATURES", 4)
    assert learn_whitening(0.3, rows, y, weight) is None
