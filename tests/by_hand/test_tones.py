"""Tones of notes, their spectrograms and the pictures of them, as one can reckon them."""

import base64
import struct
import zlib

import numpy as np
import pytest

from styleprint.explaining.mel_spectrogram import mel_spectrogram
from styleprint.music.tones import frequency_hz, synthesise
from styleprint.reports.raster import PALETTE, png_address
from styleprint.reports.space_chart import AZIMUTHS, space
from styleprint.sound.filters import from_mel, to_mel
from styleprint.sound.spectrum import RATE_HZ


def loudest_hz(sound):
    spectrum = np.abs(np.fft.rfft(sound))
    return spectrum.argmax() * RATE_HZ / len(sound)


@pytest.mark.parametrize(("pitch", "hertz"), [(69, 440.0), (57, 220.0), (60, 261.6256)])
def test_a_tone_has_its_pitch(pitch, hertz):
    """A4 is 440 Hz, an octave lower half of it, middle C 261.63 Hz; the strongest partial is the first."""
    assert frequency_hz(pitch) == pytest.approx(hertz, abs=1e-3)
    assert loudest_hz(synthesise([(0.0, 2.0, pitch)], seconds=2.0, rate_hz=RATE_HZ)) == pytest.approx(hertz, abs=0.5)


def test_a_tone_dies_away_and_is_damped():
    """After 0.9 s its first harmonic has fallen to 1 / e; 40 ms after its end nothing is left of it."""
    sound = synthesise([(0.0, 1.5, 69)], seconds=2.0, rate_hz=RATE_HZ)
    early, late = (np.abs(np.fft.rfft(sound[int(t * RATE_HZ) :][:2205]))[44] for t in (0.1, 1.0))
    assert late / early == pytest.approx(np.exp(-1), rel=0.02)
    assert not sound[round(1.54 * RATE_HZ) + 1 :].any()


def test_harmonics_end_below_half_the_rate():
    """E8 (5,274 Hz) has one harmonic below 11,025 Hz beside the first; nothing folds back."""
    sound = synthesise([(0.0, 1.0, 112)], seconds=1.0, rate_hz=RATE_HZ)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    near = np.zeros(len(spectrum), dtype=bool)
    for k in (1, 2):
        near[round(k * frequency_hz(112)) - 60 : round(k * frequency_hz(112)) + 60] = True
    assert spectrum[near].sum() / spectrum.sum() > 0.9999


def test_what_lies_outside_is_not_heard_and_doublings_are_one_note():
    """A note after the end changes nothing, nor does the same note twice; no note is silence."""
    notes = [(0.0, 0.5, 60), (0.25, 0.5, 67)]
    sound = synthesise(notes, seconds=1.0, rate_hz=RATE_HZ)
    assert np.abs(sound).max() == 1.0
    more = [*notes, (0.0, 0.3, 60), (1.0, 1.0, 40), (0.1, 0.0, 50)]
    assert np.array_equal(sound, synthesise(more, seconds=1.0, rate_hz=RATE_HZ))
    assert not synthesise([], seconds=1.0, rate_hz=RATE_HZ).any()
    assert mel_spectrogram([], seconds=1.0) is None
    assert mel_spectrogram([], seconds=0.0) is None


def test_the_mel_scale_by_hand():
    """3 mel for 200 Hz below 1000 Hz, which are 15 mel; 6400 Hz are 27 more; it can be turned back."""
    assert [to_mel(hz) for hz in (0.0, 200.0, 1000.0, 6400.0)] == pytest.approx([0.0, 3.0, 15.0, 42.0])
    hertz = [0.0, 40.0, 999.0, 1001.0, 8000.0]
    assert from_mel(np.array([to_mel(hz) for hz in hertz])) == pytest.approx(hertz)


def test_a_tone_lights_its_band():
    """The loudest cell is 0 dB, in the band of the note, while it sounds; silence is 70 dB below."""
    found = mel_spectrogram([(1.0, 1.0, 81)], seconds=3.0)
    band, frame = np.unravel_index(found.level_db.argmax(), found.level_db.shape)
    corners = from_mel(np.linspace(0, to_mel(found.highest_hz), len(found.level_db) + 2))
    assert corners[band] < 880.0 < corners[band + 2]
    assert 1.0 <= frame * 1024 / RATE_HZ <= 1.3
    assert found.level_db.max() == 0.0
    assert (found.level_db[:, :18] == -70.0).all()
    assert 7_500 < found.highest_hz <= 8_000


def test_a_picture_is_read_back():
    """PNG by its standard: chunks with their checksums, one palette, lines without filter."""
    cells = np.array([[0, 128], [255, 7], [3, 4]], dtype=np.uint8)
    data = base64.b64decode(png_address(cells).removeprefix("data:image/png;base64,"))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(data):
        (length,), kind = struct.unpack(">I", data[place : place + 4]), data[place + 4 : place + 8]
        chunks[kind] = data[place + 8 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length :][:4]) == (zlib.crc32(kind + chunks[kind]),)
        place += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBB", chunks[b"IHDR"][:10]) == (2, 3, 8, 3)
    assert chunks[b"PLTE"] == PALETTE.tobytes()
    assert zlib.decompress(chunks[b"IDAT"]) == bytes([0, 0, 128, 0, 255, 7, 0, 3, 4])


def test_the_palette_gets_lighter():
    """Relative luminance rises along it."""
    light = PALETTE.astype(float) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) > -0.5).all()
    assert light[-1] - light[0] > 240


def seen(azimuth):
    """Where two points stand, seen from a side: (x, y, size), the one drawn last (nearest) at the end."""
    points = [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)]
    drawn = space(points, [0, 1], ["low", "high"], ["x", "y", "z"], azimuth=azimuth, title="two")
    circles = [part for part in str(drawn).split("<circle")[1:] if "<title>" in part]
    numbers = [[float(part.split(f'{key}="')[1].split('"')[0]) for key in ("cx", "cy", "r")] for part in circles]
    return [part.split("<title>")[1].split("<")[0] for part in circles], numbers


@pytest.mark.parametrize("azimuth", AZIMUTHS)
def test_nearer_points_are_larger_and_drawn_last(azimuth):
    names, marks = seen(azimuth)
    assert marks[0][2] <= marks[1][2]
    height = dict(zip(names, (mark[1] for mark in marks), strict=True))
    assert height["high"] < height["low"]


def test_half_a_turn_exchanges_front_and_back():
    assert seen(25)[0] == seen(205)[0][::-1]
