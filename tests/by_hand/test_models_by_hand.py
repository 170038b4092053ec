"""The parts of the standard model on numbers that can be worked out by hand."""

import numpy as np
import pytest

from styleprint.models.base import Inputs, Lists, Training
from styleprint.models.calibration import fit_scales, to_probabilities
from styleprint.models.contributions import contrast
from styleprint.models.familiarity import learn_familiarity
from styleprint.models.kernel import RankNormal
from styleprint.models.linear import balance
from styleprint.models.ngrams import learn_space
from styleprint.models.passages import cut_rows, join_scales
from styleprint.models.typicality import learn_conformal, learn_typicality, margins
from styleprint.models.views import View, hash_runs, name_run


def streams(*rows):
    """Rows of one stream `s` with one field `t`."""
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    values = np.array([token for row in rows for token in row], dtype=np.int32)
    return Inputs(np.empty((len(rows), 0)), (), {"s.t": Lists(values, offsets)}, len(rows))


def view(*orders, familiar=0):
    return View("t", "s", ("t",), orders, familiar)


def test_runs_are_counted_where_they_begin():
    """1 2 1 2: two runs "1 2" and one "2 1" of order 2; cut in the middle, each half has those that begin in it."""
    inputs = streams([1, 2, 1, 2], [1, 2, 1, 2], [])
    space, blocks = learn_space(inputs, [view(2)], cut_rows(inputs, [view(2)], moments=2), np.ones(inputs.n_rows))
    names = {int(h): run for run in ((1, 2), (2, 1)) for h in hash_runs(np.array(run), 2)}
    columns = [names[int(h)] for h in space.hashes[0]]
    counts = blocks[0].toarray()[:, [columns.index((1, 2)), columns.index((2, 1))]]
    assert counts.tolist() == [[1, 1], [1, 0], [1, 1], [1, 0], [0, 0]]


def test_scales_are_sums():
    """A row of nine passages: nine, two of four and five, and the whole; each scale a third of the weight."""
    inputs = streams(list(range(90)))
    scales = join_scales(cut_rows(inputs, [view(1)], moments=10), 1)
    assert scales.sums.shape == (12, 9)
    assert np.asarray(scales.sums.sum(axis=1)).ravel().tolist() == [1] * 9 + [4, 5] + [9]
    assert scales.whole.tolist() == [11]
    assert scales.share.sum() == pytest.approx(1)
    assert scales.share[-1] == pytest.approx(1 / 3)


def test_a_short_row_is_one_unit():
    """Where all scales coincide, one unit carries the whole weight."""
    scales = join_scales(cut_rows(streams([1, 2], []), [view(1)], moments=10), 2)
    assert scales.row.tolist() == [0, 1]
    assert scales.share.tolist() == [1, 1]


def test_tfidf_of_three_rows():
    """sqrt(count) × (1 + log(rows / rows with it)), then length 1: a run in two of three rows, and one in all."""
    inputs = streams([5, 5, 5, 5, 7], [5, 7], [7])
    cuts = cut_rows(inputs, [view(1)], moments=None)
    space, blocks = learn_space(inputs, [view(1)], cuts, np.ones(inputs.n_rows))
    five = int(np.flatnonzero(space.hashes[0] == hash_runs(np.array([5]), 1)[0])[0])
    found = space.weigh(blocks).toarray()
    raw = np.array([2 * (1 + np.log(3 / 2)), 1.0])
    assert found[0, [five, 1 - five]] == pytest.approx(raw / np.linalg.norm(raw), abs=1e-3)
    assert found[2, 1 - five] == pytest.approx(1)


def test_hashes_tell_order_and_length():
    """1 2, 2 1, 1 2 0 and 1 are four different runs."""
    runs = [(1, 2), (2, 1), (1, 2, 0), (1,)]
    assert len({int(hash_runs(np.array(run), len(run))[0]) for run in runs}) == 4


def test_a_run_in_words():
    """Joined fields come apart again."""
    chosen = View("counterpoint", "frames", ("vertical", "skyline", "bass"), (1, 2))
    words = chosen.join([np.array([7, 12]), np.array([27, 15]), np.array([27, 12])])
    assert name_run(chosen, words) == "counterpoint: 7 start start · 12 +2 -1"


def test_p_values_count_groups():
    """Four rows of three works: the two of work b have half a voice each."""
    y, groups = np.zeros(4, dtype=np.intp), np.array(["a", "b", "b", "c"])
    conformal = learn_conformal(np.array([[0.1], [0.2], [0.3], [0.4]]), y, groups, np.ones(len(y)), 1)
    asked = np.array([[0.0], [0.1], [0.25], [0.3], [1.0]])
    assert conformal.p_values(asked).ravel().tolist() == pytest.approx([1 / 4, 2 / 4, 2.5 / 4, 3 / 4, 1])


def test_the_weaker_claim_counts():
    """A row that wins by a margin but speaks a foreign language is atypical, and the other way round."""
    scale = np.arange(20.0)[:, None]
    y, groups = np.zeros(20, dtype=np.intp), np.arange(20).astype(str)
    typicality = learn_typicality([scale, scale], y, groups, np.ones(len(y)), 1)
    high, low = np.array([[25.0]]), np.array([[0.0]])
    both = typicality.p_values([high, high])[0, 0]
    assert both == 1
    assert typicality.p_values([high, low])[0, 0] == typicality.p_values([low, high])[0, 0] < 0.11


def test_margins():
    """What each class leads by, or lags behind."""
    assert margins(np.array([[3.0, 1.0, 2.0]])).tolist() == [[1, -2, -1]]
    assert margins(np.array([[2.0, 2.0]])).tolist() == [[0, 0]]


def test_familiar_is_what_two_works_know():
    """Runs 1 1 stand in two works of the first class; 2 2 in two rows of one work, so nobody knows it."""
    inputs = streams([1, 1, 1], [1, 1], [2, 2], [2, 2], [3, 3], [1, 1, 2, 2])
    training = Training(np.array(["x", "y"]), np.array([0, 0, 0, 0, 1, 1]), np.array(list("abccde")), np.ones(6))
    familiarity, _ = learn_familiarity(inputs, [view(1, familiar=2)], training, [])
    assert familiarity.measure(streams([1, 1, 1], [2, 2], [])).tolist() == [[1, 0], [0, 0], [0, 0]]
    assert familiarity.measure(streams([1, 1, 2]))[0, 0] == pytest.approx(1 / 2)


def test_familiarity_of_a_held_out_row_leaves_its_work_out():
    """Each of two works holds the run; held out, neither is known by the other alone."""
    inputs = streams([1, 1], [1, 1], [1, 1])
    training = Training(np.array(["x", "y"]), np.array([0, 0, 1]), np.array(["a", "b", "c"]), np.ones(3))
    splits = [(np.array([1, 2]), np.array([0])), (np.array([0, 2]), np.array([1])), (np.array([0, 1]), np.array([2]))]
    _, held_out = learn_familiarity(inputs, [view(1, familiar=2)], training, splits)
    assert held_out.tolist() == [[0, 0], [0, 0], [1, 0]]


def test_scales_recover_the_temperature():
    """Labels drawn with probabilities softmax(3 d) give a scale near 3; a machine of noise gets next to none."""
    random = np.random.default_rng(0)
    decisions, noise = random.normal(size=(4000, 3)), random.normal(size=(4000, 3))
    probabilities = to_probabilities([decisions], np.array([3.0]))
    y = (probabilities.cumsum(axis=1) < random.random((4000, 1))).sum(axis=1)
    scales = fit_scales([decisions, noise], y, np.ones(4000))
    assert scales[0] == pytest.approx(3, rel=0.1)
    assert scales[1] < 0.15


def test_classes_weigh_the_same():
    """Three rows against one: the one weighs three times as much, and the mean is 1."""
    assert balance(np.array([0, 0, 0, 1]), np.ones(4), 2).tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_ranks():
    """The middle rank is 0, both ends are ±3, NaN and what never varies are 0, and shared values share ranks."""
    column = np.arange(101.0)
    features = np.stack([column, np.ones(101), np.minimum(column, 50)], axis=1)
    scores = RankNormal.learn(features, np.ones(len(features))).apply(
        np.array([[50.0, 1, 0], [0, 5, 50], [1000, 1, 80], [np.nan] * 3])
    )
    assert scores[0, 0] == pytest.approx(0, abs=1e-6)
    assert scores[1:3, 0].tolist() == [-3, 3]
    assert scores[:, 1].tolist() == [0, 0, 0, 0]
    assert scores[1, 2] == pytest.approx(0.67, abs=0.02)  # ranks 50–100 of 100: the middle is three quarters
    assert scores[3].tolist() == [0, 0, 0]


def test_contrast_is_the_slope_of_log_odds():
    """Numerically: d log(p / (1 − p)) along each decision value."""
    decision = np.array([0.3, -0.2, 1.1])
    probabilities = to_probabilities([decision[None]], np.ones(1))[0]
    slope = []
    for j in range(3):
        moved = decision.copy()
        moved[j] += 1e-6
        p = [to_probabilities([d[None]], np.ones(1))[0, 0] for d in (decision, moved)]
        slope.append((np.log(p[1] / (1 - p[1])) - np.log(p[0] / (1 - p[0]))) / 1e-6)
    assert contrast(probabilities, 0) == pytest.approx(slope, abs=1e-4)
