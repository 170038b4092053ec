"""Our notes against mido's messages and symusic's notes, on generated files."""

import io
from collections import Counter

import mido
import pytest
import symusic
from hypothesis import given

from strategies import monophonic_keys
from styleprint.reading import read_score, read_score_bytes
from styleprint.reading.midi_writer import midi_bytes


def mido_notes(data):
    """(onset tick, pitch, velocity, end tick) of every note, by an independent reader."""
    notes = []
    for track in mido.MidiFile(file=io.BytesIO(data)).tracks:
        tick, sounding = 0, {}
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                sounding[message.channel, message.note] = tick, message.velocity
            elif message.type in ("note_on", "note_off"):
                onset, velocity = sounding.pop((message.channel, message.note))
                notes.append((onset, message.note, velocity, tick))
    return sorted(notes)


def our_notes(score):
    ticks = score.source.resolution
    rows = zip(
        (score.onset_quarters * ticks).round().astype(int).tolist(),
        score.midi_pitch.tolist(),
        score.velocity.tolist(),
        ((score.onset_quarters + score.duration_quarters) * ticks).round().astype(int).tolist(),
        strict=True,
    )
    return sorted(rows)


@given(score=monophonic_keys())
def test_notes_are_those_of_mido(score):
    data = midi_bytes(score)
    assert our_notes(read_score_bytes(data, "x")) == mido_notes(data)


@given(score=monophonic_keys())
def test_tempos_and_keys_are_those_of_mido(score):
    data = midi_bytes(score)
    conductor = mido.MidiFile(file=io.BytesIO(data)).tracks[0]
    read = read_score_bytes(data, "x")
    assert [mido.tempo2bpm(m.tempo) for m in conductor if m.type == "set_tempo"] == pytest.approx(read.tempos.tempo_qpm)
    keys = [m.key for m in conductor if m.type == "key_signature"]
    assert [key.endswith("m") for key in keys] == read.key_signatures.is_minor.astype(bool).tolist()
    metres = [(m.numerator, m.denominator) for m in conductor if m.type == "time_signature"]
    table = read.time_signatures
    assert metres == list(zip(table.numerator.tolist(), table.denominator.tolist(), strict=True))


@pytest.mark.shared_data
def test_notes_are_those_of_symusic(shared_data):
    """On real files we find every onset that symusic finds. We join notes struck twice at once in one part."""
    files = sorted((shared_data / "data" / "scores" / "four-composers").rglob("*.[mM][iI][dD]"))[::40]
    assert len(files) > 30
    for path in files:
        theirs = symusic.Score.from_midi(path.read_bytes())
        onsets = Counter({(n.time, n.pitch) for t in theirs.tracks for n in t.notes})
        score = read_score(path)
        ticks = (score.onset_quarters * score.source.resolution).round().astype(int).tolist()
        assert Counter(set(zip(ticks, score.midi_pitch.tolist(), strict=True))) == onsets, path.name
