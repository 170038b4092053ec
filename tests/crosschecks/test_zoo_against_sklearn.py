"""Machines kept as arrays decide as the libraries that trained them; what is written anew, as scikit-learn does."""

import lightgbm
import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_selection import f_classif
from sklearn.kernel_ridge import KernelRidge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import RobustScaler, StandardScaler
from sklearn.svm import SVC

from styleprint.models.boosting import Boosted, LightgbmModel
from styleprint.models.discriminant import fit_discriminant
from styleprint.models.ensemble import Trees
from styleprint.models.kernel_ridge import KernelRidgeModel, LaplaceRidgeModel
from styleprint.models.knn import NearestRows
from styleprint.models.lesson import Lesson
from styleprint.models.mlp import MlpModel, _forward, gradients
from styleprint.models.naive_bayes import NaiveBayesModel
from styleprint.models.scaling import learn_scaling
from styleprint.models.selection import f_values
from styleprint.models.support_vectors import SupportVectors


def data(n_classes=4, n=120, seed=0):
    X, y = make_classification(n, 8, n_informative=6, n_classes=n_classes, random_state=seed)
    return X[: n // 2], y[: n // 2], X[n // 2 :]


def lesson(X, y):
    names = tuple(map(str, np.unique(y)))
    return Lesson(X, y.astype(np.intp), np.ones(len(y)), np.arange(len(y)).astype(str), names)


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("kernel", ["gauss", "polynomial"])
def test_support_vectors_decide_as_libsvm(kernel, n_classes):
    """Decisions of all pairs, to ten digits; the sign for two classes too."""
    X, y, new = data(n_classes)
    kind = {"gauss": {"kernel": "rbf"}, "polynomial": {"kernel": "poly", "degree": 3, "coef0": 1.0}}[kernel]
    learner = SVC(C=2.0, gamma=0.2, decision_function_shape="ovo", **kind).fit(X, y)
    machine = SupportVectors.of(learner, kernel, 0.2, 3)
    expected = learner.decision_function(new)
    pairs = machine.pairs(new)
    assert np.allclose(pairs, -expected[:, None] if n_classes == 2 else expected, atol=1e-10)
    if n_classes == 2:
        assert (machine.decide(new).argmax(axis=1) == learner.predict(new)).all()


def test_trees_decide_as_scikit_learn():
    """Shares of the leaves, to the precision in which they are kept."""
    X, y, new = data()
    learner = ExtraTreesClassifier(30, min_samples_leaf=2, random_state=0).fit(X, y)
    assert np.allclose(Trees.of(learner.estimators_).shares(new), learner.predict_proba(new), atol=1e-3)


def test_discriminants_are_those_of_scikit_learn():
    """Without shrinkage: the same probabilities, priors of the training rows."""
    X, y, new = data()
    learner = LinearDiscriminantAnalysis(solver="lsqr").fit(X, y)
    found = fit_discriminant(X, y, np.ones(len(y)), 4, 0.0).decide(new)
    expected = learner.decision_function(new)
    difference = found - expected
    assert np.allclose(difference, difference[:, :1], atol=1e-6)


def test_naive_bayes_is_that_of_scikit_learn():
    """The same joint log-likelihoods."""
    X, y, new = data()
    learner = GaussianNB(var_smoothing=1e-3).fit(X, y)
    machine = NaiveBayesModel(smoothing=1e-3)._learn(lesson(X, y))
    assert np.allclose(machine.decide(new), learner.predict_joint_log_proba(new))


def test_nearest_rows_vote_as_in_scikit_learn():
    """Votes by inverse distance, to single precision."""
    X, y, new = data()
    learner = KNeighborsClassifier(5, weights="distance").fit(X, y)
    machine = NearestRows(X.astype(np.float32), y.astype(np.intp), np.ones(len(y)), 5, 4)
    assert np.allclose(machine.votes(new), learner.predict_proba(new), atol=1e-5)


@pytest.mark.parametrize(("model", "kernel"), [(KernelRidgeModel, "rbf"), (LaplaceRidgeModel, "laplacian")])
def test_kernel_ridge_is_that_of_scikit_learn(model, kernel):
    """With equal weights, less the intercept that ours has."""
    X, y, new = data()
    machine = model(width=0.4, ridge=0.5)._learn(lesson(X, y))
    target = np.where(y[:, None] == np.arange(4), 1.0, -1.0)
    mean = target.mean(axis=0)
    learner = KernelRidge(alpha=0.5, kernel=kernel, gamma=0.4 / X.shape[1]).fit(X, target - mean)
    assert np.allclose(machine.decide(new), learner.predict(new) + mean, atol=1e-5)


def test_boosted_trees_survive_as_text():
    """What the text says is what was trained."""
    X, y, new = data()
    machine = LightgbmModel(rounds=5)._learn(lesson(X, y))
    again = type(machine).from_state(machine.to_state())
    assert np.array_equal(machine.decide(new), again.decide(new))
    assert machine.decide(new[:0]).shape == (0, 4)


def test_f_is_that_of_scikit_learn():
    """A one-way analysis of variance."""
    X, y, _ = data()
    assert np.allclose(f_values(lesson(X, y)), f_classif(X, y)[0])


@pytest.mark.parametrize(("name", "reference"), [("standard", StandardScaler), ("robust", RobustScaler)])
def test_scalings_are_those_of_scikit_learn(name, reference):
    """Learnt from some rows, applied to others."""
    X, _, new = data()
    assert np.allclose(learn_scaling(name, X, np.ones(len(X))).apply(new), reference().fit(X).transform(new))


def test_slopes_of_the_network_are_differences():
    """Back-propagation through dropout against central differences of the loss."""
    random = np.random.default_rng(0)
    rows, y, weight = random.normal(size=(7, 4)), random.integers(0, 3, 7), random.uniform(0.5, 2, 7)
    layers = [random.normal(size=(5, 6)), random.normal(size=(7, 5)), random.normal(size=(6, 3))]
    keep = [(random.random((7, n)) > 0.4) / 0.6 for n in (6, 5)]
    target = np.eye(3)[y]

    def loss():
        decisions = _forward(rows, layers, keep)[-1]
        log_sum = np.log(np.exp(decisions).sum(axis=1))
        return float((weight * (log_sum - decisions[np.arange(7), y])).mean())

    for layer, slope in zip(layers, gradients(rows, target, weight, layers, keep), strict=True):
        for place in [(0, 0), (1, 2), (3, 1)]:
            kept = layer[place]
            layer[place] = kept + 1e-6
            above = loss()
            layer[place] = kept - 1e-6
            below = loss()
            layer[place] = kept
            assert slope[place] == pytest.approx((above - below) / 2e-6, abs=1e-6)


def test_the_network_learns_what_lines_cannot():
    """Two moons of classes: right where a discriminant is not; dropout changes what is learnt."""
    random = np.random.default_rng(0)
    X = random.normal(size=(300, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(int).astype(str)
    model = MlpModel(units=32, networks=1, epochs=80, decay=0.0, dropout=0.1, preparation="standard").fit(
        X[:200], y[:200]
    )
    assert (model.predict(X[200:]) == y[200:]).mean() > 0.9
    other = MlpModel(units=32, networks=1, epochs=80, decay=0.0, dropout=0.6, preparation="standard").fit(
        X[:200], y[:200]
    )
    assert not np.allclose(model.predict_proba(X[200:]), other.predict_proba(X[200:]))


@pytest.mark.parametrize("n_classes", [2, 4])
def test_boosted_trees_against_lightgbm(n_classes):
    """Walking down our arrays gives the sums that LightGBM gives, also for trees of one leaf."""
    random = np.random.default_rng(n_classes)
    X, y = random.normal(size=(200, 6)), np.arange(200) % n_classes
    X[:, 0] += y
    new = random.normal(size=(300, 6)) * 2
    settings = {"objective": "multiclass", "num_class": n_classes, "num_leaves": 9, "verbosity": -1, "num_threads": 1}
    for rounds, least_leaf in ((20, 5), (3, 1000)):
        data = lightgbm.Dataset(X, y)
        booster = lightgbm.train(settings | {"min_data_in_leaf": least_leaf}, data, num_boost_round=rounds)
        ours = Boosted.of(booster, n_classes)
        assert np.allclose(ours.decide(new), booster.predict(new, raw_score=True, num_threads=1), rtol=0, atol=1e-12)
