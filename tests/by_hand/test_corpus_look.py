"""Chords, keys and rolls of pieces that anyone can play, and how labels are put together from them."""

import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from music_cases import moved, score_of
from styleprint.explaining.corpus_look import look_at_labels
from styleprint.explaining.piece_look import PieceLook, Roll, look_at_piece
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


def test_silence_is_looked_at_too():
    """No notes: nothing claimed."""
    silent = look_at_piece(score_of(np.zeros((0, 1), dtype=int)))
    assert (silent.quarters, silent.is_minor, silent.numerals, silent.roll.notes) == (0.0, None, {}, ())
    assert math.isnan(silent.away)
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
