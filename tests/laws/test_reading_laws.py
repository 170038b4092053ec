"""What MIDI can say comes back as it was written, and every change keeps a score sound."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feature_cases import line
from strategies import monophonic_keys, scores
from styleprint.music.changes import CHANGES, cut_span, merge_parts, transpose
from styleprint.music.score import Parts
from styleprint.music.time import duration_seconds, lay_out_measures, to_seconds
from styleprint.reading import midi, midi_walk, read_score_bytes
from styleprint.reading.midi_writer import midi_bytes
from styleprint.reading.score_cache import load_score, save_score

NOTE_COLUMNS = ("midi_pitch", "velocity", "is_unpitched", "is_grace", "voice", "staff")
TABLES = {
    "time_signatures": ("onset_quarters", "numerator", "denominator"),
    "key_signatures": ("onset_quarters", "fifths", "is_minor"),
    "measures": ("start_quarters", "length_quarters"),
}


def round_trip(score):
    return read_score_bytes(midi_bytes(score), "again")


def parts_with_notes(score):
    return sorted(set(score.part.tolist()))


@given(score=monophonic_keys())
def test_what_is_written_is_read(score):
    """Notes, velocities and drums come back, in the same order, in parts of the same order and names."""
    again = round_trip(score)
    assert np.allclose(again.onset_quarters, score.onset_quarters, atol=1e-6, rtol=0)
    assert np.allclose(again.duration_quarters, score.duration_quarters, atol=1e-6, rtol=0)
    for name in NOTE_COLUMNS:
        assert getattr(again, name).tolist() == getattr(score, name).tolist(), name
    kept = parts_with_notes(score)
    assert [kept[i] for i in again.part] == score.part.tolist()
    assert again.parts.name == tuple(score.parts.name[i] for i in kept)
    # all drums share one channel of a MIDI file, and so its kit: the programme of a part with drums is not its own
    drums = set(score.part[score.is_unpitched].tolist())
    for own, other in zip(kept, again.parts.programme.tolist(), strict=True):
        assert own in drums or other == score.parts.programme[own]
    assert not again.warnings


def test_a_part_without_notes_lends_no_programme():
    """The next part has its channel, and would be heard as it."""
    parts = Parts(("silent", "sounding"), np.array([7, -1], dtype=np.int32))
    score = replace(line([60]), part=np.array([1], dtype=np.int32), parts=parts)
    assert round_trip(score).parts.programme.tolist() == [-1]


@given(score=monophonic_keys())
def test_tables_come_back(score):
    """Metres, keys, measures and tempos come back; a tempo to the microsecond a quarter."""
    assume(len(score))
    again = round_trip(score)
    for table, columns in TABLES.items():
        for column in columns:
            before, after = getattr(getattr(score, table), column), getattr(getattr(again, table), column)
            assert np.allclose(after, before, atol=1e-6, rtol=0), f"{table}.{column}"
    assert np.allclose(60 / again.tempos.tempo_qpm, 60 / score.tempos.tempo_qpm, atol=1e-6, rtol=0)
    assert duration_seconds(again) == pytest.approx(duration_seconds(score), abs=1e-4)


@given(score=scores())
def test_writing_is_stable(score):
    """Once a score has been through MIDI, it stays as it is, also where notes of one pitch overlap."""
    once = round_trip(score)
    twice = round_trip(once)
    assert midi_bytes(twice) == midi_bytes(once)
    assert len(twice) == len(once)


@given(score=scores())
def test_no_pitch_sounds_twice_in_a_part(score):
    """A note struck again ends the earlier one."""
    read = round_trip(score)
    ends = {}
    for row in range(len(read)):
        key = int(read.part[row]), int(read.midi_pitch[row])
        assert read.onset_quarters[row] >= ends.get(key, 0.0) - 1e-9
        ends[key] = read.onset_quarters[row] + read.duration_quarters[row]


@given(score=scores(max_notes=12))
def test_compiled_and_plain_walks_agree(score):
    """The first files of a process are read in plain Python: with the same result."""
    data = midi_bytes(score)
    plain = midi._LOOPS
    results = []
    for bytes_read in (-(10**9), 10**9):
        midi._LOOPS = midi._Loops()
        midi._LOOPS._bytes_read = bytes_read
        try:
            results.append(read_score_bytes(data, "x"))
        finally:
            midi._LOOPS = plain
    first, second = results
    assert midi_bytes(first) == midi_bytes(second)
    assert first.onset_quarters.tolist() == second.onset_quarters.tolist()
    assert first.parts.programme.tolist() == second.parts.programme.tolist()


def test_the_plain_walk_is_plain():
    """The law above compares two things: one of them is compiled."""
    loops = midi._Loops()
    assert loops.functions(1)[0] is midi_walk.walk_tracks
    assert loops.functions(10**9)[0] is not midi_walk.walk_tracks


@given(score=scores(), start=st.floats(0, 20), length=st.floats(0.1, 20))
def test_a_span_holds_what_begins_in_it(score, start, length):
    """No note, measure or signature of a span lies outside it, and none that begins in it is lost."""
    span = cut_span(score, start, start + length)
    inside = (score.onset_quarters >= start) & (score.onset_quarters < start + length)
    assert len(span) == inside.sum()
    assert span.end_quarters <= length + 1e-9
    assert np.allclose(span.onset_quarters + start, score.onset_quarters[inside])
    assert (span.measures.length_quarters > 0).all()
    assert (np.diff(span.time_signatures.onset_quarters) > 0).all()


@pytest.mark.parametrize("name", CHANGES)
@given(score=scores())
def test_changes_keep_scores_sound(name, score):
    """A change gives a valid score in the order of notes, does the same again, and leaves its input alone."""
    before = midi_bytes(score)
    changed = CHANGES[name](score)
    keys = list(zip(changed.onset_quarters, changed.part, changed.voice, changed.midi_pitch, strict=True))
    assert keys == sorted(keys)
    assert midi_bytes(CHANGES[name](score)) == midi_bytes(changed)
    assert midi_bytes(score) == before
    assert len(changed) <= len(score) * (1 + (name == "repeats"))


@given(score=scores(), semitones=st.integers(-12, 12))
def test_transposition_moves_every_pitch_class(score, semitones):
    """Pitch classes move as asked, drums stay, and nothing leaves the range."""
    pitched = np.sort(score.midi_pitch[~score.is_unpitched] % 12 + semitones) % 12
    moved = transpose(score, semitones)
    assert sorted(pitched.tolist()) == sorted((moved.midi_pitch[~moved.is_unpitched] % 12).tolist())
    drums = score.midi_pitch[score.is_unpitched]
    assert sorted(drums.tolist()) == sorted(moved.midi_pitch[moved.is_unpitched].tolist())
    assert (np.abs(moved.key_signatures.fifths) <= 7).all()


@given(score=scores())
def test_measures_cover_the_piece_without_gaps(score):
    """Measures follow each other from quarter 0 and reach the end of the music."""
    measures = lay_out_measures(score.time_signatures, score.end_quarters)
    assume(len(score.time_signatures.numerator))
    assert measures.start_quarters[0] == 0.0
    ends = measures.start_quarters + measures.length_quarters
    assert np.allclose(ends[:-1], measures.start_quarters[1:])
    assert ends[-1] >= score.end_quarters - 1e-6
    assert (measures.length_quarters > 0).all()


@given(score=scores(), times=st.lists(st.floats(0, 100), min_size=2, max_size=20))
def test_time_runs_forwards(score, times):
    """Later in quarters is later in seconds, and tempo changes leave no jump."""
    seconds = to_seconds(np.sort(times), score.tempos)
    assert (np.diff(seconds) >= 0).all()
    onsets = score.tempos.onset_quarters
    assert np.allclose(
        to_seconds(onsets, score.tempos), to_seconds(np.maximum(onsets - 1e-9, 0), score.tempos), atol=1e-6
    )


@given(score=scores())
def test_the_cache_gives_back_the_score(score, tmp_path_factory):
    """What is kept on disk is the score, under its name of today."""
    path = tmp_path_factory.mktemp("cache") / "score.npz"
    save_score(score, path)
    kept = load_score(path, "today")
    assert kept is not None
    assert midi_bytes(kept) == midi_bytes(score)
    assert (kept.source.path, kept.source.resolution) == ("today", score.source.resolution)
    assert kept.measures.label == score.measures.label


@given(score=scores())
def test_merged_parts_hold_every_pitch_once(score):
    """One part of pitched notes and one of drums: nothing sounds that did not, and each strike is there once."""
    merged = merge_parts(score)

    def strikes(of):
        columns = of.onset_quarters.tolist(), of.midi_pitch.tolist(), of.is_unpitched.tolist()
        return list(zip(*columns, strict=True))

    assert set(strikes(merged)) == set(strikes(score))
    assert len(set(strikes(merged))) == len(merged)
    assert len(set(merged.part.tolist())) <= 2
    assert all(len(set(merged.part[merged.is_unpitched == drums].tolist())) <= 1 for drums in (False, True))
