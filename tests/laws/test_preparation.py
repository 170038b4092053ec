"""Preparations learn from training rows alone, whatever their steps; and what each step promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_cases import small_model
from styleprint.models.lesson import Lesson
from styleprint.models.preparation import prepare, read_plan
from styleprint.models.resampling import resample
from styleprint.models.selection import select
from styleprint.support.errors import UsageError

STEPS = [
    "raw",
    "standard",
    "robust",
    "quantile",
    "variance=0.3",
    "union=3",
    "recursive=3",
    "whitened=0.3",
    "smote=30",
    "noise=30",
    "balanced",
]


def lesson(n=60, n_features=8, seed=0, n_classes=3):
    """Rows of unequal classes; the first two features tell them apart, the third is a copy, the fourth constant."""
    random = np.random.default_rng(seed)
    y = np.sort(random.choice(n_classes, n, p=np.arange(n_classes, 0, -1) / np.arange(1, n_classes + 1).sum()))
    y[-2:] = n_classes - 1
    y[:2], y[2:4] = 0, 1
    rows = random.normal(size=(n, n_features))
    rows[:, 0] += 2 * y
    rows[:, 1] -= 2 * (y == 1)
    rows[:, 2], rows[:, 3] = rows[:, 0], 7.0
    rows[5, 4] = np.nan
    names = tuple(f"class {k}" for k in range(n_classes))
    return Lesson(rows, y.astype(np.intp), np.ones(n), np.arange(n).astype(str), names)


@pytest.mark.parametrize("step", STEPS)
def test_no_step_sees_a_held_out_row(step):
    """What the machine of an inner fold says of a row hangs on none of the other rows that the fold holds out."""
    model, whole = small_model("discriminant", preparation=step), lesson()
    test = np.arange(0, 60, 3)
    split = (np.setdiff1d(np.arange(60), test), test)
    probe, others = test[4], np.delete(test, 4)
    rows, y = whole.rows.copy(), whole.y.copy()
    rows[others] = 1e3 * np.random.default_rng(1).normal(size=rows[others].shape)
    y[others] = 2 - y[others]
    changed = Lesson(rows, y, whole.weight, whole.groups, whole.classes)
    before = model.learn_all(whole, [split])[0][probe]
    assert np.array_equal(before, model.learn_all(changed, [split])[0][probe])


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_learnt_and_matters(step):
    """The prepared training rows are finite, and applying the preparation gives them back where none was made."""
    whole = lesson()
    preparation, learnt = prepare(step, whole, seed=0)
    assert np.isfinite(learnt.rows).all()
    assert np.allclose(preparation.apply(whole.rows), learnt.rows[: len(whole)])
    assert set(preparation.removed["constant"]) == {3}
    assert set(preparation.removed["duplicate"]) == {2}
    if step in ("union=3", "recursive=3", "variance=0.3"):
        assert preparation.removed["selection"]
    if step in ("smote=30", "noise=30"):
        assert np.bincount(learnt.y).min() >= 30
    if step == "balanced":
        assert np.allclose(np.bincount(learnt.y, weights=learnt.weight), len(whole) / 3)


@pytest.mark.parametrize("name", ["variance", "union", "recursive"])
def test_selection_keeps_what_tells(name):
    """The informative features are among those that are kept."""
    whole = lesson(200)
    rows = np.nan_to_num(whole.rows) * np.array([1, 1, 1, 1, 0, 1, 1, 1]) + 100.0 * (np.arange(8) == 5)
    whole = Lesson(rows, whole.y, whole.weight, whole.groups, whole.classes)
    kept = select(name, 0.1 if name == "variance" else 3, whole)
    assert 4 not in kept
    assert {1} <= set(kept.tolist())
    assert (name == "variance") == (5 not in kept and 6 in kept and 7 in kept)


@given(st.integers(0, 50), st.integers(5, 60))
def test_noise_stays_within_a_twentieth_of_the_deviation(seed, target):
    """Each made row lies by a row of its class; classes with enough rows get none."""
    whole = lesson(seed=seed)
    whole = Lesson(np.nan_to_num(whole.rows), whole.y, whole.weight, whole.groups, whole.classes)
    grown = resample("noise", target, whole, seed)
    counts, before = np.bincount(grown.y), np.bincount(whole.y)
    assert (counts == np.maximum(before, target)).all()
    width = 0.05 * whole.rows.std(axis=0)
    for row, k in zip(grown.rows[len(whole) :], grown.y[len(whole) :], strict=True):
        own = whole.rows[whole.y == k]
        assert (np.abs(own - row) <= width + 1e-12).all(axis=1).any()


def test_smote_makes_rows_between_rows_of_the_class():
    """On a line of two rows, all that is made lies on it; a class of one row stays as it is."""
    rows = np.array([[0.0, 0.0], [1.0, 2.0], [9.0, 9.0], *[[5.0, 5.0 + i] for i in range(9)]])
    y = np.array([0, 0, 1, *[2] * 9])
    whole = Lesson(rows, y, np.ones(12), y.astype(str), ("a", "b", "c"))
    grown = resample("smote", 6, whole, 0)
    made = grown.rows[12:]
    assert np.bincount(grown.y).tolist() == [6, 1, 9]
    assert np.allclose(made[:, 1], 2 * made[:, 0])
    assert ((made >= 0) & (made <= 2)).all()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("magic", "there is no such step"),
        ("union", "it takes a number"),
        ("standard=3", "it takes no number"),
        ("standard, robust", "another step of its kind"),
        ("smote=-3", "must be above 0"),
        ("union=many", "must be above 0"),
        ("whitened", "it takes a number"),
        ("whitened=2", "must be at most 1"),
    ],
)
def test_a_wrong_step_is_named(text, why):
    """The message says which step, what is wrong, and what there is."""
    with pytest.raises(UsageError, match=why):
        read_plan(text)


def test_steps_come_in_any_order():
    """A plan is what is named, not how it is written."""
    assert read_plan("smote=9, quantile,balanced,  union=4") == read_plan("balanced, union=4, smote=9, quantile")
