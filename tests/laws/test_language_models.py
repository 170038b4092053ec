"""Models of language: probabilities sum to one, nothing later is seen, the networks in NumPy are those of torch."""

import numpy as np
import pytest

from language_cases import scales
from styleprint.models.language.hearing import BEFORE, hear
from styleprint.models.language.ngrams import BackoffModel, BigramModel, UnigramModel, inner_groups
from styleprint.models.language.registry import LANGUAGE_MODELS, make_language_model
from styleprint.models.language.rows import SIZES, EventRows, transposed
from styleprint.models.language.witten_bell import WittenBell, layouts_of
from styleprint.support.errors import ModelError
from styleprint.support.learning import learning_under

SMALL = {"width": 16, "head": 12, "window": 16, "batch": 8, "epochs": 3, "rate": 1e-2, "dropout": 0.1}
SETTINGS = dict.fromkeys(LANGUAGE_MODELS, SMALL) | {
    "language-transformer": SMALL | {"layers": 2, "heads": 2, "reach": 12, "window": 24}
}
"""Small enough to learn in a moment; the transformer reaches less far than a window."""


@pytest.fixture(scope="module")
def fitted():
    pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    rows = scales()
    return {name: make_language_model(name, SETTINGS[name], seed=1).fit(rows) for name in LANGUAGE_MODELS}


@pytest.mark.parametrize("field", range(4))
@pytest.mark.parametrize("layout", ["chain", "voice"])
def test_probabilities_of_ngrams_sum_to_one(field, layout):
    """Of every length of context, over the whole vocabulary."""
    rows = scales(pieces=3, notes=8)
    machine = WittenBell.learn(rows, field, layouts_of(field, 6)[layout])
    asked = []
    for token in range(SIZES[field]):
        events = rows.row(0)[:9].copy()
        events[-1, field] = token
        asked.append(events)
    found = machine.probabilities(EventRows.of(asked)).reshape(7, SIZES[field], 9)[:, :, -1]
    assert np.allclose(found.sum(axis=1), 1.0)
    assert (found > 0).all()


def test_witten_bell_by_hand():
    """After pitch 60 came 62 twice and 64 once: n = 3, t = 2; below stand the frequencies, below them 1/128."""
    events = np.zeros((7, 4), dtype=np.int32)
    events[:, 2] = [60, 62, 60, 62, 60, 64, 70]
    rows = EventRows.of([events])
    machine = WittenBell.learn(rows, 2, ((2, 1),))
    base = (2 + 4 / 128) / (7 + 4)
    assert np.isclose(machine.probabilities(rows)[0, 1], base)
    assert np.isclose(machine.probabilities(rows)[1, 1], (2 + 2 * base) / (3 + 2))


def test_longer_contexts_help_where_there_is_something_to_learn():
    """Walking scales: bigrams beat unigrams, backing off beats both."""
    rows, other = scales(pieces=12), scales(pieces=4, seed=9)
    bits = [
        model(semitones=2).fit(rows).bits(other).sum(axis=1).mean()
        for model in (UnigramModel, BigramModel, BackoffModel)
    ]
    assert bits[0] > bits[1] > bits[2]


def test_inner_groups_are_whole():
    """A group teaches or is held out, never both; each is held out once."""
    names = [f"work {i // 2}" for i in range(8)]
    splits = inner_groups(scales(), names, folds=3, seed=0)
    assert sorted(int(i) for _, hold in splits for i in hold) == list(range(8))
    for learn, hold in splits:
        assert not {names[i] for i in learn} & {names[i] for i in hold}


def test_a_piece_is_moved_whole_or_less():
    """At the ends of the keyboard a piece moves as far as it can, and keeps its intervals."""
    events = scales(pieces=1).row(0)
    high = transposed(events, 127)
    assert high[:, 2].max() == 127
    assert np.diff(high[:, 2]).tolist() == np.diff(events[:, 2]).tolist()


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
@pytest.mark.parametrize("notes", [1, 6, 60])
def test_numpy_and_torch_agree(name, notes, fitted):
    """The machine gives the bits of the network that learnt, of pieces shorter and longer than it reaches."""
    torch = pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    model, rows = fitted[name], scales(pieces=2, notes=notes, seed=5)
    network = model._make_network()
    network.load_state_dict({key: torch.tensor(value) for key, value in model.machine.weights.items()})
    network.eval()
    piece = rows.row(1)
    heard = hear(piece).astype(np.int64)
    before, after = torch.tensor(np.concatenate([BEFORE[None], heard[:-1]])[None]), torch.tensor(heard[None])
    with torch.no_grad():
        logs = [torch.log_softmax(scores, dim=2)[0] for scores in network(before, after)]
    expected = np.stack(
        [-log[np.arange(len(piece)), piece[:, i]].numpy() / np.log(2) for i, log in enumerate(logs)], axis=1
    )
    assert np.allclose(model.bits(rows)[len(rows.row(0)) :], expected, atol=1e-4)


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_a_continuation_says_what_scoring_says(name, fitted):
    """Event by event or all at once: the same bits; probabilities sum to one."""
    model, rows = fitted[name], scales(pieces=1, notes=20, seed=6)
    writing, found = model.begin(), []
    for event in rows.row(0):
        chances = [writing.probabilities(event[:i].tolist()) for i in range(4)]
        assert np.allclose([chance.sum() for chance in chances], 1.0)
        found.append([-np.log2(chance[token]) for chance, token in zip(chances, event, strict=True)])
        writing.hear(event)
    assert np.allclose(found, model.bits(rows), atol=1e-4)


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_nothing_later_is_seen(name, fitted):
    """What comes after an event does not change what it costs."""
    model, rows = fitted[name], scales(pieces=1, seed=7)
    cut = 31
    other = rows.row(0).copy()
    other[cut:] = [7, 3, 99, 50]
    assert np.allclose(model.bits(EventRows.of([other]))[:cut], model.bits(rows)[:cut], atol=1e-5)


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_it_learns(name, fitted):
    """Bits fall, and fall below those of the untrained network."""
    model, rows = fitted[name], scales(pieces=3, seed=8)
    assert model.curve_[-1]["bits"] < model.curve_[0]["bits"]
    assert model.bits(rows).sum(axis=1).mean() < model.untrained().bits(rows).sum(axis=1).mean() - 5


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_equal_seeds_give_equal_networks(name, fitted):
    """And the default stays below five million weights."""
    again = make_language_model(name, SETTINGS[name], seed=1).fit(scales())
    assert all(np.array_equal(again.machine.weights[key], value) for key, value in fitted[name].machine.weights.items())
    assert make_language_model(name, {}, seed=0).untrained().n_parameters_ < 5_000_000


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_a_single_group_holds_nothing_out(name):
    """All epochs count, and no figure is told of what was learnt by heart."""
    pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    model = make_language_model(name, SETTINGS[name], seed=0).fit(scales(pieces=2), groups=["one", "one"])
    assert len(model.curve_) == 3
    assert all("held_out_bits" not in point for point in model.curve_)


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_parameters_that_cannot_be_are_refused(name):
    """Said by name, before anything is learnt."""
    pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    for parameters in ({"epochs": 0}, {"width": "wide"}, {"batch": 2.0}):
        with pytest.raises(ModelError, match=f"{next(iter(parameters))} of a model of language must be"):
            make_language_model(name, parameters, seed=0).fit(scales(pieces=2))


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_asking_before_fitting_is_refused(name):
    """There is nothing to answer from."""
    with pytest.raises(ModelError, match="must be fitted"):
        make_language_model(name, {}, seed=0).bits(scales(pieces=1))
    with pytest.raises(ModelError, match="must have events to learn from"):
        UnigramModel().fit(EventRows.of([]))


@pytest.mark.parametrize("name", LANGUAGE_MODELS)
def test_after_a_kill_it_goes_on_as_if_nothing_had_happened(name, fitted, tmp_path, monkeypatch):
    """Killed in its third epoch: that one alone is learnt again, the network is the same; then none is."""
    from styleprint.models.language import training

    run, epochs = training._epoch, []

    def count(*arguments):
        epochs.append(1)
        if len(epochs) == 3:
            raise KeyboardInterrupt
        return run(*arguments)

    monkeypatch.setattr(training, "_epoch", count)
    with learning_under(states=tmp_path):
        with pytest.raises(KeyboardInterrupt):
            make_language_model(name, SETTINGS[name], seed=1).fit(scales())
        for learnt in (1, 0):
            epochs[:] = [1] * 3
            again = make_language_model(name, SETTINGS[name], seed=1).fit(scales())
            assert len(epochs) == 3 + learnt
            assert again.curve_ == fitted[name].curve_
            expected = fitted[name].machine.weights
            assert all(np.array_equal(again.machine.weights[key], value) for key, value in expected.items())
        make_language_model(name, SETTINGS[name] | {"dropout": 0.2}, seed=1).fit(scales())
        assert len(epochs) == 6
