"""``styleprint convert`` of recordings: mel-spectrograms of one shape, as pictures and arrays."""

import re
import struct

import numpy as np
import pytest

from sound_cases import RATE_HZ, band, chord, clicks, file_bytes, noise, recording, tone
from styleprint.sound.filters import MELS, mel_filters
from styleprint.sound.mel_image import FLOOR_DB, mel_image
from styleprint.sound.spectrum import bin_hz


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    path = tmp_path_factory.mktemp("song") / "song.flac"
    path.write_bytes(file_bytes(band(1, length=4.0).samples.T, form="FLAC"))
    return path


@pytest.mark.parametrize("seconds", [2.0, 4.0, 7.5])
def test_arrays_have_one_shape(styleprint, song, tmp_path, seconds):
    """Cut or padded, whatever the recording's length; the same file for the same sound."""
    answer = styleprint("convert", song, tmp_path / "song.npy", "--seconds", seconds)
    assert answer.code == 0, answer.err
    image = np.load(tmp_path / "song.npy")
    assert image.shape == (MELS, 1 + int(seconds * RATE_HZ) // 512)
    assert image.dtype == np.float32
    assert image.max() == 0
    assert image.min() >= FLOOR_DB
    assert (image[:, 1 + int(min(seconds, 4.0) * RATE_HZ) // 512 :] == FLOOR_DB).all()


def test_a_picture_is_a_png_of_that_shape(styleprint, song, tmp_path):
    assert styleprint("convert", song, tmp_path / "song.png", "--seconds", 3).code == 0
    data = (tmp_path / "song.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (1 + 3 * RATE_HZ // 512, MELS)


def test_a_tone_is_brightest_in_its_band():
    image = mel_image(recording(tone(1000, 2.0)), 2.0)
    band_of_tone = int(mel_filters()[:, np.abs(bin_hz() - 1000).argmin()].argmax())
    assert abs(int(image[:, 20].argmax()) - band_of_tone) <= 1


def test_level_does_not_show():
    loud = recording(noise(2.0, 0.2))
    soft = recording(noise(2.0, 0.02))
    assert np.allclose(mel_image(loud, 2.0), mel_image(soft, 2.0), atol=0.01)


def test_silence_is_black():
    assert (mel_image(recording(np.zeros(RATE_HZ)), 1.0) == FLOOR_DB).all()


@pytest.mark.parametrize(("name", "seconds", "code"), [("song.wav", 30, 2), ("song.png", 0, 2)])
def test_what_cannot_be_written_is_said(styleprint, song, tmp_path, name, seconds, code):
    assert styleprint("convert", song, tmp_path / name, "--seconds", seconds).code == code
    assert not (tmp_path / name).exists()


def test_a_page_shows_sections(styleprint, tmp_path):
    """Chords and drums by turns: letters, loudness and a picture; names are escaped, nothing is loaded."""
    rough = noise(6.0, 0.02)
    parts = [np.resize(chord(60, 64, 67, length=1.0), len(rough)) + rough, clicks(140, 6.0) + rough]
    source = tmp_path / "a <b>song.flac"
    source.write_bytes(file_bytes(np.concatenate(parts * 2), form="FLAC"))
    answer = styleprint("convert", source, tmp_path / "song.html")
    assert answer.code == 0, answer.err
    assert "sections of 24.0 s" in answer.out
    page = (tmp_path / "song.html").read_text(encoding="utf-8")
    assert "A B A B" in page
    assert "4 sections in 0:24.0" in page
    assert "Sections of a &lt;b&gt;song.flac" in page
    assert "<b>song" not in page
    assert "data:image/png;base64," in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert len(re.findall("<tr>", page)) == 5


def test_a_short_recording_is_a_page_of_one_section(styleprint, song, tmp_path):
    assert styleprint("convert", song, tmp_path / "song.html").code == 0
    assert "1 section in 0:04.0" in (tmp_path / "song.html").read_text(encoding="utf-8")


def test_a_name_that_says_nothing_is_refused(styleprint, song, tmp_path):
    answer = styleprint("convert", song, tmp_path / "song.gif")
    assert answer.code == 2
    assert ".png, .npy or .html" in answer.err
