"""Networks tell how far they are, go on after a kill as if nothing had happened, and may begin with what is clear."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model_cases import small_model
from sequence_cases import sequences, table_of
from styleprint.evaluation.folds import SharedData
from styleprint.models.registry import load_model
from styleprint.support.learning import learning_under, surroundings

torch = pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")

EPOCHS = 3
ROUNDS = load_model("hybrid").rounds
SETTINGS = {"epochs": EPOCHS, "networks": 0, "inner_folds": 2}
TESTS = Path(__file__).resolve().parents[1]

KILLED = """
import os, pickle, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from model_cases import small_model
from styleprint.models.networks import training
from styleprint.support.learning import learning_under

answers, asked = training._answers, []

def answer_and_die(*arguments):
    asked.append(1)
    if len(asked) == int(sys.argv[5]):
        os.kill(os.getpid(), signal.SIGKILL)
    return answers(*arguments)

training._answers = answer_and_die
X, y, settings = pickle.loads(Path(sys.argv[1]).read_bytes())
with learning_under(states=Path(sys.argv[2])):
    small_model(sys.argv[4], **settings).fit(X, y)
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    table = table_of(tmp_path_factory.mktemp("chords"), *sequences(("Anna", "Bruno"), pieces=8, length=30))
    return table.inputs(), table.frame["label"].to_numpy(dtype=str)


@pytest.fixture(scope="module")
def whole(case):
    """What a model that nobody disturbs has learnt."""
    return small_model("convolutions", **SETTINGS).fit(*case)


def count_epochs(monkeypatch):
    """A list that grows by one an epoch."""
    from styleprint.models.networks import training

    run, epochs = training._epoch, []

    def count(*arguments):
        epochs.append(1)
        return run(*arguments)

    monkeypatch.setattr(training, "_epoch", count)
    return epochs


@pytest.mark.parametrize(
    ("name", "answer", "left"),
    [("convolutions", 5, 2), ("hybrid", 5, ROUNDS + EPOCHS), ("hybrid", 7, 2)],
    ids=["second epoch", "branches alone", "second epoch after branches"],
)
def test_after_a_kill_it_goes_on_as_if_nothing_had_happened(name, answer, left, case, tmp_path, monkeypatch):
    """Killed in the second network: no epoch is learnt twice but that one, and all answers are equal."""
    whole = small_model(name, **SETTINGS).fit(*case)
    (tmp_path / "case.pickle").write_bytes(pickle.dumps((*case, SETTINGS)))
    states = tmp_path / "networks"
    asked = [sys.executable, "-c", KILLED, str(tmp_path / "case.pickle"), str(states), str(TESTS), name, str(answer)]
    killed = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    epochs = count_epochs(monkeypatch)
    with learning_under(states=states):
        model = small_model(name, **SETTINGS).fit(*case)
    assert len(epochs) == left
    assert model.curves_ == whole.curves_
    assert np.array_equal(model.predict_proba(case[0]), whole.predict_proba(case[0]))
    assert np.array_equal(model.typicality(case[0]), whole.typicality(case[0]))


def test_what_was_learnt_is_not_learnt_again(case, whole, tmp_path, monkeypatch):
    """The same rows and settings: none of it; another seed or other rows: all of it; a damaged entry: what it held."""
    with learning_under(states=tmp_path):
        first = small_model("convolutions", **SETTINGS).fit(*case)
        entries = sorted(tmp_path.glob("??/*.npz"))
        assert len(entries) == 2  # one a network: only the epoch that counts is kept
        epochs = count_epochs(monkeypatch)
        again = small_model("convolutions", **SETTINGS).fit(*case)
        assert len(epochs) == 0
        for model in (first, again):
            assert model.curves_ == whole.curves_
            assert np.array_equal(model.predict_proba(case[0]), whole.predict_proba(case[0]))
        small_model("convolutions", seed=1, **SETTINGS).fit(*case)
        assert len(epochs) == 2 * EPOCHS
        small_model("convolutions", **SETTINGS).fit(case[0].iloc[1:], case[1][1:])
        assert len(epochs) == 4 * EPOCHS
        entries[0].write_bytes(entries[0].read_bytes()[:-100])
        mended = small_model("convolutions", **SETTINGS).fit(*case)
        assert len(epochs) == 5 * EPOCHS
    assert np.array_equal(mended.predict_proba(case[0]), whole.predict_proba(case[0]))


def test_progress_is_told_from_the_first_epoch_to_the_last(case):
    """Over all networks of the model, and to whoever listens around the fit alone."""
    heard = []
    with learning_under(progress=lambda *told: heard.append(told)):
        small_model("convolutions", **SETTINGS).fit(*case)
    assert {stage for stage, _, _ in heard} == {"epochs"}
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)
    assert (heard[0][1], heard[-1][1]) == (0, 2 * EPOCHS)
    assert {total for _, _, total in heard} == {2 * EPOCHS}


def test_surroundings_end_with_their_block(tmp_path):
    """Inner blocks keep what they do not say; folds carry the folder to other processes."""
    with learning_under(states=tmp_path):
        with learning_under(progress=print):
            assert surroundings().states == tmp_path
            assert surroundings().progress is print
        data = SharedData(None, np.array(["a"]), ("a",))
    assert surroundings().states is None
    sent = pickle.loads(pickle.dumps(data))  # noqa: S301  # our own
    assert sent.states == tmp_path
    assert SharedData(None, np.array(["a"]), ("a",)).states is None


def test_a_curriculum_begins_with_what_is_clear(case, monkeypatch):
    """All pieces in the first epoch, then the clearest half of each class, and more until the middle; then all."""
    from styleprint.models.networks import training

    shown = []
    run = training._epoch

    def note(course, lessons, rows, weight, settings):
        known = course.losses.copy()
        shown.append((set(rows.tolist()), known, lessons.y))
        return run(course, lessons, rows, weight, settings)

    monkeypatch.setattr(training, "_epoch", note)
    settings = SETTINGS | {"epochs": 6, "networks": 1}
    model = small_model("convolutions", curriculum=True, **settings).fit(*case)
    every = shown[0][0]
    assert [len(rows) for rows, _, _ in shown] == [8, 4, 6, 8, 8, 8]
    for rows, known, y in shown[1:3]:
        left = every - rows
        for k in (0, 1):
            own, other = ([known[row] for row in side if y[row] == k] for side in (rows, left))
            assert max(own) <= min(other)
    plain = small_model("convolutions", **settings).fit(*case)
    again = small_model("convolutions", curriculum=True, **settings).fit(*case)
    assert np.array_equal(model.predict_proba(case[0]), again.predict_proba(case[0]))
    assert not np.array_equal(model.predict_proba(case[0]), plain.predict_proba(case[0]))


def test_after_an_epoch_a_few_windows_are_answered_and_in_the_end_all(case, monkeypatch):
    """Where the last epoch counts, how many are looked at changes the curve alone."""
    settings = SETTINGS | {"networks": 1, "window": 8}
    every = small_model("convolutions", **settings).fit(*case)
    monkeypatch.setattr(type(every), "held_windows", 1)
    few = small_model("convolutions", **settings).fit(*case)
    assert [point["loss"] for point in few.curves_[0]] == [point["loss"] for point in every.curves_[0]]
    losses = [[point["held_out_loss"] for point in model.curves_[0]] for model in (few, every)]
    assert not np.allclose(*losses)
    assert np.array_equal(few.predict_proba(case[0]), every.predict_proba(case[0]))
    assert np.array_equal(few.typicality(case[0]), every.typicality(case[0]))


def test_mixed_precision_changes_nothing_on_a_processor(case, whole):
    """It is for CUDA devices alone."""
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device here")
    mixed = small_model("convolutions", mixed_precision=True, **SETTINGS).fit(*case)
    assert np.array_equal(mixed.predict_proba(case[0]), whole.predict_proba(case[0]))
