"""Small examples of evaluation, worked out on paper."""

import numpy as np
import pandas as pd
import pytest

from styleprint.evaluation.audit import count_divided
from styleprint.evaluation.breakdowns import breakdown, confused_pairs, each_work_once, hardest_works, work_weight
from styleprint.evaluation.calibration import ece, ece_if_perfect, reliability
from styleprint.evaluation.folds import FoldResult
from styleprint.evaluation.intervals import GroupBootstrap, interval, weighted_share
from styleprint.evaluation.metrics import Tally, classwise, row_scores
from styleprint.evaluation.outcomes import pool
from styleprint.evaluation.pieces import collect_pieces
from styleprint.evaluation.ranking import auc, roc_points
from styleprint.evaluation.requirements import Requirement, check_requirements, parse_requirement
from styleprint.evaluation.splitting import Division
from styleprint.evaluation.summary import baselines
from styleprint.evaluation.verdict import Verdict, decide, never_excluded
from styleprint.support.errors import RequirementError, UsageError
from styleprint.support.measure import Meter


def test_brier_log_loss_and_top_three():
    """(.7, .2, .1, 0) with the first true: .09 + .04 + .01 = .14; with the last true: 2 − .46 of the rest …"""
    probabilities = np.array([[0.7, 0.2, 0.1, 0.0], [0.7, 0.2, 0.1, 0.0]])
    scores = row_scores(np.array([0, 3]), probabilities)
    assert scores["brier"] == pytest.approx([0.09 + 0.04 + 0.01, 0.49 + 0.04 + 0.01 + 1.0])
    assert scores["log_loss"] == pytest.approx([-np.log(0.7), -np.log(np.finfo(float).eps)])
    assert scores["top3_accuracy"].tolist() == [1, 0]
    assert scores["accuracy"].tolist() == [1, 0]


def test_equal_probabilities_go_to_the_first_class():
    """Ties are broken as argmax breaks them, in each metric alike."""
    scores = row_scores(np.array([0, 1]), np.full((2, 2), 0.5))
    assert scores["accuracy"].tolist() == [1, 0]


def test_classwise_from_a_confusion():
    """Three right of four true and five predicted: recall .75, precision .6, F1 2/3."""
    found = classwise(np.array([[3.0, 1.0, 0.0], [2.0, 4.0, 0.0], [0.0, 0.0, 0.0]]))
    assert found["recall"][:2] == pytest.approx([3 / 4, 4 / 6])
    assert found["precision"][:2] == pytest.approx([3 / 5, 4 / 5])
    assert found["f1"] == pytest.approx([6 / 9, 8 / 11, 0])
    assert np.isnan(found["recall"][2])
    assert np.isnan(found["precision"][2])


def test_balanced_accuracy_with_weights():
    """Class 0: weights 1 (right) and 3 (wrong) → .25; class 1: right → 1; mean .625, accuracy 2/5."""
    truth, weight = np.array([0, 0, 1]), np.array([1.0, 3.0, 1.0])
    probabilities = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])
    overall, _ = Tally.count(truth, probabilities, weight, np.array([0, 1, 2])).values(np.ones((1, 3)))
    assert overall["balanced_accuracy"] == pytest.approx([0.625])
    assert overall["accuracy"] == pytest.approx([0.4])


def test_a_unit_taken_twice_counts_twice():
    """Resampling multiplies the sums of a unit."""
    truth, probabilities = np.array([0, 1]), np.array([[0.9, 0.1], [0.6, 0.4]])
    tally = Tally.count(truth, probabilities, np.ones(2), np.array([0, 1]))
    overall, _ = tally.values(np.array([[2.0, 1.0], [0.0, 2.0]]))
    assert overall["accuracy"] == pytest.approx([2 / 3, 0])


def test_ece_in_two_bins():
    """Confidences .6 .6 | .9 .9, right 1 0 | 1 1: gaps .1 and .1, mean .1; and a bin border inside a row."""
    confidence, right = np.array([0.9, 0.6, 0.9, 0.6]), np.array([1.0, 1.0, 1.0, 0.0])
    assert ece(confidence, right, np.ones(4), bins=2) == pytest.approx(0.1)
    assert ece(confidence, right, np.ones(4), bins=1) == pytest.approx(0.0)
    # masses 3 (conf .6, right) and 1 (conf .9, wrong): bins of 2: (+.4·2, +.4·1 − .9·1) → (.8 + .5) / 4
    weights = np.array([3.0, 1.0])
    assert ece(np.array([0.6, 0.9]), np.array([1.0, 0.0]), weights, bins=2) == pytest.approx(1.3 / 4)


def test_ece_of_a_perfect_model_is_not_zero():
    """100 answers of confidence .8, one bin's mass: mean |Binomial − 80| / 100 ≈ .8 · σ = .032."""
    confidence = np.full(100, 0.8)
    found = ece_if_perfect(confidence, np.ones(100), np.arange(100), seed=0)
    assert found.mean() == pytest.approx(np.sqrt(0.16 / 100) * np.sqrt(2 / np.pi), rel=0.1)
    together = ece_if_perfect(confidence, np.ones(100), np.zeros(100, dtype=np.intp), seed=0)
    assert set(np.round(together, 9)) == {0.2, 0.8}


def test_reliability_in_bins_of_one():
    """As many bins as rows: each row is its bin."""
    found = reliability(np.array([0.9, 0.5]), np.array([0.0, 1.0]), np.ones(2))
    assert [point["accuracy"] for point in found] == pytest.approx([1, 0])
    assert [point["confidence"] for point in found] == pytest.approx([0.5, 0.9])


def test_auc_counts_pairs():
    """Positives 3, 2; negatives 2, 1: pairs won 1, ½, 1, 1 of 4; with the tied negative weighing 3: 5.5 / 8."""
    score, positive = np.array([3.0, 2.0, 2.0, 1.0]), np.array([True, True, False, False])
    assert auc(score, positive, np.ones(4)) == pytest.approx(3.5 / 4)
    assert auc(score, positive, np.array([1.0, 1.0, 3.0, 1.0])) == pytest.approx((3 + 1 + 1.5 + 1) / 8)
    assert np.isnan(auc(score, np.ones(4, dtype=bool), np.ones(4)))
    assert roc_points(score, positive, np.ones(4)) == [[0, 0], [0, 0.5], [0.5, 1], [1, 1]]


def test_bootstrap_of_two_groups():
    """One right and one wrong group of one label: ¼ none, ½ one, ¼ both; so the interval is (0, 1)."""
    bootstrap = GroupBootstrap.of(np.array([0, 0, 0]), np.array([5, 5, 7]), seed=0)
    times = np.concatenate(list(bootstrap.blocks(3)))
    assert times.shape == (2000, 2)
    assert (times.sum(axis=1) == 2).all()
    assert np.mean(times[:, 0] == 0) == pytest.approx(0.25, abs=0.03)
    found = weighted_share(np.array([True, True, False]), np.array([0.5, 0.5, 1.0]), bootstrap)
    assert found == {"value": 0.5, "low": 0, "high": 1}


def test_bootstrap_keeps_the_number_of_groups_of_each_label():
    """Labels are resampled apart."""
    truth, group = np.repeat([0, 1], [30, 5]), np.arange(35)
    bootstrap = GroupBootstrap.of(truth, group, seed=1)
    times = np.concatenate(list(bootstrap.blocks(35)))
    assert (times[:, bootstrap.label_of_unit == 0].sum(axis=1) == 30).all()
    assert (times[:, bootstrap.label_of_unit == 1].sum(axis=1) == 5).all()
    assert bootstrap.groups_per_label.tolist() == [30, 5]


def test_bootstrap_matches_the_binomial():
    """100 groups, 80 right: the interval is that of Binomial(100, .8) / 100."""
    right = np.arange(100) < 80
    found = weighted_share(right, np.ones(100), GroupBootstrap.of(np.zeros(100, dtype=np.intp), np.arange(100), seed=0))
    assert found["low"] == pytest.approx(0.72, abs=0.015)
    assert found["high"] == pytest.approx(0.87, abs=0.015)


def test_interval_holds_its_value():
    """0 … 100: percentiles 2.5 and 97.5; a value outside extends them."""
    draws = np.arange(101.0)
    assert interval(50, draws) == {"value": 50, "low": 2.5, "high": 97.5}
    assert interval(-1, draws)["low"] == -1


def test_interval_without_draws():
    """Nothing known: the ends are not numbers."""
    assert np.isnan(interval(0.5, np.array([np.nan]))["low"])


@pytest.mark.parametrize(
    ("typicality", "verdict"),
    [
        ({"Bach": 0.4, "Mozart": 0.01}, Verdict("identified", ("Bach",))),
        ({"Bach": 0.2, "Mozart": 0.6}, Verdict("undecided", ("Mozart", "Bach"))),
        ({"Bach": 0.05, "Mozart": 0.01}, Verdict("none_of_these", ())),
        ({"Bach": 0.3, "Abel": 0.3}, Verdict("undecided", ("Abel", "Bach"))),
        ({}, Verdict("none_of_these", ())),
    ],
)
def test_verdict(typicality, verdict):
    """Excluded is what is at most .05."""
    assert decide(typicality) == verdict


def test_a_class_is_excluded_only_by_nineteen_groups_or_more():
    """The least p-value is 1 / (1 + groups): 1/20 with 19 groups, more than .05 with 18."""
    assert never_excluded({"Bach": 19, "Josquin": 18, "Abel": 1}) == ["Abel", "Josquin"]


FRAME = pd.DataFrame(
    {
        "path": ["a1", "a2", "a3", "a4", "b1", "b2", "x1", "x2"],
        "label": ["A", "A", "A", "A", "B", "B", "A", "B"],
        "work": ["k1", "k1", "k1", "k2", "k1", "k2", "k9", "k9"],
        "copies": ["c", "c", "", "", "", "", "x", "x"],
        "group": ["g1", "g1", "g1", "g2", "g3", "g4", "g9", "g9"],
        "notes": [10, 10, 20, 30, 40, 40, 5, 5],
        "style": ["old", "old", "old", None, "new", "new", "", ""],
    }
)


def outcome():
    """Six scored rows: a1 and a2 taken for B, a3, a4, b2 right, b1 taken for A."""
    pieces = collect_pieces(FRAME)
    a_given = np.array([0.3, 0.3, 0.8, 0.9, 0.6, 0.2])
    divisions = [
        Division(0, 0, np.array([2, 3, 5]), np.array([0, 1, 4])),
        Division(0, 1, np.array([0, 1, 4]), np.array([2, 3, 5])),
    ]
    results = [
        FoldResult(np.stack([a_given[d.test], 1 - a_given[d.test]], axis=1), None, np.ones(3, dtype=bool), {})
        for d in divisions
    ]
    return pool("work", pieces, pieces.weight, divisions, results), divisions


def test_conflicts_weights_and_works():
    """The set x stands under A and B: left out. Copies weigh one half; k1 of A is not k1 of B."""
    pieces = collect_pieces(FRAME)
    assert pieces.classes == ("A", "B")
    assert (pieces.conflict_sets, pieces.conflict_rows) == (1, 2)
    assert pieces.weight.tolist() == [0.5, 0.5, 1, 1, 1, 1]
    assert len(np.unique(pieces.work)) == 4
    assert pieces.paths == ["a1", "a2", "a3", "a4", "b1", "b2"]


def test_disputed_and_unreadable_pieces_are_left_out():
    """Only certain pieces with status ok count, and a disputed copy is no conflict."""
    frame = FRAME.assign(status="ok", attribution="certain")
    frame.loc[0, "status"] = "unreadable"
    frame.loc[7, "attribution"] = "disputed"
    pieces = collect_pieces(frame)
    assert pieces.paths == ["a2", "a3", "a4", "b1", "b2", "x1"]
    assert pieces.conflict_sets == 0


def test_pooling_and_training_accuracy():
    """Weight of right answers: 3 of 5; training answers were all right."""
    found, _ = outcome()
    assert found.position.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.fold.tolist() == [0, 0, 1, 1, 0, 1]
    assert found.right.tolist() == [False, False, True, True, False, True]
    assert found.train_accuracy == 1
    frame = found.to_frame()
    assert frame["prediction"].tolist() == ["B", "B", "A", "A", "A", "B"]
    assert frame["probability.A"].tolist() == pytest.approx([0.3, 0.3, 0.8, 0.9, 0.6, 0.2])


def test_baselines():
    """Three pieces of A, two of B: .6; by label ½; shares squared .52."""
    found = baselines(outcome()[0])
    assert found["accuracy"] == pytest.approx(0.6)
    assert found["balanced_accuracy"] == 0.5
    assert found["prior_accuracy"] == pytest.approx(0.52)
    assert found["prior_brier"] == pytest.approx(0.48)


def test_each_work_counts_once():
    """k1 of A: weights ¼ ¼ ½, half right; the other three 1, 0, 1: 2.5 of 4."""
    found, _ = outcome()
    assert work_weight(found).tolist() == pytest.approx([0.25, 0.25, 0.5, 1, 1, 1])
    assert each_work_once(found, seed=0)["accuracy"]["value"] == pytest.approx(2.5 / 4)


def test_breakdowns():
    """By length and by style, with what is unknown under a name of its own."""
    found, _ = outcome()
    parts = {part["name"]: part for part in breakdown(found, "notes", seed=0)}
    assert list(parts) == ["10", "20", "30", "40"]
    assert parts["10"]["pieces"] == pytest.approx(1)
    assert parts["40"]["accuracy"]["value"] == 0.5
    styles = {part["name"]: part for part in breakdown(found, "style", seed=0)}
    assert set(styles) == {"old", "new", "none"}
    assert styles["old"]["accuracy"]["value"] == pytest.approx(0.5)
    assert styles["old"]["works"] == 1


def test_hardest_and_most_confused():
    """b1 is the hardest work; A → B weighs as much as B → A, one piece, and names its files."""
    found, _ = outcome()
    hardest = hardest_works(found)
    assert hardest[0]["files"] == ["b1"]
    assert hardest[0]["likeliest"] == "A"
    pairs = confused_pairs(found)
    assert [(p["label"], p["prediction"], p["pieces"]) for p in pairs] == [("A", "B", 1), ("B", "A", 1)]
    assert [f["path"] for f in pairs[0]["files"]] == ["a1", "a2"]


def test_what_a_split_divides():
    """Folds (a1 a2 b1 | a3 a4 b2): the copies stay, work k1 of A is divided: three of six files."""
    pieces = collect_pieces(FRAME)
    found = count_divided(pieces, outcome()[1])
    assert found["copies_across_random_split"] == 0
    assert found["works_across_random_split"] == 1
    assert found["tested_beside_their_work"] == 0.5
    assert found["label_conflicts"] == 1
    split = [Division(0, 0, np.array([1]), np.array([0, 2, 4])), Division(0, 1, np.array([0]), np.array([1, 3, 5]))]
    assert count_divided(pieces, split)["copies_across_random_split"] == 1


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ("balanced_accuracy=.88", Requirement("", "balanced_accuracy", 0.88)),
        ("random.log_loss=0.5", Requirement("random", "log_loss", 0.5)),
    ],
)
def test_requirements_are_read(text, requirement):
    """[PROTOCOL.]METRIC=VALUE."""
    assert parse_requirement(text) == requirement


@pytest.mark.parametrize("text", ["accuracy", "accuracy=high", "beauty=1", "sometimes.accuracy=1", "accuracy=nan"])
def test_requirements_are_refused(text):
    """Another form is a usage error that names what there is."""
    with pytest.raises(UsageError, match="U121") as caught:
        parse_requirement(text)
    assert "balanced_accuracy" in caught.value.remedy


def test_requirements_are_checked():
    """At least for accuracy, at most for losses; the first protocol where none is named."""
    protocols = {"work": {"accuracy": {"value": 0.8}, "log_loss": {"value": 0.4}}}
    check_requirements(protocols, [Requirement("", "accuracy", 0.8), Requirement("work", "log_loss", 0.4)])
    with pytest.raises(RequirementError, match=r"work.accuracy is 0.8000, at least 0.81 was required; work.log_loss"):
        check_requirements(protocols, [Requirement("", "accuracy", 0.81), Requirement("", "log_loss", 0.39)])
    with pytest.raises(UsageError, match="U122"):
        check_requirements(protocols, [Requirement("random", "accuracy", 0.1)])


def test_meter_sees_memory_and_time():
    """100 MiB more are seen, while they are held."""
    with Meter() as meter:
        before = meter.peak_memory_mb
        held = np.ones(100 << 17)
        during = meter.peak_memory_mb
    assert held.nbytes == 100 << 20
    assert during - before == pytest.approx(100, abs=20)
    assert 0 < meter.seconds < 60
