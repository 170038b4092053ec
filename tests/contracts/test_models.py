"""Every registered model keeps the contract of an estimator, on ordinary and on strange rows."""

import importlib
import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

import styleprint.models
from model_cases import emptied, padded, rows, small_model
from sequence_cases import sequences, table_of
from styleprint.bundle.bundle import Bundle, load_bundle, save_bundle
from styleprint.extraction.recipe import Recipe
from styleprint.features.registry import feature_names
from styleprint.models.networks.mel_convolutions import MelConvolutionsModel
from styleprint.models.networks.network_model import NetworkModel, Own
from styleprint.models.recording_stack import RecordingStackModel
from styleprint.models.registry import MODELS, load_model, make_model
from styleprint.models.sequence_model import SequenceModel
from styleprint.models.table_model import TableModel
from styleprint.support.errors import ModelError, UsageError
from styleprint.support.hashing import hash_bytes

ROOM = Path(styleprint.models.__file__).parent
FEATURES_OF_A_RECORDING = 110
HAS_TORCH = importlib.util.find_spec("torch") is not None


def test_folder_and_registry_agree():
    """A module of the room that has a model (a class with `needs`) stands in the registry, and nothing else does."""
    there = set()
    for path in ROOM.rglob("*.py"):
        if path.stem in ("checkpoints", "export", "layers", "mel_layers", "training") and not HAS_TORCH:
            continue
        module = importlib.import_module(".".join(("styleprint.models", *path.relative_to(ROOM).with_suffix("").parts)))
        own = [c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__]
        there |= {f"{module.__name__}:{c.__name__}" for c in own if hasattr(c, "needs")}
    assert there == set(MODELS.table.values())


def can_learn(name):
    return HAS_TORCH or not issubclass(load_model(name), (NetworkModel, RecordingStackModel))


def kind_of(name):
    return "recording" if "mel_spectrogram" in load_model(name).needs.streams else "score"


def rows_for(name, *given):
    """Rows as its kind has them: a recording has a hundred features, a score nine hundred."""
    X, y, groups = rows(*given)
    numbers = [column for column in X if not isinstance(X[column].dtype, pd.ArrowDtype)]
    return (X.drop(columns=numbers[FEATURES_OF_A_RECORDING:]) if kind_of(name) == "recording" else X), y, groups


@pytest.fixture(scope="module", autouse=True)
def small_members():
    """Members of stacks have their defaults; two epochs and a narrow network are enough here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MelConvolutionsModel, "own", Own(layers=1, epochs=2, rate=0.003))
        yield


@pytest.fixture(scope="module")
def fitted():
    found = {}
    for name in filter(can_learn, MODELS):
        X, y, groups = rows_for(name)
        found[name] = small_model(name).fit(X, y, groups=groups)
    return found


@pytest.fixture(params=list(MODELS))
def name(request):
    if not can_learn(request.param):
        pytest.skip("networks learn with torch (extra 'deep'), which is not installed")
    return request.param


def test_answers_have_their_shapes(name, fitted):
    """Probabilities sum to 1, p-values lie in 0–1, the likeliest class is the prediction."""
    X, y, _ = rows_for(name)
    model = fitted[name]
    probabilities, typicality = model.predict_proba(X), model.typicality(X)
    assert model.classes_.tolist() == sorted(set(y))
    assert probabilities.shape == typicality.shape == (len(X), 3)
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    assert ((typicality >= 0) & (typicality <= 1)).all()
    assert (model.predict(X) == model.classes_[probabilities.argmax(axis=1)]).all()


def test_it_names_what_it_needs(name):
    """A recipe can be made of what a model needs; of scores all of it is the composer's and not the encoder's."""
    needs, kind = load_model(name).needs, kind_of(name)
    recipe = Recipe.of(needs.features, needs.streams, kind=kind)
    assert set(recipe.features) == set(needs.features)
    assert set(needs.features) <= set(feature_names(encoding_safe=True if kind == "score" else None, kind=kind))


def test_nearest_pieces_are_its_own(name, fitted):
    """Indices of training rows, as many as asked for, the most alike first."""
    X, _, _ = rows_for(name)
    indices, similarities = fitted[name].nearest(X.iloc[:4], 5)
    assert indices.shape == similarities.shape == (4, 5)
    assert ((indices >= 0) & (indices < len(X))).all()
    assert (np.diff(similarities, axis=1) <= 1e-9).all()


def test_evidence_and_attention_are_json(name, fitted):
    """Patterns have a name and a finite weight, and no more of them come than asked for."""
    X, _, _ = rows_for(name)
    for patterns in (fitted[name].evidence(X.iloc[[0]], "Anna", 6), fitted[name].attention("Anna", 6)):
        assert len(patterns) <= 6
        assert all(pattern["name"] and np.isfinite(pattern["weight"]) for pattern in patterns)
        json.dumps(patterns, allow_nan=False)


def test_it_survives_a_bundle(name, fitted, tmp_path):
    """Saved and loaded, self-check passed: the same answers, with all classes and rows."""
    X, y, _ = rows_for(name)
    model, path = fitted[name], tmp_path / "model.styleprint"
    needs = load_model(name).needs
    recipe = Recipe.of(needs.features, needs.streams, kind=kind_of(name))
    pieces = tuple({"path": f"{i}.mid", "label": str(label), "work": ""} for i, label in enumerate(y))
    shares = dict.fromkeys(model.classes_.tolist(), 1 / 3)
    inputs = (
        X if needs.features or needs.streams else X[[]]
    )  # a corpus gives a model no column that it does not ask for
    save_bundle(Bundle(name, model, recipe, pieces, None, shares, None, "A card."), path, inputs)
    loaded = load_bundle(path)
    again = loaded.estimator
    assert loaded.identity == hash_bytes(path.read_bytes())
    assert again.n_rows_ == model.n_rows_ == len(X)
    assert np.allclose(again.predict_proba(X), model.predict_proba(X), atol=1e-6)
    assert np.allclose(again.typicality(X), model.typicality(X), atol=1e-6)
    assert (again.nearest(X, 3)[0] == model.nearest(X, 3)[0]).all()
    assert again.attention("Bruno", 3) == model.attention("Bruno", 3)


def test_equal_seeds_give_equal_models(name, fitted):
    """Nothing hangs on the clock, the run, the order of columns or what rows are called."""
    X, y, groups = rows_for(name)
    renamed = X[X.columns[::-1]].set_axis([f"{label}/piece {i}.mid" for i, label in enumerate(y[::-1])])
    again = small_model(name).fit(renamed, y, groups=groups)
    assert np.allclose(again.predict_proba(X), fitted[name].predict_proba(X), atol=1e-9)


def test_padding_order_and_names_change_nothing(name, fitted):
    """Any amount of negative tokens, rows in another order and by other names: the same answers."""
    X, _, _ = rows_for(name)
    model = fitted[name]
    expected = model.predict_proba(X)
    for count in (1, 300):
        assert np.allclose(model.predict_proba(padded(X, count)), expected, atol=1e-6)
    order = np.random.default_rng(0).permutation(len(X))
    other = X.iloc[order].set_axis([f"piece {i}" for i in order])
    assert np.allclose(model.predict_proba(other), expected[order], atol=1e-6)


def hears_keys(name):
    return "transposition_free" in load_model(name)._get_param_names()


@pytest.mark.parametrize("name", [name for name in MODELS if hears_keys(name)])
def test_models_without_transposition_hear_none(name, tmp_path):
    """Chords in another key get the same answers, whatever the model learnt."""
    if not can_learn(name):
        pytest.skip("networks learn with torch (extra 'deep'), which is not installed")
    sung, labels = sequences(pieces=4)
    higher = [[16 * ((chord // 16 + 5) % 12) + chord % 16 for chord in row] for row in sung]
    (tmp_path / "higher").mkdir()
    here, there = table_of(tmp_path, sung, labels), table_of(tmp_path / "higher", higher, labels)
    model = small_model(name, transposition_free=True).fit(here.inputs(), np.array(labels))
    assert not any(column.endswith(".root") for column in model.stream_names_)
    assert np.allclose(model.predict_proba(here.inputs()), model.predict_proba(there.inputs()), atol=1e-6)


def test_scikit_learn_can_clone_it(name):
    """`__init__` only assigns."""
    model = make_model(name, seed=7)
    assert clone(model).get_params() == model.get_params()
    assert model.get_params()["random_state"] == 7


def test_two_classes(name):
    """The least that can be told apart."""
    X, y, groups = rows_for(name, ("Anna", "Bruno"), 6)
    assert small_model(name).fit(X, y, groups=groups).predict_proba(X).shape == (12, 2)


@pytest.mark.parametrize("labels", [("Anna", "Bruno"), ("Rock/Anna", "Rock/Bruno")])
def test_a_hierarchy_of_one_branch(labels):
    """Where all classes are of one genre, the first level tells the classes themselves apart."""
    X, y, groups = rows(("Anna", "Bruno"), 6)
    y = np.array([dict(zip(("Anna", "Bruno"), labels, strict=True))[name] for name in y])
    model = small_model("hierarchical").set_params(general="rbf_svm").fit(X, y, groups=groups)
    assert (model.predict(X) == y).mean() > 0.8


def test_a_class_with_one_group_is_never_excluded(name):
    """Nothing was held out from models that knew the class, so nothing says what is atypical of it."""
    X, y, groups = rows_for(name)
    groups = np.where(y == "Clara", "one work", groups)
    model = small_model(name).fit(X, y, groups=groups)
    assert (model.typicality(X)[:, 2] == 1).all()


def test_one_group_for_all(name):
    """No inner fold can be made: the model answers, uncalibrated."""
    X, y, _ = rows_for(name, ("Anna", "Bruno"), 4)
    model = small_model(name).fit(X, y, groups=["one"] * 8)
    assert np.isfinite(model.predict_proba(X)).all()


def test_rows_without_music(name):
    """Empty streams and NaN features are answered, in training and in asking."""
    X, y, groups = rows_for(name)
    bare = emptied(X, 3)
    model = small_model(name).fit(bare, y, groups=groups)
    assert np.isfinite(model.predict_proba(bare.iloc[[3]])).all()
    assert np.isfinite(model.typicality(bare.iloc[[3]])).all()
    model.evidence(bare.iloc[[3]], "Anna", 4)


@pytest.mark.parametrize("kind", ["features", "streams"])
def test_rows_of_one_kind(name, kind):
    """Tables of numbers alone, and of sequences alone, serve."""
    X, y, groups = rows_for(name)
    is_list = np.array([isinstance(dtype, pd.ArrowDtype) for dtype in X.dtypes])
    part = X.loc[:, is_list == (kind == "streams")]
    alone = {"streams": (TableModel, RecordingStackModel), "features": SequenceModel}[kind]
    if isinstance(small_model(name), alone):
        with pytest.raises(ModelError, match="alone, but the rows have none"):
            small_model(name).fit(part, y, groups=groups)
        return
    model = small_model(name).fit(part, y, groups=groups)
    assert np.isfinite(model.predict_proba(part)).all()


def test_a_lone_label_is_refused(name):
    """One class cannot be told from itself."""
    X, y, _ = rows_for(name, ("Anna", "Bruno"), 4)
    with pytest.raises(ModelError, match="at least two labels, but there is only 'Anna'"):
        small_model(name).fit(X.iloc[:4], y[:4])


def test_weights_must_be_positive(name):
    """A weight of zero is a mistake, not a wish."""
    X, y, _ = rows_for(name, ("Anna", "Bruno"), 4)
    with pytest.raises(ModelError, match="weights must be positive"):
        small_model(name).fit(X, y, sample_weight=np.zeros(8))


def test_asking_before_fitting_is_refused(name):
    """There is nothing to answer from."""
    X, _, _ = rows_for(name, ("Anna", "Bruno"), 4)
    with pytest.raises(ModelError, match="must be fitted"):
        small_model(name).predict_proba(X)


def test_an_unknown_model_is_refused():
    """The message lists those there are."""
    with pytest.raises(UsageError, match=r"no model named 'magic'[\s\S]*standard"):
        load_model("magic")
