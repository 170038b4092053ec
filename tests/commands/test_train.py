"""``styleprint train`` as a user types it: what may stand in a bundle's card."""

import json

import pytest


@pytest.fixture(scope="module")
def figures(corpus, tmp_path_factory):
    """An evaluation of the baseline on the small corpus, by the protocol that flatters."""
    from styleprint.cli import run

    path = tmp_path_factory.mktemp("figures") / "evaluation.json"
    asked = ["evaluate", str(corpus), "--model", "dummy", "--protocols", "random", "--folds", "2", "--workers", "0"]
    assert run([*asked, "--json", str(path), "--quiet"]) == 0
    return path


def train(styleprint, corpus, figures, folder, *more, model="dummy"):
    bundle = folder / "made.styleprint"
    asked = ("train", corpus, "-o", bundle, "--model", model, "--evaluation", figures, "--workers", 0, "--quiet")
    return styleprint(*asked, *more), bundle


def test_any_model_makes_a_bundle_that_opens(styleprint, corpus, unseen, figures, tmp_path):
    """The baseline looks at no column, and its bundle answers all the same."""
    made, bundle = train(styleprint, corpus, figures, tmp_path)
    assert made.code == 0, made.err
    answer = styleprint("identify", bundle, unseen, "--json", "-", "--workers", 0, "--quiet")
    assert answer.code == 0, answer.err
    (found,) = json.loads(answer.out)
    assert found["probabilities"] == {"leaps": 0.5, "steps": 0.5}


def test_the_card_says_what_its_protocol_holds_for(styleprint, corpus, figures, tmp_path):
    """Random files are never called works that the models had not seen."""
    _, bundle = train(styleprint, corpus, figures, tmp_path)
    card = styleprint("card", bundle).out
    assert "Protocol *random*: tested on files of whose works" in card
    assert "the figures are too high" in card
    assert "works that the tested models had not seen" not in card


@pytest.mark.parametrize(
    ("more", "model", "differs"),
    [
        ((), "naive_bayes", "has model dummy, and the bundle naive_bayes"),
        (("--cap", 15), "dummy", "has rows 40, and the bundle 30"),
        (("--optimise", "balanced"), "dummy", "has optimise accuracy, and the bundle balanced"),
    ],
)
def test_figures_of_something_else_are_refused(styleprint, corpus, figures, tmp_path, more, model, differs):
    """Another model, other rows, or another aim."""
    answer, bundle = train(styleprint, corpus, figures, tmp_path, *more, model=model)
    assert answer.code == 2
    assert "UsageError [U193]" in answer.err
    assert differs in answer.err
    assert "Evaluate the same model with the same settings on the same corpus" in answer.err
    assert not bundle.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("styleprint", "0.0.1"),
        ("classes", ["steps", "jumps"]),
        ("groups", 3),
        ("classes", 5),
        ("parameters", {"strength": 2.0}),
    ],
)
def test_figures_of_another_version_or_corpus_are_refused(styleprint, corpus, figures, tmp_path, name, value):
    """Whatever says that the figures are of something else counts."""
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(json.loads(figures.read_text()) | {name: value}))
    answer, _ = train(styleprint, corpus, changed, tmp_path)
    assert answer.code == 2
    assert f"has {name} " in answer.err
