"""A model of language, as a user types it: trained, measured on works that it has not seen, and refused elsewhere."""

import json

import pytest

pytest.importorskip("torch", reason="learning needs the extra 'deep'")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Parameters of a network that learns in a moment."""
    path = tmp_path_factory.mktemp("small") / "small.toml"
    path.write_text('model = "language-lstm"\n[parameters]\nepochs = 2\nwidth = 16\nhead = 16\n')
    return path


def test_bits_a_note_beside_baselines(styleprint, corpus, small):
    """Every piece is held out once; each model has its bits with an interval, in all and by field."""
    asked = ("evaluate", corpus, "--model", "language-lstm", "--folds", 2, "--parameters", small)
    answer = styleprint(*asked, "--workers", 0, "--quiet", "--json", "-")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert set(found["bits_an_event"]) == {"language-lstm", "unigram", "bigram", "n-gram"}
    for figure in found["bits_an_event"].values():
        assert 0 < figure["low"] <= figure["value"] <= figure["high"]
    for name, figure in found["bits_an_event"].items():
        assert sum(found["bits_a_field"][name].values()) == pytest.approx(figure["value"], rel=1e-3)
    assert found["bits_an_event"]["bigram"]["value"] < found["bits_an_event"]["unigram"]["value"]


@pytest.mark.parametrize("option", [("--report", "page.html"), ("--augment", "transposed"), ("--optimise", "balanced")])
def test_what_belongs_to_other_models_is_refused(styleprint, corpus, option):
    """With exit code 2, before anything is read."""
    answer = styleprint("evaluate", corpus, "--model", "language-lstm", *option, "--quiet")
    assert answer.code == 2
    assert "U115" in answer.err


def test_it_does_not_identify(styleprint, corpus, unseen, small, tmp_path):
    """A bundle of language is no bundle that names a composer, and says so."""
    bundle = tmp_path / "language.styleprint"
    asked = ("train", corpus, "-o", bundle, "--model", "language-lstm", "--parameters", small)
    answer = styleprint(*asked, "--workers", 0, "--quiet")
    assert answer.code == 0, answer.err
    card = styleprint("card", bundle)
    assert card.code == 0, card.err
    assert "# A model of language: language-lstm" in card.out
    refused = styleprint("identify", bundle, unseen, "--quiet")
    assert refused.code in (2, 3)
    assert "language" in refused.err
