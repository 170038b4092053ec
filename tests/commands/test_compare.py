"""``styleprint compare`` and ``styleprint tune`` as a user types them."""

import json

import pytest


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


def test_a_model_without_parameters_is_not_tuned(styleprint, corpus):
    """Usage, and the message says what to do."""
    answer = styleprint("tune", corpus, "--model", "dummy", "--quiet")
    assert answer.code == 2
    assert "names no parameters for a search" in answer.err
