"""Laws of a scan: what it depends on, and what it does not."""

import pandas as pd
import pytest

from styleprint.corpus.corpus_csv import write_corpus_csv
from styleprint.corpus.filters import Filters
from styleprint.corpus.scan import scan_corpus, scan_scores

TUNE = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60, 59, 62, 65, 64, 60] * 4
OTHER = [57, 60, 64, 69, 68, 64, 59, 56, 57, 62, 65, 69, 71, 69, 65, 62] * 4
THIRD = [55, 67, 58, 70, 61, 66, 63, 54, 59, 64, 60, 68, 57, 65, 56, 62] * 4


def midi(pitches, qpm=120, transpose=0):
    """A MIDI file of quarters at a tempo."""
    tempo = b"\x00\xff\x51\x03" + round(60e6 / qpm).to_bytes(3, "big")
    notes = b"".join(bytes([0, 0x90, p + transpose, 64, 0x83, 0x60, 0x80, p + transpose, 0]) for p in pitches)
    events = tempo + notes + b"\x00\xff\x2f\x00"
    return b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk" + len(events).to_bytes(4, "big") + events


FILES = {
    "Bach/BWV 1 mov 1.mid": midi(TUNE),
    "Bach/BWV 1 mov 2.mid": midi(THIRD),
    "Bach/BWV 2.mid": midi([p + i % 3 for i, p in enumerate(TUNE)]),
    "Liszt/S. 1.mid": midi(OTHER),
    "Liszt/S. 2.mid": midi(OTHER, transpose=3, qpm=90),
    "Liszt/damaged.mid": b"MThd\x00\x00",
    "Mozart/K. 1.mid": midi(TUNE, qpm=60),
}


@pytest.fixture
def root(tmp_path):
    return write(tmp_path / "corpus", FILES)


def write(root, files):
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def count_notes(score):
    return len(score)


def test_the_number_of_workers_changes_no_byte(root, tmp_path):
    for workers in (0, 1, 2):
        write_corpus_csv(scan_corpus(root, workers=workers), tmp_path / f"{workers}.csv")
    assert (tmp_path / "0.csv").read_bytes() == (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_the_order_in_which_files_were_made_changes_nothing(root, tmp_path):
    other = write(tmp_path / "other", dict(reversed(FILES.items())))
    pd.testing.assert_frame_equal(scan_corpus(root, workers=0).table, scan_corpus(other, workers=0).table)


def test_rows_are_sorted_by_path_one_a_file(root):
    assert list(scan_corpus(root, workers=0).table["path"]) == sorted(FILES)


def test_movements_and_copies_share_a_group_and_copies_under_two_labels_are_told(root):
    corpus = scan_corpus(root, workers=0)
    group = dict(zip(corpus.table["path"], corpus.table["group"], strict=True))
    assert group["Bach/BWV 1 mov 1.mid"] == group["Bach/BWV 1 mov 2.mid"] == group["Mozart/K. 1.mid"]
    assert group["Liszt/S. 1.mid"] == group["Liszt/S. 2.mid"]
    assert len(set(group.values())) == 4
    assert any("under different labels" in note for note in corpus.notes)


def test_equal_bytes_are_copies_however_little_music_they_hold(tmp_path):
    """Eleven notes, or sixty of three kinds, say too little to compare; the bytes say enough."""
    few, alike = midi(TUNE[:11]), midi([60, 62, 64] * 20)
    files = {"Bach/one.mid": few, "Bach/two.mid": few, "Liszt/three.mid": few, "Liszt/four.mid": alike}
    files |= {"Bach/five.mid": alike, "Liszt/six.mid": midi(TUNE[:11], qpm=90)}
    table = scan_corpus(write(tmp_path, files), workers=0).table.set_index("path")
    assert table["copies"].to_dict() == {
        "Bach/five.mid": "copies-1",
        "Bach/one.mid": "copies-2",
        "Bach/two.mid": "copies-2",
        "Liszt/four.mid": "copies-1",
        "Liszt/six.mid": "",
        "Liszt/three.mid": "copies-2",
    }
    assert table.loc[["Bach/one.mid", "Bach/two.mid", "Liszt/three.mid"], "group"].nunique() == 1


def test_a_hook_sees_every_piece_that_is_read_and_its_values_stand_by_their_rows(root):
    for workers in (0, 2):
        corpus, values = scan_scores(root, count_notes, workers=workers)
        assert values == [notes or None for notes in corpus.table["notes"]]


def test_labels_that_are_left_out_are_not_read(root):
    corpus, values = scan_scores(root, count_notes, filters=Filters(only=("Bach",)), workers=0)
    assert [(r.filter, r.files) for r in corpus.removed] == [("only", 4)]
    assert [value is not None for value in values] == list(corpus.table["label"] == "Bach")


def test_seconds_follow_the_files_own_tempo(root):
    """64 quarters last 32 s at 120 a minute, and 64 s at 60."""
    status = scan_corpus(root, filters=Filters(min_seconds=40), workers=0).table.set_index("path")["status"]
    assert status["Mozart/K. 1.mid"] == "ok"
    assert status["Bach/BWV 1 mov 1.mid"] == "too_short"


def test_levels_name_further_folders(tmp_path):
    root = write(tmp_path, {"rock/punk/1977/a.mid": midi(TUNE), "rock/b.mid": midi(OTHER), "c.mid": midi([60])})
    labels = {levels: list(scan_corpus(root, levels=levels, workers=0).table["label"]) for levels in ((), ("g", "s"))}
    assert labels == {(): ["", "rock", "rock"], ("g", "s"): ["", "rock", "rock/punk"]}
