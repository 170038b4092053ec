"""Folders and labels that people really have: each a clear message, or a row with a reason."""

import os
import unicodedata

import pytest

from styleprint.corpus.corpus_csv import read_corpus_csv, write_corpus_csv
from styleprint.corpus.filters import Filters
from styleprint.corpus.labels import read_labels
from styleprint.corpus.scan import scan_corpus
from styleprint.support.errors import CorpusError

HEAD = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0"


def midi(*pitches):
    """A MIDI file of quarters."""
    events = b"".join(bytes([0, 0x90, p, 64, 0x83, 0x60, 0x80, p, 0]) for p in pitches) + b"\x00\xff\x2f\x00"
    return HEAD + b"MTrk" + len(events).to_bytes(4, "big") + events


def put(root, *paths, data=None):
    """Write a small piece at each path; each has other notes."""
    for number, path in enumerate(paths):
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(midi(60 + number, 62 + number, 67) if data is None else data)


def labels_file(root, text, encoding="utf-8"):
    place = root.parent / "labels.csv"
    place.write_bytes(text.encode(encoding))
    return place


def scan(root, **options):
    return scan_corpus(root, workers=0, **options)


def by_path(corpus, column):
    return dict(zip(corpus.table["path"], corpus.table[column], strict=True))


@pytest.fixture
def root(tmp_path):
    place = tmp_path / "my corpus"
    place.mkdir()
    return place


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CorpusError, match=r"C101.*\n.*there is none of this name"):
        scan(tmp_path / "nothing")


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "a.mid").write_bytes(midi(60))
    with pytest.raises(CorpusError, match="this is a file"):
        scan(tmp_path / "a.mid")


def test_a_folder_without_music_is_refused_and_says_what_it_passed_over(root):
    put(root, "notes.txt", ".hidden.mid", data=b"x")
    with pytest.raises(CorpusError, match=r"C103.*\n.*1 other files, 1 hidden"):
        scan(root)


def test_one_label_is_scanned_with_a_note(root):
    put(root, "Bach/a.mid", "Bach/b.mid")
    assert "There is one label that can serve; a model needs two." in scan(root).notes


def test_damaged_and_empty_files_become_rows_with_reasons(root):
    put(root, "Bach/a.mid", "Liszt/b.mid")
    put(root, "Bach/garbage.mid", data=b"no midi at all")
    put(root, "Bach/nothing.mid", data=b"")
    put(root, "Bach/silent.mid", data=midi())
    corpus = scan(root)
    status, reason = by_path(corpus, "status"), by_path(corpus, "reason")
    assert status["Bach/garbage.mid"] == "unreadable"
    assert status["Bach/nothing.mid"] == status["Bach/silent.mid"] == "empty"
    assert all(reason[path] for path in status if status[path] != "ok")
    assert list(corpus.usable["path"]) == ["Bach/a.mid", "Liszt/b.mid"]


def test_files_outside_any_folder_have_no_label_and_are_counted(root):
    put(root, "loose.mid", "Bach/a.mid", "Liszt/b.mid")
    corpus = scan(root)
    assert by_path(corpus, "label")["loose.mid"] == ""
    assert "1 file without a label: they neither train nor count." in corpus.notes
    assert len(corpus.usable) == 2


def test_hidden_files_and_other_files_are_counted(root):
    put(root, "Bach/a.mid", "Liszt/b.mid", "Bach/.a.mid", ".cache/c.mid")
    put(root, "Bach/cover.jpg", data=b"x")
    corpus = scan(root)
    assert len(corpus.table) == 2
    assert "Passed over: 1 files that are no music, 2 hidden." in corpus.notes


def test_links_that_lead_out_and_cycles_are_not_followed(root, tmp_path):
    put(root, "Bach/a.mid", "Liszt/b.mid")
    put(tmp_path, "outside/secret.mid")
    (root / "Bach" / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (root / "Bach" / "out.mid").symlink_to(tmp_path / "outside" / "secret.mid")
    (root / "Bach" / "up").symlink_to(root, target_is_directory=True)
    (root / "Liszt" / "inside.mid").symlink_to(root / "Liszt" / "b.mid")
    corpus = scan(root)
    assert list(corpus.table["path"]) == ["Bach/a.mid", "Liszt/b.mid", "Liszt/inside.mid"]
    assert "Passed over: 3 links not followed." in corpus.notes


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_without_permission_becomes_a_row(root):
    put(root, "Bach/a.mid", "Liszt/b.mid", "Secret/c.mid")
    (root / "Secret").chmod(0)
    try:
        corpus = scan(root)
    finally:
        (root / "Secret").chmod(0o755)
    assert by_path(corpus, "status")["Secret/"] == "unreadable"
    assert "1 folders could not be opened." in corpus.notes


def test_a_folder_that_cannot_be_listed_becomes_a_row(root, monkeypatch):
    """The same as above where tests run as root."""
    put(root, "Bach/a.mid", "Liszt/b.mid", "Secret/c.mid")
    real = os.scandir

    def refuse(folder):
        if str(folder).endswith("Secret"):
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr("styleprint.corpus.folder.os.scandir", refuse)
    corpus = scan(root)
    assert by_path(corpus, "status")["Secret/"] == "unreadable"
    assert by_path(corpus, "reason")["Secret/"] == "the folder cannot be opened: Permission denied"


def test_a_file_that_vanishes_during_the_run_becomes_a_row(root):
    put(root, "Bach/a.mid", "Bach/gone.mid", "Liszt/b.mid")

    def progress(stage, done, total):
        if stage == "reading" and done == 1:
            (root / "Bach" / "gone.mid").unlink()

    corpus = scan(root, progress=progress)
    assert by_path(corpus, "status") == {"Bach/a.mid": "ok", "Bach/gone.mid": "unreadable", "Liszt/b.mid": "ok"}
    assert "No such file" in by_path(corpus, "reason")["Bach/gone.mid"]


def test_spaces_quotes_and_accents_in_names(root):
    put(root, 'Béla "B" O\'Neill, Jr/1; a.mid', "Ćwik/二.mid")
    corpus = scan(root)
    assert list(corpus.table["label"]) == ['Béla "B" O\'Neill, Jr', "Ćwik"]
    assert set(corpus.table["status"]) == {"ok"}


def test_composed_and_decomposed_accents_are_one_label(root):
    put(root, unicodedata.normalize("NFD", "Fauré/a.mid"), unicodedata.normalize("NFC", "Fauré/b.mid"))
    assert set(scan(root).table["label"]) == {unicodedata.normalize("NFC", "Fauré")}


def test_a_name_that_is_no_text_is_read_and_shown_with_escapes(root, tmp_path):
    put(root, "Bach/a.mid")
    raw = os.fsencode(root) + b"/Bach/\xff\xfe.mid"
    try:
        with open(raw, "wb") as file:  # noqa: PTH123  # a Path cannot hold these bytes everywhere
            file.write(midi(60, 61))
    except OSError:
        pytest.skip("this file system takes no such name")
    corpus = scan(root)
    assert by_path(corpus, "status")["Bach/\\xff\\xfe.mid"] == "ok"
    write_corpus_csv(corpus, tmp_path / "corpus.csv")
    assert list(read_corpus_csv(tmp_path / "corpus.csv").table["path"]) == list(corpus.table["path"])


def test_formulas_markup_and_control_characters_in_names_are_harmless(root, tmp_path):
    put(root, "=1+1/@x.mid", "<script>alert(1)</-a.mid", "\x1b[31mred/b.mid")
    corpus = scan(root)
    assert list(corpus.table["label"]) == ["<script>alert(1)<", "=1+1", "\\x1b[31mred"]
    write_corpus_csv(corpus, tmp_path / "corpus.csv")
    for line in (tmp_path / "corpus.csv").read_text(encoding="utf-8").splitlines()[1:]:
        assert not line.startswith(("=", "@", "-", "+"))
    assert list(read_corpus_csv(tmp_path / "corpus.csv").table["label"]) == list(corpus.table["label"])


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "C112", "is empty"),
        ("path,composer\nBach/a.mid,Bach\n", "C113", "lacks 'label'"),
        ("path;label\nBach/a.mid;Bach\n", "C113", "lacks 'path' and 'label'"),
        ("path,label\nBach/a.mid\n", "C112", "row 2 has 1 cells"),
        ("path,label,label\nBach/a.mid,Bach,Bach\n", "C112", "two columns named 'label'"),
        ('path,label\n"Bach/a.mid,Bach\n', "C112", "cannot be read as CSV"),
        ("path,label\nBach/a.mid,Bach\nBach/a.mid,Liszt\n", "C114", "'Bach/a.mid' is named twice"),
        ("path,label\nBach/a.mid,Bach\n./Bach/a.mid,Liszt\n", "C114", "'Bach/a.mid' is named twice"),
        ("path,label\nBach/a.mid,Bach\nBach/no.mid,Bach\n", "C115", "1 is not there: 'Bach/no.mid'"),
        ("path,label\n../labels.csv,Bach\n", "C115", "1 is not there"),
        ("path,label,attribution\nBach/a.mid,Bach,perhaps\n", "C116", "'perhaps'"),
    ],
)
def test_labels_files_that_cannot_serve_say_why(root, text, code, says):
    put(root, "Bach/a.mid", "Liszt/b.mid")
    with pytest.raises(CorpusError) as caught:
        scan(root, labels=labels_file(root, text))
    assert caught.value.code == code
    assert says in caught.value.message
    assert caught.value.remedy


def test_a_labels_file_that_is_not_utf_8_says_where(root):
    put(root, "Bach/a.mid")
    with pytest.raises(CorpusError, match=r"must be UTF-8, but byte \d+ is 0xe9") as caught:
        scan(root, labels=labels_file(root, "path,label\nBach/a.mid,Fauré\n", encoding="latin-1"))
    assert caught.value.code == "C111"


def test_a_labels_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="C110"):
        read_labels(tmp_path / "labels.csv")


def test_files_that_the_labels_do_not_name_are_left_out_and_counted(root):
    put(root, "Bach/a.mid", "Liszt/b.mid", "Liszt/c.mid")
    text = "\ufeffpath,label,work,group,era\nBach\\a.mid,J. S. Bach,w1,g1,baroque\nLiszt/b.mid,Liszt,,,romantic\n"
    corpus = scan(root, labels=labels_file(root, text))
    assert by_path(corpus, "status")["Liszt/c.mid"] == "left_out"
    assert [(r.filter, r.files) for r in corpus.removed] == [("labels", 1)]
    assert by_path(corpus, "label")["Bach/a.mid"] == "J. S. Bach"
    assert by_path(corpus, "work_source") == {"Bach/a.mid": "given", "Liszt/b.mid": "stem", "Liszt/c.mid": "stem"}
    assert by_path(corpus, "era") == {"Bach/a.mid": "baroque", "Liszt/b.mid": "romantic", "Liszt/c.mid": ""}


def test_what_a_scan_wrote_may_be_given_back_as_labels(root, tmp_path):
    put(root, "Bach/BWV 1 a.mid", "Bach/BWV 1 b.mid", "Liszt/=c.mid")
    first = scan(root)
    write_corpus_csv(first, tmp_path / "corpus.csv")
    again = scan(root, labels=tmp_path / "corpus.csv")
    for column in ("path", "label", "work", "status", "copies", "sha256", "collection"):
        assert by_path(again, column) == by_path(first, column)


def test_labels_that_do_not_exist_cannot_be_kept(root):
    put(root, "Bach/a.mid", "Liszt/b.mid")
    with pytest.raises(CorpusError, match=r"C120.*\n.*no 'Motzart'") as caught:
        scan(root, filters=Filters(only=("Motzart",)))
    assert "Bach, Liszt" in caught.value.remedy
