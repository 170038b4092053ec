"""Tables from elsewhere as a user types it: evaluate, train, identify, card."""

import csv
import json

import numpy as np
import pytest

from table_cases import songs, write


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Songs with a duration, a subgenre and a column that only counts rows; the folder's name has a space."""
    frame = songs(180)
    frame["subgenre"] = [f"{name} {'old' if i % 2 else 'new'}" for i, name in enumerate(frame["genre"])]
    frame["mfcc7"] += 2.0 * (np.arange(180) % 2)
    frame["duration"] = np.random.default_rng(1).uniform(100, 400, 180)
    frame["row"] = np.arange(180)
    folder = tmp_path_factory.mktemp("my tables")
    return write(frame, folder)


@pytest.fixture(scope="module")
def bundle(table, tmp_path_factory):
    """What train makes of it."""
    from styleprint.cli import run

    path = tmp_path_factory.mktemp("bundles") / "songs.styleprint"
    common = ["--target", "genre", "--groups", "artist", "--workers", "0", "--quiet"]
    assert run(["train", str(table), "-o", str(path), *common]) == 0
    return path


QUICK = ("--model", "discriminant", "--workers", 0, "--quiet")


def test_it_is_evaluated_with_both_levels(styleprint, table):
    """Work and random, each level scored, what was left out said, the figure without the duration beside."""
    answer = styleprint(
        "evaluate", table, "--target", "genre/subgenre", "--groups", "artist", "--folds", 3, "--json", "-", *QUICK
    )
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert list(found["protocols"]) == ["work", "random"]
    assert found["groups"] == 60
    assert set(found["levels"]) == {"genre", "subgenre"}
    genre, leaf = (found["levels"][name]["work"]["accuracy"]["value"] for name in ("genre", "subgenre"))
    assert genre >= leaf == found["protocols"]["work"]["accuracy"]["value"]
    assert set(found["levels"]["genre"]["work"]["recall"]) == {"jazz", "pop", "rock"}
    assert found["without_duration"]["columns"] == ["duration"]
    assert "accuracy" in found["without_duration"]["protocols"]["random"]
    assert any("only identify a row: row." in note for note in found["notes"])
    assert any("Without the length of a piece (duration)" in note for note in found["notes"])


def test_a_given_split_adds_its_protocol(styleprint, table, tmp_path):
    """--split FILE.csv: protocol given, tested on what the file says."""
    with table.open() as file:
        names = [row["file"] for row in csv.DictReader(file)]
    sides = ["train", "train", "test", ""]
    split = tmp_path / "split.csv"
    split.write_text("file,split\n" + "".join(f"{n},{sides[i % 4]}\n" for i, n in enumerate(names)))
    answer = styleprint("evaluate", table, "--target", "genre", "--split", split, "--json", "-", *QUICK)
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["protocols"]["given"]["rows"] == 45


def test_a_metric_of_ones_own(styleprint, table):
    """--metric module:function stands beside the others, with an interval."""
    answer = styleprint(
        "evaluate", table, "--target", "genre", "--protocols", "work", "--metric", "sklearn.metrics:cohen_kappa_score",
        "--json", "-", *QUICK,
    )  # fmt: skip
    figure = json.loads(answer.out)["protocols"]["work"]["sklearn.metrics:cohen_kappa_score"]
    assert figure["low"] <= figure["value"] <= figure["high"]
    wrong = styleprint("evaluate", table, "--target", "genre", "--metric", "sklearn.metrics:magic", *QUICK)
    assert wrong.code == 2
    assert "U198" in wrong.err


def test_balanced_counts_each_label_alike(styleprint, tmp_path):
    """--optimise balanced finds more of a rare label."""
    frame = songs(240)
    rare = frame.index[(frame["genre"] == "rock") & (frame.index % 2 == 0)]
    path = write(frame.drop(rare).drop(columns=["mfcc2", "mfcc1"]), tmp_path)
    common = ("evaluate", path, "--target", "genre", "--protocols", "work", "--json", "-", *QUICK)
    plain, balanced = (json.loads(styleprint(*common, "--optimise", aim).out) for aim in ("accuracy", "balanced"))
    recall = [found["protocols"]["work"]["per_class"]["rock"]["recall"] for found in (plain, balanced)]
    assert recall[1] > recall[0]
    assert styleprint(*common, "--optimise", "fame").code == 2


def test_rows_of_a_table_are_identified(styleprint, bundle, table, tmp_path):
    """Each row is a piece; columns may come in any order, and others are passed over."""
    frame = songs(12, seed=5).assign(duration=200.0, extra="x")
    asked = write(frame[frame.columns[::-1]], tmp_path, "asked.csv")
    results = tmp_path / "results.csv"
    answer = styleprint("identify", bundle, asked, "-o", results, "--json", "-", "--quiet")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert len(found) == 12
    assert found[3]["path"].endswith("asked.csv#song 003.mp3")
    assert found[3]["copy_of"] is None
    assert abs(sum(found[3]["probabilities"].values()) - 1) < 1e-6
    assert found[3]["nearest"][0]["path"].startswith("song ")
    assert found[3]["evidence"]
    assert np.mean([row["label"] == genre for row, genre in zip(found, frame["genre"], strict=True)]) > 0.5
    before = results.read_bytes()
    assert styleprint("identify", bundle, asked, "-o", results, "--resume", "--quiet").code == 0
    assert results.read_bytes() == before


def test_a_table_that_lacks_a_column_is_refused(styleprint, bundle, tmp_path):
    """One answer with its reason, which names the columns; exit code 3 where no table served."""
    asked = write(songs(6).drop(columns=["mfcc3"]), tmp_path, "asked.csv")
    answer = styleprint("identify", bundle, asked, "--quiet")
    assert answer.code == 3
    assert "T133" in answer.out
    assert "mfcc3" in answer.out
    good = write(songs(3).assign(duration=200.0), tmp_path, "good.csv")
    both = styleprint("identify", bundle, asked, good, "--quiet", "--json", "-")
    assert [found["status"] for found in json.loads(both.out)] == ["unreadable", "ok", "ok", "ok"]


def test_balanced_probabilities_have_an_equal_prior(styleprint, table, tmp_path):
    """A bundle trained with --optimise balanced states equal shares, so that --prior weighs what it must."""
    path = tmp_path / "b.styleprint"
    common = ("--target", "genre", "--model", "naive_bayes", "--workers", 0, "--quiet")
    assert styleprint("train", table, "-o", path, "--optimise", "balanced", *common).code == 0
    asked = write(songs(3).assign(duration=200.0), tmp_path, "asked.csv")
    equal, corpus = (
        json.loads(styleprint("identify", path, asked, "--prior", prior, "--json", "-", "--quiet").out)
        for prior in ("equal", "corpus")
    )
    assert equal[0]["probabilities"] == pytest.approx(corpus[0]["probabilities"])


def test_options_of_tables_are_refused_elsewhere(styleprint, corpus):
    """--target means nothing to a folder."""
    answer = styleprint("evaluate", corpus, "--target", "genre", "--quiet")
    assert answer.code == 2
    assert "U165" in answer.err


def test_a_bad_table_says_what_is_wrong(styleprint, tmp_path):
    """Code, place, remedy; exit code 3."""
    answer = styleprint("train", write(songs(), tmp_path), "-o", tmp_path / "x.styleprint", "--quiet")
    assert answer.code == 3
    assert "T134" in answer.err
    assert "--target" in answer.err


def test_music_is_no_table(styleprint, bundle, unseen):
    """Whoever gives a score to a bundle of a table hears that, and nothing of bytes and UTF-8."""
    answer = styleprint("identify", bundle, unseen, "--quiet", "--json", "-")
    (found,) = json.loads(answer.out)
    assert found["status"] == "unreadable"
    assert "file of music" in found["reason"]
