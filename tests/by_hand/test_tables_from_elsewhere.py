"""What is found in a table from elsewhere, on tables made by hand and on two real ones."""

import numpy as np
import pandas as pd
import pytest

from styleprint.evaluation.pieces import collect_pieces
from styleprint.extraction.foreign import TableOptions, read_foreign
from styleprint.extraction.table import read_table, write_table
from styleprint.extraction.table_columns import same_next_label
from table_cases import songs, write


def read(frame, folder, name="songs.csv", **options):
    return read_foreign(write(frame, folder, name), TableOptions(**{"target": "genre", **options}))


def found(table, start):
    return [note for note in table.notes if note.startswith(start)]


@pytest.mark.parametrize("name", ["songs.csv", "songs.parquet"])
def test_numbers_are_features_and_names_are_not(tmp_path, name):
    """Text is left out, rows are called after their files, labels and groups are where they belong."""
    table = read(songs(), tmp_path, name, groups="artist")
    assert table.names("feature") == [f"mfcc{j}" for j in range(8)]
    assert table.frame["path"][0] == "song 000.mp3"
    assert set(table.frame["label"]) == {"jazz", "pop", "rock"}
    assert table.frame["group"].nunique() == 30
    assert found(table, "Left out, text")[0].endswith("file.")


@pytest.mark.parametrize(
    ("column", "values", "note"),
    [
        ("row", np.arange(90), "Left out, numbers that only identify a row: row."),
        ("group_id", np.arange(90) // 2, "Left out, numbers that only identify a row: group_id."),
        ("same_as", np.random.default_rng(0).permutation(90), "Left out, numbers that only identify a row: same_as."),
        ("Unnamed: 0", np.arange(90) * 1.0, "Left out, numbers that only identify a row: Unnamed: 0."),
        ("sample_rate", np.full(90, 22050), "Left out, how the file was made: sample_rate."),
        ("n_samples", np.arange(90) * 1000 + 7.5, "Left out, how the file was made: n_samples."),
        ("year", 1960 + np.arange(90) % 50, "Left out, dates: year."),
        ("added", ["2024-03-01"] * 90, "Left out, dates: added."),
        ("length", 30.0 + 0.01 * np.arange(90), "Left out, a length that was cut to one value: length."),
        ("nothing", np.full(90, np.nan), "Left out, no values: nothing."),
        ("genre_code", np.arange(90) % 3, "Left out, the label is nearly always the same where the value is"),
        (
            "score",
            np.arange(90) % 3 + 1e-3 * np.random.default_rng(0).random(90),
            "Left out, the label is nearly always",
        ),
        ("constant", np.full(90, 4.2), "1 columns are constant and are left out inside the fold: constant."),
    ],
)
def test_columns_that_identify_or_leak_are_left_out(tmp_path, column, values, note):
    """Each with a notice that says why."""
    table = read(songs().assign(**{column: values}), tmp_path)
    assert (column in table.frame) == (column == "constant")
    assert any(text.startswith(note) for text in table.notes), table.notes


def test_a_real_duration_stays_and_is_named(tmp_path):
    """A length that varies is a feature of unit 'duration', said in a notice."""
    table = read(songs().assign(duration=np.random.default_rng(0).uniform(100, 400, 90)), tmp_path)
    assert table.columns["duration"].unit == "duration"
    assert found(table, "Kept, though a length says nothing")[0].endswith("duration.")


def test_the_user_has_the_last_word(tmp_path):
    """--keep and --leave-out overrule what was found."""
    frame = songs().assign(row=np.arange(90))
    table = read(frame, tmp_path, keep=("row",), leave_out=("mfcc0",))
    assert "row" in table.names("feature")
    assert "mfcc0" not in table.frame


def test_a_feature_may_have_the_name_of_one_of_our_columns(tmp_path):
    """A column named status or group is a number like others, and means nothing to protocols."""
    random = np.random.default_rng(0)
    table = read(songs().assign(status=random.normal(size=90), work=random.normal(size=90)), tmp_path)
    assert {"status_", "work_"} <= set(table.names("feature"))
    assert len(collect_pieces(table.frame)) == 90


def test_rows_with_the_same_numbers_are_copies(tmp_path):
    """They join groups; under two labels they are conflicts, which nobody scores."""
    frame = songs()
    numbers = [f"mfcc{j}" for j in range(8)]
    frame.loc[3, numbers] = frame.loc[0, numbers]  # both jazz, two artists' songs
    frame.loc[7, numbers] = frame.loc[8, numbers]  # pop and rock
    frame.loc[3, "artist"] = "somebody else"
    table = read(frame, tmp_path, groups="artist")
    assert table.frame["group"][3] == table.frame["group"][0]
    assert table.frame["copies"][3] == table.frame["copies"][0] != ""
    pieces = collect_pieces(table.frame)
    assert (pieces.conflict_sets, pieces.conflict_rows, len(pieces)) == (1, 2, 88)
    assert "4 rows in 2 sets have the same numbers throughout; they count as copies." in table.notes


def test_equal_rows_of_a_coarse_table_are_no_wonder(tmp_path):
    """Where no column takes many values, equal rows are called nothing."""
    frame = songs()[["genre"]].assign(a=np.arange(90) % 4, b=np.arange(90) % 5)
    table = read(frame, tmp_path)
    assert (table.frame["copies"] == "").all()


def test_levels_are_joined(tmp_path):
    """--target genre/subgenre: a leaf is its whole path, and a stroke inside a name is no level."""
    frame = songs().assign(subgenre=["hip-hop/rap" if i % 2 else "modal" for i in range(90)])
    table = read(frame, tmp_path, target="genre/subgenre")
    assert set(table.frame["label"]) == {f"{g}/{s}" for g in ("jazz", "pop", "rock") for s in ("hip-hop⁄rap", "modal")}
    assert table.recipe["levels"] == ["genre", "subgenre"]


def test_rows_without_a_label_are_left_out(tmp_path):
    """And counted."""
    frame = songs()
    frame.loc[:4, "genre"] = None
    table = read(frame, tmp_path)
    assert len(table) == 85
    assert table.notes[0] == "5 rows have no label and were left out."


def test_missing_values_and_infinities_are_counted(tmp_path):
    """Both are gaps, which models fill with the median of the training rows."""
    frame = songs()
    frame.loc[0, "mfcc1"], frame.loc[1, "mfcc1"], frame.loc[2, "mfcc2"] = np.inf, -np.inf, np.nan
    table = read(frame, tmp_path)
    assert found(table, "1 values are missing, in mfcc2")
    assert found(table, "2 values are infinite, in mfcc1")
    assert np.isnan(table.frame["mfcc1"][:2]).all()


def test_groups_from_a_pattern_or_a_file(tmp_path):
    """A pattern's first group; a CSV that shares a column, many to one; endings of names do not count."""
    frame = songs()
    by_pattern = read(frame, tmp_path, groups=r"artist~(\d+)$").frame["group"]
    assert by_pattern.nunique() == 10
    beside = tmp_path / "groups.csv"
    frame[["file", "artist"]].rename(columns={"artist": "group"}).to_csv(beside, index=False)
    by_file = read(frame, tmp_path, groups=str(beside)).frame["group"]
    assert by_file.tolist() == frame["artist"].tolist()
    bare = tmp_path / "bare.csv"
    pd.DataFrame({"clip": frame["file"].str[:-4], "split": ["train", "test", "valid"] * 30}).to_csv(bare, index=False)
    assert read(frame, tmp_path, split=str(bare)).frame["split"].tolist() == ["train", "test", "valid"] * 30


def test_a_cap_reads_in_blocks(tmp_path):
    """At most so many rows of a label, by seed, in the order of the file."""
    one = read(songs(), tmp_path, cap=7, seed=3)
    again = read(songs(), tmp_path, cap=7, seed=3)
    assert one.frame["label"].value_counts().tolist() == [7, 7, 7]
    assert one.frame.equals(again.frame)
    assert one.frame["path"].is_monotonic_increasing


def test_it_is_kept_as_our_own_parquet(tmp_path):
    """Written and read back: the same table, with its roles."""
    table = read(songs(), tmp_path, groups="artist")
    write_table(table, tmp_path / "ours.parquet")
    again = read_table(tmp_path / "ours.parquet")
    assert again.frame.equals(table.frame)
    assert again.columns == table.columns


def test_how_well_a_value_gives_the_label_away():
    """By hand: equal values, neighbouring values, and a column that says nothing."""
    labels = np.repeat(["a", "b"], 20)
    assert same_next_label(np.repeat([1.0, 2.0], 20), labels) == 1.0
    assert same_next_label(np.arange(40.0), labels) >= 0.95
    assert same_next_label(np.tile([1.0, 2.0], 20), labels) <= 0.5
    assert same_next_label(np.arange(10.0), labels[:10]) == 0.0


@pytest.mark.shared_data
def test_gtzan_as_it_is(shared_data):
    """A cut length, 14 sets of equal rows of which one is a conflict, artists, the published partition."""
    folder = shared_data / "data" / "tables" / "gtzan"
    options = TableOptions("label", str(folder / "groups.csv"), str(folder / "folds_artist_filtered.csv"))
    table = read_foreign(folder / "features_30_sec.csv", options)
    assert len(table.names("feature")) == 57
    assert table.frame["split"].value_counts().to_dict() == {"train": 443, "test": 290, "valid": 197, "": 70}
    pieces = collect_pieces(table.frame)
    assert (pieces.conflict_sets, len(pieces)) == (1, 998)
    assert "Left out, a length that was cut to one value: length." in table.notes


@pytest.mark.shared_data
def test_muzo_as_it_is(shared_data):
    """The numbers of its own equal rows leak, the length is real, 30 columns are constant."""
    folder = shared_data / "data" / "tables" / "muzo"
    table = read_foreign(folder / "features.csv", TableOptions("genre/subgenre", str(folder / "groups.csv")))
    assert "identical_group" not in table.frame
    assert table.columns["length"].unit == "duration"
    assert found(table, "30 columns are constant")
    assert collect_pieces(table.frame).conflict_sets == 24
    assert table.frame["label"].nunique() == 34
