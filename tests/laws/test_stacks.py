"""What members of stacks are worth is learnt from rows held out, and a member that is worth nothing costs little."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import log_softmax

from model_cases import rows
from styleprint.models.base import check_training
from styleprint.models.calibration import fit_calibration, to_probabilities
from styleprint.models.held_out import answered_rows, inner_pairs
from styleprint.models.pooling import pool_held_out
from styleprint.models.registry import load_model, make_model
from styleprint.support.errors import ModelError

MEMBERS = "ngrams,standard,discriminant"


@pytest.fixture(scope="module")
def stacked():
    X, y, groups = rows()
    return make_model("score_stack", seed=3).set_params(members=MEMBERS).fit(X, y, groups=groups)


def held_out(n=300, n_classes=3, seed=0):
    """Training rows, their inner folds, and what a good machine would say of them while they are held out."""
    random = np.random.default_rng(seed)
    y = random.integers(0, n_classes, n)
    training = check_training(np.array(list("abc"))[y], None, None, n)
    good = 2.0 * (y[:, None] == np.arange(n_classes)) + random.normal(0, 1, (n, n_classes))
    return training, inner_pairs(training, 3, 0), good


def log_loss(decisions, training):
    """Of decisions, calibrated on the same rows, so that all are asked alike."""
    own = fit_calibration([decisions], training.y, training.weight)
    chances = to_probabilities([decisions], *own)[np.arange(len(training.y)), training.y]
    return -np.log(chances).mean()


@pytest.mark.parametrize("worst", ["noise", "sure and wrong", "a copy"])
def test_a_stack_is_hardly_worse_than_its_best_member(worst):
    """Beside noise, beside what is sure of the wrong class, and beside its own copy."""
    training, splits, good = held_out()
    random = np.random.default_rng(1)
    others = {
        "noise": 5 * random.normal(size=good.shape),
        "sure and wrong": 20 * (np.roll(training.y, 1)[:, None] == np.arange(3)),
        "a copy": good,
    }
    pooled, scales = pool_held_out([good, others[worst]], training, splits)
    assert (scales >= 0).all()
    assert log_loss(pooled, training) < log_loss(good, training) + 0.015


def test_members_that_err_differently_are_better_together():
    """Two machines with noise of their own."""
    training, splits, good = held_out()
    other = 2.0 * (training.y[:, None] == np.arange(3)) + np.random.default_rng(2).normal(size=good.shape)
    pooled, _ = pool_held_out([good, other], training, splits)
    assert log_loss(pooled, training) < min(log_loss(good, training), log_loss(other, training)) - 0.1


def test_who_is_too_sure_is_softened():
    """The same decisions times ten get a tenth of the scale."""
    training, splits, good = held_out()
    _, one = pool_held_out([good], training, splits)
    _, other = pool_held_out([10 * good], training, splits)
    assert other[0] == pytest.approx(one[0] / 10, rel=0.1)


def test_rows_of_a_class_that_no_machine_knew_weigh_nothing():
    """A class in a single group is held out from machines that never met it."""
    training, _, good = held_out()
    groups = np.where(training.y == 2, "one work", np.arange(len(training.y)).astype(str))
    training = check_training(training.classes[training.y], groups, None, len(groups))
    splits = inner_pairs(training, 3, 0)
    assert answered_rows(training, splits).tolist() == (training.y != 2).tolist()
    changed = np.where((training.y == 2)[:, None], 100.0, good)
    assert np.array_equal(pool_held_out([good], training, splits)[1], pool_held_out([changed], training, splits)[1])


def test_members_decide_as_they_do_alone(stacked):
    """The same folds and the same seed: the same decisions, of whatever kind; one number each weighs them."""
    X, y, groups = rows()
    looked = stacked.look(X)
    total = np.zeros_like(looked.decisions)
    alone = {name: make_model(name, seed=3).fit(X, y, groups=groups) for name in MEMBERS.split(",")}
    numbers = sorted(name for name in X if not isinstance(X[name].dtype, pd.ArrowDtype))
    expected = {
        "ngrams": alone["ngrams"].look(X).decisions,
        "discriminant": alone["discriminant"].machine_.decide(X[numbers].to_numpy()),
    }
    assert stacked.machine_.names == tuple(alone)
    for name, machine, scale in zip(
        stacked.machine_.names, stacked.machine_.members, stacked.machine_.scales, strict=True
    ):
        decided = machine.answer(looked.inputs)[0]
        if name in expected:
            assert np.allclose(decided, expected[name], atol=1e-5)
        total += scale * decided
    assert np.allclose(total, looked.decisions)
    piece = stacked.machine_.members[1]
    inner = alone["standard"].inner_
    both = inner.machines_.decide(inner.look(X).seen)
    assert np.allclose(piece.answer(looked.inputs)[0], sum(s * d for s, d in zip(piece.scales, both, strict=True)))


def test_the_standard_member_tells_apart_as_the_standard_model_does(stacked):
    """Its scales come from folds of its own, so its answers are nearly those of the model alone."""
    X, y, groups = rows()
    alone = make_model("standard", seed=3).fit(X, y, groups=groups)
    found = log_softmax(stacked.machine_.members[1].answer(stacked.look(X).inputs)[0], axis=1)
    assert (found.argmax(axis=1) == alone.predict_proba(X).argmax(axis=1)).mean() > 0.9


def test_evidence_comes_from_every_member(stacked):
    """Features and n-grams both speak."""
    X, _, _ = rows()
    named = [pattern["name"] for pattern in stacked.evidence(X.iloc[[0]], "Anna", 400)]
    assert any("of pieces" in name for name in named)
    assert any(name.startswith("notes: ") for name in named)


def test_passages_speak_through_every_member(stacked):
    """The sum of what each member says of a passage, each times its scale; features are of the whole piece."""
    X, _, _ = rows()
    borders, weights = stacked.weigh_passages(X.iloc[[0]], "Anna", 4)
    assert set(borders) == {"frames", "notes"}
    assert len(weights) == 4
    assert np.isfinite(weights).all()
    assert np.abs(weights).max() > 0


@pytest.mark.parametrize("members", ["hybrid,score_stack", "mel_convolutions,standard", "dummy", "standard,standard"])
def test_what_does_not_fit_is_refused(members):
    """Stacks in stacks, models of spectrograms, what learns from nothing, and a member twice."""
    X, y, _ = rows(("Anna", "Bruno"), 4)
    with pytest.raises(ModelError, match=r"M118[\s\S]*features and of sequences[\s\S]*standard"):
        make_model("score_stack", seed=0).set_params(members=members).fit(X, y)


def test_the_hybrid_and_the_standard_model_answer_together(monkeypatch):
    """The default members, small; stored and restored, they answer alike."""
    pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    monkeypatch.setattr(load_model("hybrid"), "own", load_model("hybrid").own._replace(epochs=1))
    X, y, groups = rows(("Anna", "Bruno"), 4, length=20)
    stack = make_model("score_stack", seed=0).set_params(inner_folds=2).fit(X, y, groups=groups)
    assert stack.machine_.names == ("hybrid", "standard", "discriminant")
    assert [len(curve) for curve in stack.curves_] == [2, 2]
    again = type(stack).from_state(stack.to_state())
    assert np.allclose(again.predict_proba(X), stack.predict_proba(X), atol=1e-6)
