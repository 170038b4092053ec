"""Models of features alone keep scikit-learn's expectations of a classifier, but for a few, each with its reason."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from model_cases import small_model

ZERO = "a weight of zero is refused as a mistake (M103)"
ONE = "a lone label is refused with our own words (M101)"
NAMES = "labels are names: whatever they look like, their text is what is told apart"
ON_PURPOSE = {
    "check_all_zero_sample_weights_error": ZERO,
    "check_sample_weight_equivalence_on_dense_data": ZERO,
    "check_estimators_empty_data_messages": "no features and no rows are refused with our own words (M112, M101)",
    "check_classifiers_one_label": ONE,
    "check_classifiers_one_label_sample_weights": ONE,
    "check_fit2d_1sample": ONE,
    "check_classifiers_regression_target": NAMES,
    "check_supervised_y_2d": NAMES,
    "check_requires_y_none": NAMES,
}
MODELS = ("discriminant", "knn", "tree")


@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([small_model(name) for name in MODELS], expected_failed_checks=lambda _: ON_PURPOSE)
def test_estimator_checks(estimator, check):
    """One check of scikit-learn's, on one model of each way to decide: lines, rows, trees."""
    check(estimator)
