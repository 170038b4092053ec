"""Tokens of a few notes, worked out by hand."""

import numpy as np

from feature_cases import chords, line, score_of
from styleprint.features.context import ScoreContext
from styleprint.features.streams.registry import load_stream


def tokens(name, score):
    return load_stream(name).compute(ScoreContext(score))


def test_two_chords_as_figured_bass():
    """C major in root position to G major in first inversion, bass down a semitone."""
    # C4 E4 G4 → B3 D4 G4
    score = score_of([(0, 1, 60), (0, 1, 64), (0, 1, 67), (1, 1, 59), (1, 1, 62), (1, 1, 67)])
    found = tokens("frames", score)
    names = load_stream("frames").fields
    assert [names["sonority"].name(t) for t in found["sonority"]] == ["{M3 5}", "{m3 m6}"]
    assert found["bass_class"].tolist() == [12, 11]
    assert found["bass"].tolist() == [27, 13 - 1]
    assert found["skyline"].tolist() == [27, 13]
    assert found["vertical"].tolist() == [7, 8]
    assert found["onset_quarters"].tolist() == [0.0, 1.0]


def test_notes_run_through_chords_from_below():
    """C4 E4 struck together, then D4: up 4 with it, then down 2."""
    found = tokens("notes", score_of([(0, 1, 60), (0, 1, 64), (1, 1, 62)]))
    assert found["interval"].tolist() == [49, 24 + 4, 24 - 2]
    assert found["onset_quarters"].tolist() == [0.0, 0.0, 1.0]


def test_long_and_short():
    """Quarter, two eighths, quarter: the ratios are a half, one and two."""
    score = score_of([(0, 1, 60), (1, 1, 60), (1.5, 1, 60), (2, 1, 60), (3, 1, 60)])
    field = load_stream("frames").fields["ratio"]
    assert [field.name(t) for t in tokens("frames", score)["ratio"]] == ["start", "start", "×1/2", "×1", "×2"]


def test_degrees_of_a_scale():
    """A major scale from its tonic: each note is its own degree, in any key."""
    scale = np.array([0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0])
    expected = ["1", "2", "3", "4", "5", "6", "7", "1", "5", "3", "1"]
    field = load_stream("degrees").fields["bass"]
    for tonic in (60, 65, 70):
        assert [field.name(t) for t in tokens("degrees", line(scale + tonic))["bass"]] == expected


def test_no_key_is_no_degree():
    """The whole-tone scale has no tonic."""
    found = tokens("degrees", line([60, 62, 64, 66, 68, 70] * 4))
    assert set(found["bass"].tolist()) == {12}
    assert set(found["sonority"].tolist()) == {0}


def test_wide_things_are_clipped():
    """Leaps beyond an octave count as thirteen semitones, sevenfold octaves keep their rest."""
    found = tokens("frames", chords([24, 60], [24, 96]))
    assert found["skyline"].tolist() == [27, 26]
    assert found["vertical"].tolist() == [25 + 0, 25 + 0]
