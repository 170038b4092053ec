"""The network over mel-spectrograms answers without torch as with it, hears no silence, and learns."""

import itertools

import numpy as np
import pandas as pd
import pytest

from sound_cases import clicks, noise, recording, tone
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import arrow_lists, extract_row, frame_of_rows
from styleprint.features.registry import feature_names
from styleprint.models.base import level_columns, read_inputs
from styleprint.models.networks import machine
from styleprint.models.networks.encoding import Encoded, cut_windows
from styleprint.models.networks.fusion import pool_rows
from styleprint.models.networks.graph import Graph
from styleprint.models.networks.level_encoding import LevelEncoding, learn_level_encoding
from styleprint.models.registry import load_model, make_model
from styleprint.sound.changes import pad_silence, scale_level
from styleprint.support.errors import ModelError, UsageError
from styleprint.workflows.recipes import recipe_for

torch = pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")

WINDOW = 8
LEVEL, ONSET = "mel_spectrogram.level", "mel_spectrogram.onset_seconds"
FEW = ("centroid", "bandwidth", "zero_crossings", "flatness")
MADE = {
    "tone": lambda random: tone(random.uniform(200, 2000), 2.0),
    "noise": lambda random: noise(2.0, seed=int(random.integers(1000))),
    "clicks": lambda random: clicks(random.uniform(90, 140), 2.0, seed=int(random.integers(1000))),
}


def sound(kind, seed):
    random = np.random.default_rng([seed, sum(map(ord, kind))])
    return recording(MADE[kind](random) * random.uniform(0.3, 1) + noise(2.0, 0.001, seed=seed))


def rows_of(sounds):
    names = tuple(name for name in feature_names(kind="recording") if any(part in name for part in FEW))
    recipe = Recipe.of(names, ("mel_spectrogram",), kind="recording")
    return frame_of_rows([extract_row(each, recipe) for each in sounds], recipe)


@pytest.fixture(scope="module")
def clips():
    y = np.repeat(list(MADE), 6)
    return rows_of([sound(kind, seed) for seed, kind in enumerate(y)]), y


@pytest.fixture(scope="module")
def fitted(clips):
    X, y = clips
    return make_model("mel_convolutions", seed=0).set_params(epochs=8, width=16, inner_folds=2, rate=0.01).fit(X, y)


def untrained(window=WINDOW):
    torch.manual_seed(1)
    model = make_model("mel_convolutions", seed=0).set_params(width=16, window=window)
    network = model.make_network(LevelEncoding(LEVEL, np.zeros(64), np.ones(64)), 3, ())
    for norm in network.front.norms:  # as if it had learnt
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2.0)
    return network.eval()


@pytest.mark.parametrize("window", [8, 10])
def test_onnx_answers_as_torch_does_at_every_length(window):
    """From no moment to three windows, silence among them, one clip at a time and all at once: within 1e-4."""
    from styleprint.models.networks.export import export_graph

    network = untrained(window)
    graph = Graph(export_graph(network, window, 64, torch.float32))
    random = np.random.default_rng(0)
    there = random.random(400) > 0.2
    encoded = Encoded(random.normal(size=(400, 64)).astype(np.float32), np.array([0, 400]), there)
    spans = [(length, 2 * length) for length in range(3 * window + 1)]
    apart = []
    for span in spans:
        windows = cut_windows(encoded, [span], window)
        place = torch.arange(len(windows.row)).unsqueeze(0)
        with torch.no_grad():
            tensors = torch.as_tensor(windows.values), torch.as_tensor(windows.mask)
            every = torch.ones_like(place, dtype=torch.bool)
            expected = network.answer(*tensors, place, every, torch.zeros(1, 0)).numpy()
        pooled = pool_rows(*graph.run(windows.values, windows.mask), windows.row, 1)
        decided = pooled @ network.head.weight.detach().numpy().T + network.head.bias.detach().numpy()
        assert np.abs(decided - expected).max() < 1e-4
        apart.append(pooled[0])
    every = cut_windows(encoded, spans, window)
    together = pool_rows(*graph.run(every.values, every.mask), every.row, len(spans))
    assert np.abs(together - np.array(apart)).max() < 1e-4


def test_what_is_masked_changes_nothing():
    """A window may be filled up with anything, and silence within it may be anything."""
    network = untrained()
    random = np.random.default_rng(0)
    values = torch.as_tensor(random.normal(size=(5, WINDOW, 64)), dtype=torch.float32)
    mask = (torch.arange(WINDOW) < torch.tensor([[0], [3], [7], [8], [8]])).float()
    mask[4, 2:5] = 0
    other = torch.where(mask.unsqueeze(2) > 0, values, torch.as_tensor(random.normal(size=values.shape)).float() * 9)
    with torch.no_grad():
        for before, after in zip(network(values, mask), network(other, mask), strict=True):
            assert torch.allclose(before, after, atol=1e-6)


def test_levels_are_told_by_their_own_mean_and_deviation(clips):
    """Of what is heard, each clip weighing alike: about 0 and 1 over all clips; a still band is not blown up."""
    X, _ = clips
    inputs = read_inputs(X, (), level_columns(X))
    encoding = learn_level_encoding(inputs, LEVEL, np.ones(len(X)))
    encoded = encoding.encode(inputs)
    means = [encoded.values[start:end].mean(axis=0) for start, end in itertools.pairwise(encoded.offsets)]
    assert np.abs(np.mean(means, axis=0)).max() < 1e-3
    assert encoded.there.all()
    flat = rows_of([recording(tone(440, 2.0))])
    alone = learn_level_encoding(read_inputs(flat, (), level_columns(flat)), LEVEL, np.ones(1))
    assert (alone.deviation >= 1.0).all()
    again = LevelEncoding.from_state(alone.to_state())
    assert np.array_equal(again.mean, alone.mean)
    for damaged in ({"level_mean": np.zeros(3)}, {"level_deviation": np.zeros(64)}, {"level_column": "notes.interval"}):
        with pytest.raises(ValueError, match="levels"):
            LevelEncoding.from_state(alone.to_state() | damaged)


def test_it_learns(fitted):
    """Tones, noise and clicks that were not learnt are told apart; the loss falls."""
    y = np.repeat(list(MADE), 3)
    new = rows_of([sound(kind, 100 + seed) for seed, kind in enumerate(y)])
    assert (fitted.predict(new) == y).mean() > 0.8
    for curve in fitted.curves_:
        assert curve[-1]["loss"] < curve[0]["loss"]


def test_level_and_silence_do_not_count(fitted):
    """The same sound softer, and padded with silence: nearly the same answer."""
    own = sound("clicks", 200)
    expected = fitted.predict_proba(rows_of([own]))
    assert np.abs(fitted.predict_proba(rows_of([scale_level(own, -12.0)])) - expected).max() < 0.01
    assert np.abs(fitted.predict_proba(rows_of([pad_silence(own, 5.0)])) - expected).max() < 0.05


def test_silence_is_answered(fitted):
    """A clip without a sound has one window, of which nothing is there."""
    silent = frame_of({LEVEL: [np.empty((0, 64))], ONSET: [np.empty(0)]})
    assert np.isfinite(fitted.predict_proba(silent)).all()
    assert fitted.evidence(silent, "tone", 4) == []


def frame_of(columns):
    made = {name: arrow_lists(name, values) for name, values in columns.items()}
    return pd.DataFrame({name: pd.Series(lists, dtype=pd.ArrowDtype(lists.type)) for name, lists in made.items()})


def test_answers_do_not_know_how_many_rows_are_asked_about_at_once(fitted, clips, monkeypatch):
    """Row by row, some at a time or all at once: the same answers; and no more is looked at than may be."""
    X, _ = clips
    looked = []
    encode = LevelEncoding.encode

    def see(self, inputs):
        looked.append(len(inputs.streams[LEVEL].values))
        return encode(self, inputs)

    monkeypatch.setattr(LevelEncoding, "encode", see)
    whole = fitted.look(X).decisions
    assert looked == [sum(looked)]
    assert looked[0] > 600
    for most in (1, 100, 300):
        looked.clear()
        monkeypatch.setattr(machine, "_MOMENTS_AT_ONCE", most)
        assert np.allclose(fitted.look(X).decisions, whole, atol=1e-6)
        assert 1 < len(looked) <= len(X)
        assert max(looked) <= max(most, 64)


def test_evidence_names_moments(fitted, clips):
    """Where in the recording, in seconds."""
    found = fitted.evidence(clips[0].iloc[[0]], "tone", 8)
    assert found[0]["name"].startswith("mel_spectrogram 0.")
    assert found[0]["name"].endswith(" s")
    assert 0 <= found[0]["onset_seconds"][0] < 2


def test_features_and_network_answer_together(clips, monkeypatch):
    """Each member decides as it does alone, on the same folds; the stack weighs them by one number each."""
    monkeypatch.setattr(load_model("mel_convolutions"), "own", load_model("mel_convolutions").own._replace(epochs=2))
    X, y = clips
    stack = make_model("recording_stack", seed=3).fit(X, y)
    looked = stack.look(X)
    total = np.zeros_like(looked.decisions)
    numbers = [name for name in X if not isinstance(X[name].dtype, pd.ArrowDtype)]
    alone = {
        "discriminant": make_model("discriminant", seed=3).fit(X, y).machine_.decide(X[sorted(numbers)].to_numpy()),
        "mel_convolutions": make_model("mel_convolutions", seed=3).fit(X, y).look(X).decisions,
    }
    assert stack.machine_.names == tuple(alone)
    for name, member, scale in zip(stack.machine_.names, stack.machine_.members, stack.machine_.scales, strict=True):
        decided = member.answer(looked.inputs)[0]
        assert np.allclose(decided, alone[name], atol=1e-5)
        assert scale >= 0
        total += scale * decided
    assert np.allclose(total, looked.decisions)
    named = [pattern["name"] for pattern in stack.evidence(X.iloc[[0]], "tone", 300)]
    assert any("of pieces" in name for name in named)
    assert any(name.startswith("mel_spectrogram ") for name in named)
    with pytest.raises(ModelError, match=r"M118[\s\S]*features and of spectrograms[\s\S]*mel_convolutions"):
        make_model("recording_stack", seed=0).set_params(members="discriminant,ngrams").fit(X, y)


def test_models_are_refused_music_that_they_do_not_hear():
    """Networks over notes hear no recordings, those over spectrograms no scores; other models do."""
    with pytest.raises(UsageError, match=r"U114(.|\n)*lstm reads notes"):
        recipe_for(["lstm"], "recording")
    for name in ("mel_convolutions", "recording_stack"):
        with pytest.raises(UsageError, match=rf"U114(.|\n)*{name} reads spectrograms"):
            recipe_for([name], "score")
    assert not recipe_for(["mel_convolutions"], "recording").features
    assert recipe_for(["recording_stack"], "recording").features
    assert not recipe_for(["standard"], "recording").streams
