"""A copy that shares the weight of a piece teaches nothing more; rare classes are called rare."""

import numpy as np
import pandas as pd
import pytest

from model_cases import rows, small_model
from styleprint.models.standard import StandardModel

COPIES = 3


def copied(X, y, groups, chosen):
    """Rows of which some stand there thrice, each with a third of the weight; and the weights."""
    times = np.where(chosen, COPIES, 1)
    index = np.repeat(np.arange(len(y)), times)
    return X.iloc[index].reset_index(drop=True), y[index], groups[index], 1.0 / times[index]


@pytest.mark.parametrize("share", [1.0, 0.3])
def test_copies_that_share_a_weight_teach_as_one_piece(share):
    """All pieces thrice, or some of them: the standard model answers as before, to its own tolerance."""
    X, y, groups = rows()
    names, group = np.unique(groups, return_inverse=True)
    doubtful = np.random.default_rng(2).random(len(names)) < 0.4
    y = np.where(doubtful[group], np.roll(np.unique(y), 1)[np.searchsorted(np.unique(y), y)], y)  # so that it errs
    chosen = np.random.default_rng(0).random(len(y)) <= share
    before = StandardModel().fit(X, y, groups=groups, sample_weight=np.ones(len(y)))
    more, labels, units, weight = copied(X, y, groups, chosen)
    after = StandardModel().fit(more, labels, groups=units, sample_weight=weight)
    assert np.array_equal(before.inner_.machines_.ngrams.space.idf, after.inner_.machines_.ngrams.space.idf)
    assert np.abs(before.predict_proba(X) - after.predict_proba(X)).max() < 0.01
    assert np.abs(before.typicality(X) - after.typicality(X)).mean() < 0.01


def noise(n_rows, seed):
    """Features that say nothing, nine rows of A to one of B."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.standard_normal((n_rows, 5)), columns=[f"x{j}" for j in range(5)])
    return frame, np.where(np.arange(n_rows) % 10 == 0, "B", "A")


@pytest.mark.parametrize("name", ["logistic", "rbf_svm", "kernel_ridge", "lightgbm"])
def test_without_a_sign_the_probabilities_are_the_shares(name):
    """Nothing tells the classes apart: the mean probability of each is how often it occurs."""
    X, y = noise(400, 0)
    model = small_model(name).fit(X, y)
    mean = model.predict_proba(noise(400, 1)[0]).mean(axis=0)
    assert mean[0] == pytest.approx(0.9, abs=0.05)


def test_the_standard_model_knows_how_rare_a_class_is():
    """Labels at random, one of five rare, over real rows: the mean probability of each is its share."""
    X, _, groups = rows(pieces=20)
    random = np.random.default_rng(1)
    names = np.unique(groups)
    chosen = dict(zip(names, np.where(random.permutation(len(names)) % 5 == 0, "B", "A"), strict=True))
    y = np.array([chosen[name] for name in groups])
    model = StandardModel().fit(X, y, groups=groups)
    fresh = rows(pieces=30)[0]
    assert model.predict_proba(fresh)[:, 0].mean() == pytest.approx((y == "A").mean(), abs=0.1)
