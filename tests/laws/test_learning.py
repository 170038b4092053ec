"""What is learnt from a row never answers about it while it is held out; and learning is real."""

import numpy as np
import pandas as pd
import pytest

from model_cases import rows
from styleprint.corpus.splits import grouped_splits
from styleprint.models.base import check_training, read_inputs
from styleprint.models.machines import Learner
from styleprint.models.standard import StandardModel
from styleprint.support.errors import ModelError


def held_out(X, y, groups, splits):
    inputs = read_inputs(X)
    return Learner.look(inputs, check_training(y, groups, None, len(y))).held_out(splits, seed=0)[0]


def test_held_out_labels_are_not_seen():
    """The labels of an inner fold change nothing in what is said of that fold."""
    X, y, groups = rows()
    splits = grouped_splits(y.tolist(), groups.tolist(), folds=3, seed=0)
    own = splits[0][1]
    exchanged = y.copy()
    exchanged[own] = np.roll(np.unique(y), 1)[np.searchsorted(np.unique(y), y[own])]
    for before, after in zip(held_out(X, y, groups, splits), held_out(X, exchanged, groups, splits), strict=True):
        assert np.allclose(before[own], after[own])
        others = splits[1][1]
        assert not np.allclose(before[others], after[others])


def test_nothing_is_learnt_from_noise():
    """With labels at random, held-out answers are right by chance; with true ones, mostly."""
    X, y, groups = rows(pieces=12)
    splits = grouped_splits(y.tolist(), groups.tolist(), folds=3, seed=0)
    classes = np.unique(y)
    random = np.random.default_rng(0)
    names = np.unique(groups)

    def accuracy(labels):
        return np.mean([(classes[d.argmax(axis=1)] == labels).mean() for d in held_out(X, labels, groups, splits)])

    by_chance = [
        accuracy(pd.Series(groups).map(dict(zip(names, random.choice(classes, len(names)), strict=True))).to_numpy())
        for _ in range(8)
    ]
    assert accuracy(y) > 0.9
    assert 0.15 < np.mean(by_chance) < 0.5


def test_a_foreign_piece_is_less_typical():
    """Pieces of a composer who was never learnt have smaller p-values than held-out pieces of those who were."""
    X, y, groups = rows(pieces=12)
    known = y != "Bruno"
    train = known & (np.arange(len(y)) % 12 < 8)
    model = StandardModel().fit(X[train], y[train], groups=groups[train])
    own = model.typicality(X[known & ~train]).max(axis=1)
    foreign = model.typicality(X[~known]).max(axis=1)
    assert foreign.mean() < own.mean()


def test_copies_share_a_voice():
    """A row three times with a third of the weight each learns what it does once."""
    X, y, groups = rows(pieces=6)
    copies = np.concatenate([np.arange(len(y)), [0, 0]])
    weight = np.where(copies == 0, 1 / 3, 1.0)
    once = StandardModel().fit(X, y, groups=groups)
    thrice = StandardModel().fit(X.iloc[copies], y[copies], groups=groups[copies], sample_weight=weight)
    assert np.abs(once.predict_proba(X) - thrice.predict_proba(X)).max() < 0.1


def test_missing_columns_are_named():
    """A row of another recipe is refused, not guessed at."""
    X, y, groups = rows(("Anna", "Bruno"), 4)
    model = StandardModel().fit(X, y, groups=groups)
    with pytest.raises(ModelError, match=r"notes\.interval"):
        model.predict_proba(X.drop(columns="notes.interval"))
