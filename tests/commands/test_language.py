"""A model of language, as a user types it: trained, measured on works that it has not seen, and refused elsewhere."""

import json
from dataclasses import replace

import pytest

from styleprint import EvaluateOptions, RunOptions, evaluate
from styleprint.models.language.registry import LANGUAGE_MODELS
from styleprint.reading import read_score
from styleprint.support.errors import UsageError

pytest.importorskip("torch", reason="learning needs the extra 'deep'")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Of each model the parameters of a network that learns in a moment."""
    folder = tmp_path_factory.mktemp("small")
    for name in LANGUAGE_MODELS:
        (folder / name).write_text(f'model = "{name}"\n[parameters]\nepochs = 2\nwidth = 16\nhead = 16\n')
    return folder


@pytest.mark.parametrize("model", LANGUAGE_MODELS)
def test_bits_a_note_beside_baselines(styleprint, corpus, small, model, tmp_path):
    """Every piece is held out once; each model has its bits with an interval, in all and by field."""
    asked = ("evaluate", corpus, "--model", model, "--folds", 2, "--parameters", small / model)
    page = tmp_path / "page.html"
    answer = styleprint(*asked, "--report", page, "--workers", 0, "--quiet", "--json", "-")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert set(found["bits_an_event"]) == {model, "unigram", "bigram", "n-gram"}
    for figure in found["bits_an_event"].values():
        assert 0 < figure["low"] <= figure["value"] <= figure["high"]
    for name, figure in found["bits_an_event"].items():
        assert sum(found["bits_a_field"][name].values()) == pytest.approx(figure["value"], rel=1e-3)
    assert found["bits_an_event"]["bigram"]["value"] < found["bits_an_event"]["unigram"]["value"]
    assert [len(curve) for curve in found["curves"]] == [2, 2]
    text = page.read_text()
    assert f"{found['bits_an_event'][model]['value']:.3f}" in text
    assert text.count("<circle") == 4  # two epochs, of works learnt from and held out


def test_python_asks_the_same(corpus, small):
    """The door that leads to models of language is behind `evaluate`, not in the command line."""
    asked = EvaluateOptions(model="language-lstm", folds=2, parameters=small / "language-lstm")
    found = evaluate(corpus, asked, run=RunOptions(workers=0))
    assert "bits a note" in found.text
    with pytest.raises(UsageError, match="U115"):
        evaluate(corpus, replace(asked, optimise="balanced"))


@pytest.mark.parametrize(
    "option", [("--predictions", "rows.parquet"), ("--augment", "transposed"), ("--optimise", "balanced")]
)
def test_what_belongs_to_other_models_is_refused(styleprint, corpus, option):
    """With exit code 2, before anything is read."""
    answer = styleprint("evaluate", corpus, "--model", "language-lstm", *option, "--quiet")
    assert answer.code == 2
    assert "U115" in answer.err


@pytest.mark.parametrize("model", LANGUAGE_MODELS)
def test_a_bundle_writes_and_does_not_identify(styleprint, corpus, unseen, small, tmp_path, model):
    """A bundle of language composes and has neighbours; it is no bundle that names a composer, and says so."""
    bundle = tmp_path / "language.styleprint"
    asked = ("train", corpus, "-o", bundle, "--model", model, "--parameters", small / model)
    for command in (
        (*asked, "--workers", 0, "--quiet"),
        ("compose", bundle, "-o", tmp_path / "new.mid", "--seconds", 5),
        ("neighbours", bundle, "-o", tmp_path / "neighbours.html"),
        ("card", bundle),
    ):
        answer = styleprint(*command)
        assert answer.code == 0, answer.err
    assert f"# A model of language: {model}" in answer.out
    assert len(read_score(tmp_path / "new.mid"))
    refused = styleprint("identify", bundle, unseen, "--quiet")
    assert refused.code in (2, 3)
    assert "language" in refused.err


def test_heads_that_do_not_share_the_width_are_refused(styleprint, corpus, tmp_path):
    """Said in words, with exit code 3."""
    (tmp_path / "odd.toml").write_text('model = "language-transformer"\n[parameters]\nwidth = 10\nheads = 4\n')
    asked = ("--model", "language-transformer", "--parameters", tmp_path / "odd.toml", "--workers", 0, "--quiet")
    answer = styleprint("train", corpus, "-o", tmp_path / "no.styleprint", *asked)
    assert answer.code == 3
    assert "M132" in answer.err
