"""What a model points at is what it answers by: without it the answer falls further than without anything else."""

import numpy as np
import pytest

from model_cases import small_model
from sequence_cases import sequences, table_of
from styleprint.explaining.deletion import Deletion, check_deletion, take_out
from styleprint.models.base import read_inputs

PASSAGES = 10


def diluted(rows, seed=5):
    """Pieces of which most passages of four chords are anybody's: only some are their composer's."""
    random = np.random.default_rng(seed)
    found = []
    for row in rows:
        own = np.array(row[:40])
        for start in range(0, len(own), 4):
            if random.random() < 0.6:
                own[start : start + 4] = 16 * random.integers(0, 12, 4)
        found.append(own.tolist())
    return found


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    learnt = table_of(tmp_path_factory.mktemp("learnt"), *sequences(pieces=10, length=40))
    rows, labels = sequences(pieces=12, length=40, seed=3)
    return learnt, table_of(tmp_path_factory.mktemp("asked"), diluted(rows), labels)


@pytest.fixture(scope="module", params=["ngrams", "convolutions", "sequence_stack"])
def model(request, case):
    if request.param == "convolutions":
        pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    settings = {"epochs": 12, "rate": 0.02, "window": 16} if request.param == "convolutions" else {}
    learnt, _ = case
    return small_model(request.param, **settings).fit(learnt.inputs(), learnt.frame["label"].to_numpy(dtype=str))


def test_without_what_speaks_most_the_answer_falls_further(model, case):
    """A tenth of the passages, paired with a tenth at random, over all pieces; the interval lies above zero."""
    asked = case[1]
    found = check_deletion(model, asked.inputs(), passages=PASSAGES)
    assert found.rows.tolist() == list(range(len(asked)))
    gain = found.difference([f"piece {i}" for i in range(len(asked))])
    assert gain["low"] > 0
    assert gain["value"] == pytest.approx((found.top - found.random).mean())


def test_an_attribution_that_says_nothing_is_found_out(model, case, monkeypatch):
    """Weights at random: no more falls than at random."""
    random = np.random.default_rng(0)
    own = type(model).weigh_passages

    def at_random(self, X, label, count):
        borders, weights = own(self, X, label, count)
        return borders, random.permutation(weights)

    monkeypatch.setattr(type(model), "weigh_passages", at_random)
    gain = check_deletion(model, case[1].inputs(), passages=PASSAGES).difference(range(36))
    assert gain["low"] < 0 < gain["high"]


def test_passages_of_n_grams_share_what_the_piece_says(case):
    """The weights of the passages sum to the contributions of all n-grams of the piece."""
    learnt, asked = case
    model = small_model("ngrams").fit(learnt.inputs(), learnt.frame["label"].to_numpy(dtype=str))
    one = asked.inputs().iloc[[0]]
    borders, weights = model.weigh_passages(one, "Anna", PASSAGES)
    whole = {stream: own[[0, -1]] for stream, own in borders.items()}
    inputs = read_inputs(one, (), model.stream_names_)
    direction = np.array([1.0, -0.5, -0.5])
    (total,) = model.machine_.weigh_passages(inputs, whole, direction)
    assert model.machine_.weigh_passages(inputs, borders, direction).sum() == pytest.approx(total)
    assert len(weights) == PASSAGES


def test_a_passage_is_taken_out_of_all_fields(case):
    """And the others stay as they are."""
    one = case[1].inputs().iloc[[0]]
    stream = str(one.columns[0]).rpartition(".")[0]
    borders = {stream: np.array([0, 10, 20, 30, 40])}
    left = take_out(one, borders, np.array([1, 3]))
    for name in one:
        before, after = np.array(one[name].iloc[0]), np.array(left[name].iloc[0])
        assert after.tolist() == [*before[:10], *before[20:30]]


def test_the_interval_keeps_groups_whole():
    """Ten pieces of one work are one draw."""
    random = np.random.default_rng(0)
    top = np.repeat(random.normal(0.1, 0.1, 12), 10)
    found = Deletion(np.arange(120), top, np.zeros(120))
    apart, together = found.difference(range(120)), found.difference(np.repeat(range(12), 10))
    assert together["high"] - together["low"] > 2 * (apart["high"] - apart["low"])
