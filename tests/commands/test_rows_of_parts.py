"""``styleprint extract`` with rows of beats and of sections, as a user types it."""

import json

import numpy as np
import pandas as pd
import pytest

from sound_cases import chord, clicks, file_bytes, noise
from styleprint.cli import run
from styleprint.extraction import batches
from styleprint.extraction.table import read_table


def song(number, calm):
    """Chords and drums by turns, six seconds each; drums are faster and chords higher in one genre."""
    rough = noise(6.0, 0.02, seed=number)
    chords = chord(*(pitch + 7 * calm + number for pitch in (55, 59, 62)), length=6.0) + rough
    drums = clicks(100 if calm else 150, 6.0, seed=number) + rough
    return np.concatenate([drums, chords, drums, chords])


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts") / "songs"
    for label in ("calm", "wild"):
        (folder / label).mkdir(parents=True)
        for number in range(4):
            (folder / label / f"{number}.flac").write_bytes(file_bytes(song(number, label == "calm"), form="FLAC"))
    (folder / "calm" / "hiss.flac").write_bytes(file_bytes(noise(1.2), form="FLAC"))
    return folder


def extracted(recordings, path, *options):
    assert run(["extract", str(recordings), "-o", str(path), "--quiet", "--workers", "0", *options]) == 0
    return path


@pytest.fixture(scope="module")
def beats(recordings):
    return extracted(recordings, recordings.parent / "beats.parquet", "--beats-per-row", "4")


def test_rows_of_beats_say_where_they_lie(beats):
    table = read_table(beats)
    frame = table.frame
    assert table.recipe["division"] == "beats:4"
    assert frame.groupby("path").size().between(5, 14).all()
    for _, rows in frame.groupby("path"):
        assert rows["row"].tolist() == list(range(len(rows)))
        assert rows["end_seconds"].tolist()[:-1] == rows["start_seconds"].tolist()[1:]
        assert rows["group"].nunique() == rows["copies"].nunique() == 1
    assert frame["copies"].nunique() == frame["path"].nunique() == 8
    assert table.names("stream") == []
    assert not set(table.names("feature", "make")) & {"row", "start_seconds", "end_seconds"}
    assert frame["make_seconds"].round(3).eq(24.0).all()


def test_what_has_no_run_of_beats_is_in_the_ledger(beats):
    ledger = pd.read_csv(beats.with_name("beats.ledger.csv"))
    assert ledger[["path", "status"]].values.tolist() == [["calm/hiss.flac", "too_short"]]
    assert "beats:4" in ledger["reason"][0]


def test_rows_are_the_same_however_they_are_made(recordings, beats, tmp_path, monkeypatch):
    """By workers, in small parts, from the cache, and taken up again."""
    again = extracted(recordings, tmp_path / "a.parquet", "--beats-per-row", "4", "--workers", "1")
    assert again.read_bytes() == beats.read_bytes()
    monkeypatch.setattr(batches, "FILES_A_PART", 3)
    for name in ("b.parquet", "c.parquet"):
        kept = extracted(recordings, tmp_path / name, "--beats-per-row", "4", "--cache", str(tmp_path / "cache"))
        assert kept.read_bytes() == beats.read_bytes()


def test_a_run_that_stopped_is_taken_up(recordings, beats, tmp_path, monkeypatch):
    """Parts that are there are not made again; their rows are all found."""
    monkeypatch.setattr(batches, "FILES_A_PART", 3)
    path, read = tmp_path / "table.parquet", []
    whole = batches.Digester.__call__

    def stop_at_six(self, record):
        read.append(record.source.path)
        if len(read) == 6:
            raise KeyboardInterrupt
        return whole(self, record)

    monkeypatch.setattr(batches.Digester, "__call__", stop_at_six)
    assert run(["extract", str(recordings), "-o", str(path), "--beats-per-row", "4", "--workers", "0"]) == 130
    extracted(recordings, path, "--beats-per-row", "4", "--resume")
    assert len(read) == 6 + 6
    assert path.read_bytes() == beats.read_bytes()


def test_sections_have_letters_and_loudness(recordings, tmp_path):
    frame = read_table(extracted(recordings, tmp_path / "sections.parquet", "--sections")).frame
    one = frame[frame["path"] == "calm/0.flac"]
    assert "".join(one["section"]) == "ABAB"
    assert one["start_seconds"].tolist() == pytest.approx([0, 6, 12, 18], abs=0.5)
    assert one["end_seconds"].iloc[-1] == pytest.approx(24.0)
    loudness = one.groupby("section")["integrated_loudness"]
    assert loudness.std().max() < 0.5 < abs(loudness.mean().diff().iloc[-1])
    assert len(frame[frame["path"] == "calm/hiss.flac"]) == 1


def test_rows_of_a_piece_stay_on_one_side_and_count_once(styleprint, beats):
    """Evaluation by work: as many groups as songs, and every song weighs as much as another."""
    answer = styleprint(
        *("evaluate", beats, "--model", "discriminant", "--protocols", "work", "--json", "-"),
        *("--folds", 4, "--workers", 0, "--quiet"),
    )
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["groups"] == 8
    assert found["rows"] == len(read_table(beats))


@pytest.mark.parametrize(
    ("options", "message"),
    [(("--beats-per-row", 4, "--sections"), "both"), (("--beats-per-row", -1), "beats-per-row")],
)
def test_contradictory_options_are_refused(styleprint, recordings, tmp_path, options, message):
    answer = styleprint("extract", recordings, "-o", tmp_path / "x.parquet", *options)
    assert answer.code == 2
    assert message in answer.err


@pytest.mark.parametrize("option", [("--beats-per-row", 4), ("--sections",)])
def test_scores_are_not_divided(styleprint, corpus, tmp_path, option):
    answer = styleprint("extract", corpus, "-o", tmp_path / "x.parquet", *option)
    assert answer.code == 2
    assert "U197" in answer.err
