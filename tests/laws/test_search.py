"""What must hold of searches for parameters, of their spaces, and of what a tuning says."""

import functools
import importlib.util
import json
import tomllib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws.evaluation_cases import Centroids, make_table
from styleprint.evaluation.importances import parameter_importances
from styleprint.evaluation.requirements import parse_requirement
from styleprint.evaluation.search import SearchResult, Trial
from styleprint.evaluation.tuning import TuneSettings, tune_model
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.reports.tuning_page import render_tuning
from styleprint.support.errors import ModelError, RequirementError, UsageError
from styleprint.support.toml import to_toml

needs_optuna = pytest.mark.skipif(not importlib.util.find_spec("optuna"), reason="needs Optuna, of the extra 'tables'")


class Sharpened(Centroids):
    """Centroids whose first columns alone count; fewer columns, and any width but 1, do worse."""

    def __init__(self, columns=1, width=1.0, mode="plain"):
        self.columns, self.width, self.mode = columns, width, mode

    def _change(self, X):
        X = np.array(X, dtype=float)
        X[:, self.columns :] = 0.0
        return X + 0.2 * abs(np.log(self.width)) * np.sin(1e4 * X)

    def fit(self, X, y, groups=None, sample_weight=None):
        if self.mode == "broken":
            raise ModelError("M199", "this mode cannot learn.")
        return super().fit(self._change(X), y, groups, sample_weight)

    def predict_proba(self, X):
        return super().predict_proba(self._change(X))


def make(parameters):
    return Sharpened(**parameters)


SPACE = {"columns": Integer(1, 4), "width": Real(0.1, 10.0, log=True)}
DEFAULTS = {"columns": 1, "width": 1.0}
SMALL = {"trials": 8, "folds": 3, "inner_folds": 3}


@pytest.fixture(scope="module")
def table():
    return make_table(works=(12, 13, 11))


@functools.cache
def tuned(method, trials=8, workers=0, space="plain"):
    settings = TuneSettings(method=method, **(SMALL | {"trials": trials}), workers=workers)
    spaces = {"plain": SPACE, "broken": {"columns": Integer(1, 4), "mode": Choice(("plain", "broken"))}}
    defaults = DEFAULTS if space == "plain" else {"columns": 1, "mode": "plain"}
    return tune_model(
        make_table(works=(12, 13, 11)), make, spaces[space], defaults, model="sharpened", settings=settings
    )


@pytest.fixture(params=["grid", "random", pytest.param("bayesian", marks=needs_optuna)])
def method(request):
    return request.param


def test_the_first_trial_is_the_model_as_it_comes(method):
    """So no search does worse than the default by its own score, and every trial lies in the space."""
    found = tuned(method)
    assert found.trials[0].parameters == DEFAULTS
    assert len(found.trials) <= 8
    complete = [trial for trial in found.trials if trial.state == "complete"]
    assert found.inner_best == max(trial.value for trial in complete) >= found.trials[0].value
    assert all(trial.parameters[name] in SPACE[name] for trial in found.trials for name in SPACE)


def test_a_search_finds_what_is_better(method):
    """More columns are better here: the search finds more than one, and tuning gains."""
    found = tuned(method)
    assert found.best["columns"] > 1
    assert found.gain["value"] > 0.03
    assert found.tuned["accuracy"]["value"] - found.default["accuracy"]["value"] == pytest.approx(found.gain["value"])


def test_equal_seeds_search_alike(method):
    """Nothing hangs on the clock."""
    found, again = tuned(method), tuned.__wrapped__(method)
    assert [t.parameters for t in found.trials] == [t.parameters for t in again.trials]
    assert [t.folds for t in found.trials] == [t.folds for t in again.trials]


@needs_optuna
def test_workers_change_nothing():
    """Searches run side by side, each alone in its process."""
    one, two = tuned("bayesian"), tuned("bayesian", workers=2)
    assert [dict(t.parameters) for t in one.trials] == [dict(t.parameters) for t in two.trials]
    assert one.tuned["log_loss"] == two.tuned["log_loss"]
    assert one.chosen == two.chosen


@needs_optuna
def test_bad_trials_are_pruned():
    """With enough trials, some are given up after an inner fold, and none of these is the best."""
    found = tuned("bayesian", trials=30)
    pruned = [trial for trial in found.trials if trial.state == "pruned"]
    assert pruned
    assert all(len(trial.folds) < 3 and np.isnan(trial.value) for trial in pruned)


@needs_optuna
def test_importance_finds_what_matters():
    """One parameter decides the score, the other does nothing."""
    rng = np.random.default_rng(0)
    trials = tuple(
        Trial(i, {"a": float(a), "b": float(b)}, "complete", float(a > 0.5) + 0.01 * float(a), (), 0.0)
        for i, (a, b) in enumerate(rng.random((40, 2)))
    )
    space = {"a": Real(0.0, 1.0), "b": Real(0.0, 1.0)}
    found = parameter_importances(SearchResult(trials), space, seed=0)
    assert found["values"]["a"] > 0.8
    assert sum(found["values"].values()) == pytest.approx(1.0)
    assert not parameter_importances(SearchResult(trials[:3]), space, seed=0)["applies"]


def test_a_trial_that_fails_is_passed_over():
    """It is told, with its reason, and is never the best."""
    found = tuned("grid", trials=9, space="broken")
    failed = [trial for trial in found.trials if trial.parameters["mode"] == "broken"]
    assert failed
    assert all(trial.state == "failed" and "this mode cannot learn" in trial.reason for trial in failed)
    assert found.best["mode"] == "plain"


def test_a_grid_is_every_combination_that_fits():
    """Nine trials: the default and a grid of 4 × 2."""
    found = tuned("grid", trials=9, space="broken")
    combinations = [(t.parameters["columns"], t.parameters["mode"]) for t in found.trials[1:]]
    assert sorted(combinations) == [(c, m) for c in (1, 2, 3, 4) for m in ("broken", "plain")]


def test_no_test_row_chooses(table):
    """The search of an outer fold never asks about its test rows, nor learns from them."""
    number_of = {tuple(values): i for i, values in enumerate(table.inputs().to_numpy())}
    calls: list[tuple[set, set]] = []

    class Watched(Centroids):
        def __init__(self, power=1):
            self.power = power

        def fit(self, X, y, groups=None, sample_weight=None):
            self.learnt = {number_of[tuple(v)] for v in np.asarray(X)}
            return super().fit(X, y, groups, sample_weight)

        def predict_proba(self, X):
            calls.append((self.learnt, {number_of[tuple(v)] for v in np.asarray(X)}))
            return super().predict_proba(X)

    settings = TuneSettings(method="random", trials=2, folds=3, inner_folds=3)
    tune_model(
        table, lambda p: Watched(**p), {"power": Integer(1, 3)}, {"power": 1}, model="watched", settings=settings
    )
    held_out = [(learnt, asked) for learnt, asked in calls if not learnt & asked]
    every = set(number_of.values())
    searches = [held_out[:6]]
    rest = held_out[6:]
    while rest:
        end = next(i for i, (learnt, asked) in enumerate(rest) if learnt | asked == every)
        ends = end + 1
        while ends < len(rest) and rest[ends] == rest[end]:
            ends += 1
        test = rest[end][1]
        assert all(not (learnt | asked) & test for learnt, asked in rest[:end])
        searches.append(rest[:end])
        rest = rest[ends:]
    assert [len(each) for each in searches] == [6, 6, 6, 6]


def test_the_page_and_the_text_tell_the_same(method):
    """Figures of the record stand in both; the page loads nothing."""
    found = tuned(method)
    page = render_tuning(json.loads(json.dumps(found.to_json(), allow_nan=False)), title="<b>")
    assert f"{found.tuned['accuracy']['value']:.3f}" in page
    assert f"{found.tuned['accuracy']['value']:.3f}" in found.text
    assert "<script" not in page
    assert "&lt;b&gt;" in page
    assert page.count("<section") == page.count("</section") == 5


def test_requirements_ask_the_tuned_figure():
    """Without a side, the tuned one."""
    found = tuned("random")
    sides = ("tuned", "default")
    found.check([parse_requirement("accuracy=0.1", sides, "side")])
    with pytest.raises(RequirementError, match=r"default\.accuracy"):
        found.check([parse_requirement("default.accuracy=0.99", sides, "side")])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method": "prayer"}, "no search named"),
        ({"trials": 1}, "at least two trials"),
        ({"metric": "beauty"}, "none of those"),
    ],
)
def test_nonsense_is_refused(table, change, words):
    """The message says what must hold."""
    with pytest.raises(UsageError, match=words):
        tune_model(table, make, SPACE, DEFAULTS, model="x", settings=TuneSettings(**({"folds": 3} | change)))


def test_an_empty_space_is_refused(table):
    """There is nothing to search."""
    with pytest.raises(UsageError, match="names no parameters"):
        tune_model(table, make, {}, {}, model="x", settings=TuneSettings(folds=3))


REALS = st.floats(1e-6, 1e6)


@given(REALS, REALS, st.floats(0, 1), st.booleans(), st.integers(2, 9))
def test_every_value_of_a_real_lies_in_it(one, other, share, log, count):
    """At any share and on any grid; the ends are the bounds."""
    low, high = sorted((one, other))
    if low == high:
        with pytest.raises(UsageError, match="the lower one first"):
            Real(low, high)
        return
    space = Real(low, high, log=log)
    assert space.at(share) in space
    assert all(value in space for value in space.grid(count))
    assert space.at(0) == pytest.approx(low)
    assert space.at(1) == pytest.approx(high)


@given(st.integers(1, 1000), st.integers(1, 1000), st.floats(0, 1), st.booleans(), st.integers(2, 9))
def test_every_value_of_an_integer_lies_in_it(low, more, share, log, count):
    """Whole numbers, both ends reached."""
    space = Integer(low, low + more, log=log)
    assert space.at(share) in space
    grid = space.grid(count)
    assert all(value in space for value in grid)
    assert (grid[0], grid[-1]) == (low, low + more)
    assert (space.at(0), space.at(1)) == (low, low + more)


@pytest.mark.parametrize(
    "make_space",
    [
        lambda: Real(1.0, float("inf")),
        lambda: Real(0.0, 1.0, log=True),
        lambda: Integer(1.5, 3),
        lambda: Choice(()),
        lambda: Choice(("a", "a")),
        lambda: Real(0, 1).at(2.0),
        lambda: Integer(1, 2).grid(1),
    ],
)
def test_a_space_that_is_none_is_refused(make_space):
    """The message says what came."""
    with pytest.raises(UsageError, match="U140"):
        make_space()


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=("Cs",))),
)
VALUES = st.recursive(
    SCALARS | st.lists(SCALARS, max_size=3), lambda inner: st.dictionaries(st.text("aé .\"'\\-", max_size=4), inner)
)


@settings(max_examples=30)
@given(st.dictionaries(st.text("abc-_é .", max_size=5), VALUES, max_size=3))
def test_toml_comes_back(value):
    """What is written is what tomllib reads."""
    assert tomllib.loads(to_toml(value, comment="two\nlines")) == value


def test_toml_leaves_out_none_and_refuses_the_rest():
    """TOML has no null; an object is no value."""
    assert to_toml({"a": None, "b": 1}) == "b = 1\n"
    with pytest.raises(TypeError, match="no counterpart of object"):
        to_toml({"a": object()})
