"""Variants teach with their pieces and do nothing else: they are never held out, never scored, never counted."""

import dataclasses

import numpy as np
import pytest
from evaluation_cases import FEATURES, Centroids, make_table
from hypothesis import given, settings
from hypothesis import strategies as st

from feature_cases import score_of
from model_cases import rows, small_model
from strategies import scores
from styleprint.corpus.splits import training_variants
from styleprint.evaluation.evaluate import Extras, Settings, evaluate_table
from styleprint.extraction.variants import Variants
from styleprint.features.kinds import KINDS, variant_key
from styleprint.models.base import check_training
from styleprint.models.held_out import inner_pairs
from styleprint.models.lesson import Lesson, inner_splits
from styleprint.models.networks.network_model import NetworkModel
from styleprint.models.registry import MODELS, load_model
from styleprint.support.errors import EvaluationError, ModelError

CERTAIN = ("standard", "ngrams", "relative_ngrams", "logistic", "rbf_svm", "discriminant")
"""Models that rows which share a weight teach exactly as one row does, to the tolerance of their solver."""


def variants_of(X, of):
    """Variants that are their pieces, unchanged."""
    return Variants(X.iloc[of].reset_index(drop=True), np.asarray(of, dtype=np.intp))


sides = st.tuples(
    st.lists(st.integers(0, 9), unique=True, min_size=1).map(lambda rows: np.array(rows, dtype=np.intp)),
    st.lists(st.integers(0, 9), max_size=60).map(lambda of: np.array(of, dtype=np.intp)),
    st.none() | st.integers(1, 12),
)


@given(case=sides)
def test_a_training_side_has_the_variants_of_its_pieces_alone(case):
    """None of another row; with a target a class gets what it lacks, or all that there are if they are too few."""
    train, of, target = case
    labels = np.array(["a", "b", "a", "c", "b", "a", "a", "c", "b", "a"])
    chosen = training_variants(train, of, labels, target)
    assert set(of[chosen].tolist()) <= set(train.tolist())
    there = np.flatnonzero(np.isin(of, train))
    if target is None:
        assert chosen.tolist() == there.tolist()
        return
    for name in "abc":
        own, available = (labels[of[rows]] == name for rows in (chosen, there))
        lacking = max(0, target - int((labels[train] == name).sum()))
        assert own.sum() == min(lacking, available.sum())
        assert chosen[own].tolist() == there[available][: own.sum()].tolist()


@given(groups=st.lists(st.integers(0, 6), min_size=6, max_size=20), seed=st.integers(0, 5), data=st.data())
def test_inner_folds_hold_out_pieces_alone(groups, seed, data):
    """Folds are those without variants; a variant learns beside its piece and beside no held-out piece of its group."""
    n = len(groups)
    of = np.array(data.draw(st.lists(st.integers(0, n - 1), max_size=20)), dtype=np.intp)
    y = np.arange(n) % 2
    plain = inner_pairs(check_training(y, groups, None, n), 3, seed)
    training = check_training(y, groups, None, n, Variants(None, of))
    found = inner_pairs(training, 3, seed)
    assert [test.tolist() for _, test in found] == [test.tolist() for _, test in plain]
    for (train, test), (before, _) in zip(found, plain, strict=True):
        assert sorted(train[train < n].tolist()) == sorted(before.tolist())
        assert set((train[train >= n] - n).tolist()) == set(np.flatnonzero(np.isin(of, before)).tolist())
        assert not set(training.groups[train]) & set(training.groups[test])
    assert np.allclose(np.bincount(training.piece, weights=training.teaching), training.weight[:n])


def test_inner_folds_of_features_do_the_same():
    """The same of lessons, whose rows may come in any order, and of part of them."""
    random = np.random.default_rng(0)
    n, of = 30, random.integers(0, 30, 25)
    training = check_training(np.arange(n) % 3, np.arange(n) // 2, None, n, Variants(None, of))
    is_variant = np.arange(n + 25) >= n
    names = ("0", "1", "2")
    table = random.normal(size=(n + 25, 2))
    lesson = Lesson(table, training.y, training.weight, training.groups, names, training.share, is_variant)
    for part in (lesson, lesson.take(random.permutation(len(lesson))), lesson.take(np.flatnonzero(training.y != 1))):
        plain = inner_splits(part.pieces, 3, 0)
        found = inner_splits(part, 3, 0)
        assert len(found) == 3
        for (train, test), (_, before) in zip(found, plain, strict=True):
            assert not part.is_variant[test].any()
            assert part.rows[test].tolist() == part.pieces.rows[before].tolist()
            assert set(part.groups[train]) == set(part.groups) - set(part.groups[test])
            assert len(train) == np.isin(part.groups, part.groups[train]).sum()
    assert lesson.taught.weight.sum() == pytest.approx(n)


@pytest.mark.parametrize("name", CERTAIN)
def test_variants_that_change_nothing_teach_nothing(name):
    """Each piece once more, or twice, or not at all: they share its weight, so the answers stay."""
    X, y, groups = rows()
    weight = np.random.default_rng(1).uniform(0.5, 1.0, len(y))
    before = small_model(name).fit(X, y, groups=groups, sample_weight=weight)
    of = np.random.default_rng(0).integers(0, len(y), 2 * len(y))
    after = small_model(name).fit(X, y, groups=groups, sample_weight=weight, variants=variants_of(X, of))
    assert np.abs(before.predict_proba(X) - after.predict_proba(X)).max() < 0.02
    assert np.abs(before.typicality(X) - after.typicality(X)).mean() < 0.02


class Taught(Centroids):
    """Remembers what it was given beside its rows."""

    seen = ()

    def fit(self, X, y, groups=None, sample_weight=None, variants=None):
        """Learn, and keep which rows and which variants."""
        of = [] if variants is None else np.asarray(X["row"])[variants.of].tolist()
        assert variants is None or variants.inputs["row"].tolist() == [row + 1000 for row in of]
        type(self).seen = (*type(self).seen, (set(X["row"]), of))
        return super().fit(X[list(FEATURES)], y)

    def predict_proba(self, X):
        """Answer; never about a variant."""
        assert (np.asarray(X["row"]) < 1000).all()
        return super().predict_proba(X[list(FEATURES)])

    def typicality(self, X):
        """As the centroids have it."""
        return super().typicality(X[list(FEATURES)])


@pytest.mark.parametrize("target", [None, 30])
@pytest.mark.parametrize("protocol", ["work", "distinct", "random"])
def test_outer_folds_give_variants_to_their_pieces_side(protocol, target):
    """Every fit sees the variants of its own rows; nobody is asked about one; with a target rare classes alone."""
    table = make_table()
    inputs = table.frame.assign(row=np.arange(len(table)))[["row", *FEATURES]]
    of = np.tile(np.arange(len(table)), 2)
    more = inputs.iloc[of].assign(row=lambda frame: frame["row"] + 1000).reset_index(drop=True)
    Taught.seen = ()
    found = evaluate_table(
        table,
        Taught,
        model="taught",
        inputs=inputs,
        settings=Settings(protocols=(protocol,)),
        extras=Extras(augmented=Variants(more, of, target)),
    )
    assert len(found.predictions) == len(table)
    assert len(Taught.seen) == 5
    labels = table.frame["label"].to_numpy()
    for learnt, given_to in Taught.seen:
        assert set(given_to) <= learnt
        if target is None:
            assert sorted(given_to) == sorted([*learnt, *learnt])
        else:
            of_class = [sum(labels[row] == name for row in (*learnt, *given_to)) for name in "ABC"]
            pieces = [sum(labels[row] == name for row in learnt) for name in "ABC"]
            assert of_class == [max(target, count) for count in pieces]


def test_a_model_that_takes_no_variants_is_not_fooled():
    """It would be evaluated as if it had learnt from them."""
    table = make_table()
    everything = Variants(table.inputs(), np.arange(len(table)))
    with pytest.raises(EvaluationError, match=r"E114[\s\S]*without --augment"):
        evaluate_table(
            table,
            Centroids,
            model="centroids",
            settings=Settings(protocols=("work",)),
            extras=Extras(augmented=everything),
        )


def test_pieces_and_variants_have_the_same_columns():
    """What a model learns from must be there in both."""
    X, y, groups = rows()
    lacking = dataclasses.replace(variants_of(X, [0]), inputs=X.iloc[[0]][list(X.columns[1:])])
    with pytest.raises(ModelError, match="M122"):
        small_model("standard").fit(X, y, groups=groups, variants=lacking)


def test_a_network_sees_each_piece_once_an_epoch_in_one_of_its_forms(monkeypatch):
    """Forms are drawn anew; rows held out are pieces; without variants nothing is drawn."""
    pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    from styleprint.models.networks import training

    shown, held = [], []
    draw, answers = training._draw_forms, training._answers

    def draw_and_note(lessons, learn, pieces, random):
        found = draw(lessons, learn, pieces, random)
        assert sorted(lessons.piece[found].tolist()) == sorted(pieces.tolist())
        shown.append(set(found.tolist()))
        return found

    def answer_and_note(network, lessons, chosen, settings, look=0):
        held.append(lessons.piece[chosen].tolist() == chosen.tolist())
        return answers(network, lessons, chosen, settings, look)

    monkeypatch.setattr(training, "_draw_forms", draw_and_note)
    monkeypatch.setattr(training, "_answers", answer_and_note)
    X, y, groups = rows(("Anna", "Bruno"), 6)
    given_to = {"groups": groups, "variants": variants_of(X, np.tile(np.arange(12), 4))}
    found = [small_model("convolutions", epochs=3).fit(X, y, **given_to).predict_proba(X) for _ in range(2)]
    assert np.array_equal(*found)
    assert any(row >= 12 for row in set().union(*shown))
    assert shown[0] != shown[1]
    assert all(held)
    shown.clear()
    small_model("convolutions", epochs=3).fit(X, y, groups=groups)
    assert set().union(*shown) <= set(range(12))


@pytest.mark.parametrize("name", list(MODELS))
def test_every_model_counts_pieces_alone(name):
    """Rows, shares and neighbours are those of pieces, whatever the variants say."""
    if issubclass(load_model(name), NetworkModel):
        pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    X, y, groups = rows(("Anna", "Bruno"), 6)
    of = np.repeat(np.arange(3), 3)
    nonsense = Variants(X.iloc[(of + 6) % 12].reset_index(drop=True), of)
    model = small_model(name).fit(X, y, groups=groups, variants=nonsense)
    assert model.n_rows_ == 12
    assert (model.nearest(X, 20)[0] < 12).all()
    assert getattr(model, "inner_", model).shares_.tolist() == [0.5, 0.5]


@settings(max_examples=40)
@given(score=scores(), name=st.sampled_from(sorted(KINDS["score"].variants)), seed=st.integers(0, 3))
def test_what_a_variant_draws_hangs_on_the_piece_the_seed_and_the_number(score, name, seed):
    """The same key gives the same score, whose invariants hold; nothing to change gives the score itself."""
    kind, key = KINDS["score"], variant_key(name, seed, 1)
    once, again = kind.change(score, key), kind.change(score, key)
    for field in ("onset_quarters", "duration_quarters", "midi_pitch", "part"):
        assert np.array_equal(getattr(once, field), getattr(again, field))
    assert len(once) <= len(score)
    if name == "without_a_part":
        assert (once is score) == (len(score.parts.name) < 2)
    if name == "transposed" and len(score) and not score.is_unpitched.any():
        moved = np.unique((np.sort(once.midi_pitch % 12) - np.sort(score.midi_pitch % 12)) % 12)
        assert len(once) == len(score)
        assert moved.tolist() != [0] or len(np.unique(score.midi_pitch % 12)) > 1


@pytest.mark.parametrize("name", [name for name in KINDS["score"].variants if name != "without_a_part"])
def test_draws_differ_from_number_to_number_and_from_piece_to_piece(name):
    """Eight draws of one piece, and the first of eight pieces, are not all alike."""
    notes = [(i * 0.5, 0.5, 60 + i % 13) for i in range(80)]
    score = score_of(notes, measure_quarters=4.0)
    kind = KINDS["score"]

    def told(record, number):
        changed = kind.change(record, variant_key(name, 0, number))
        return (changed.midi_pitch.tobytes(), changed.onset_quarters.tobytes(), changed.tempos.tempo_qpm.tobytes())

    if name == "retimed":
        score = dataclasses.replace(
            score,
            tempos=type(score.tempos)(onset_quarters=np.zeros(1), tempo_qpm=np.full(1, 100.0)),
        )
    others = [dataclasses.replace(score, source=dataclasses.replace(score.source, hash=str(i))) for i in range(8)]
    assert len({told(score, number) for number in range(8)}) > 2
    assert len({told(other, 0) for other in others}) > 2
