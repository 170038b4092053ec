"""``styleprint evaluate`` as a user types it."""

import json
import shutil

import pytest

from styleprint.models.dummy import DummyModel

FIGURES = ("accuracy", "balanced_accuracy", "macro_f1", "top3_accuracy", "log_loss", "brier", "ece")


@pytest.fixture(scope="module")
def evaluated(corpus, tmp_path_factory):
    """JSON, page and predictions of one evaluation with everything in it."""
    from styleprint.cli import run

    folder = tmp_path_factory.mktemp("evaluated")
    paths = {name: folder / name for name in ("evaluation.json", "page.html", "predictions.parquet")}
    options = ["--folds", "3", "--workers", "0", "--quiet"]
    outputs = ["--json", str(paths["evaluation.json"]), "--report", str(paths["page.html"])]
    outputs += ["--predictions", str(paths["predictions.parquet"])]
    assert run(["evaluate", str(corpus), *options, *outputs]) == 0
    return paths


def test_the_json_has_every_key_of_the_contract(evaluated):
    """All that the design names is there, with intervals around the values."""
    found = json.loads(evaluated["evaluation.json"].read_text())
    assert found["classes"] == ["leaps", "steps"]
    assert set(found["protocols"]) == {"work", "distinct", "random"}
    for protocol in found["protocols"].values():
        assert set(protocol) >= {*FIGURES, "folds", "repeats", "rows", "per_class", "confusion", "train_accuracy"}
        for name in FIGURES:
            assert protocol[name]["low"] <= protocol[name]["value"] <= protocol[name]["high"]
        for entry in protocol["per_class"].values():
            assert set(entry) >= {"precision", "recall", "f1", "auc", "rows", "groups"}
    assert set(found["baseline"]) >= {"accuracy", "balanced_accuracy"}
    counts = {"label_conflicts", "copies_across_random_split", "works_across_random_split", "make_probe", "sentences"}
    assert set(found["audit"]) >= counts
    assert found["seconds"] > 0
    assert found["peak_memory_mb"] > 0


def test_what_differs_is_learnt(evaluated):
    """Steps and leaps are told apart, and re-encoding changes nothing."""
    found = json.loads(evaluated["evaluation.json"].read_text())
    assert found["protocols"]["work"]["balanced_accuracy"]["value"] > 0.95
    changed = {name: entry["changed"]["value"] for name, entry in found["audit"]["reencoding"].items()}
    assert len(changed) >= 6
    assert max(changed.values()) <= 0.02


def test_the_page_is_complete_in_itself(evaluated):
    """No script, nothing from outside, the sentences of the audit in it."""
    page = evaluated["page.html"].read_text()
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "by work" in page.lower()


def test_a_missed_requirement_exits_with_4(styleprint, corpus):
    """`--require` turns a figure into an exit code."""
    options = ("--protocols", "work", "--folds", 3, "--workers", 0, "--quiet")
    answer = styleprint("evaluate", corpus, *options, "--require", "work.accuracy=1.01")
    assert answer.code == 4
    assert "1.01" in answer.err


def test_names_that_hold_html_are_harmless(styleprint, corpus, tmp_path):
    """A label with a tag in it is shown, not run."""
    folder = tmp_path / "corpus"
    shutil.copytree(corpus / "steps", folder / "<img src=x onerror=alert(1)>")
    shutil.copytree(corpus / "leaps", folder / "leaps")
    page = tmp_path / "page.html"
    options = ("--protocols", "work", "--folds", 3, "--workers", 0, "--quiet")
    assert styleprint("evaluate", folder, *options, "--report", page).code == 0
    text = page.read_text()
    assert "<img" not in text
    assert "&lt;img" in text


@pytest.fixture
def attributed(corpus, tmp_path):
    """A corpus and its labels file: one piece in three files, one piece under both labels, a disputed copy."""
    folder, labels = tmp_path / "corpus", tmp_path / "labels.csv"
    shutil.copytree(corpus, folder)
    copies = {"twice": "steps/steps Op. 1.mid", "disputed": "steps/steps Op. 2.mid", "both": "steps/steps Op. 3.mid"}
    for name, source in copies.items():
        shutil.copy(folder / source, folder / f"{name}.mid")
    rows = [f"{path.parent.name}/{path.name},{path.parent.name}," for path in folder.glob("*/*.mid")]
    rows += ["twice.mid,steps,", "disputed.mid,leaps,disputed", "both.mid,leaps,"]
    labels.write_text("\n".join(["path,label,attribution", *rows]) + "\n")
    return folder, labels


def test_scan_training_and_evaluation_agree_on_what_counts(styleprint, attributed, tmp_path):
    """The disputed copy takes nothing from the certain one; what stands under both labels counts nowhere."""
    folder, labels = attributed
    options = ("--labels", labels, "--workers", 0, "--quiet", "--json", "-")
    scanned = json.loads(styleprint("scan", folder, *options).out)
    model = ("--model", "dummy")
    trained = json.loads(styleprint("train", folder, *model, "-o", tmp_path / "x.styleprint", *options).out)
    evaluated = json.loads(styleprint("evaluate", folder, *model, "--folds", 3, *options).out)
    assert scanned["label_conflicts"] == evaluated["audit"]["label_conflicts"] == 1
    assert scanned["usable"] == trained["pieces"] == evaluated["rows"] == 40


def test_what_the_page_says_of_the_model_is_of_the_model_that_train_makes(
    styleprint, attributed, tmp_path, monkeypatch
):
    """The same rows, groups and weights: the last model that is fitted for a page is that of training."""
    folder, labels = attributed
    fitted, fit = [], DummyModel.fit

    def spy(self, X, y, groups=None, sample_weight=None):
        fitted.append((list(y), list(groups), None if sample_weight is None else list(sample_weight), self.optimise))
        return fit(self, X, y, groups, sample_weight)

    monkeypatch.setattr(DummyModel, "fit", spy)
    options = ("--labels", labels, "--model", "dummy", "--optimise", "balanced", "--workers", 0, "--quiet")
    page = ("--folds", 3, "--protocols", "work", "--report", tmp_path / "page.html")
    assert styleprint("train", folder, "-o", tmp_path / "x.styleprint", *options).code == 0
    (trained,) = fitted
    assert styleprint("evaluate", folder, *page, *options).code == 0
    assert fitted[-1] == trained
    assert sorted(trained[2])[:2] == [0.5, 0.5]
