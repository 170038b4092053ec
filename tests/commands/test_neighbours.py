"""``styleprint neighbours`` as a user types it."""

import json
from dataclasses import replace

import pytest

from language_bundle_cases import drawn_bundle
from music_cases import piece
from styleprint.bundle.language import load_language_bundle, save_language_bundle
from styleprint.reading import write_midi


@pytest.fixture(scope="module")
def language(tmp_path_factory):
    return drawn_bundle(tmp_path_factory.mktemp("language") / "drawn.styleprint", rows=12)


def test_what_has_learnt_nothing_knows_nothing(styleprint, language, tmp_path):
    """Weights that were drawn: a page and JSON, each test with its sentence, and none claims knowledge."""
    page = tmp_path / "what it knows.html"
    answer = styleprint("neighbours", language, "-o", page, "--json", tmp_path / "a.json")
    assert answer.code == 0, answer.err
    told = json.loads((tmp_path / "a.json").read_text())
    names = [finding["name"] for finding in told["knowledge"]]
    assert names == [
        "pitch_height", "octave", "octave", "consonance", "circle_of_fifths", "size", "size", "halves_and_doubles",
        "halves_and_doubles", "key_membership", "chord_function",
    ]  # fmt: skip
    assert {finding["verdict"] for finding in told["knowledge"]} <= {"does not", "cannot tell"}
    assert all(finding["sentence"] in answer.out for finding in told["knowledge"])
    nearest = told["fields"]["pitch"]["nearest"]
    assert len(nearest) == 12
    assert all(-1 <= value <= 1 for pairs in nearest.values() for _, value in pairs)
    html = page.read_text()
    assert html.count("<svg") == 2  # of pitches and chords; two of any other field are too few for maps
    assert set(told["fields"]["chord"]["nearest"]) >= {"C", "E♭m"}
    assert "<script" not in html


def test_pieces_have_near_ones_and_states_are_probed(styleprint, language, tmp_path):
    """A folder of twelve works: each has five near training pieces; probes of weights that were drawn know nothing."""
    music = tmp_path / "music"
    music.mkdir()
    for number in range(12):
        write_midi(piece(number, frames=60), music / f"tune{'abcdefghijkl'[number]}.mid")
    page = tmp_path / "page.html"
    asked = ("neighbours", language, music, music / "tunea.mid", "-o", page, "--workers", 0, "--quiet")
    answer = styleprint(*asked, "--json", tmp_path / "a.json")
    assert answer.code == 0, answer.err
    told = json.loads((tmp_path / "a.json").read_text())
    assert len(told["pieces"]) == 12  # the file is one of the folder's, and has its name
    assert all(len(near) == 5 for near in told["pieces"].values())
    assert {probe["name"] for probe in told["probes"]} <= {"key", "metre", "cadence"}
    assert told["probes"]
    assert all(probe["sentence"] in answer.out for probe in told["probes"])
    assert 'id="probes"' in page.read_text()
    assert 'id="pieces"' in page.read_text()


def test_a_bundle_without_vectors_says_so(styleprint, language, tmp_path):
    """It tests knowledge as before, and names the remedy where pieces are given."""
    old = tmp_path / "old.styleprint"
    save_language_bundle(replace(load_language_bundle(language), vectors=None), old)
    tune = tmp_path / "tune.mid"
    write_midi(piece(1), tune)
    answer = styleprint("neighbours", old, tune, "--quiet")
    assert answer.code == 2
    assert "U138" in answer.err
    assert styleprint("neighbours", old, "--quiet").code == 0


def test_a_file_that_is_no_bundle_is_refused(styleprint, tmp_path):
    """An error with its code, and no page."""
    (tmp_path / "no.styleprint").write_bytes(b"nothing")
    answer = styleprint("neighbours", tmp_path / "no.styleprint", "-o", tmp_path / "page.html")
    assert (answer.code, "B10" in answer.err) == (3, True)
    assert not (tmp_path / "page.html").exists()
