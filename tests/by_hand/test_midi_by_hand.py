"""MIDI files of a few bytes, with what they mean worked out by hand. Resolution 4: a tick is a sixteenth."""

import pytest

from midi_bytes import meta, midi, number, off, on, programme, track
from styleprint.reading import read_score_bytes


def read(*tracks, **options):
    return read_score_bytes(midi(*tracks, **options), "by hand")


def notes(score):
    """(onset, duration, pitch) of each note, in quarters."""
    columns = score.onset_quarters.tolist(), score.duration_quarters.tolist(), score.midi_pitch.tolist()
    return list(zip(*columns, strict=True))


def metres(score):
    table = score.time_signatures
    columns = table.onset_quarters.tolist(), table.numerator.tolist(), table.denominator.tolist()
    return list(zip(*columns, strict=True))


def starts(score):
    return score.measures.start_quarters.tolist()


TWO_QUARTERS = on(0, 60) + off(4, 60) + on(0, 62) + off(4, 62)

PAIRINGS = {
    "one after another": (TWO_QUARTERS, [(0, 1, 60), (1, 1, 62)]),
    "velocity 0 ends a note": (on(0, 60) + on(4, 60, 0), [(0, 1, 60)]),
    "running status": (on(0, 60) + b"\x04\x3c\x00" + b"\x00\x3e\x40" + b"\x04\x3e\x00", [(0, 1, 60), (1, 1, 62)]),
    "struck again, each with its end": (
        on(0, 60) + on(4, 60) + off(1, 60) + off(3, 60),
        [(0, 1, 60), (1, 1, 60)],
    ),
    "a trill played legato": (
        on(0, 60) + on(4, 60) + off(1, 60) + on(3, 60) + off(1, 60) + off(3, 60),
        [(0, 1, 60), (1, 1, 60), (2, 1, 60)],
    ),
    "struck again, one end for both": (on(0, 60) + on(4, 60) + off(4, 60), [(0, 1, 60), (1, 1, 60)]),
    "struck twice at once": (on(0, 60, 50) + on(0, 60, 70) + off(4, 60) + off(4, 60), [(0, 2, 60)]),
    "an end without a note": (off(0, 60) + on(4, 60) + off(4, 60), [(1, 1, 60)]),
    "never ended, until the next onset": (on(0, 60) + on(4, 62) + off(4, 62), [(0, 1, 60), (1, 1, 62)]),
    "never ended, until the end": (on(0, 60) + meta(8, 1, b"x"), [(0, 2, 60)]),
    "no time at all becomes a tick": (on(0, 60) + off(0, 60), [(0, 0.25, 60)]),
    "a chord is ordered by pitch": (on(0, 64) + on(0, 60) + off(4, 60) + off(0, 64), [(0, 1, 60), (0, 1, 64)]),
}


@pytest.mark.parametrize("name", PAIRINGS)
def test_which_end_belongs_to_which_note(name):
    events, expected = PAIRINGS[name]
    assert notes(read(track(events))) == expected


def test_joined_and_unended_notes_are_told():
    assert read(track(PAIRINGS["struck twice at once"][0])).velocity.tolist() == [70]
    for name, words in (("struck twice at once", "joined"), ("never ended, until the end", "never ended")):
        (warning,) = read(track(PAIRINGS[name][0])).warnings
        assert words in warning


def test_parts_are_channels_of_tracks():
    """One track of two channels is two parts; a channel in two tracks is two parts."""
    both = on(0, 60) + on(0, 64, channel=1) + off(4, 60) + off(0, 64, channel=1)
    score = read(track(meta(0, 3, b"duo"), both), track(meta(0, 3, b"solo"), on(0, 67), off(4, 67)))
    assert score.part.tolist() == [0, 1, 2]
    assert score.midi_pitch.tolist() == [60, 64, 67]
    assert score.parts.name == ("duo", "duo", "solo")


def test_a_programme_change_does_not_divide_a_part():
    score = read(track(programme(0, 40), on(0, 60), off(4, 60), programme(0, 41), on(0, 62), off(4, 62)))
    assert score.part.tolist() == [0, 0]
    assert score.parts.programme.tolist() == [40]


PROGRAMMES = {
    "none": ([on(0, 60), off(4, 60)], [-1]),
    "the last before the first note": ([programme(0, 1), programme(2, 7), on(0, 60), off(4, 60)], [7]),
    "later, where none came before": ([on(0, 60), off(4, 60), programme(0, 9)], [9]),
}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_programme_of_a_part(name):
    events, expected = PROGRAMMES[name]
    assert read(track(*events)).parts.programme.tolist() == expected


def test_a_programme_set_in_another_track_counts():
    score = read(track(programme(0, 12, channel=3)), track(on(0, 60, channel=3), off(4, 60, channel=3)))
    assert score.parts.programme.tolist() == [12]


def test_channel_ten_is_unpitched():
    score = read(track(on(0, 36, channel=9), off(0, 36, channel=9), on(0, 60), off(4, 60)))
    assert dict(zip(score.midi_pitch.tolist(), score.is_unpitched.tolist(), strict=True)) == {36: True, 60: False}
    assert score.duration_quarters[score.is_unpitched].tolist() == [0.0]
    assert not score.warnings


def metre(delta, top, power):
    return meta(delta, 0x58, bytes((top, power, 24, 8)))


def test_measures_from_signatures():
    """3/4 for two measures, then 6/8; the music ends within the third measure of the latter."""
    score = read(track(metre(0, 3, 2), metre(24, 6, 3)), track(on(0, 60), off(52, 60)))
    assert metres(score) == [(0, 3, 4), (6, 6, 8)]
    assert starts(score) == [0, 3, 6, 9, 12]
    assert score.measures.length_quarters.tolist() == [3, 3, 3, 3, 3]


def test_a_signature_begins_a_measure():
    """4/4 cut short by 3/4 after five quarters: the second measure has one quarter."""
    score = read(track(metre(0, 4, 2), metre(20, 3, 2)), track(on(0, 60), off(32, 60)))
    assert starts(score) == [0, 4, 5]
    assert score.measures.length_quarters.tolist() == [4, 1, 3]


def test_pickup_before_the_first_signature():
    """A quarter before the first 3/4 is a pickup; eight quarters before it are of unknown metre."""
    assert starts(read(track(metre(4, 3, 2)), track(on(0, 60), off(28, 60)))) == [0, 1, 4]
    assert starts(read(track(metre(32, 3, 2)), track(on(0, 60), off(56, 60)))) == [8, 11]


def test_no_signature_no_measures():
    score = read(track(TWO_QUARTERS))
    assert metres(score) == []
    assert starts(score) == []
    assert score.tempos.tempo_qpm.tolist() == []


def test_signatures_that_repeat_say_nothing():
    """Each track repeats 4/4, one of them within a measure: no bar line comes of it."""
    score = read(track(metre(0, 4, 2)), track(metre(6, 4, 2), on(0, 60), off(24, 60)))
    assert metres(score) == [(0, 4, 4)]
    assert starts(score) == [0, 4]


def test_at_one_onset_the_first_track_is_believed():
    score = read(track(metre(0, 3, 2), metre(0, 6, 3)), track(metre(0, 4, 2), on(0, 60), off(4, 60)))
    assert metres(score) == [(0, 6, 8)]


INVALID = {
    "0/4": (metre(0, 0, 2), "time signature"),
    "4 over 2 to the 77": (metre(0, 4, 77), "time signature"),
    "a signature of one byte": (meta(0, 0x58, b"\x04"), "time signature"),
    "nine sharps": (meta(0, 0x59, b"\x09\x00"), "key signature"),
    "tempo of no time": (meta(0, 0x51, b"\x00\x00\x00"), "tempo"),
    "tempo of two bytes": (meta(0, 0x51, b"\x07\xa1"), "tempo"),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_settings_are_told_not_replaced(name):
    event, words = INVALID[name]
    score = read(track(event, TWO_QUARTERS))
    (warning,) = score.warnings
    assert words in warning
    assert "left out" in warning
    assert metres(score) == []
    assert score.key_signatures.fifths.tolist() == []
    assert score.tempos.tempo_qpm.tolist() == []


def test_tempos_and_keys():
    """500,000 microseconds a quarter are 120 quarters a minute; fd 01 are three flats, minor."""
    score = read(
        track(meta(0, 0x51, b"\x07\xa1\x20"), meta(0, 0x59, b"\xfd\x01"), meta(8, 0x59, b"\x03\x02"), TWO_QUARTERS)
    )
    assert score.tempos.tempo_qpm.tolist() == [120]
    assert score.key_signatures.fifths.tolist() == [-3, 3]
    assert score.key_signatures.is_minor.tolist() == [1, -1]


def test_texts_are_sorted():
    conductor = track(
        meta(0, 3, b"Sonata op. 1"), meta(0, 2, b"(c) 1999 A. Nonymous"), meta(0, 1, "naïve".encode("cp1252"))
    )
    score = read(
        conductor, track(meta(0, 3, b"a note to you")), track(meta(0, 3, b"Flute"), meta(0, 5, b"la"), TWO_QUARTERS)
    )
    assert score.source.titles == ("Sonata op. 1",)
    assert score.source.encoder == "(c) 1999 A. Nonymous"
    assert score.source.comments == ("(c) 1999 A. Nonymous", "naïve", "a note to you")
    assert score.parts.name == ("Flute",)
    assert score.source.resolution == 4


def test_patterns_of_format_two_follow_each_other():
    one = track(on(0, 60), off(4, 60), end=b"\x04\xff\x2f\x00")
    assert notes(read(one, one, form=2)) == [(0, 1, 60), (2, 1, 60)]
    assert notes(read(one, one, form=1)) == [(0, 1, 60), (0, 1, 60)]


EMPTY = {
    "no bytes": b"",
    "no tracks": midi(),
    "a track without events": midi(track()),
    "a title alone": midi(track(meta(0, 3, b"Tacet"), metre(0, 4, 2))),
}


@pytest.mark.parametrize("name", EMPTY)
def test_files_without_notes_are_scores_without_notes(name):
    score = read_score_bytes(EMPTY[name], name)
    assert len(score) == 0
    assert score.end_quarters == 0.0
    assert starts(score) == []


def test_large_numbers():
    """A delta of three bytes, and a text of 200 bytes whose length takes two."""
    score = read(track(meta(0, 1, b"x" * 200), on(20_000, 60), off(4, 60)))
    assert number(20_000) == b"\x81\x9c\x20"
    assert notes(score) == [(5000, 1, 60)]
    assert score.source.comments == ("x" * 200,)


def test_containers():
    """RIFF and MacBinary wrap the same file."""
    data = midi(track(TWO_QUARTERS))
    riff = b"RIFF" + (len(data) + 12).to_bytes(4, "little") + b"RMIDdata" + len(data).to_bytes(4, "little") + data
    for wrapped in (riff, bytes(128) + data):
        assert notes(read_score_bytes(wrapped, "wrapped")) == [(0, 1, 60), (1, 1, 62)]
