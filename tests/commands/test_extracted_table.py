"""A table that was extracted goes the same way as its folder: evaluate, train, identify."""

import json

import pytest


@pytest.fixture(scope="module")
def table(corpus, tmp_path_factory):
    """What extract makes of the small corpus."""
    from styleprint.cli import run

    path = tmp_path_factory.mktemp("extracted") / "small.parquet"
    assert run(["extract", str(corpus), "-o", str(path), "--workers", "0", "--quiet"]) == 0
    return path


def test_a_model_of_a_table_answers_about_files(styleprint, table, unseen, tmp_path):
    """The table holds more than the model asks for; the bundle learns by the model's recipe alone."""
    bundle = tmp_path / "small.styleprint"
    assert styleprint("train", table, "-o", bundle, "--workers", 0, "--quiet").code == 0
    answer = styleprint("identify", bundle, unseen, "--json", "-", "--workers", 0, "--quiet")
    (found,) = json.loads(answer.out)
    assert found["status"] == "ok", found
    assert found["label"] == "steps"


def test_a_table_and_its_folder_give_equal_figures(styleprint, table, corpus):
    """The same pieces, groups and model: the same protocol comes out."""
    options = ("--protocols", "work", "--folds", 3, "--workers", 0, "--quiet", "--json", "-")
    found = [json.loads(styleprint("evaluate", source, *options).out)["protocols"] for source in (table, corpus)]
    assert found[0] == found[1]


@pytest.mark.parametrize("option", [("--groups", "collection"), ("--cap", 3), ("--only", "steps"), ("--min-notes", 9)])
def test_what_a_table_cannot_honour_is_refused(styleprint, table, option):
    """A figure must not be quoted under an option that did nothing."""
    answer = styleprint("evaluate", table, *option, "--workers", 0, "--quiet")
    assert answer.code == 2
    assert "U166" in answer.err
    assert option[0] in answer.err


def test_files_that_did_not_serve_are_told(styleprint, corpus, tmp_path):
    """Damaged and filtered files stand in the notes of the figures that lack them."""
    import shutil

    folder = tmp_path / "corpus"
    shutil.copytree(corpus, folder)
    (folder / "steps" / "broken.mid").write_bytes(b"MThd no more")
    options = ("--cap", 10, "--protocols", "work", "--folds", 3, "--workers", 0, "--quiet", "--json", "-")
    notes = json.loads(styleprint("evaluate", folder, *options).out)["notes"]
    assert any("Of 41 files, 20 serve" in note and "1 unreadable" in note for note in notes), notes


def test_tests_go_with_the_headline_whatever_the_order(styleprint, table):
    """By work is the headline though random is named first: breakdowns and baselines are its own."""
    options = ("--folds", 3, "--workers", 0, "--quiet", "--json", "-", "--protocols")
    first = json.loads(styleprint("evaluate", table, *options, "work,random").out)
    second = json.loads(styleprint("evaluate", table, *options, "random,work").out)
    for key in ("baseline", "each_work_once", "hardest_works", "confused_pairs", "breakdowns"):
        assert first[key] == second[key], key
