"""Time and changes of a score, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from styleprint.music import changes
from styleprint.music.score import KeySignatures, Measures, Parts, Score, Tempos, TimeSignatures
from styleprint.music.time import duration_seconds, lay_out_measures, to_seconds


def ints(*values):
    return np.array(values, dtype=np.int32)


def score(*notes, **tables):
    """Notes as (onset, duration, pitch, part)."""
    columns = np.array(sorted(notes, key=lambda note: (note[0], note[3], note[2]))).reshape(-1, 4).T
    n = len(notes)
    parts = int(columns[3].max()) + 1 if n else 0
    defaults = {"parts": Parts(tuple(f"part {i}" for i in range(parts)), ints(*range(parts)))}
    return Score(
        onset_quarters=columns[0],
        duration_quarters=columns[1],
        midi_pitch=columns[2].astype(np.int32),
        part=columns[3].astype(np.int32),
        voice=np.full(n, -1, dtype=np.int32),
        staff=np.full(n, -1, dtype=np.int32),
        is_grace=np.zeros(n, dtype=bool),
        is_unpitched=np.zeros(n, dtype=bool),
        velocity=np.full(n, 80, dtype=np.int32),
        **(defaults | tables),
    )


def notes(of):
    columns = of.onset_quarters, of.duration_quarters, of.midi_pitch, of.part
    return list(zip(*(column.tolist() for column in columns), strict=True))


def tempos(*pairs):
    return Tempos(
        np.array([onset for onset, _ in pairs], dtype=float), np.array([qpm for _, qpm in pairs], dtype=float)
    )


def metres(*rows):
    onsets, tops, bottoms = zip(*rows, strict=True)
    return TimeSignatures(np.array(onsets, dtype=float), ints(*tops), ints(*bottoms))


SPEEDS = {
    "none: 120": (tempos(), 4, 2.0),
    "60 from the beginning": (tempos((0, 60)), 4, 4.0),
    "120 until quarter 2, then 60": (tempos((2, 60)), 4, 1.0 + 2.0),
    "three tempos": (tempos((0, 60), (1, 120), (3, 240)), 5, 1.0 + 1.0 + 0.5),
    "before a later tempo": (tempos((0, 60), (8, 30)), 4, 4.0),
}


@pytest.mark.parametrize("name", SPEEDS)
def test_seconds(name):
    table, quarters, seconds = SPEEDS[name]
    assert to_seconds(quarters, table) == pytest.approx(seconds)


def test_duration_counts_to_the_last_end():
    piece = score((0, 6, 60, 0), (4, 1, 64, 0), tempos=tempos((0, 60), (4, 120)))
    assert duration_seconds(piece) == pytest.approx(4 + 1)
    assert duration_seconds(changes.empty_score()) == 0.0


LAYOUTS = {
    "whole measures": (metres((0, 3, 4)), 6, [0, 3]),
    "the last is whole": (metres((0, 3, 4)), 6.5, [0, 3, 6]),
    "rounding makes none": (metres((0, 3, 4)), 6 + 1e-9, [0, 3]),
    "5/8 after 4/4": (metres((0, 4, 4), (8, 5, 8)), 12, [0, 4, 8, 10.5]),
    "a pickup as a metre of its own": (metres((0, 1, 4), (1, 4, 4)), 9, [0, 1, 5]),
    "a signature after the end": (metres((0, 4, 4), (16, 3, 4)), 4, [0, 4, 8, 12, 16]),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_measures(name):
    table, end, starts = LAYOUTS[name]
    assert lay_out_measures(table, end).start_quarters.tolist() == starts


def test_legato_and_staccato():
    """To the next onset of the same part; a chord's notes together; the last stays."""
    piece = score((0, 0.5, 60, 0), (0, 1.5, 64, 0), (1, 0.25, 70, 1), (2, 0.5, 62, 0))
    assert notes(changes.with_legato(piece)) == [(0, 2, 60, 0), (0, 2, 64, 0), (1, 0.25, 70, 1), (2, 0.5, 62, 0)]
    assert [row[1] for row in notes(changes.with_staccato(piece))] == [0.25, 0.75, 0.125, 0.25]


def test_quantise():
    """To eighths: ends move with onsets, and nothing vanishes."""
    piece = score((0.1, 0.3, 60, 0), (0.6, 0.05, 62, 0), (1.0, 1.2, 64, 0))
    changed = changes.quantise(piece, 2)
    assert notes(changed) == [(0, 0.5, 60, 0), (0.5, 0.5, 62, 0), (1, 1, 64, 0)]
    assert changed.source.resolution == 2


def test_quantising_keeps_the_order():
    """Two notes that fall together stand by part and pitch again."""
    changed = changes.quantise(score((0.0, 1, 72, 1), (0.01, 1, 60, 0)), 4)
    assert notes(changed) == [(0, 1, 60, 0), (0, 1, 72, 1)]


def test_merge_parts():
    """The unison of two parts is struck once and lasts as long as the longer."""
    merged = changes.merge_parts(score((0, 1, 60, 0), (0, 2, 60, 1), (0, 1, 55, 1)))
    assert notes(merged) == [(0, 1, 55, 0), (0, 2, 60, 0)]
    assert merged.parts.name == ("",)


def test_transpose_with_keys():
    """Up a fifth from D flat (5 flats) is A flat (4 flats); a tritone up from C is F sharp, six sharps."""
    keys = KeySignatures(np.array([0.0]), ints(-5), ints(0))
    moved = changes.transpose(score((0, 1, 61, 0), key_signatures=keys), 7)
    assert (moved.midi_pitch.tolist(), moved.key_signatures.fifths.tolist()) == ([68], [-4])
    keys = KeySignatures(np.array([0.0]), ints(0), ints(0))
    assert changes.transpose(score((0, 1, 60, 0), key_signatures=keys), 6).key_signatures.fifths.tolist() == [6]


@pytest.mark.parametrize(("pitch", "semitones", "expected"), [(126, 5, 119), (127, 1, 116), (1, -3, 10), (60, 12, 72)])
def test_transpose_stays_in_range(pitch, semitones, expected):
    """What would leave 0 to 127 comes back by an octave."""
    assert changes.transpose(score((0, 1, pitch, 0)), semitones).midi_pitch.tolist() == [expected]


def test_shift_octave_moves_all_or_nothing():
    """Up where there is room, else down, else not at all; drums stay, spelling goes along, keys stay."""
    low = changes.shift_octave(score((0, 1, 60, 0), (1, 1, 115, 0)))
    assert low.midi_pitch.tolist() == [72, 127]
    high = changes.shift_octave(score((0, 1, 60, 0), (1, 1, 116, 0)))
    assert high.midi_pitch.tolist() == [48, 104]
    wide = score((0, 1, 11, 0), (1, 1, 116, 0))
    assert changes.shift_octave(wide) is wide
    keys = KeySignatures(np.array([0.0]), ints(-5), ints(0))
    piece = score((0, 1, 36, 0), (0, 1, 61, 1), key_signatures=keys)
    spelled = {"step": ints(0, 1), "alter": ints(0, -1), "octave": ints(2, 4)}
    moved = changes.shift_octave(replace(piece, is_unpitched=np.array([True, False]), **spelled))
    assert moved.midi_pitch.tolist() == [36, 73]
    assert (moved.octave.tolist(), moved.alter.tolist()) == ([2, 5], [0, -1])
    assert moved.key_signatures.fifths.tolist() == [-5]
    assert changes.shift_octave(score()).midi_pitch.tolist() == []


def test_play_twice():
    """A measure and a half of 3/4 begins again after the second measure, with metre, key and tempo."""
    metre = metres((0, 3, 4))
    piece = score(
        (0, 3, 60, 0),
        (3, 1.5, 62, 0),
        time_signatures=metre,
        measures=lay_out_measures(metre, 4.5),
        tempos=tempos((0, 90)),
        key_signatures=KeySignatures(np.array([0.0]), ints(2), ints(1)),
    )
    twice = changes.play_twice(piece)
    assert notes(twice) == [(0, 3, 60, 0), (3, 1.5, 62, 0), (6, 3, 60, 0), (9, 1.5, 62, 0)]
    assert twice.measures.start_quarters.tolist() == [0, 3, 6, 9]
    assert twice.time_signatures.onset_quarters.tolist() == twice.tempos.onset_quarters.tolist() == [0, 6]
    assert twice.key_signatures.is_minor.tolist() == [1, 1]
    assert twice.velocity.tolist() == [80] * 4


@pytest.mark.parametrize(
    ("last", "begins"),
    [((0, 1.2), 2.0), ((0.0, 0.0), 1.0), ((0.95, 0.0), 2.0), ((0.9, 0.1), 1.0), ((2.0, 1.0), 3.0)],
)
def test_without_measures_a_piece_begins_again_on_a_quarter(last, begins):
    """The first by which all has ended, and the last note begun a twelfth before."""
    twice = changes.play_twice(score((*last, 60, 0)))
    assert twice.onset_quarters.tolist() == [last[0], last[0] + begins]


def test_cut_span():
    """Quarters 3 to 7 of a piece in 3/4, then 2/4 from 6: what holds at 3 holds at the new beginning."""
    piece = score(
        (0, 4, 60, 0),
        (3, 1, 62, 0),
        (6, 3, 64, 0),
        (7, 1, 65, 0),
        measures=Measures(np.array([0.0, 3.0, 6.0]), np.array([3.0, 3.0, 2.0]), ("1", "2", "3")),
        time_signatures=metres((0, 3, 4), (6, 2, 4)),
        tempos=tempos((0, 60), (8, 90)),
    )
    span = changes.cut_span(piece, 3, 7)
    assert notes(span) == [(0, 1, 62, 0), (3, 1, 64, 0)]
    assert span.measures.label == ("2", "3")
    assert span.measures.length_quarters.tolist() == [3, 1]
    assert span.time_signatures.onset_quarters.tolist() == [0, 3]
    assert span.time_signatures.numerator.tolist() == [3, 2]
    assert span.tempos.tempo_qpm.tolist() == [60]


def test_leaving_out_and_permuting_parts():
    """A quarter of four parts is one; names and programmes go with their part."""
    piece = score(*((0, 1, 60 + part, part) for part in range(4)))
    left = changes.leave_out_parts(piece, 0.25, seed=1)
    assert len(left) == len(left.parts.name) == 3
    for changed in (left, changes.permute_parts(piece, seed=3)):
        named = dict(zip(changed.parts.name, changed.midi_pitch.tolist(), strict=True))
        assert all(pitch == 60 + int(name[-1]) for name, pitch in named.items())
        assert all(p == int(name[-1]) for name, p in zip(changed.parts.name, changed.parts.programme, strict=True))
    assert changes.permute_parts(piece, seed=3).parts.name != piece.parts.name


def test_seeds_decide():
    """The same seed leaves out the same notes; another seed others; one note always stays."""
    piece = score(*((i, 1, 60, 0) for i in range(100)))
    first, again, other = (changes.thin(piece, 0.3, seed=seed) for seed in (1, 1, 2))
    assert notes(first) == notes(again) != notes(other)
    assert 50 < len(first) < 90
    assert len(changes.thin(piece, 1.0)) == 1
    assert (changes.shift_notes(piece, 0.2, seed=1).midi_pitch != 60).sum() in range(5, 40)
    assert changes.flatten_velocity(piece, 64).velocity.tolist() == [64] * 100
    assert changes.scale_tempo(score((0, 1, 60, 0), tempos=tempos((0, 60))), 2.0).tempos.tempo_qpm.tolist() == [120]
