"""How networks learnt, in the record of an evaluation and on its page."""

import functools

import numpy as np
import pytest

from model_cases import small_model
from sequence_cases import sequences, table_of
from styleprint.evaluation.epochs import epochs_section
from styleprint.evaluation.evaluate import Settings, evaluate_table
from styleprint.evaluation.folds import FoldResult
from styleprint.reports.epochs_figures import epochs_figures
from styleprint.reports.evaluation_page import render_evaluation


def result(*curves):
    return FoldResult(np.zeros((0, 2)), None, None, {}, curves=[list(curve) for curve in curves])


def point(loss, held=None, accuracy=0.5):
    return {"loss": loss} | ({} if held is None else {"held_out_loss": held, "held_out_accuracy": accuracy})


def test_means_and_extremes_over_all_networks():
    """Two networks of one fold and one of another, which stopped after an epoch."""
    first, second, third = (point(3.0, 2.0), point(1.0, 1.0, 0.75)), (point(2.0, 3.0), point(1.0, 2.0)), (point(1, 4),)
    found = epochs_section([result(first, second), result(third)])
    assert found["networks"] == 3
    assert found["epochs"][0]["held_out_loss"] == {"mean": 3.0, "low": 2.0, "high": 4.0}
    assert found["epochs"][1] == {
        "epoch": 2,
        "loss": {"mean": 1.0, "low": 1.0, "high": 1.0},
        "held_out_loss": {"mean": 1.5, "low": 1.0, "high": 2.0},
        "held_out_accuracy": {"mean": 0.625, "low": 0.5, "high": 0.75},
    }
    assert "least after epoch 2 in the mean (1.500, accuracy 0.625)" in found["sentence"]


def test_branches_that_learn_alone_are_epoch_0():
    """In a stack a hybrid's epochs stand beside those of other networks, each with its like."""
    hybrid, other = (
        (point(2.0, 2.0) | {"rounds": 60.0}, point(1.5, 1.0), point(1.0, 3.0)),
        (point(3.0, 4.0), point(1, 1)),
    )
    found = epochs_section([result(hybrid, other)])
    assert [entry["epoch"] for entry in found["epochs"]] == [0, 1, 2]
    assert [entry["held_out_loss"]["mean"] for entry in found["epochs"]] == [2.0, 2.5, 2.0]
    assert found["sentence"].startswith("2 networks learnt for 2 epochs, after their branches had learnt by themselves")


def test_models_without_epochs_have_no_section():
    """Nothing is drawn of what there is not."""
    assert epochs_section([result()]) is None
    alone = epochs_section([result((point(1.0), point(0.5)))])
    assert "no rows were held out" in alone["sentence"]
    assert set(epochs_figures(alone)) == {"loss"}


def test_the_page_shows_the_curves(tmp_path):
    """Both losses in one figure, up to a round number above the greatest, and the accuracy in another."""
    pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    table = table_of(tmp_path, *sequences(("Anna", "Bruno"), pieces=8, length=30))
    make = functools.partial(small_model, "convolutions", networks=0)
    settings = Settings(protocols=("work",), folds=2)
    found = evaluate_table(table, make, model="convolutions", settings=settings).to_json()
    assert found["epochs"]["networks"] == 4
    assert [entry["epoch"] for entry in found["epochs"]["epochs"]] == [1, 2]
    page = render_evaluation(found, title="Two composers")
    assert '<section id="epochs">' in page
    assert "Loss after each epoch" in page
    assert "Accuracy after each epoch" in page
    assert "rows held out" in page
