"""What an evaluation's insight says is so: curves, importances, likeness, a tree, on the headline's folds."""

import functools
import json
import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from contracts.test_report import HOSTILE, Balance
from laws.evaluation_cases import Centroids, make_table
from styleprint.evaluation.evaluate import Settings, evaluate_table
from styleprint.explaining.importance import cluster_features, tree_shap
from styleprint.explaining.insight import with_insight
from styleprint.explaining.learning_curve import take_groups
from styleprint.explaining.likeness import class_distances, path_distances, weighted_error
from styleprint.explaining.small_tree import small_tree
from styleprint.extraction.table import Table
from styleprint.models.registry import make_model
from styleprint.reports.evaluation_page import render_evaluation
from styleprint.reports.insight_figures import insight_figures
from styleprint.reports.tree_chart import tree

NAME = HOSTILE.replace("/", "")
SETTINGS = Settings(protocols=("work",), folds=3)


@pytest.fixture(scope="module")
def table():
    """Labels are paths; the last feature is noise and the first says most."""
    base = make_table(works=(12, 13, 11), strength=2.0)
    frame = base.frame.copy()
    frame["label"] = frame["label"].map({"A": f"x/{NAME}", "B": "x/b", "C": "y/c"})
    frame["f3"] = np.random.default_rng(0).normal(size=len(frame))
    return Table(frame, base.columns)


@functools.cache
def looked_into(model="centroids"):
    base = make_table(works=(12, 13, 11), strength=2.0)
    frame = base.frame.copy()
    frame["label"] = frame["label"].map({"A": f"x/{NAME}", "B": "x/b", "C": "y/c"})
    frame["f3"] = np.random.default_rng(0).normal(size=len(frame))
    own = Table(frame, base.columns)
    maker = Centroids if model == "centroids" else functools.partial(make_model, model, seed=0)
    evaluation = evaluate_table(own, maker, model=model, settings=SETTINGS)
    return with_insight(evaluation, own, maker, SETTINGS)


def test_the_whole_of_the_curve_is_the_evaluations_figure():
    """With all groups the learning curve says what the evaluation says; fewer groups are fewer rows."""
    found = looked_into()
    points = found.sections["insight"]["learning_curve"]["points"]
    headline = found.protocols["work"]
    assert points[-1]["test"]["value"] == pytest.approx(headline["accuracy"]["value"])
    assert points[-1]["train"] == pytest.approx(headline["train_accuracy"])
    assert [p["rows"] for p in points] == sorted(p["rows"] for p in points)


def test_smaller_parts_lie_in_larger_ones():
    """Whole groups, two of each label at least."""
    rng = np.random.default_rng(1)
    truth, units = rng.integers(0, 3, 90), rng.integers(0, 40, 90)
    parts = [set(take_groups(truth, units, share, seed=0).tolist()) for share in (0.1, 0.5, 1.0)]
    assert parts[0] < parts[1] < parts[2] == set(range(90))
    for part in parts:
        rows = sorted(part)
        assert not set(units[rows]) & set(np.delete(units, rows))
        assert all(len(set(units[rows][truth[rows] == k])) >= 2 for k in range(3))


def test_noise_is_not_important():
    """Exchanging noise costs nothing; exchanging what separates does."""
    clusters = looked_into().sections["insight"]["importance"]["permutation"]
    by_name = {entry["features"][0]: entry for entry in clusters}
    assert sorted(name for entry in clusters for name in entry["features"]) == ["f0", "f1", "f2", "f3"]
    assert abs(by_name["f3"]["value"]) < 0.03
    assert clusters[0]["value"] > 0.05
    assert clusters[0]["low"] <= clusters[0]["value"] <= clusters[0]["high"]


def test_features_that_say_the_same_are_exchanged_together():
    """Two copies of one feature, one of them reversed, are one cluster; alone each would seem worthless."""
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 60))
    values = np.stack([a, b, np.exp(a), -a], axis=1)
    assert set(cluster_features(values, ("a", "b", "exp", "minus"))) == {("a", "exp", "minus"), ("b",)}
    assert cluster_features(values[:, :1], ("a",)) == (("a",),)


def test_many_features_are_exchanged_in_at_most_two_hundred_groups():
    """Unrelated features are joined as well then, and none is left out."""
    values = np.random.default_rng(2).normal(size=(40, 230))
    names = tuple(f"f{j}" for j in range(230))
    assert len(cluster_features(values[:, :190], names[:190])) > 150
    clusters = cluster_features(values, names)
    assert 100 < len(clusters) <= 200
    assert sorted(name for cluster in clusters for name in cluster) == sorted(names)


def test_shap_values_sum_to_the_score(table):
    """TreeSHAP's own law: contributions and base value add up to the raw score of each class, row by row."""
    labels = table.frame["label"].to_numpy(dtype=str)
    model = make_model("lightgbm", seed=0).fit(table.inputs(), labels, groups=table.frame["group"].to_numpy())
    contributions, names = tree_shap(model, table.inputs())
    assert names == ("f0", "f1", "f2", "f3")
    raw = model.machine_.decide(table.inputs()[list(model.feature_names_)].to_numpy())
    base = raw - contributions.sum(axis=2)
    assert np.allclose(base, base[0], atol=1e-6)
    assert tree_shap(make_model("dummy", seed=0), table.inputs()) is None


def test_shap_values_are_those_of_shap(table):
    """Beside the library of that name, where it is installed."""
    shap = pytest.importorskip("shap", reason="needs shap, of the extra 'explain'")
    labels = table.frame["label"].to_numpy(dtype=str)
    model = make_model("lightgbm", seed=0).fit(table.inputs(), labels)
    contributions, _ = tree_shap(model, table.inputs())
    rows = model.machine_.preparation.apply(table.inputs()[list(model.feature_names_)].to_numpy())
    theirs = np.asarray(shap.TreeExplainer(model.machine_.machine.booster).shap_values(rows))
    assert np.allclose(contributions, np.moveaxis(theirs, 2, 1) if theirs.ndim == 3 else theirs, atol=1e-6)


def test_shap_is_told_by_class_where_it_applies():
    """LightGBM has it; centroids have not, and say why."""
    has_not = looked_into().sections["insight"]["importance"]["shap"]
    assert not has_not["applies"]
    assert "LightGBM" in has_not["reason"]
    has = looked_into("lightgbm").sections["insight"]["importance"]["shap"]
    assert set(has["by_class"]) == {f"x/{NAME}", "x/b", "y/c"}
    for values in has["by_class"].values():
        assert list(values.values()) == sorted(values.values(), reverse=True)
        assert min(values.values()) >= 0


def test_difficulty_and_levels_are_those_of_the_predictions():
    """Classes by F1; the confusion above sums that below; a subgenre taken for its sister is right above."""
    found = looked_into()
    insight, figures = found.sections["insight"], found.protocols["work"]
    ranked = [entry["f1"] for entry in insight["difficulty"]]
    assert ranked == sorted(figures["per_class"][name]["f1"] for name in found.classes)
    level = insight["levels"]["1"]
    assert level["classes"] == ["x", "y"]
    assert level["confusion"].sum() == pytest.approx(figures["weight"])
    below = np.array(figures["confusion"])
    assert level["confusion"][0].sum() == pytest.approx(below[:2].sum())


def test_paths_that_begin_alike_are_near():
    """The share of the path that two labels do not have in common."""
    found = path_distances(("a/x", "a/y", "b/x"))
    assert found.tolist() == [[0, 0.5, 1], [0.5, 0, 1], [1, 1, 0]]


def test_distances_of_classes_by_hand():
    """Three classes on a line: the middle one is nearer to both; the mean distance is 1."""
    values = np.array([[0.0], [1], [10], [11], [20], [21]])
    found = class_distances(values, np.array([0, 0, 1, 1, 2, 2]), np.arange(6), 3)
    assert found[0, 1] == pytest.approx(found[1, 2])
    assert found[0, 2] == pytest.approx(2 * found[0, 1])
    assert found.sum() / 6 == pytest.approx(1.0)
    assert class_distances(np.full((4, 1), np.nan), np.array([0, 0, 1, 1]), np.arange(4), 2)[0, 1] == 1.0


def test_an_error_among_neighbours_weighs_less():
    """Two errors of four: one to the sister, one far away."""
    truth, said = np.array([0, 0, 1, 2]), np.array([1, 2, 1, 2])
    found = weighted_error(truth, said, np.ones(4), np.arange(4), path_distances(("a/x", "a/y", "b/x")), seed=0)
    assert found["plain"]["value"] == pytest.approx(0.5)
    assert found["weighted"]["value"] == pytest.approx((0.5 + 1.0) / 4)
    assert found["distance_of_an_error"] == pytest.approx(0.75)
    assert found["by_chance"] == pytest.approx(0.75)


def test_a_small_tree_by_hand():
    """One question tells two labels apart, and does so for groups that it has not seen."""
    values = np.array([[float(i % 2), np.nan] for i in range(60)])
    truth = np.arange(60) % 2
    found = small_tree(values, truth, np.arange(60) // 2, np.ones(60), ("odd", "void"), ("even", "odd"), seed=0)
    assert found["accuracy"] == 1.0
    root = found["root"]
    assert (root["feature"], root["threshold"], root["rows"]) == ("odd", 0.5, 60)
    assert (root["yes"]["label"], root["no"]["label"], root["yes"]["share"]) == ("even", "odd", 1.0)
    drawn = tree(root, ("even", "odd"), title="small")
    assert drawn.count("<rect") == 3
    assert "≤ 0.5 ?" in drawn


def test_the_page_shows_it_and_stays_harmless():
    """The section stands in the page, names are escaped, figures have names."""
    found = json.loads(json.dumps(looked_into("lightgbm").to_json(), allow_nan=False))
    page = render_evaluation(found, title="x")
    parser = Balance()
    parser.feed(page)
    assert not parser.open
    assert "<script" not in page
    assert all(f'id="{target}"' in page for target in re.findall(r'href="#(\w+)"', page))
    drawn = insight_figures(found["insight"], found["classes"])
    assert set(drawn) == {"learning-curve", "difficulty", "confusion-level-1", "tree", "importance", "shap"}
    assert all(str(figure) in page for figure in drawn.values())


def test_spearman_is_what_clusters():
    """The cut of .3 is on 1 − |ρ|: ρ of .8 joins, of .6 does not."""
    rng = np.random.default_rng(3)
    a = rng.normal(size=2000)
    near, far = a + 0.6 * rng.normal(size=2000), a + 1.3 * rng.normal(size=2000)
    assert abs(stats.spearmanr(a, near).statistic) > 0.75
    assert abs(stats.spearmanr(a, far).statistic) < 0.65
    frame = pd.DataFrame({"a": a, "near": near, "far": far})
    assert set(cluster_features(frame.to_numpy(), tuple(frame))) == {("a", "near"), ("far",)}
