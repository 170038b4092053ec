"""Sequences as a user types them: evaluate, compare, train and identify."""

import json

import numpy as np
import pandas as pd
import pytest

from sequence_cases import sequences, write_npz


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """An array file with a split, and a CSV of names; the folder's name has a space."""
    folder = tmp_path_factory.mktemp("my sequences")
    rows, labels = sequences(pieces=12)
    split = np.array(["test" if i % 4 == 0 else "train" for i in range(len(rows))])
    names = np.array([f"song {i:02d}" for i in range(len(rows))])
    write_npz(folder / "chords.npz", rows, labels, part=split, song=names)
    frame = pd.DataFrame({"song": names, "who": labels, "chords": [" ".join(map(str, row)) for row in rows]})
    frame.to_csv(folder / "chords.csv", index=False)
    return folder


QUICK = ("--workers", 0, "--quiet")


def test_a_published_split_is_kept(styleprint, files):
    """--split COLUMN of an array file: protocol given, tested on its test rows alone."""
    answer = styleprint("evaluate", files / "chords.npz", "--split", "part", "--model", "ngrams", "--json", "-", *QUICK)
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert list(found["protocols"]) == ["work", "random", "given"]
    assert found["protocols"]["given"]["rows"] == 9
    assert found["protocols"]["given"]["accuracy"]["value"] > 0.8


def test_models_of_sequences_are_compared(styleprint, files):
    """Two models on the same folds."""
    answer = styleprint(
        "compare", files / "chords.csv", "--target", "who", "--stream", "chords", "--models", "ngrams,dummy",
        "--folds", 2, "--repeats", 1, "--json", "-", *QUICK,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert set(json.loads(answer.out)["models"]) == {"ngrams", "dummy"}


def test_a_bundle_answers_about_new_sequences(styleprint, files, tmp_path):
    """Trained on a CSV, asked about the CSV and about an array file; padding changes nothing."""
    bundle = tmp_path / "chords.styleprint"
    common = ("--target", "who", "--stream", "chords")
    trained = styleprint("train", files / "chords.csv", "-o", bundle, "--model", "standard", *common, *QUICK)
    assert trained.code == 0, trained.err
    rows, labels = sequences(pieces=2, seed=5)
    write_npz(tmp_path / "new.npz", rows, labels)
    write_npz(tmp_path / "padded.npz", [[*row, *[-1] * 30] for row in rows], labels)
    answers = [
        json.loads(styleprint("identify", bundle, tmp_path / name, "--json", "-", *QUICK).out)
        for name in ("new.npz", "padded.npz")
    ]
    assert [one["label"] for one in answers[0]] == labels
    assert [one["probability"] for one in answers[0]] == [one["probability"] for one in answers[1]]
    assert answers[0][0]["evidence"][0]["name"].startswith("chord")


def test_a_network_is_trained_and_asked(styleprint, files, tmp_path):
    """By its name, with parameters of a file: a bundle, an answer with the passages that speak for it."""
    pytest.importorskip("torch", reason="networks learn with torch (extra 'deep')")
    parameters, bundle = tmp_path / "small.toml", tmp_path / "net.styleprint"
    parameters.write_text(
        'model = "convolutions"\n\n[parameters]\nwidth = 16\nlayers = 1\nepochs = 10\nrate = 0.02\nwindow = 32\n'
    )
    trained = styleprint(
        "train", files / "chords.npz", "-o", bundle, "--model", "convolutions", "--parameters", parameters, *QUICK
    )
    assert trained.code == 0, trained.err
    rows, labels = sequences(pieces=2, seed=5)
    write_npz(tmp_path / "new.npz", rows, labels)
    answers = json.loads(styleprint("identify", bundle, tmp_path / "new.npz", "--json", "-", *QUICK).out)
    assert [one["label"] for one in answers] == labels
    assert answers[0]["evidence"][0]["name"].startswith("chords ")


def test_variants_of_chords_teach_and_are_never_scored(styleprint, files, tmp_path):
    """--augment of a table of chords: the note counts them; names that serve are told, and tokens have no variants."""
    common = ("evaluate", files / "chords.npz", "--split", "part", "--protocols", "given", "--model", "ngrams", *QUICK)
    answer = styleprint(*common, "--augment", "transposed=2,thinned", "--json", "-")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["protocols"]["given"]["rows"] == 9
    assert found["augment"] == "transposed=2,thinned"
    assert any("108 variants (transposed=2,thinned) of 36 pieces" in note for note in found["notes"])
    source, bundle = ("--target", "who", "--stream", "chords", "--model", "ngrams"), tmp_path / "v.styleprint"
    trained = styleprint(
        "train", files / "chords.csv", *source, "-o", bundle, "--augment", "excerpted", "--json", "-", *QUICK
    )
    assert trained.code == 0, trained.err
    assert json.loads(trained.out)["pieces"] == 36
    (asked, *_) = json.loads(styleprint("identify", bundle, files / "chords.csv", "--json", "-", *QUICK).out)
    assert asked["label"] == "Anna"
    assert asked["nearest"][0]["path"] == "song 00"
    refused = styleprint(*common, "--augment", "retimed")
    assert refused.code == 2
    assert "U168" in refused.err
    assert "Choose among transposed, thinned, excerpted" in refused.err
    plain = styleprint(*common, "--augment", "transposed", "--vocabulary", "tokens")
    assert plain.code == 2
    assert "U168" in plain.err
    assert "this table has sequences of tokens" in " ".join(plain.err.split())
