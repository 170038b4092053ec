"""``--run``, ``--config`` and ``--track`` as a user types them: what a run leaves, and that it can be repeated."""

import json
import tomllib

import pytest

from styleprint.workflows.run_folder import collect_metrics
from styleprint.workflows.tracking import track_run

SMALL = ("--folds", 2, "--repeats", 1, "--workers", 0, "--quiet")


@pytest.fixture(scope="module")
def left(two_labels, tmp_path_factory):
    """The folder of one comparison."""
    from styleprint.cli import run

    folder = tmp_path_factory.mktemp("runs") / "a run"
    arguments = [
        "compare",
        two_labels,
        "--target",
        "label",
        "--models",
        "dummy,knn",
        "--seed",
        7,
        *SMALL,
        "--run",
        folder,
    ]
    assert run([str(each) for each in arguments]) == 0
    return folder


def test_a_run_leaves_all_that_it_needs(left, two_labels):
    """Options as typed with absolute paths, versions, the result, its numbers, figures."""
    config = tomllib.loads((left / "run.toml").read_text())
    assert config["command"] == "compare"
    assert config["options"]["source"] == str(two_labels)
    assert (config["options"]["seed"], config["options"]["models"]) == (7, "dummy,knn")
    environment = tomllib.loads((left / "environment.toml").read_text())
    assert environment["packages"]["numpy"]
    assert environment["python"].startswith("3.")
    metrics = json.loads((left / "metrics.json").read_text())
    result = json.loads((left / "result.json").read_text())
    assert metrics["models.knn.accuracy.value"] == result["models"]["knn"]["accuracy"]["value"]
    assert {path.name for path in (left / "figures").iterdir()} >= {"models.svg", "differences.svg"}
    assert "better than dummy" in (left / "result.txt").read_text()


def test_a_configuration_repeats_the_run(styleprint, left, tmp_path, monkeypatch):
    """From another folder, without a word typed: the same figures, the same configuration."""
    monkeypatch.chdir(tmp_path)
    again = styleprint("compare", "--config", left / "run.toml", "--run", "again", "--quiet")
    assert again.code == 0
    assert (tmp_path / "again" / "run.toml").read_text() == (left / "run.toml").read_text()
    one, two = (json.loads((folder / "metrics.json").read_text()) for folder in (left, tmp_path / "again"))
    takes_time = ("seconds", "per_second", "memory")
    assert {k: v for k, v in one.items() if not k.endswith(takes_time) and "memory" not in k} == {
        k: v for k, v in two.items() if not k.endswith(takes_time) and "memory" not in k
    }


def test_what_is_typed_wins(styleprint, corpus, tmp_path):
    """An option beside --config replaces the one in it; the others stay."""
    first, second = tmp_path / "first", tmp_path / "second"
    small = ("--workers", 0, "--quiet")
    assert styleprint("scan", corpus, "--seed", 7, "--only", "steps", *small, "--run", first).code == 0
    assert styleprint("scan", "--config", first / "run.toml", "--seed", 8, *small, "--run", second).code == 0
    options = tomllib.loads((second / "run.toml").read_text())["options"]
    assert (options["seed"], options["only"], options["corpus"]) == (8, "steps", str(corpus))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('command = "train"\n[options]\n', "for 'train'"),
        ("command =", "readable TOML"),
        ('command = "compare"\noptions = 1\n', "must say"),
    ],
)
def test_a_wrong_configuration_is_refused(styleprint, tmp_path, text, words):
    """Usage, and the message says what must hold."""
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    answer = styleprint("compare", "--config", path)
    assert answer.code == 2
    assert words in answer.err


@pytest.mark.parametrize("command", ["evaluate", "explore", "scan"])
def test_every_command_leaves_a_run(styleprint, corpus, two_labels, tmp_path, command):
    """The same files, whatever the command."""
    arguments = {
        "evaluate": (two_labels, "--target", "label", "--folds", 2, "--protocols", "work", "--model", "dummy"),
        "explore": (two_labels, "--target", "label"),
        "scan": (corpus,),
    }[command]
    answer = styleprint(command, *arguments, "--workers", 0, "--quiet", "--run", tmp_path)
    assert answer.code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names >= {"run.toml", "environment.toml", "result.json", "result.txt", "metrics.json"}
    assert ("figures" in names) == (command != "scan")


def test_metrics_are_single_numbers_by_path():
    """Truth values, lists and text are none."""
    found = {"a": 1, "b": {"c": 0.5, "d": [1, 2], "e": "x", "f": None, "g": True}, "rows": 3, "classes": {"x": 1}}
    assert collect_metrics(found) == {"a": 1.0, "b.c": 0.5, "rows": 3.0}


def test_tracking_says_what_is_missing(styleprint, corpus, monkeypatch):
    """Without MLflow, a sentence and not a traceback."""
    monkeypatch.setitem(__import__("sys").modules, "mlflow", None)
    answer = styleprint("scan", corpus, "--quiet", "--workers", 0, "--track", "sqlite:///x.db")
    assert answer.code == 2
    assert "pip install 'styleprint[track]'" in answer.err


@pytest.mark.filterwarnings("ignore")  # MLflow's own dependencies warn
def test_a_run_is_found_again_in_mlflow(tmp_path):
    """Parameters, metrics and files, in a local SQLite store; a second run joins the same experiment."""
    mlflow = pytest.importorskip("mlflow", reason="needs MLflow, of the extra 'track'")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "run.toml").write_text("command = 'compare'\n")
    store = f"sqlite:///{tmp_path / 'runs.db'}"
    options, metrics = {"models": "a,b", "seed": 3}, {"models.Café (x).accuracy": 0.75}
    first, second = (track_run(store, "compare", options, metrics, folder) for _ in range(2))
    client = mlflow.MlflowClient(tracking_uri=store)
    experiment = client.get_experiment_by_name("styleprint compare")
    assert {run.info.run_id for run in client.search_runs([experiment.experiment_id])} == {first, second}
    run = client.get_run(first)
    assert run.data.params == {"models": "a,b", "seed": "3"}
    assert list(run.data.metrics.values()) == [0.75]
    assert run.info.status == "FINISHED"
    assert (tmp_path / "runs.files" / first / "artifacts" / "run.toml").is_file()
