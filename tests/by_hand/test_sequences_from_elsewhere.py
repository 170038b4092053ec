"""Sequences from files: what chords mean, what padding is, which columns stand beside."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sequence_cases import sequences, table_of, write_npz
from styleprint.extraction.foreign import TableOptions, read_foreign, read_inputs_of
from styleprint.extraction.recipe import Recipe
from styleprint.features.streams.chord_sequence import QUALITIES, VOCABULARY, chord_number
from styleprint.models.base import read_inputs


def fields(table, row=0):
    return {name.split(".")[1]: list(table.frame[name][row]) for name in table.names("stream")}


@pytest.mark.parametrize(
    ("name", "root", "quality"),
    [
        ("C", 0, "major"),
        ("Am7", 9, "minor seventh"),
        ("F#maj7/A#", 6, "major seventh"),
        ("Gb:maj7", 6, "major seventh"),
        ("Bb-", 10, "minor"),
        ("Cb", 11, "major"),
        ("G7", 7, "dominant seventh"),
        ("D7(b9)", 2, "dominant minor ninth"),
        ("Eø7", 4, "half-diminished seventh"),
        ("A:hdim7", 9, "half-diminished seventh"),
        ("Bo7", 11, "diminished seventh"),
        ("E♭sus4", 3, "suspended"),
        ("C+", 0, "augmented"),
    ],
)
def test_names_of_chords(name, root, quality):
    """Root and quality, however it is written; the bass is passed over."""
    assert divmod(chord_number(name), len(QUALITIES)) == (root, QUALITIES.index(quality))


def test_what_is_no_chord_of_the_sixteen():
    """Rests, other qualities, unknown chords, and words that name no chord."""
    assert chord_number("N.C.") == -1
    assert chord_number("C13") == chord_number("C7#11") == 192
    assert chord_number("Ealt") == 196
    assert chord_number("X") == 204
    assert chord_number("hello") is None
    assert chord_number("Caliban") is None


def test_chord_numbers_are_two_categories(tmp_path):
    """153 is A with a minor seventh; the step to 2 (suspended C) is a third up; a rest has neither."""
    table = table_of(tmp_path, [[153, -1, 2, 2], [0, 16]], ["x", "y"])
    assert fields(table) == {"root": [9, 12, 0, 0], "quality": [9, 17, 2, 2], "motion": [12, 13, 3, 0]}
    assert fields(table, 1) == {"root": [0, 1], "quality": [0, 0], "motion": [12, 1]}


def test_names_and_numbers_say_the_same(tmp_path):
    """A CSV of names, one of numbers, and lists in Parquet give the same streams."""
    texts = pd.DataFrame({"who": ["x", "y"], "numbers": ["153, 2 | 32", "0"], "names": ["Am7 Csus4 D", "C"]})
    texts.to_csv(tmp_path / "chords.csv", index=False)
    lists = pd.DataFrame({"who": ["x", "y"], "numbers": [[153, 2, 32], [0]]})
    lists.to_parquet(tmp_path / "chords.parquet")
    found = [
        read_foreign(tmp_path / name, TableOptions("who", stream=stream))
        for name, stream in (("chords.csv", "numbers"), ("chords.csv", "names"), ("chords.parquet", "numbers"))
    ]
    assert fields(found[0]) == fields(found[1]) == fields(found[2])
    assert fields(found[0])["root"] == [9, 0, 2]
    assert found[0].names("feature") == []


def test_padding_is_cut_and_said(tmp_path):
    """Whatever is negative before the first chord and after the last is no music; within it is a rest."""
    plain = table_of(tmp_path, [[0, -1, 16], [32]], ["x", "y"])
    padded = table_of(tmp_path, [[-1, 0, -1, 16, -1, -1, -1], [32, -1]], ["x", "y"])
    assert plain.frame[plain.names("stream")].equals(padded.frame[padded.names("stream")])
    assert any(note.startswith("5 negative tokens at the ends of sequences are padding") for note in padded.notes)


def test_a_padded_matrix_needs_no_offsets(tmp_path):
    """As system E's files were: one row a piece, filled up with −1."""
    np.savez(tmp_path / "m.npz", tokens=np.array([[0, 16, -1], [32, -1, -1]]), labels=np.array(["x", "y"]))
    assert fields(read_foreign(tmp_path / "m.npz", TableOptions()))["root"] == [0, 1]


def test_tokens_that_are_no_chords(tmp_path):
    """Beyond 191, or where the user says so, they are plain categories."""
    assert table_of(tmp_path, [[300, 5], [7]], ["x", "y"]).names("stream") == ["tokens.token"]
    plain = table_of(tmp_path, [[5, -1, 6], [7]], ["x", "y"], vocabulary="tokens")
    assert fields(plain) == {"token": [5, 6]}
    assert any("3 tokens in 2 sequences, read as plain categories" in note for note in plain.notes)


def test_a_guess_is_called_one(tmp_path):
    """Pitches of MIDI look like chord numbers: the notice says what was guessed, why, and what to give otherwise."""
    told = "They were taken for chords because none exceeds 191; --vocabulary tokens if they are not."
    pitches = [[60, 64, 67], [62, 65]]
    assert told in table_of(tmp_path, pitches, ["x", "y"]).notes
    for vocabulary in ("chords", "tokens"):
        assert told not in table_of(tmp_path, pitches, ["x", "y"], vocabulary=vocabulary).notes


def test_columns_stand_beside(tmp_path):
    """Labels by name, groups and split by column; a number is learnt from only where it is kept."""
    rows, _ = sequences(("Anna", "Bruno"), 2)
    more = {
        "label_names": np.array(["Anna", "Bruno"]),
        "encoder": np.array(["ann", "ann", "bob", ""]),
        "part": np.array(["train", "test", "train", "validation"]),
        "row_in_test": np.array([-1, 0, -1, -1]),
        "tempo": np.array([100.0, 90.0, 80.0, 70.0]),
    }
    path = write_npz(tmp_path / "c.npz", rows, [0, 0, 1, 1], **more)
    table = read_foreign(path, TableOptions(groups="encoder", split="part"))
    assert table.frame["label"].tolist() == ["Anna", "Anna", "Bruno", "Bruno"]
    assert table.frame["group"].tolist() == ["ann", "ann", "bob", ""]
    assert table.frame["split"].tolist() == ["train", "test", "train", "validation"]
    assert table.frame["encoder"].tolist() == ["ann", "ann", "bob", ""]
    assert table.names("feature") == []
    kept = read_foreign(path, TableOptions(keep=("tempo",)))
    assert kept.names("feature") == ["tempo"]


def test_equal_sequences_are_copies(tmp_path):
    """They join groups, with whatever padding; a few chords in common are no wonder."""
    rows, _ = sequences(("Anna",), 1)
    table = table_of(tmp_path, [rows[0], [*rows[0], -1, -1], [0, 16], [0, 16]], ["x", "x", "x", "y"])
    assert table.frame["copies"].tolist() == ["rows like 1", "rows like 1", "", ""]
    assert table.frame["group"].tolist() == ["row 1", "row 1", "", ""]


def test_at_most_so_many_rows_of_a_label(tmp_path):
    """--cap draws sequences as it draws rows."""
    rows, labels = sequences(pieces=6)
    table = table_of(tmp_path, rows, labels, cap=2)
    assert table.frame["label"].value_counts().to_dict() == {"Anna": 2, "Bruno": 2, "Clara": 2}


def test_rows_to_be_asked_about_are_read_alike(tmp_path):
    """The recipe remembers the column and the vocabulary; an array file has its own name for the tokens."""
    rows, labels = sequences(("Anna", "Bruno"), 2)
    frame = pd.DataFrame({"who": labels, "song": ["a", "b", "c", "d"], "chords": [" ".join(map(str, r)) for r in rows]})
    frame.to_csv(tmp_path / "c.csv", index=False)
    table = read_foreign(tmp_path / "c.csv", TableOptions("who", stream="chords"))
    inputs, names = read_inputs_of(tmp_path / "c.csv", Recipe.from_json(table.recipe))
    assert names == ["a", "b", "c", "d"]
    assert inputs.equals(table.inputs())


def test_negative_tokens_in_a_stream_are_padding():
    """Models never see them, nor the moments that belong to them."""
    lists = {"s.a": [[1, 2, -1, -1], [3]], "s.b": [[5, 6, -1, -1], [7]]}
    kind = pa.large_list(pa.int32())
    columns = {name: pd.Series(pa.array(rows, kind), dtype=pd.ArrowDtype(kind)) for name, rows in lists.items()}
    read = read_inputs(pd.DataFrame(columns))
    assert read.streams["s.a"].row(0).tolist() == [1, 2]
    assert read.streams["s.b"].row(0).tolist() == [5, 6]
    assert read.streams["s.b"].row(1).tolist() == [7]


def test_every_token_has_a_name():
    """Words for people exist for the whole vocabulary, and differ."""
    for field, about in VOCABULARY.fields.items():
        names = [about.name(token) for token in range(about.size)]
        assert all(names), field
        assert len(set(names)) == about.size, field
