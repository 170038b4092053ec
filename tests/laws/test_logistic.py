"""A logistic regression has arrived where its likelihood is greatest, however hard the classes are to tell."""

import numpy as np
from scipy.special import softmax

from styleprint.models.logistic import LogisticModel


def test_each_class_is_as_likely_as_it_is_frequent():
    """With biases free of any penalty, the mean probability of a class at the optimum is its share of the rows."""
    random = np.random.default_rng(0)
    centre = random.normal(size=(24, 40)) * np.geomspace(0.02, 1.0, 40)
    y = np.repeat(np.arange(24), random.integers(6, 30, 24))
    rows = centre[y] + random.normal(size=(len(y), 40)) @ np.diag(np.geomspace(0.05, 3.0, 40))
    model = LogisticModel(strength=100.0).fit(rows, y.astype(str))
    found = softmax(model.machine_.decide(rows), axis=1)
    share = np.array([(y.astype(str) == name).mean() for name in model.classes_])
    np.testing.assert_allclose(found.mean(axis=0), share, atol=1e-4)
