"""``styleprint compose`` as a user types it."""

import json
import re

import numpy as np
import pytest

from language_bundle_cases import drawn_bundle
from music_cases import score_of
from styleprint.reading import read_score, write_midi


@pytest.fixture(scope="module")
def language(tmp_path_factory):
    return drawn_bundle(tmp_path_factory.mktemp("language") / "drawn.styleprint")


def melody_file(folder, name="tune.mid"):
    path = folder / name
    write_midi(score_of(60 + np.arange(16) % 7), path)
    return path


def test_a_piece_of_the_length_asked_for(styleprint, language, tmp_path):
    """Ten seconds at 120 quarters a minute are twenty quarters; the page and the JSON say the same."""
    out = tmp_path / "my piece.mid"
    answer = styleprint("compose", language, "-o", out, "--seconds", 10, "--seed", 3, "--json", tmp_path / "a.json")
    assert answer.code == 0, answer.err
    score = read_score(out)
    assert score.end_quarters == 20.0
    told = json.loads((tmp_path / "a.json").read_text())
    assert told["pieces"][0]["notes"] == len(score) > 0
    page = (tmp_path / "my piece.html").read_text()
    assert page.count("<svg") == 1
    assert "my piece.mid" in page
    played = re.search(r'data-notes="([^"]*)"', page)[1].split()
    assert len(played) == len(score)
    assert "script-src 'sha256-" in page


def test_the_same_seed_writes_the_same_file_and_another_another(styleprint, language, tmp_path):
    """Byte for byte; of two pieces the first is the one that is written alone."""
    for name, seed, count in (("a", 1, 1), ("b", 1, 2), ("c", 2, 1)):
        answer = styleprint(
            "compose", language, "-o", tmp_path / f"{name}.mid", "--measures", 2, "--seed", seed, "--count", count
        )
        assert answer.code == 0, answer.err
    notes = {name: read_score(tmp_path / f"{name}.mid").midi_pitch.tolist() for name in ("a", "b-1", "b-2", "c")}
    assert notes["a"] == notes["b-1"]
    assert len({str(value) for value in notes.values()}) == 3


def test_chords_a_key_and_a_limit_on_copying(styleprint, language, tmp_path):
    """What is asked for is told; the fit stands beside that without chords."""
    options = ("--chords", "Dm7 | G7 | Cmaj7 | %", "--measures", 8, "--avoid-runs", 8, "--key", "C")
    answer = styleprint("compose", language, "-o", tmp_path / "over.mid", *options, "--json", "-")
    assert answer.code == 0, answer.err
    (piece,) = json.loads(answer.out)["pieces"]
    assert piece["chord_fit"] > piece["chord_fit_without_chords"] + 0.2
    assert piece["longest_copied"] <= 8


def test_a_melody_stands_and_is_accompanied(styleprint, language, tmp_path):
    """Its notes come back, and others beside them; the length is its own."""
    tune = melody_file(tmp_path)
    answer = styleprint("compose", language, "-o", tmp_path / "out.mid", "--melody", tune, "--parts", "2")
    assert answer.code == 0, answer.err
    made, given = read_score(tmp_path / "out.mid"), read_score(tune)
    assert made.end_quarters == 8.0
    own = made.part == 0
    assert made.midi_pitch[own].tolist() == given.midi_pitch.tolist()
    assert (~own).any()


def test_a_primer_is_continued(styleprint, language, tmp_path):
    """Another beginning, another piece."""
    primer = melody_file(tmp_path)
    for name, options in (("with", ("--primer", primer)), ("without", ())):
        assert styleprint("compose", language, "-o", tmp_path / f"{name}.mid", "--seconds", 5, *options).code == 0
    assert (tmp_path / "with.mid").read_bytes() != (tmp_path / "without.mid").read_bytes()


@pytest.mark.parametrize(
    ("options", "code", "name"),
    [
        (("--chords", "Dm7 | Hm"), 2, "U183"),
        (("--key", "H minor"), 2, "U184"),
        (("--temperature", "0"), 2, "U182"),
        (("--seconds", "5", "--measures", "2"), 2, "U185"),
        (("--seconds", "-1"), 2, "U185"),
        (("--count", "0"), 2, "U185"),
        (("--parts", "7"), 2, "U186"),
        (("--parts", "left"), 2, "U186"),
        (("--avoid-runs", "3"), 2, "U181"),
        (("--primer", "no such file.mid"), 3, "R1"),
    ],
)
def test_what_cannot_be_granted_is_refused(styleprint, language, tmp_path, options, code, name):
    """With the code, and nothing is written."""
    answer = styleprint("compose", language, "-o", tmp_path / "out.mid", *options)
    assert (answer.code, name in answer.err) == (code, True), answer.err
    assert list(tmp_path.iterdir()) == []


def test_an_unreadable_primer_and_a_foreign_bundle_are_refused(styleprint, language, bundle, tmp_path):
    """A file that is no music, a bundle that identifies, and a file of another name."""
    (tmp_path / "noise.mid").write_bytes(b"no music at all")
    assert "R1" in styleprint("compose", language, "-o", tmp_path / "o.mid", "--primer", tmp_path / "noise.mid").err
    answer = styleprint("compose", bundle, "-o", tmp_path / "o.mid")
    assert (answer.code, "B109" in answer.err) == (3, True)
    answer = styleprint("compose", language, "-o", tmp_path / "o.wav")
    assert (answer.code, "U110" in answer.err) == (2, True)
