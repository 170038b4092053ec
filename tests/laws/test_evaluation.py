"""Laws of the evaluation: nobody is tested on what was learnt, copies count once, names do not matter."""

import functools
import json

import numpy as np
import pandas as pd
import pytest
from evaluation_cases import FEATURES, Centroids, make_table, to_table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score

from styleprint.evaluation.evaluate import Extras, Settings, evaluate_table
from styleprint.evaluation.folds import DataHandle, SharedData
from styleprint.evaluation.further import with_scores
from styleprint.evaluation.metrics import METRICS
from styleprint.evaluation.permutation import exchange_labels, permutation_test
from styleprint.evaluation.pieces import collect_pieces
from styleprint.evaluation.registry import PROTOCOLS
from styleprint.evaluation.splitting import divide

SOON = Settings(protocols=("work",))
KEPT_WHOLE = {"work": "group", "distinct": "copies", "random": "row"}


def figures(table, settings=SOON, **extras):
    """The figures of the headline protocol."""
    found = evaluate_table(table, Centroids, model="centroids", settings=settings, extras=Extras(**extras))
    return found.protocols[settings.protocols[0]]


class Recorder(Centroids):
    """Remembers in a class variable what it learnt and what it was asked."""

    seen = ()

    def fit(self, X, y, groups=None, sample_weight=None):
        """Learn, and keep which rows."""
        self.learnt = set(X["row"])
        self.given = (len(groups), None if sample_weight is None else np.asarray(sample_weight))
        return super().fit(X[list(FEATURES)], y)

    def predict_proba(self, X):
        """Answer, and keep about which rows."""
        type(self).seen = (*type(self).seen, (self.learnt, set(X["row"]), self.given))
        return super().predict_proba(X[list(FEATURES)])

    def typicality(self, X):
        """As the centroids have it."""
        return super().typicality(X[list(FEATURES)])


@pytest.mark.parametrize("protocol", list(KEPT_WHOLE))
def test_no_model_is_asked_about_what_it_learnt(protocol):
    """Neither the row nor, by protocol, a copy or a piece of its work was learnt."""
    table = make_table(conflicts=2)
    frame = table.frame.assign(row=np.arange(len(table)))
    frame["copies"] = frame["copies"].where(frame["copies"] != "", frame["row"].astype(str))
    kept = dict(zip(frame["row"], frame[KEPT_WHOLE[protocol]], strict=True))
    Recorder.seen = ()
    evaluate_table(
        table, Recorder, model="recorder", inputs=frame[["row", *FEATURES]], settings=Settings(protocols=(protocol,))
    )
    tests = [(learnt, asked) for learnt, asked, _ in Recorder.seen if not asked <= learnt]
    assert len(tests) == 5
    shared = [{kept[r] for r in learnt} & {kept[r] for r in asked} for learnt, asked in tests]
    assert shared == [set()] * 5
    conflicts = set(frame.loc[frame["copies"].str.startswith("x"), "row"])
    assert not any(conflicts & (learnt | asked) for learnt, asked in tests)


def test_weights_and_groups_reach_the_model():
    """By work a set of copies weighs 1 in learning; at random no weights are given."""
    table = make_table()
    frame = table.frame.assign(row=np.arange(len(table)))
    Recorder.seen = ()
    evaluate_table(
        table,
        Recorder,
        model="recorder",
        inputs=frame[["row", *FEATURES]],
        settings=Settings(protocols=("work", "random")),
    )
    by_work = [(learnt, given) for learnt, _, given in Recorder.seen if given[1] is not None]
    assert len(by_work) == len(Recorder.seen) / 2
    learnt, (n_groups, weight) = by_work[0]
    assert n_groups == len(learnt)
    expected = 1 / frame.groupby("copies")["row"].transform("size").where(frame["copies"] != "", 1)
    np.testing.assert_allclose(weight, expected[sorted(learnt)])


@pytest.mark.parametrize("protocol", list(KEPT_WHOLE))
@pytest.mark.parametrize("seed", [0, 1])
def test_each_piece_is_tested_once_in_each_repeat(protocol, seed):
    """Folds are a partition, and repeats differ."""
    pieces = collect_pieces(make_table(seed).frame)
    divisions = divide(PROTOCOLS.load(protocol), pieces, folds=4, repeats=3, seed=seed)
    for repeat in range(3):
        tested = np.concatenate([d.test for d in divisions if d.repeat == repeat])
        assert sorted(tested) == list(range(len(pieces)))
    assert all(not set(d.train) & set(d.test) for d in divisions)
    assert len({tuple(d.test) for d in divisions}) > 4


def test_a_further_copy_changes_nothing_by_work():
    """A piece in two files, known as copies, counts as the piece alone did: figures and intervals."""
    table = make_table()
    frame = table.frame.copy()
    copied = frame[frame["copies"] == ""].iloc[::3]
    frame.loc[copied.index, "copies"] = "twice-" + copied["path"]
    more = pd.concat([frame, frame.loc[copied.index].assign(path=lambda f: "z" + f["path"])])
    before, after = figures(table), figures(to_table(more))
    assert after["rows"] == before["rows"] + len(copied)
    for name in METRICS:
        for end in ("value", "low", "high"):
            assert after[name][end] == pytest.approx(before[name][end], abs=1e-9), (name, end)
    assert after["train_accuracy"] == pytest.approx(before["train_accuracy"])
    np.testing.assert_allclose(after["confusion"], before["confusion"], atol=1e-9)


def unweighted_accuracy(labels, answers):
    """A scorer that knows nothing of weights."""
    return float(np.mean(labels == answers))


def test_a_metric_of_ones_own_sees_copies_as_one_piece_where_it_takes_weights():
    """scikit-learn's accuracy with its weights is ours; a scorer without weights counts each file."""
    settings = Settings(protocols=("work",), repeats=2)
    found = evaluate_table(make_table(), Centroids, model="centroids", settings=settings)
    scored = with_scores(found, {"theirs": accuracy_score, "plain": unweighted_accuracy}, seed=0).protocols["work"]
    assert scored["theirs"]["value"] == pytest.approx(scored["accuracy"]["value"])
    answers = found.predictions
    assert scored["plain"]["value"] == np.mean(answers["label"] == answers["prediction"])
    assert scored["plain"]["value"] != pytest.approx(scored["accuracy"]["value"], abs=1e-6)
    for name in ("theirs", "plain"):
        assert scored[name]["low"] < scored[name]["value"] < scored[name]["high"]


def test_unknown_copies_would_have_counted():
    """The law above can fail: without the mark, further files change the figures."""
    table = make_table()
    more = pd.concat([table.frame, table.frame.iloc[::3].assign(path=lambda f: "z" + f["path"], copies="")])
    assert figures(to_table(more))["accuracy"]["value"] != pytest.approx(figures(table)["accuracy"]["value"], abs=1e-6)


def test_names_of_labels_do_not_matter():
    """Other names in another order permute the figures by class and leave the others."""
    table = make_table()
    names = {"A": "Z", "B": "K", "C": "B"}
    renamed = to_table(table.frame.assign(label=table.frame["label"].map(names)))
    before, after = figures(table), figures(renamed)
    for old, new in names.items():
        for metric in ("precision", "recall", "f1", "auc", "rows", "groups"):
            assert after["per_class"][new][metric] == pytest.approx(before["per_class"][old][metric]), (old, metric)
    assert {m: after[m]["value"] for m in METRICS} == pytest.approx({m: before[m]["value"] for m in METRICS})


def test_order_of_rows_does_not_matter_by_work():
    """A shuffled table gives the same figures by work."""
    table = make_table()
    shuffled = to_table(table.frame.sample(frac=1, random_state=0))
    before, after = figures(table), figures(shuffled)
    assert {m: after[m]["value"] for m in METRICS} == pytest.approx({m: before[m]["value"] for m in METRICS})


def test_labels_without_meaning_give_chance():
    """Labels drawn by work: balanced accuracy is that of guessing, and the interval holds it."""
    found = [figures(make_table(seed, works=(40, 40, 40), strength=0.0)) for seed in range(4)]
    mean = np.mean([f["balanced_accuracy"]["value"] for f in found])
    assert mean == pytest.approx(1 / 3, abs=0.06)
    assert all(f["balanced_accuracy"]["low"] < 1 / 3 + 0.05 for f in found)


def test_repeats_count_a_piece_once():
    """Three repeats weigh as much as one, and their intervals are no narrower for it."""
    once, thrice = figures(make_table()), figures(make_table(), Settings(protocols=("work",), repeats=3))
    assert thrice["weight"] == pytest.approx(once["weight"])
    assert np.sum(thrice["confusion"]) == pytest.approx(np.sum(once["confusion"]))
    width = [f["accuracy"]["high"] - f["accuracy"]["low"] for f in (once, thrice)]
    assert width[1] > 0.7 * width[0]


def test_changed_rows_are_read_by_the_jobs_that_ask_for_them_alone(tmp_path):
    """What every process loads holds none of them; in one process and in several they are the same."""
    plain, changed = np.arange(6.0).reshape(3, 2), np.ones((3, 2))
    data = SharedData(plain, np.array(["A", "B", "A"]), ("A", "B"), {"ones": changed})
    spooled = DataHandle.spool(data, tmp_path / "data.pickle")
    assert spooled.load().variants == {}
    np.testing.assert_array_equal(spooled.load().inputs, plain)
    for handle in (spooled, DataHandle(data=data)):
        np.testing.assert_array_equal(handle.variant("ones"), changed)


def test_workers_do_not_show():
    """Processes give what this process gives, bit by bit."""
    table = make_table()
    make = functools.partial(LogisticRegression, C=0.3)
    found = []
    for workers in (0, 2):
        settings = Settings(protocols=("work", "random"), folds=3, workers=workers)
        extras = Extras(variants={"louder": table.inputs() + 0.5})
        found.append(evaluate_table(table, make, model="logistic", settings=settings, extras=extras))
    here, there = [{k: v for k, v in f.to_json().items() if k not in ("seconds", "peak_memory_mb")} for f in found]
    assert json.dumps(here) == json.dumps(there)
    pd.testing.assert_frame_equal(found[0].predictions, found[1].predictions)


def test_a_label_that_some_folds_lack():
    """Two works and five folds: no warning, one note, and a figure marked as too few."""
    found = evaluate_table(make_table(works=(12, 2, 11)), Centroids, model="centroids", settings=SOON)
    assert [note for note in found.notes if note.startswith("B has 2 works")]
    assert found.protocols["work"]["per_class"]["B"]["intervals"] == "too few"
    assert "recall" in found.protocols["work"]["per_class"]["A"]["intervals"]
    assert any(sentence.startswith("B: too few works") for sentence in found.audit["sentences"])


def test_permutation_p_is_fair_and_finds_what_is_there():
    """Without signal p is spread over (0, 1]; with it, p is as small as it can be."""
    p_values = []
    for seed in range(60):
        pieces = collect_pieces(make_table(seed, works=(9, 14, 8), strength=0.0).frame)
        noise = pieces.frame[list(FEATURES)].to_numpy()
        test = permutation_test(noise, pieces.truth, pieces.group, pieces.weight, permutations=59, seed=seed)
        p_values.append(test.p_value)
    assert 0.38 < np.mean(p_values) < 0.62
    assert np.mean(np.array(p_values) <= 0.1) <= 0.22
    assert max(p_values) > 0.8
    pieces = collect_pieces(make_table(strength=3.0).frame)
    features = pieces.frame[list(FEATURES)].to_numpy()
    test = permutation_test(features, pieces.truth, pieces.group, pieces.weight, permutations=99)
    assert test.p_value == 0.01
    assert test.chance_mean == pytest.approx(1 / 3, abs=0.05)


def test_open_set_without_typicality():
    """A model that gives probabilities alone is judged by them, and no sentence claims more."""
    make = functools.partial(LogisticRegression, C=0.3)
    found = evaluate_table(make_table(), make, model="logistic", settings=SOON, extras=Extras(open_set=True))
    assert found.to_json()["open_set"]["auroc_typicality"] is None
    assert 0 < found.sections["open_set"]["auroc_probability"] < 1
    assert not any("none of these" in sentence for sentence in found.audit["sentences"])


def test_the_model_is_right_where_the_make_says_nothing():
    """A make without meaning is wrong about two thirds; there the model is as right as elsewhere."""
    table = make_table(works=(30, 30, 30))
    table = to_table(table.frame.assign(program=np.random.default_rng(0).choice(["a", "b", "c"], size=len(table))))
    found = evaluate_table(
        table, Centroids, model="centroids", settings=SOON, extras=Extras(probes={"make": ("program",)})
    )
    probe, overall = found.audit["make_probe"], found.protocols["work"]
    assert probe["balanced_accuracy"]["low"] < 1 / 3 < probe["balanced_accuracy"]["high"]
    assert probe["errors"] == pytest.approx(overall["weight"] * (1 - probe["accuracy"]["value"]))
    assert probe["model_where_it_errs"]["value"] == pytest.approx(overall["accuracy"]["value"], abs=0.08)
    recall = list(probe["model_recall_where_it_errs"].values())
    assert np.mean(recall) == pytest.approx(overall["balanced_accuracy"]["value"], abs=0.1)


def test_sources_are_held_out_where_they_can_be_told_from_labels():
    """Six sources with both labels each are held out; where each label is a source of its own, the test says so."""
    rng = np.random.default_rng(0)
    frame = make_table(works=(40, 40), strength=0.0).frame
    source = np.array([rng.integers(3) + 3 * (rng.random() < (0.1, 0.9)[k]) for k in frame["label"] == "B"])
    same = dict(zip(frame["group"], source, strict=True))
    frame["source"] = "s" + frame["group"].map(same).astype(str)
    frame["f0"] = frame["group"].map(same) * 3.0
    found = evaluate_table(
        to_table(frame), Centroids, model="centroids", settings=SOON, extras=Extras(source_column="source")
    )
    held_out = found.audit["source_held_out"]
    assert held_out["applies"]
    assert held_out["labels"] == ["A", "B"]
    assert held_out["rows"] == found.protocols["work"]["rows"]
    alone = evaluate_table(
        to_table(frame.assign(source=frame["label"])),
        Centroids,
        model="centroids",
        settings=SOON,
        extras=Extras(source_column="source"),
    )
    assert not alone.audit["source_held_out"]["applies"]


def test_exchanged_labels_stay_in_groups():
    """Whole groups get one label, labels keep their groups, and a common size keeps its labels."""
    pieces = collect_pieces(make_table(works=(30, 30, 30)).frame)
    rng = np.random.default_rng(0)
    for labels in exchange_labels(pieces.truth, pieces.group, 5, rng):
        per_group = pd.Series(labels).groupby(pieces.group)
        assert (per_group.nunique() == 1).all()
        assert (labels != pieces.truth).any()
        size = per_group.size()
        first = per_group.first()
        true = pd.Series(pieces.truth).groupby(pieces.group).first()
        assert (first.value_counts().sort_index() == true.value_counts().sort_index()).all()
        single = [labels[size == 1].value_counts().sort_index().tolist() for labels in (first, true)]
        assert single[0] == single[1]


def test_the_whole_is_json_and_says_what_was_asked():
    """Every extra at once: JSON without NaN, every promised key, sentences in words."""
    table = make_table(works=(14, 15, 13), conflicts=1)
    extras = Extras(
        probes={"make": ("tempo",), "instrumentation": ()},
        variants={"same": table.inputs(), "other": table.inputs() + 3},
        breakdowns=("notes", "collection"),
        reference=table.inputs().to_numpy(),
        permutations=49,
        source_column="program",
        open_set=True,
    )
    found = evaluate_table(table, Centroids, model="centroids", extras=extras)
    text = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert list(text["protocols"]) == ["work", "distinct", "random"]
    assert set(METRICS) < set(text["protocols"]["random"])
    assert text["audit"]["label_conflicts"] == 1
    assert text["audit"]["make_probe"]["balanced_accuracy"]["value"] > 0.5
    assert text["audit"]["instrumentation_probe"]["balanced_accuracy"] is None
    assert text["audit"]["reencoding"]["same"]["changed"]["value"] == 0
    assert text["audit"]["reencoding"]["other"]["changed"]["value"] > 0
    assert text["open_set"]["applies"]
    assert 0.5 < text["open_set"]["auroc_typicality"] <= 1
    assert text["permutation"]["p_value"] == 0.02
    assert [sum(part["pieces"] for part in parts) for parts in text["breakdowns"].values()] == pytest.approx(
        [text["protocols"]["work"]["weight"]] * 2
    )
    assert text["peak_memory_mb"] > 20
    assert text["seconds"] > 0
    assert len(text["audit"]["sentences"]) > 8
    assert found.text.count("\n") > 15
