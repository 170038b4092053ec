"""Chords, keys and rolls of pieces that anyone can play, and how labels are put together from them."""

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from music_cases import moved, score_of
from styleprint.explaining.corpus_look import look_at_labels
from styleprint.explaining.piece_look import Opening, PieceLook, Roll, look_at_piece
from styleprint.music.score import Tempos
from styleprint.reports.corpus_sections import corpus_figures, corpus_sections
from styleprint.reports.figures import standalone
from styleprint.reports.piano_roll import piano_roll

CADENCE = np.array([[72, 64, 55, 48], [72, 65, 57, 53], [71, 62, 55, 55], [72, 64, 55, 48]])
"""C, F, G, C in four parts."""


@pytest.fixture(scope="module")
def look():
    return look_at_piece(score_of(np.tile(CADENCE, (8, 1)), quarters=2.0))


def test_a_cadence_is_read_as_its_chords(look):
    """I half of the time, IV and V a quarter each; I – IV – V comes once a cadence."""
    shares = {name: quarters / look.quarters for name, quarters in look.numerals.items()}
    assert shares == pytest.approx({"I": 0.5, "IV": 0.25, "V": 0.25}, abs=0.02)
    assert look.progressions == {"I – IV – V": 8, "IV – V – I": 8, "V – I – IV": 7}
    assert (look.is_minor, look.key_changes, look.away) == (False, 0, 0.0)


def test_another_key_changes_nothing_but_its_name(look):
    """The same piece a fourth higher: the same numerals, the roll names its key."""
    higher = look_at_piece(score_of(moved(np.tile(CADENCE, (8, 1)), 5), quarters=2.0))
    assert higher.numerals == pytest.approx(look.numerals)
    assert [name for *_, name in look.roll.keys] == ["C major"]
    assert [name for *_, name in higher.roll.keys] == ["F major"]


def test_the_roll_is_the_beginning(look):
    """Thirty-two quarters, notes of that stretch alone."""
    assert look.roll.quarters == 32.0
    assert len(look.roll.notes) == 16 * 4
    assert look.roll.notes[0] == (0.0, 2.0, 72, 0)
    drawn = piano_roll(look.roll.notes, look.roll.keys, quarters=look.roll.quarters, title="cadences")
    assert drawn.count("<rect") == 1 + 16 * 4
    assert "C major" in drawn
    ET.fromstring(standalone(str(drawn)))  # noqa: S314  # our own figure


def test_cadences_stand_where_they_arrive(look):
    """Each G – C is perfect: it arrives on the fourth chord of four, every eight quarters; the roll marks it."""
    assert look.roll.cadences == ((6.0, "PAC"), (14.0, "PAC"), (22.0, "PAC"), (30.0, "PAC"))
    roll = look.roll
    drawn = piano_roll(roll.notes, roll.keys, quarters=roll.quarters, title="cadences", cadences=roll.cadences)
    assert drawn.count(">PAC</text>") == drawn.count("<title>PAC</title>") == 4
    places = [float(x) for x in re.findall(r'<line x1="([\d.]+)"[^>]*stroke-width="1.2"', drawn)]
    assert np.diff(places) == pytest.approx(np.full(3, 560 * 8 / 32))


def test_marks_that_stand_close_do_not_overlap():
    """Of four cadences a quarter apart, two go into each row and none over another; all keep their lines."""
    cadences = [(8.0 + i, "HC") for i in range(4)]
    drawn = piano_roll([(0.0, 1.0, 60, 0)], [], quarters=32.0, title="close", cadences=cadences)
    told = [(float(x), int(float(y))) for x, y in re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>HC<', drawn)]
    assert drawn.count("<title>HC</title>") == len(told) == 4
    for row in {y for _, y in told}:
        assert np.diff(sorted(x for x, y in told if y == row)).min() > 2 * 7


def test_the_opening_is_in_seconds():
    """Half notes at 120 a minute: one second each, twenty of them; the file says no tempo. At 60: two seconds."""
    score = score_of(np.tile(CADENCE, (8, 1)), quarters=2.0)
    opening = look_at_piece(score).opening
    assert (opening.seconds, len(opening.notes), opening.is_tempo_known) == (20.0, 20 * 4, False)
    assert opening.notes[4][:2] == (1.0, 1.0)
    slow = replace(score, tempos=Tempos(np.zeros(1), np.array([60.0])))
    opening = look_at_piece(slow).opening
    assert (len(opening.notes), opening.notes[4][:2], opening.is_tempo_known) == (10 * 4, (2.0, 2.0), True)


def test_silence_is_looked_at_too():
    """No notes: nothing claimed."""
    silent = look_at_piece(score_of(np.zeros((0, 1), dtype=int)))
    assert (silent.quarters, silent.is_minor, silent.numerals, silent.roll.notes) == (0.0, None, {}, ())
    assert math.isnan(silent.away)
    assert silent.opening == Opening()
    assert silent.roll.cadences == ()
    assert "no pitched notes" in piano_roll((), (), quarters=0.0, title="silence")


def piece(is_minor, numerals, quarters=8.0):
    return PieceLook(quarters, 4, is_minor, 0, 0.25, numerals, {"I – IV – V": 3}, Roll(8.0, (), ()))


def test_labels_are_means_over_pieces():
    """A long piece counts no more than a short one; works are counted; a label without looks stays."""
    looks = {
        "a1": piece(True, {"i": 8.0}),
        "a2": piece(False, {"I": 40.0, "V": 40.0}, quarters=80.0),
        "b1": piece(False, {"I": 8.0}),
    }
    label_of = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "c1": "c"}
    found = look_at_labels(looks, label_of, {"a1": "w", "a2": "w", "a3": "v", "b1": "x", "c1": "y"}, seed=0)
    first, second, third = found
    assert (first.files, first.works, first.looked_at) == (3, 2, 2)
    assert first.numerals == {"i": 0.5, "I": 0.25, "V": 0.25}
    assert first.minor[0] == 0.5
    assert math.isnan(first.minor[1])
    assert first.progressions == {"I – IV – V": 100.0}
    assert first.example.path == "a2"
    assert (second.minor[0], third.looked_at, third.example) == (0.0, 0, None)


def test_with_enough_works_there_is_an_interval():
    """Twelve works, half of them in minor."""
    looks = {f"p{i}": piece(i % 2 == 0, {"I": 8.0}) for i in range(12)}
    names = {path: path for path in looks}
    (found,) = look_at_labels(looks, dict.fromkeys(looks, "a"), names, seed=0)
    assert 0.2 < found.minor[1] < found.minor[0] == 0.5 < found.minor[2] < 0.8
    figures = corpus_figures([found])
    sections = corpus_sections([found], figures)
    assert [section["id"] for section in sections] == ["works", "chords", "examples"]
    assert "50.0 % (" in str(sections[0]["tables"][0]["rows"])


def test_an_example_is_drawn_and_sounds():
    """A roll and a spectrogram of it, computed once; the picture is in the page, and says that no tempo was given."""
    score = score_of(CADENCE, quarters=2.0)
    (label,) = look_at_labels({"p": look_at_piece(score)}, {"p": "a"}, {"p": "w"}, seed=0)
    assert label.example.spectrogram is label.example.spectrogram
    figures = corpus_figures([label])
    assert list(figures) == ["roll-a", "mel-a"]
    assert figures["mel-a"].count('href="data:image/png;base64,') == 1
    ET.fromstring(standalone(str(figures["mel-a"])))  # noqa: S314  # our own figure
    captions = [figure["caption"] for figure in corpus_sections([label], figures)[-1]["figures"]]
    assert captions == ["a: p", "a: p, as sound; no tempo in the file: 120 quarters a minute"]
