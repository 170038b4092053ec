"""``styleprint compare`` and ``styleprint tune`` as a user types them."""

import json
import tomllib

import pandas as pd
import pytest

from styleprint import load_bundle


@pytest.fixture(scope="module")
def compared(corpus, tmp_path_factory):
    """JSON and page of one comparison."""
    from styleprint.cli import run

    folder = tmp_path_factory.mktemp("compared")
    paths = {name: folder / name for name in ("comparison.json", "page.html")}
    options = ["--models", "standard,dummy", "--folds", "5", "--repeats", "2", "--workers", "0", "--quiet"]
    outputs = ["--json", str(paths["comparison.json"]), "--report", str(paths["page.html"])]
    assert run(["compare", str(corpus), *options, *outputs]) == 0
    return paths


def test_the_json_says_who_is_better(compared):
    """The model that listens is better than the one that does not, by every test."""
    found = json.loads(compared["comparison.json"].read_text())
    assert list(found["models"]) == ["standard", "dummy"]
    assert found["reference"] == "standard"
    assert found["paired"]["dummy"]["p_holm"] < 0.05
    assert found["paired"]["dummy"]["difference"]["high"] < 0
    assert found["nested"]["chosen"] == ["standard"] * 5
    assert len(found["models"]["dummy"]["fold_values"]) == 10


def test_the_page_is_complete_in_itself(compared):
    """No script, nothing from outside, what better means in it."""
    page = compared["page.html"].read_text()
    assert "<script" not in page
    assert "https://" not in page
    assert "better than standard" in page


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--models", "standard,dummy", "--require", "dummy.accuracy=0.9"], 4, "dummy.accuracy"),
        (["--models", "standard"], 2, "two models"),
        (["--models", "standard,dummy", "--reference", "magic"], 2, "must be among"),
        (["--models", "standard,magic"], 2, "no model named 'magic'"),
        (["--models", "standard,dummy", "--optimise", "beauty"], 2, "none of those"),
        (["--models", "standard,standard"], 2, "compared once"),
    ],
)
def test_what_cannot_be_compared(styleprint, corpus, arguments, code, words):
    """Exit codes and messages."""
    answer = styleprint("compare", corpus, "--folds", 2, "--repeats", 1, "--workers", 0, "--quiet", *arguments)
    assert answer.code == code
    assert words in answer.err


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("dummy",), ("'dummy' has nothing that a search may change", "such as rbf_svm, lightgbm or vote")),
        (("standard",), ("'standard' has nothing that a search may change", "such as rbf_svm, lightgbm or vote")),
        (("knn", "--parameters", "magic"), ("'knn' names ", "and not magic", "Choose among those")),
    ],
)
def test_what_cannot_be_searched_is_not_tuned(styleprint, corpus, asked, words):
    """Usage, and the message says what to do."""
    answer = styleprint("tune", corpus, "--quiet", "--model", *asked)
    assert answer.code == 2
    assert all(part in " ".join(answer.err.split()) for part in words), answer.err


def test_what_tune_finds_is_used(styleprint, two_labels, tmp_path):
    """The file that tune writes goes into evaluate and train; another model refuses it."""
    found, small = tmp_path / "best.toml", ("--workers", 0, "--quiet")
    own = ("--target", "label", "--model", "knn")
    answer = styleprint("tune", two_labels, *own, "--trials", 3, "--folds", 2, "-o", found, "--json", "-", *small)
    assert answer.code == 0
    tuning = json.loads(answer.out)
    best = tomllib.loads(found.read_text())
    assert best == {"model": "knn", "parameters": tuning["best"]}
    answer = styleprint("evaluate", two_labels, *own, "--folds", 2, "--parameters", found, *small)
    assert answer.code == 0
    bundle = tmp_path / "tuned.styleprint"
    assert styleprint("train", two_labels, *own, "--parameters", found, "-o", bundle, *small).code == 0
    assert load_bundle(bundle).estimator.get_params()["k"] == tuning["best"]["k"]
    answer = styleprint("evaluate", two_labels, "--target", "label", "--model", "tree", "--parameters", found, *small)
    assert answer.code == 2
    assert "but is for 'knn'" in answer.err


def test_a_tuned_figure_can_be_required(styleprint, two_labels):
    """Exit 4, and the message names the figure."""
    own = ("--target", "label", "--model", "tree", "--trials", 2, "--folds", 2, "--workers", 0, "--quiet")
    answer = styleprint("tune", two_labels, *own, "--require", "tuned.accuracy=1.01")
    assert answer.code == 4
    assert "tuned.accuracy" in answer.err


def test_rare_labels_are_warned_of(styleprint, two_labels, tmp_path):
    """More than ten to one: evaluate and compare say so, and what to do."""
    frame = pd.read_csv(two_labels)
    path = tmp_path / "rare.csv"
    pd.concat([frame[frame["label"] == "high"], frame[frame["label"] == "low"].head(2)]).to_csv(path, index=False)
    small = ("--target", "label", "--folds", 2, "--workers", 0, "--quiet")
    evaluated = styleprint("evaluate", path, "--model", "dummy", "--protocols", "work", *small)
    compared = styleprint("compare", path, "--models", "dummy,knn", "--repeats", 1, "--inner-folds", 0, *small)
    for answer in (evaluated, compared):
        assert answer.code == 0
        assert "high has 15 times as many rows as low" in answer.out
