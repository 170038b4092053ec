"""``--augment`` as a user types it: variants of training pieces, for folders of any kind of music."""

import json
from pathlib import Path

import numpy as np
import pytest

from styleprint.extraction.recipe import Recipe
from styleprint.support.errors import LimitError, UsageError
from styleprint.workflows import augment
from styleprint.workflows.augment import prepare_augmented
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions

NAMES = ("transposed=2", "thinned", "without_a_part")


def made(corpus, options, **run):
    """The variants of a folder, with what it read."""
    options, run = AugmentOptions(*options), RunOptions(**{"workers": 0, **run})
    asked = CorpusOptions(cap=4)
    return prepare_augmented(corpus, Recipe.of((), ("notes",)), options, corpus=asked, run=run)


def told(prepared):
    """Path of the piece and tokens of each variant, sorted."""
    paths, found = prepared.table.frame["path"].to_numpy(), prepared.augmented
    tokens = found.inputs["notes.interval"].to_list()
    return sorted((paths[row], tuple(own)) for row, own in zip(found.of, tokens, strict=True))


def test_variants_are_equal_for_any_number_of_workers_and_other_for_another_seed(corpus, tmp_path):
    """Read here, in processes, or from the cache: the same rows in the same order. Nothing to leave out, no variant."""
    here = made(corpus, (NAMES,))
    assert np.bincount(here.augmented.of).tolist() == [3] * 8
    assert "24 variants (transposed=2,thinned,without_a_part) of 8 pieces" in here.table.notes[-1]
    for run in ({"workers": 2}, {"cache": tmp_path}, {"cache": tmp_path}):
        again = made(corpus, (NAMES,), **run).augmented
        assert again.of.tolist() == here.augmented.of.tolist()
        assert again.inputs.equals(here.augmented.inputs)
    assert told(made(corpus, (NAMES,), seed=0)) == told(here)
    assert told(made(corpus, (("thinned",),), seed=1)) != told(made(corpus, (("thinned",),), seed=0))


def test_classes_are_filled_up_to_a_target(corpus):
    """Enough variants for a side on which half of the pieces train; names come in turn."""
    found = made(corpus, (("transposed", "thinned"), 6)).augmented
    assert found.target == 6
    assert np.bincount(found.of).tolist() == [2] * 8
    labels = np.repeat(["leaps", "steps"], 4)
    side = found.of_training(np.array([0, 1, 4, 5, 6]), labels)
    assert np.bincount(side.of).tolist() == [2, 2, 1, 1, 1]
    assert made(corpus, (("thinned",), 2)).augmented.of.tolist() == []


def test_a_piece_whose_variants_cost_too_much_has_none(corpus, monkeypatch):
    """It teaches as it is, and a note counts it; the others have theirs."""
    extract, met = augment.extract_row, []

    def costly(record, recipe):
        if record.source.path in met or not met:
            met.append(record.source.path)
            raise LimitError("R192", "a piece must be done within the memory that a worker may take.")
        return extract(record, recipe)

    monkeypatch.setattr(augment, "extract_row", costly)
    found = made(corpus, (NAMES[:2],))
    assert len(met) == 1
    assert len(found.table) == 8
    assert sorted(np.bincount(found.augmented.of, minlength=8)) == [0, *[3] * 7]
    assert "1 pieces have no variants: making them took too much time or memory." in found.table.notes


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ((("faster",),), "'faster' is no variant[\\s\\S]*transposed, retimed"),
        ((("thinned=0",),), "'thinned=0' is no variant"),
        ((("thinned=",),), "'thinned=' is no variant"),
        ((("thinned@2",),), "'thinned@2' is no variant: this one has no strength"),
        ((("thinned", "thinned=2"),), "'thinned' is named twice"),
        (((), 20), "--augment names none"),
    ],
)
def test_names_that_mean_nothing_are_refused(corpus, options, match):
    """With the names that there are."""
    with pytest.raises(UsageError, match=f"U168[\\s\\S]*{match}"):
        made(corpus, options)


def test_train_evaluate_and_identify(styleprint, corpus, unseen, tmp_path):
    """The evaluation scores the files alone and says how it learnt; the bundle knows the files alone."""
    figures, bundle = tmp_path / "evaluation.json", tmp_path / "made.styleprint"
    common = (corpus, "--model", "ngrams", "--workers", 0, "--quiet", "--cache", tmp_path / "cache")
    asked = ("--augment", "transposed,thinned", "--augment-to", 30)
    found = styleprint("evaluate", *common, *asked, "--protocols", "work", "--folds", 2, "--json", figures)
    assert found.code == 0, found.err
    written = json.loads(figures.read_text())
    assert written["rows"] == written["protocols"]["work"]["rows"] == 40
    assert written["augment"] == "transposed,thinned to 30"
    assert any("is never scored" in note for note in written["notes"])
    refused = styleprint("train", *common, "-o", bundle, "--evaluation", figures)
    assert refused.code == 2
    assert "has augment transposed,thinned to 30, and the bundle none" in refused.err
    trained = styleprint("train", *common, *asked, "-o", bundle, "--evaluation", figures, "--json", "-")
    assert trained.code == 0, trained.err
    assert json.loads(trained.out)["pieces"] == 40
    answer = styleprint("identify", bundle, unseen, "--json", "-", "--workers", 0, "--quiet")
    (identified,) = json.loads(answer.out)
    assert identified["label"] == "steps"
    assert all(Path(near["path"]).suffix == ".mid" for near in identified["nearest"])


def test_a_table_holds_no_music(styleprint, two_labels):
    """The remedy names what tables have instead."""
    answer = styleprint("evaluate", two_labels, "--target", "label", "--model", "logistic", "--augment", "thinned")
    assert answer.code == 2
    assert "U168" in answer.err
    assert "smote=N" in answer.err
