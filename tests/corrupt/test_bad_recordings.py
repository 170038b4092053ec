"""Files that are no sound, or less sound than they say: an error that speaks, or what could be saved with a warning."""

import struct

import numpy as np
import pytest

from sound_cases import RATE_HZ, file_bytes, noise, recording, tone
from styleprint import read_recording, read_score
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_row
from styleprint.features.sound_context import SoundContext
from styleprint.reading import Limits
from styleprint.support.errors import LimitError, ReadError

SOUND = noise(4.0)
CODED = [("WAV", None), ("FLAC", None), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"), ("AIFF", None), ("AU", None)]


def read(data, tmp_path, name="sound.wav", **limits):
    path = tmp_path / name
    path.write_bytes(data)
    return read_recording(path, limits=Limits(**limits))


def refusal(data, tmp_path, name="sound.wav", **limits):
    with pytest.raises(ReadError) as caught:
        read(data, tmp_path, name, **limits)
    return caught.value


def wav(frames, rate_hz=8_000, channels=1, data=b"", bits=16):
    """A WAV whose header says what it likes."""
    width = channels * bits // 8
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + frames * width, b"WAVE", b"fmt ", 16, 1, channels, rate_hz,
                       rate_hz * width, width, bits)  # fmt: skip
    return head + struct.pack("<4sI", b"data", frames * width) + data


@pytest.mark.parametrize(("form", "coding"), CODED)
@pytest.mark.parametrize("share", [0.5, 0.75])
def test_a_truncated_file_keeps_what_is_there(form, coding, share, tmp_path):
    data = file_bytes(SOUND, form=form, coding=coding)
    found = read(data[: int(share * len(data))], tmp_path)
    assert 0.25 * share * 4 < found.seconds < 4
    assert any("ends early" in warning for warning in found.warnings)


@pytest.mark.parametrize(("form", "coding"), [*CODED, ("OGG", "OPUS"), ("WAV", "FLOAT"), ("RF64", None)])
def test_a_whole_file_is_called_whole(form, coding, tmp_path):
    sound = tone(440, 4.0, rate_hz=48_000) if coding == "OPUS" else SOUND
    assert read(file_bytes(sound, 48_000 if coding == "OPUS" else RATE_HZ, form, coding), tmp_path).warnings == ()


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFFF - 36])
def test_a_recorder_that_did_not_know_the_length_is_believed(size, tmp_path):
    data = bytearray(file_bytes(SOUND))
    data[4:8] = struct.pack("<I", size)
    assert read(bytes(data), tmp_path).warnings == ()


@pytest.mark.parametrize(("form", "coding"), CODED)
def test_a_stump_is_refused(form, coding, tmp_path):
    error = refusal(file_bytes(SOUND, form=form, coding=coding)[:60], tmp_path)
    assert error.code in ("R140", "R143", "R144")
    assert "sound.wav" in str(error)


@pytest.mark.parametrize("form", ["FLAC", "OGG", "MP3"])
def test_a_hole_of_zeros_is_survived(form, tmp_path):
    data = bytearray(file_bytes(SOUND, form=form))
    hole = 2 * len(data) // 3
    data[hole : hole + 2_000] = bytes(2_000)
    found = read(bytes(data), tmp_path)
    assert 1 <= found.seconds <= 4.2


def test_nothing_is_no_recording(tmp_path):
    assert "it is empty" in str(refusal(b"", tmp_path))
    assert refusal(bytes(10_000), tmp_path).code == "R144"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"La la la, sang the text file.\n" * 100, "none of them"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00" * 10, "AAC or ALAC"),
        (b"\x00\x00\x00\x20ftypM4P \x00\x00\x00\x00" * 10, "digital rights"),
        (b"\xff\xf1\x50\x80" * 100, "AAC"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" * 10, "Windows Media"),
        (b"\x1a\x45\xdf\xa3" * 10, "Matroska"),
    ],
)
def test_what_is_named_mp3_and_is_none(data, what, tmp_path):
    error = refusal(data, tmp_path, "song.mp3")
    assert error.code == "R144"
    assert what in str(error)
    assert "Convert" in error.remedy


def test_a_wrong_suffix_does_not_matter(tmp_path):
    assert read(file_bytes(SOUND, form="FLAC"), tmp_path, "song.mp3").source.format == "flac"


def test_ten_hours_are_refused_by_their_header(tmp_path):
    """Silence in FLAC takes no room; what its header states is refused before a sample is read."""
    flac = bytearray(file_bytes(np.zeros(RATE_HZ), form="FLAC"))
    total = 36_000 * RATE_HZ
    flac[21] = flac[21] & 0xF0 | total >> 32
    flac[22:26] = struct.pack(">I", total & 0xFFFFFFFF)
    error = refusal(bytes(flac), tmp_path)
    assert isinstance(error, LimitError)
    assert "36,000" in str(error)
    assert "--limit seconds" in error.remedy


def test_a_header_that_says_too_little_is_counted_all_the_same(tmp_path):
    """What really comes counts: here more seconds than the limit, whatever is stated."""
    error = refusal(file_bytes(SOUND, form="OGG"), tmp_path, seconds=2)
    assert error.code == "R102"


def test_a_header_that_says_more_than_there_is(tmp_path):
    """What libsndfile believes is the size of the file, not the header; so there is no more than came."""
    found = read(wav(60 * 8_000, data=(SOUND[: 3 * 8_000] * 9_000).astype("<i2").tobytes()), tmp_path)
    assert found.seconds == pytest.approx(3)
    assert "its header states 960,044 bytes, the file has 48,044" in found.warnings[0]


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"channels": 9}, "channels"), ({"rate_hz": 4_000}, "at least 8,000"), ({"rate_hz": 384_000}, "192,000")],
)
def test_strange_headers_are_refused(changes, what, tmp_path):
    error = refusal(wav(20_000, data=bytes(400_000), **changes), tmp_path)
    assert error.code == "R102"
    assert what in str(error)


def test_limits_can_be_raised(tmp_path):
    data = wav(20_000, rate_hz=4_000, data=(SOUND[:20_000] * 9_000).astype("<i2").tobytes())
    assert read(data, tmp_path, lowest_rate_hz=4_000).rate_hz == 4_000


@pytest.mark.parametrize(
    ("samples", "code"),
    [
        (np.zeros(RATE_HZ * 2), "R141"),
        (np.full(RATE_HZ * 2, 5e-5), "R141"),
        (noise(0.5), "R143"),
        (np.append(noise(2.0), np.nan), "R142"),
        (np.append(noise(2.0), np.inf), "R142"),
        (np.append(noise(2.0), 1e6), "R142"),
    ],
)
def test_what_is_no_sound_is_refused(samples, code, tmp_path):
    assert refusal(file_bytes(samples, coding="FLOAT"), tmp_path).code == code


@pytest.mark.parametrize(
    ("samples", "rate_hz", "coding"),
    [
        (tone(440, 2.0), RATE_HZ, "PCM_U8"),
        (tone(440, 2.0, rate_hz=192_000), 192_000, "PCM_24"),
        (np.repeat(tone(440, 2.0)[:, None], 6, axis=1), RATE_HZ, "PCM_16"),
        (tone(440, 2.0, rate_hz=8_000), 8_000, "ULAW"),
    ],
    ids=["8 bit", "192 kHz", "mono in six channels", "telephone"],
)
def test_unusual_sound_is_sound(samples, rate_hz, coding, tmp_path):
    """The tone is found where it is."""
    found = read(file_bytes(samples, rate_hz, coding=coding), tmp_path)
    row = feature_row(SoundContext(found), ["pitch_class_strength", "spectral_rolloff_mean"])
    assert row["pitch_class_strength_a"] == pytest.approx(1, abs=0.05)


def test_a_score_is_no_recording_and_a_recording_no_score(tmp_path):
    midi = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk\x00\x00\x00\x04\x00\xff\x2f\x00"
    assert refusal(midi, tmp_path).code == "R144"
    (tmp_path / "a.mid").write_bytes(file_bytes(SOUND))
    with pytest.raises(ReadError, match="this is a recording"):
        read_score(tmp_path / "a.mid")


def test_a_folder_and_a_missing_file_are_named(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere.wav"):
        with pytest.raises(ReadError) as caught:
            read_recording(place)
        assert caught.value.code == "R101"


def test_features_of_what_is_left_are_numbers():
    """A recording that a damaged file leaves has a row like any other."""
    row = feature_row(SoundContext(recording(SOUND[: RATE_HZ + 7])), feature_names(kind="recording"))
    assert np.isfinite(row["mfcc_mean_1"])
