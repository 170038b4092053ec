"""Bundles with right hashes and wrong contents are refused with our error, before they cost memory."""

import json

import numpy as np
import pytest

from bundle_cases import forged, with_values
from model_cases import rows, small_model
from styleprint.bundle.arrays import array_from_bytes, array_to_bytes
from styleprint.bundle.bundle import FORMAT, Bundle, load_bundle, save_bundle
from styleprint.bundle.identification import identify_row
from styleprint.bundle.members import json_from_bytes
from styleprint.extraction.recipe import Recipe
from styleprint.models.registry import load_model
from styleprint.support.errors import BundleError


def write(name, path):
    X, y, groups = rows()
    model = small_model(name).fit(X, y, groups=groups)
    needs = load_model(name).needs
    pieces = tuple({"path": f"{i}.mid", "label": str(label), "work": ""} for i, label in enumerate(y))
    shares = dict.fromkeys(model.classes_.tolist(), 1 / 3)
    bundle = Bundle(name, model, Recipe.of(needs.features, needs.streams), pieces, None, shares, None, "card")
    save_bundle(bundle, path, X)
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return write("standard", tmp_path_factory.mktemp("good") / "standard.styleprint")


@pytest.fixture(scope="module")
def of_features(tmp_path_factory):
    return write("discriminant", tmp_path_factory.mktemp("good") / "discriminant.styleprint")


def nothing(members):
    pass


@pytest.mark.parametrize(
    "change",
    [
        with_values(**{"inner.familiar_classes": 10**9}),
        with_values(**{"inner.familiar_classes": 2}),
        with_values(**{"inner.familiar_classes": 4}),
        with_values(**{"inner.familiar_counts": [-1]}),
        with_values(**{"inner.attention": {}}),
        with_values(**{"inner.attention": {"Anna": [], "Bruno": [], "Clara": [{"name": 3, "weight": 1.0}]}}),
        with_values(**{"inner.typicality_scales": 10**30}),
        with_values(**{"inner.typicality_scales": 1}),
        with_values(**{"inner.neighbour_parts": 10**9}),
        with_values(**{"inner.neighbour_parts": 1}),
        with_values(**{"inner.ngram_views": [["notes", "notes", ["interval"], [1] * 1000, 3]]}),
        with_values(**{"inner.ngram_views": [["notes", "notes", ["interval"], [10**9], 3]]}),
        with_values(**{"inner.classes": ["Anna", "Anna", "Clara"]}),
        lambda members: members.update({"model/recipe.txt": b"tables"}),
        lambda members: members.update({"model/recipe.txt": b"magic"}),
        lambda members: members.update({"model/optimise.txt": b"nothing"}),
    ],
)
def test_values_that_do_not_fit(good, tmp_path, change):
    with pytest.raises(BundleError, match=r"\[B120\]"):
        load_bundle(forged(good, tmp_path, change))


@pytest.mark.parametrize("of", ["inner.neighbours_0", "inner.neighbours_1"])
def test_neighbours_that_no_piece_names(good, tmp_path, of):
    def change(members):
        kept = array_from_bytes(members[f"model/{of}.npy"], "")
        members[f"model/{of}.npy"] = array_to_bytes(np.concatenate([kept, kept]))

    with pytest.raises(BundleError, match=r"\[B120\]"):
        load_bundle(forged(good, tmp_path, change))


def test_more_pieces_than_the_model_learnt_from(good, tmp_path):
    def change(members):
        pieces = json.loads(members["pieces.json"])
        members["pieces.json"] = json.dumps(pieces * 2).encode()

    with pytest.raises(BundleError, match="each piece that its model learnt from"):
        load_bundle(forged(good, tmp_path, change))


@pytest.mark.parametrize("model", [[], {}, 3, None, "magic"])
def test_a_manifest_whose_model_is_none(good, tmp_path, model):
    with pytest.raises(BundleError, match="its model is not known here"):
        load_bundle(forged(good, tmp_path, nothing, lambda found: found.update(model=model)))


@pytest.mark.parametrize("found", [1, FORMAT - 1, FORMAT + 1, True])
def test_another_format(good, tmp_path, found):
    with pytest.raises(BundleError, match=r"\[B10[56]\]"):
        load_bundle(forged(good, tmp_path, nothing, lambda manifest: manifest.update(format=found)))


@pytest.mark.parametrize(
    "values",
    [{"fitted.n_classes": 10**12}, {"fitted.preparation.n_columns": 10**12}, {"neighbour_parts": 2}],
)
def test_a_model_of_features_that_does_not_fit(of_features, tmp_path, values):
    with pytest.raises(BundleError, match=r"\[B120\]"):
        load_bundle(forged(of_features, tmp_path, with_values(**values)))


@pytest.mark.parametrize(
    ("of", "place", "value"), [("feature", -1, 10_000), ("left", -1, 0), ("right", 0, 10**6), ("leaf", 0, 10**6)]
)
@pytest.mark.parametrize("name", ["forest", "lightgbm"])
def test_trees_that_lead_nowhere_or_back(tmp_path, name, of, place, value):
    """Nodes that no row of the self-check comes by are checked too."""
    good = write(name, tmp_path / "good.styleprint")

    def change(members):
        nodes = array_from_bytes(members[f"model/fitted.machine.{of}.npy"], "").copy()
        nodes[place] = value
        members[f"model/fitted.machine.{of}.npy"] = array_to_bytes(nodes)

    with pytest.raises(BundleError, match=r"\[B120\]"):
        load_bundle(forged(good, tmp_path, change))


def test_numbers_that_run_over(tmp_path):
    """Leaves of enormous value: refused when it is loaded, without a warning."""
    good = write("lightgbm", tmp_path / "good.styleprint")

    def change(members):
        name = "model/fitted.machine.values.npy"
        values = array_from_bytes(members[name], "")
        members[name] = array_to_bytes(np.full_like(values, 1e308))

    with pytest.raises(BundleError, match=r"\[B12[01]\]"):
        load_bundle(forged(good, tmp_path, change))


def test_an_answer_that_is_no_number_is_refused(good):
    """What the self-check did not come by is refused when it is asked."""
    X, _, _ = rows()
    bundle = load_bundle(good)
    bundle.estimator.predict_proba = lambda _: np.full((1, 3), np.nan)
    with pytest.raises(BundleError, match=r"\[B122\]"):
        identify_row(bundle, X.iloc[[0]], None, path="asked")


@pytest.mark.parametrize("answer", ["typicality", "similarities", "probabilities"])
def test_the_self_check_covers_every_answer(good, tmp_path, answer):
    """A bundle that answers otherwise than it did is refused."""

    def change(members):
        told = json.loads(members["self-check.json"])
        told[answer] = (np.array(told[answer]) * 0.5 + 0.3).tolist()
        members["self-check.json"] = json.dumps(told).encode()

    with pytest.raises(BundleError, match=r"\[B121\]"):
        load_bundle(forged(good, tmp_path, change))


@pytest.mark.parametrize("text", [b"1e999", b'"\\ud800"', b"NaN", b"1" * 5000, b"[" * 100_000])
def test_json_that_no_bundle_holds(text):
    with pytest.raises(BundleError, match=r"\[B113\]"):
        json_from_bytes(text, "test")


def test_a_name_with_a_backslash_is_kept():
    assert json_from_bytes(b'"\\\\ud800"', "test") == "\\ud800"
