"""``styleprint convert`` of recordings: mel-spectrograms of one shape, as pictures and arrays."""

import struct

import numpy as np
import pytest

from sound_cases import RATE_HZ, band, file_bytes, noise, recording, tone
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
