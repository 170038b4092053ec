"""Votes, stacks and hierarchies, on rows whose answers one can work out."""

import copy

import numpy as np
import pytest
from scipy.special import softmax

from styleprint.models.calibration import fit_scales
from styleprint.models.discriminant import DiscriminantModel
from styleprint.models.hierarchical import HierarchicalModel
from styleprint.models.hierarchy import branches_from_confusion, branches_from_names
from styleprint.models.inner_score import score, shift_prior
from styleprint.models.lesson import Lesson, draw_rows, inner_splits
from styleprint.models.registry import make_model
from styleprint.models.stack import StackModel
from styleprint.models.standard import TABLE_MEMBERS, StandardModel
from styleprint.models.table_model import TableModel
from styleprint.models.vote import VoteModel
from styleprint.support.errors import ModelError, UsageError


def clouds(names, n=20, seed=0, spread=3.0):
    """Rows around one centre a name, and groups of two."""
    random = np.random.default_rng(seed)
    centres = spread * np.random.default_rng(99).normal(size=(len(names), 5))
    y = np.repeat(np.arange(len(names)), n)
    rows = centres[y] + random.normal(size=(len(y), 5))
    return rows, np.array(names)[y], np.arange(len(y)) // 2


def lesson(rows, y, groups):
    names, codes = np.unique(y, return_inverse=True)
    return Lesson(rows, codes, np.ones(len(y)), groups.astype(str), tuple(names))


def test_a_vote_is_the_mean_of_calibrated_members():
    """Each member's held-out decisions give its temperature; the vote is the mean, before the vote's own."""
    rows, y, groups = clouds(("a", "b", "c"), spread=1.0)
    model = VoteModel(members="discriminant,naive_bayes").fit(rows, y, groups=groups)
    whole = lesson(rows, y, groups)
    splits = inner_splits(whole, 3, 0)
    expected = []
    for name in ("discriminant", "naive_bayes"):
        decisions, machine = make_model(name, seed=0).learn_all(whole, splits)
        scale = fit_scales([decisions], whole.y, whole.weight)
        expected.append(softmax(scale * machine.decide(rows), axis=1))
    assert np.allclose(np.exp(model.machine_.decide(rows)), np.mean(expected, axis=0))


def test_members_are_models_of_features():
    """Unknown ones, and models of streams, are refused; a stack of two is right where both are."""
    rows, y, groups = clouds(("a", "b"), n=40)
    with pytest.raises(UsageError, match="there is no model named 'dull'"):
        StackModel(members="discriminant,dull").fit(rows, y, groups=groups)
    with pytest.raises(UsageError, match="members must be models of features alone, and 'standard' is none"):
        VoteModel(members="standard").fit(rows, y)
    model = StackModel(members="discriminant,knn", strength=1.0).fit(rows, y, groups=groups)
    assert (model.predict(rows) == y).mean() > 0.95


NAMES = ("dance/house", "dance/techno", "folk/irish", "rock/indie", "rock/punk", "rock/surf")


def test_levels_multiply():
    """The probability of a class is that of its genre times that of the class given the genre."""
    rows, y, groups = clouds(NAMES)
    machine = HierarchicalModel(general="discriminant").fit(rows, y, groups=groups).machine_
    decided = np.exp(machine.decide(rows))
    genres = softmax(machine.scale * machine.machine.decide(rows), axis=1)
    for column, members in enumerate(([0, 1], [2], [3, 4, 5])):
        assert np.allclose(decided[:, members].sum(axis=1), genres[:, column])
    assert np.allclose(decided.sum(axis=1), 1.0)


def test_a_genre_with_one_subgenre_has_no_specialist():
    """Its subgenre has the probability of the genre; the others have chosen among the candidates."""
    rows, y, groups = clouds(NAMES)
    machine = HierarchicalModel(general="discriminant").fit(rows, y, groups=groups).machine_
    assert machine.specialists[1].name == ""
    assert machine.specialists[1].machine is None
    assert {one.name for one in machine.specialists} <= {"", "discriminant", "rbf_svm"}


def test_too_few_groups_take_the_first_candidate():
    """A subgenre of one group: its genre does not choose, and stays uncalibrated."""
    rows, y, groups = clouds(NAMES)
    groups = np.where(y == "dance/house", 1000, groups)
    machine = HierarchicalModel(general="discriminant").fit(rows, y, groups=groups).machine_
    assert (machine.specialists[0].name, machine.specialists[0].scale) == ("discriminant", 1.0)
    assert machine.specialists[2].scale != 1.0


def test_branches_are_learnt_where_none_are_given():
    """Classes that are taken for each other share a branch; named levels need nothing learnt."""
    probabilities = np.array([[0.5, 0.5, 0, 0], [0.4, 0.6, 0, 0], [0, 0, 0.7, 0.3], [0, 0.1, 0.5, 0.4]])
    branch, names = branches_from_confusion(probabilities, np.arange(4), ("a", "b", "c", "d"))
    assert branch.tolist() == [0, 0, 1, 1]
    assert names == ("a + b", "c + d")
    assert branches_from_names(("a", "b")) is None
    branch, names = branches_from_names(("x/a", "y/b", "x/c"))
    assert (branch.tolist(), names) == ([0, 1, 0], ("x", "y"))


def test_the_standard_model_of_features_is_the_pool():
    """Five members, by product; streams beside features are another matter."""
    rows, y, groups = clouds(("a", "b"), n=12)
    model = StandardModel().fit(rows, y, groups=groups)
    assert model.inner_.machine_.names == tuple(TABLE_MEMBERS.split(","))
    assert model.inner_.pooling == "product"


def test_boosting_says_nothing_on_its_way(capfd):
    """Learning, answering, storing and restoring print no line."""
    rows, y, groups = clouds(("a", "b", "c"), n=12)
    model = make_model("lightgbm", seed=0).set_params(rounds=3).fit(rows, y, groups=groups)
    again = type(model).from_state(model.to_state())
    assert np.array_equal(again.predict_proba(rows), copy.deepcopy(model).predict_proba(rows))
    assert capfd.readouterr() == ("", "")


def test_balanced_undoes_the_shares():
    """Nine of ten rows are of one class: between the clouds, balanced gives even odds."""
    rows, y, _ = clouds(("a", "b"), n=90)
    keep = np.r_[0:90, 90:100]
    plain = DiscriminantModel().fit(rows[keep], y[keep])
    even = DiscriminantModel(optimise="balanced").fit(rows[keep], y[keep])
    odds = plain.predict_proba(rows)[:, 0] / plain.predict_proba(rows)[:, 1]
    assert np.allclose(even.predict_proba(rows)[:, 0] / even.predict_proba(rows)[:, 1], odds / 9)
    assert np.allclose(shift_prior(np.array([[0.9, 0.1]]), np.array([0.9, 0.1])), 0.5)


def test_inner_figures_by_hand():
    """Accuracy, balanced accuracy, macro-F1 and mean log-probability of four rows."""
    probabilities = np.array([[0.8, 0.2], [0.6, 0.4], [0.9, 0.1], [0.3, 0.7]])
    y, weight = np.array([0, 0, 1, 1]), np.array([1.0, 1.0, 1.0, 2.0])
    assert score("accuracy", probabilities, y, weight) == pytest.approx(4 / 5)
    assert score("balanced", probabilities, y, weight) == pytest.approx((1 + 2 / 3) / 2)
    assert score("macro_f1", probabilities, y, weight) == pytest.approx((4 / 5 + 4 / 5) / 2)
    expected = (np.log(0.8) + np.log(0.6) + np.log(0.1) + 2 * np.log(0.7)) / 5
    assert score("log_loss", probabilities, y, weight) == pytest.approx(expected)


def test_a_draw_keeps_every_class():
    """Shares stay, and a class of one row has it."""
    rows, y = np.arange(1000.0)[:, None], np.r_[np.zeros(899, int), np.ones(100, int), 2]
    drawn = draw_rows(Lesson(rows, y, np.ones(1000), y.astype(str), ("a", "b", "c")), 0, most=100)
    assert np.bincount(drawn.y).tolist() == [90, 10, 1]


def test_many_rows_hold_out_one_fold(monkeypatch):
    """Beyond the limit the first inner fold alone calibrates."""
    monkeypatch.setattr("styleprint.models.lesson.MANY_ROWS", 30)
    rows, y, groups = clouds(("a", "b"))
    assert len(inner_splits(lesson(rows, y, groups), 3, 0)) == 1
    model = VoteModel(members="discriminant,naive_bayes").fit(rows, y, groups=groups)
    assert np.isfinite(model.predict_proba(rows)).all()


def test_what_a_fold_never_saw_is_unlikely():
    """A class without training rows in a fold is as unlikely as the least likely of the others."""
    rows, y, groups = clouds(("a", "b", "c"))
    whole = lesson(rows, y, groups)
    machine = DiscriminantModel().fit_machine(whole.take(np.flatnonzero(whole.y != 1)))
    decided = machine.decide(rows)
    assert np.allclose(decided[:, 1], decided[:, [0, 2]].min(axis=1))


@pytest.mark.parametrize("name", ["forest", "hierarchical", "lightgbm", "mlp", "rbf_svm", "stack", "vote"])
def test_damaged_states_are_refused(name):
    """An array of another shape, or one that leads nowhere, ends in a ValueError, KeyError or TypeError."""
    from model_cases import small_model

    rows, y, groups = clouds(("a", "b", "c"), n=8)
    model: TableModel = small_model(name).fit(rows, y, groups=groups)
    state = model.to_state()
    broken = 0
    for key, value in state.items():
        changed = dict(state)
        if isinstance(value, np.ndarray) and value.ndim:
            changed[key] = value[:-1] if len(value) > 1 else np.repeat(value, 2, axis=0)
        else:
            del changed[key]
        try:
            type(model).from_state(changed).predict_proba(rows)
        except (ValueError, KeyError, TypeError, IndexError):
            broken += 1
    assert broken > 0.8 * len(state)
    with pytest.raises((ModelError, KeyError)):
        type(model).from_state({})
