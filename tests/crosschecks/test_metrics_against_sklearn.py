"""Our metrics are scikit-learn's, with weights and without."""

import numpy as np
import pytest
from sklearn import metrics as theirs

from styleprint.evaluation.metrics import Tally, confusion_matrix
from styleprint.evaluation.ranking import auc, roc_points
from styleprint.evaluation.summary import figures

CASES = [(n, classes, weighted) for n, classes in ((40, 2), (300, 5)) for weighted in (False, True)]


def draw(n, n_classes, is_weighted):
    """Truth, probabilities that know something of it, weights."""
    rng = np.random.default_rng(n + is_weighted)
    truth = rng.integers(n_classes, size=n)
    truth[:n_classes] = np.arange(n_classes)
    probabilities = rng.dirichlet(np.ones(n_classes), size=n)
    probabilities[np.arange(n), truth] += 0.3
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return truth, probabilities, rng.choice([1.0, 0.5, 0.25], size=n) if is_weighted else np.ones(n)


@pytest.mark.parametrize(("n", "n_classes", "is_weighted"), CASES)
def test_overall_metrics(n, n_classes, is_weighted):
    truth, probabilities, weight = draw(n, n_classes, is_weighted)
    predicted = probabilities.argmax(axis=1)
    tally = Tally.count(truth, probabilities, weight, np.arange(n) % 7)
    ours = {name: float(value[0]) for name, value in tally.values(np.ones((1, 7)))[0].items()}
    given = {"sample_weight": weight}
    top3 = 1.0
    if n_classes > 3:
        top3 = theirs.top_k_accuracy_score(truth, probabilities, k=3, labels=range(n_classes), **given)
    expected = {
        "accuracy": theirs.accuracy_score(truth, predicted, **given),
        "balanced_accuracy": theirs.balanced_accuracy_score(truth, predicted, **given),
        "macro_f1": theirs.f1_score(truth, predicted, average="macro", **given),
        "top3_accuracy": top3,
        "log_loss": theirs.log_loss(truth, probabilities, **given),
        "brier": np.average(((probabilities - np.eye(n_classes)[truth]) ** 2).sum(axis=1), weights=weight),
    }
    assert ours == pytest.approx(expected)


@pytest.mark.parametrize(("n", "n_classes", "is_weighted"), CASES)
def test_metrics_by_class(n, n_classes, is_weighted):
    truth, probabilities, weight = draw(n, n_classes, is_weighted)
    predicted = probabilities.argmax(axis=1)
    _, ours = Tally.count(truth, probabilities, weight, np.arange(n)).values(np.ones((1, n)))
    precision, recall, f1, _ = theirs.precision_recall_fscore_support(
        truth, predicted, sample_weight=weight, zero_division=np.nan
    )
    np.testing.assert_allclose(ours["precision"][0], precision)
    np.testing.assert_allclose(ours["recall"][0], recall)
    np.testing.assert_allclose(ours["f1"][0], np.nan_to_num(f1))
    np.testing.assert_allclose(
        confusion_matrix(truth, predicted, weight, n_classes),
        theirs.confusion_matrix(truth, predicted, sample_weight=weight),
    )


@pytest.mark.parametrize(("n", "n_classes", "is_weighted"), CASES)
def test_ranking(n, n_classes, is_weighted):
    truth, probabilities, weight = draw(n, n_classes, is_weighted)
    score = np.round(probabilities[:, 1], 1)  # with ties
    assert auc(score, truth == 1, weight) == pytest.approx(
        theirs.roc_auc_score(truth == 1, score, sample_weight=weight)
    )
    x, y, _ = theirs.roc_curve(truth == 1, score, sample_weight=weight, drop_intermediate=False)
    np.testing.assert_allclose(roc_points(score, truth == 1, weight), np.stack([x, y], axis=1), atol=1e-12)


def test_intervals_against_a_plain_loop():
    """Vectorised bootstraps agree with drawing groups one by one and asking scikit-learn."""
    truth, probabilities, weight = draw(300, 5, is_weighted=True)
    group = np.arange(300) // 2 + 1000 * truth
    ours, _ = figures(truth, probabilities, weight, group, seed=3)
    rng = np.random.default_rng(9)
    predicted = probabilities.argmax(axis=1)
    found = []
    for _ in range(600):
        rows = []
        for label in range(5):
            names = np.unique(group[truth == label])
            rows += [np.flatnonzero(group == name) for name in rng.choice(names, size=len(names))]
        drawn = np.concatenate(rows)
        found.append(theirs.balanced_accuracy_score(truth[drawn], predicted[drawn], sample_weight=weight[drawn]))
    low, high = np.percentile(found, [2.5, 97.5])
    assert ours["balanced_accuracy"]["low"] == pytest.approx(low, abs=0.012)
    assert ours["balanced_accuracy"]["high"] == pytest.approx(high, abs=0.012)
