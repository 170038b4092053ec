"""What must hold of every comparison of models."""

import functools

import numpy as np
import pytest

from laws.evaluation_cases import Centroids, make_table
from styleprint.evaluation.comparison import CompareSettings, compare_models
from styleprint.evaluation.evaluate import Settings, evaluate_table
from styleprint.evaluation.requirements import parse_requirement
from styleprint.support.errors import EvaluationError, ModelError, RequirementError, UsageError

SETTINGS = CompareSettings(folds=5, repeats=2)


class Guess:
    """The first class, whatever the row."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        return np.tile(np.eye(len(self.classes_))[0], (len(X), 1))


class Refuses:
    """Cannot learn."""

    def fit(self, X, y):
        raise ModelError("M199", "it wants other columns.")


class Noisy(Centroids):
    """Centroids on columns of which some are drowned in noise, the same at every call."""

    def __init__(self, noise=1.0):
        self.noise = noise

    def _change(self, X):
        X = np.asarray(X, dtype=float)
        return X + self.noise * np.sin(1e4 * X)

    def fit(self, X, y, groups=None, sample_weight=None):
        return super().fit(self._change(X), y, groups, sample_weight)

    def predict_proba(self, X):
        return super().predict_proba(self._change(X))


@pytest.fixture(scope="module")
def table():
    return make_table(works=(12, 13, 11))


@pytest.fixture(scope="module")
def found(table):
    makers = {"centroids": Centroids, "again": Centroids, "guess": Guess, "refuses": Refuses}
    return compare_models(table, makers, reference="centroids", settings=SETTINGS)


def test_the_figures_are_those_of_an_evaluation(table, found):
    """Each model has the figures that `evaluate` gives it on the same folds."""
    settings = Settings(protocols=("work",), folds=5, repeats=2)
    alone = evaluate_table(table, Centroids, model="x", settings=settings).protocols["work"]
    for metric in ("accuracy", "balanced_accuracy", "log_loss"):
        assert found.models["centroids"][metric] == alone[metric]
    assert found.models["centroids"]["train_accuracy"] == alone["train_accuracy"]


def test_a_model_does_not_differ_from_itself(found):
    """Equal models: no difference, p = 1, equivalent for sure."""
    entry = found.paired["again"]
    assert entry["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert entry["test"].p_value == 1.0
    assert entry["test"].p_equivalent == 1.0


def test_a_guess_is_worse(found):
    """A large difference is found, and its sentence names it."""
    entry = found.paired["guess"]
    assert entry["p_holm"] < 0.05
    assert entry["test"].p_worse > 0.95
    assert entry["difference"]["high"] < 0
    assert any(text.startswith("Worse than centroids: guess") for text in found.sentences)


def test_fits_are_folds_times_repeats(found):
    """Each fit has its value; mean, least and most are those of the fits."""
    for entry in found.models.values():
        values = entry["fold_values"]
        assert len(values) == 10
        assert (entry["fold_min"], entry["fold_max"]) == (min(values), max(values))
        assert entry["fold_mean"] == pytest.approx(np.mean(values))
        assert entry["fit_seconds"] >= 0
        assert entry["predictions_per_second"] > 0


def test_a_model_that_cannot_learn_is_told(found):
    """It costs the others nothing."""
    assert found.failed == {"refuses": "it wants other columns."}
    assert "refuses" not in found.models
    assert "it wants other columns" in found.text


def test_the_best_comes_first_and_is_chosen_inside(found):
    """Order by the metric; inner folds choose the same, and the nested figure is that of the chosen."""
    assert list(found.models)[-1] == "guess"
    assert set(found.nested["chosen"]) == {"centroids"}
    assert len(found.nested["chosen"]) == 5


def test_the_nested_figure_pays_for_the_choice():
    """Among many equally bad models the best looks good; the nested figure does not."""
    table = make_table(works=(9, 9, 9), strength=0.0)
    makers = {f"noisy{i}": functools.partial(Noisy, noise=0.3 * i) for i in range(12)}
    found = compare_models(table, makers, reference="noisy0", settings=CompareSettings(folds=3, repeats=4))
    best = next(iter(found.models.values()))["accuracy"]["value"]
    assert found.nested["accuracy"]["value"] < best
    assert found.nested["optimism"] == pytest.approx(best - found.nested["accuracy"]["value"])
    assert all(entry["p_holm"] > 0.05 for entry in found.paired.values())


def test_a_choice_never_sees_its_test_rows(table):
    """The inner fits of an outer fold learn from, and are judged by, rows outside its test rows and whole groups."""
    seen: list[tuple[set, set]] = []
    number_of = {tuple(values): i for i, values in enumerate(table.inputs().to_numpy())}

    class Watched(Centroids):
        def fit(self, X, y, groups=None, sample_weight=None):
            self.learnt = {number_of[tuple(values)] for values in np.asarray(X)}
            return super().fit(X, y, groups, sample_weight)

        def predict_proba(self, X):
            seen.append((self.learnt, {number_of[tuple(values)] for values in np.asarray(X)}))
            return super().predict_proba(X)

    settings = CompareSettings(folds=3, repeats=1)
    compare_models(table, {"watched": Watched, "guess": Guess}, reference="guess", settings=settings)
    outer = [(learnt, asked) for learnt, asked in seen if not learnt & asked][:3]
    inner = [(learnt, asked) for learnt, asked in seen if not learnt & asked][3:]
    assert len(inner) == 9
    group = table.frame["group"]
    for fold, (train, test) in enumerate(outer):
        for learnt, asked in inner[3 * fold : 3 * fold + 3]:
            assert not (learnt | asked) & test
            assert learnt | asked == train
            assert not set(group[list(learnt)]) & set(group[list(asked)])


@pytest.mark.parametrize("workers", [2])
def test_any_number_of_workers_finds_the_same(table, workers):
    """All but times."""
    makers = {"centroids": Centroids, "noisy": Noisy}
    one, two = (
        compare_models(
            table, makers, reference="centroids", settings=CompareSettings(folds=3, repeats=1, workers=n)
        ).to_json()
        for n in (0, workers)
    )
    for each in (one, two):
        del each["seconds"], each["peak_memory_mb"]
        for entry in each["models"].values():
            del entry["fit_seconds"], entry["predictions_per_second"]
    assert one == two


def test_lower_is_better_for_losses(table):
    """By log loss the surer and righter model comes first, and a positive difference still speaks for a model."""
    settings = CompareSettings(folds=3, repeats=4, metric="log_loss")
    found = compare_models(table, {"guess": Guess, "centroids": Centroids}, reference="guess", settings=settings)
    assert list(found.models) == ["centroids", "guess"]
    assert found.paired["centroids"]["difference"]["value"] > 0


def test_too_few_fits_say_so(table):
    """Three folds once: intervals, no tests."""
    settings = CompareSettings(folds=3, repeats=1, inner_folds=0)
    found = compare_models(table, {"guess": Guess, "centroids": Centroids}, reference="guess", settings=settings)
    assert found.paired["centroids"]["test"] is None
    assert any("fewer than 10" in text for text in found.sentences)
    assert not found.nested["applies"]


def test_requirements_ask_the_nested_figure_or_a_model(found):
    """Without a model, the figure of the choice; with one, its own."""
    places = ("nested", *found.models)
    found.check([parse_requirement("accuracy=0.2", places, "model")])
    with pytest.raises(RequirementError, match=r"guess\.accuracy"):
        found.check([parse_requirement("guess.accuracy=0.9", places, "model")])
    with pytest.raises(UsageError, match=r"\[MODEL\.\]METRIC=VALUE"):
        parse_requirement("work.accuracy=0.9", places, "model")


@pytest.mark.parametrize(
    ("makers", "reference", "metric", "words"),
    [
        ({"a": Guess}, "a", "accuracy", "two models"),
        ({"a": Guess, "b": Guess}, "c", "accuracy", "the reference"),
        ({"a": Guess, "b": Guess}, "a", "beauty", "none of those"),
    ],
)
def test_nonsense_is_refused(table, makers, reference, metric, words):
    """The message says what must hold."""
    with pytest.raises(UsageError, match=words):
        compare_models(table, makers, reference=reference, settings=CompareSettings(metric=metric))


def test_a_reference_must_learn(table):
    """There is nothing to hold the others against."""
    with pytest.raises(EvaluationError, match="the reference refuses"):
        compare_models(table, {"refuses": Refuses, "guess": Guess}, reference="refuses", settings=SETTINGS)
