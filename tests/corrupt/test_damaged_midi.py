"""Damaged and hostile MIDI: music is saved where it survives, all else is refused by name, at once."""

import os
import time

import numpy as np
import pytest

from midi_bytes import END, meta, midi, off, on, track
from styleprint.reading import Limits, read_score, read_score_bytes
from styleprint.support.errors import LimitError, ReadError

SCALE = b"".join(on(0, pitch) + off(4, pitch) for pitch in range(60, 72))
SOUND = midi(track(SCALE), track(SCALE))


def read(data, **options):
    return read_score_bytes(data, "damaged", **options)


def cut_end(data, count):
    return data[:-count]


SALVAGED = {
    "running status without a status": (midi(track(b"\x00\x3c\x40" + SCALE)), 12, "without a status"),
    "a control value above 127": (midi(track(b"\x00\xb0\x07\xff" + SCALE)), 12, "above 127"),
    "a velocity above 127": (midi(track(on(0, 50, 200) + off(4, 50) + SCALE)), 13, "above 127"),
    "a pitch above 127": (midi(track(b"\x00\x90\x81\x40" + SCALE)), 12, "above 127"),
    "a last track cut off": (cut_end(SOUND, 19), 22, "breaks off"),
    "a last track cut off between events": (cut_end(SOUND, 4), 24, "no end marker"),
    "no end marker": (midi(track(SCALE, end=b"")), 12, "no end marker"),
    "a length too long": (SOUND[:18] + b"\x7f\xff\xff\xff" + SOUND[22:], 24, "found by their names"),
    "a length too short": (SOUND[:18] + b"\x00\x00\x00\x10" + SOUND[22:], 24, "found by their names"),
    "a promised track that is missing": (midi(track(SCALE), declared=3), 12, "promises 3 tracks"),
    "the tail of another file": (midi(track(SCALE)) + b"\xff\x2f\x00" + track(SCALE), 12, "tail of another file"),
    "system events in a track": (midi(track(b"\x00\xf1\x10" + b"\x00\xf8" + SCALE)), 12, "may not hold"),
    "a header of another length": (SOUND[:7] + b"\xff" + SOUND[8:], 24, "header claims"),
    "a first text that claims a byte too many": (midi(track(b"\x00\xff\x01\x04\\b1" + SCALE)), 12, "claimed bytes"),
    "texts that swallow a text and notes": (
        midi(
            track(
                b"\x00\xff\x01\x0aab" + b"\x60\xff\x01\x10cd",
                b"\x84\x00\x90\x30\x40\x00\x90\x31\x40",
                SCALE,
            ),
            resolution=480,
        ),
        14,
        "2 texts claimed bytes",
    ),
    "two texts that do": (midi(track(b"\x00\xff\x01\x04\\b1" * 2 + SCALE)), 12, "claimed bytes"),
    "a text that claims a byte too many": (
        midi(track(on(0, 50) + off(4, 50) + b"\x00\xff\x01\x04\\b1" + SCALE)),
        13,
        "claimed bytes",
    ),
}


@pytest.mark.parametrize("name", SALVAGED)
def test_music_is_saved(name):
    """All notes that the damage left are read, and the warnings say what was wrong."""
    data, count, words = SALVAGED[name]
    score = read(data)
    assert len(score) == count
    assert any(words in warning for warning in score.warnings), score.warnings
    assert score.end_quarters <= 13


def test_sound_files_have_no_warnings():
    assert read(SOUND).warnings == ()


def test_running_status_outlives_texts():
    """Not allowed, but common and clear: the status before the text holds."""
    score = read(midi(track(on(0, 60) + meta(0, 1, b"x") + b"\x04\x3c\x00")))
    assert score.duration_quarters.tolist() == [1.0]


REFUSED = {
    "no header": ("R104", b"not music at all, only words"),
    "half a header": ("R110", SOUND[:9]),
    "a RIFF file of something else": ("R110", b"RIFF\x00\x00\x00\x00AVI LIST"),
    "a recording": ("R104", b"RIFF\x00\x00\x00\x00WAVEfmt "),
    "SMPTE time": ("R111", SOUND[:12] + b"\xe7\x28" + SOUND[14:]),
    "resolution zero": ("R113", SOUND[:12] + b"\x00\x00" + SOUND[14:]),
    "format 7": ("R114", SOUND[:8] + b"\x00\x07" + SOUND[10:]),
    "nothing survives": ("R112", midi(track(b"\x00\x3c\x40" * 5, end=b""))),
    "a header and no track": ("R112", SOUND[:14]),
    "a piece that never ends": ("R102", midi(track(on(0, 60) + b"\xff\xff\xff\x7f" + b"\x80\x3c\x40"))),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name):
    """Each fault has its code, names the file, and says what to do."""
    code, data = REFUSED[name]
    with pytest.raises(ReadError) as caught:
        read(data)
    assert caught.value.code == code
    assert caught.value.place == "damaged"
    assert caught.value.remedy


def test_smpte_is_named():
    with pytest.raises(ReadError, match=r"SMPTE time \(25 frames a second\)"):
        read(REFUSED["SMPTE time"][1])


HUGE_DELTA = b"\xff\xff\xff\x7f"
CHEAP = {
    "a late note": midi(track(HUGE_DELTA + b"\x90\x3c\x40" + END)),
    "a late end of the track": midi(track(on(0, 60) + off(4, 60), end=HUGE_DELTA + b"\xff\x2f\x00")),
    "a late metre": midi(track(on(0, 60) + off(4, 60) + HUGE_DELTA + b"\xff\x58\x04\x01\x06\x18\x08")),
    "measures of a 64th": midi(track(meta(0, 0x58, b"\x01\x06\x18\x08") + on(0, 60) + off(399_000, 60))),
    "a thousand million texts": midi(track(b"\x00\xff\x01\xff\xff\xff\x7f")),
    "a track of nothing but bytes": midi(track(bytes(100_000))),
}


@pytest.mark.parametrize("name", CHEAP)
def test_hostile_files_cost_milliseconds(name):
    """Little time and no large tables, whether read or refused."""
    data = CHEAP[name]
    start = time.perf_counter()
    try:
        score = read(data)
    except ReadError:
        score = None
    assert time.perf_counter() - start < 0.5
    if score is not None:
        assert len(score.measures.label) <= 200_000
        assert len(score.time_signatures.numerator) <= 1


def test_too_many_measures_are_left_out_and_told():
    score = read(CHEAP["measures of a 64th"])
    assert len(score) == 1
    assert len(score.measures.label) == 0
    assert "too many measures" in " ".join(score.warnings)


LIMITS = {
    "file_bytes": (SOUND, Limits(file_bytes=len(SOUND) - 1)),
    "notes": (SOUND, Limits(notes=23)),
    "length_quarters": (SOUND, Limits(length_quarters=11)),
    "parts": (SOUND, Limits(parts=1)),
    "events": (midi(track(meta(0, 1, b"x") * 50 + SCALE)), Limits(events=40)),
}


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_holds_and_can_be_raised(name):
    data, limits = LIMITS[name]
    with pytest.raises(LimitError, match=name) as caught:
        read(data, limits=limits)
    assert caught.value.code == "R102"
    assert len(read(data)) in (12, 24)


def test_only_regular_files_are_read(tmp_path):
    """A folder, a missing file and a pipe that nobody writes to are refused at once."""
    pipe = tmp_path / "pipe.mid"
    os.mkfifo(pipe)
    for path in (tmp_path, tmp_path / "missing.mid", pipe, tmp_path / "nul\0.mid"):
        with pytest.raises(ReadError) as caught:
            read_score(path)
        assert caught.value.code == "R101"


def test_names_are_only_names(tmp_path):
    """The content tells the format; strange names are read and told as they are."""
    path = tmp_path / "<b>ü 'x' =1+1.txt"
    path.write_bytes(SOUND)
    score = read_score(path)
    assert len(score) == 24
    assert score.source.path == str(path)


def test_random_bytes_never_escape():
    """Mutants by seed: a score or our error, nothing else. benchmarks/fuzz_midi.py makes many more."""
    source = np.random.default_rng(0)
    outcomes = set()
    for _ in range(500):
        data = np.frombuffer(SOUND, dtype=np.uint8).copy()
        places = source.integers(0, len(data), size=int(source.integers(1, 12)))
        data[places] = source.integers(0, 256, size=len(places))
        try:
            outcomes.add(type(read(data.tobytes())).__name__)
        except ReadError as error:
            outcomes.add(error.code)
    assert {"Score", "R102"} <= outcomes


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("Bach/Bwv0565_Toccata_and_Fugue_In_Dm_A.mid", 3425),
        ("Beethoven/op089_Polonaise.mid", 4458),
        ("Debussy/94arab1.mid", 1455),
        ("Debussy/Deux_Arabesques_No.1.mid", 1455),
        ("Beethoven/122.MID", 6311),
        ("Mendelssohn/sngwow01.mid", 560),
    ],
)
def test_six_real_files_that_others_refuse(shared_data, name, count):
    """All notes, and hands that stay together: they begin and end near each other (a pedal part may rest)."""
    score = read_score(shared_data / "data" / "scores" / "composers-20" / name)
    assert len(score) == count
    assert any("byte" in warning for warning in score.warnings)
    onsets = [score.onset_quarters[score.part == part] for part in range(len(score.parts.name))]
    hands = [each for each in onsets if len(each) > 100]
    assert len(hands) >= 2
    assert max(each[0] for each in hands) - min(each[0] for each in hands) < 8
    assert max(each[-1] for each in hands) - min(each[-1] for each in hands) < 8


@pytest.mark.shared_data
def test_a_saved_file_equals_its_sound_twin(shared_data):
    """One sonata lies there damaged and sound: every pitch and onset is the same."""
    saved = read_score(shared_data / "data" / "scores" / "composers-20" / "Beethoven" / "122.MID")
    sound = read_score(shared_data / "data" / "scores" / "four-composers" / "Beethoven" / "122.MID")
    assert saved.midi_pitch.tolist() == sound.midi_pitch.tolist()
    assert saved.onset_quarters.tolist() == sound.onset_quarters.tolist()
    assert saved.warnings
    assert not sound.warnings
