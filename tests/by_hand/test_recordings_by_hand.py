"""Sound whose features follow from its formula."""

import math

import numpy as np
import pytest

from sound_cases import RATE_HZ, chord, clicks, file_bytes, noise, recording, tone
from styleprint import read_recording
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_row
from styleprint.features.sound_context import SoundContext
from styleprint.features.sound_make import sound_make_row
from styleprint.features.tempo import tempo_candidates
from styleprint.reading.registry import detect_recording
from styleprint.sound.loudness import measure_loudness


def row_of(sound, *names):
    return feature_row(SoundContext(sound), names or feature_names(kind="recording"))


@pytest.fixture(scope="module")
def a440():
    return row_of(recording(tone(440, 10.0)))


def test_a_tone_is_where_it_is(a440):
    """Two sign changes a period; all magnitude about 440 Hz, but for the frames at both ends."""
    assert a440["zero_crossing_rate_mean"] == pytest.approx(2 * 440 / RATE_HZ, rel=0.02)
    assert a440["spectral_rolloff_mean"] == pytest.approx(440, abs=15)
    assert a440["spectral_centroid_mean"] == pytest.approx(440, abs=25)
    assert a440["spectral_flatness_mean"] < 0.01
    assert a440["pitch_class_strength_a"] == pytest.approx(1, abs=0.01)


def test_a_sine_has_a_crest_of_three_decibels(a440):
    assert a440["crest_factor"] == pytest.approx(20 * math.log10(math.sqrt(2)), abs=0.01)
    assert a440["rms_mean"] == pytest.approx(0.5 / math.sqrt(2), rel=0.01)


def test_tone_is_harmonic_and_clicks_are_percussive(a440):
    assert a440["harmonic_over_percussive"] > 20
    assert row_of(recording(clicks(120)), "harmonic_over_percussive")["harmonic_over_percussive"] < -10


def test_white_noise_is_flat():
    """The expected geometric over arithmetic mean of power with an exponential distribution is e^-γ = 0.561."""
    found = row_of(recording(noise(5.0)), "spectral_flatness_mean", "spectral_centroid_mean")
    assert found["spectral_flatness_mean"] == pytest.approx(math.exp(-np.euler_gamma), abs=0.01)
    assert found["spectral_centroid_mean"] == pytest.approx(RATE_HZ / 4, rel=0.02)


@pytest.mark.parametrize("bpm", [60, 90, 120, 150])
def test_clicks_have_their_tempo(bpm):
    """To within one lag of 23 ms; half and twice the tempo are among the candidates' ratios, if any is."""
    context = SoundContext(recording(clicks(bpm)))
    found = feature_row(context, ["tempo", "onset_rate"])
    lag = 60 / found["tempo"] * RATE_HZ / 512
    assert abs(lag - 60 / bpm * RATE_HZ / 512) <= 1
    assert found["onset_rate"] == pytest.approx(bpm / 60, rel=0.1)
    assert tempo_candidates(context)[0, 0] == found["tempo"]


@pytest.mark.parametrize(
    ("pitches", "is_major"), [([48, 60, 64, 67, 65, 69, 71, 74], True), ([45, 57, 60, 64, 62, 65, 68, 71], False)]
)
def test_the_notes_of_a_key_tell_its_mode(pitches, is_major):
    """C major and A harmonic minor, tonic triad loudest (an octave below stands the tonic)."""
    found = row_of(recording(chord(*pitches) + chord(pitches[0], *pitches[1:4])), "sound_key_mode", "sound_key_lead")
    assert (found["sound_key_mode"] > 0) == is_major
    assert found["sound_key_lead"] > 0


@pytest.mark.parametrize(
    ("level_dbfs", "channels", "lufs"),
    [(-23.0, 2, -23.0), (-33.0, 2, -33.0), (-23.0, 1, -26.01)],
)
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_loudness_of_the_standards_tones(level_dbfs, channels, lufs, rate_hz):
    """EBU Tech 3341, cases 1 and 2: a sine of 1 kHz in both channels measures as many LUFS as dBFS, to 0.1 LU."""
    sine = tone(1000, 20.0, 10 ** (level_dbfs / 20), rate_hz)
    found = measure_loudness(recording(*[sine] * channels, rate_hz=rate_hz))
    assert found.integrated_lufs == pytest.approx(lufs, abs=0.1)
    assert found.range_lu == pytest.approx(0, abs=0.01)


def tones_of(*parts, rate_hz=48_000):
    """A sine of 1 kHz at one level after another: (dBFS, seconds)."""
    levels = np.concatenate([np.full(int(seconds * rate_hz), 10 ** (level / 20)) for level, seconds in parts])
    sine = levels * np.sin(2 * np.pi * 1000 * np.arange(len(levels)) / rate_hz)
    return recording(sine, sine, rate_hz=rate_hz)


@pytest.mark.parametrize(
    "parts",
    [
        [(-36, 10), (-23, 60), (-36, 10)],
        [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)],
        [(-26, 20), (-20, 20.1), (-26, 20)],
    ],
)
def test_soft_places_are_left_out_of_loudness(parts):
    """EBU Tech 3341, cases 3, 4 and 5: −23 LUFS, to 0.1 LU."""
    assert measure_loudness(tones_of(*parts)).integrated_lufs == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize(("parts", "range_lu"), [([(-20, 20), (-30, 20)], 10), ([(-20, 20), (-15, 20)], 5)])
def test_loudness_range_of_the_standards_tones(parts, range_lu):
    """EBU Tech 3342, cases 1 and 2: to 1 LU."""
    assert measure_loudness(tones_of(*parts)).range_lu == pytest.approx(range_lu, abs=1)


def test_the_low_frequency_channel_is_not_heard():
    sine = tone(1000, 5.0, 0.1, 48_000)
    rest = np.zeros_like(sine)
    alone = measure_loudness(recording(rest, rest, rest, sine, rest, rest, rate_hz=48_000))
    behind = measure_loudness(recording(rest, rest, rest, rest, sine, rest, rate_hz=48_000))
    front = measure_loudness(recording(sine, rest, rest, rest, rest, rest, rate_hz=48_000))
    assert math.isnan(alone.integrated_lufs)
    assert behind.integrated_lufs - front.integrated_lufs == pytest.approx(10 * math.log10(1.41), abs=1e-6)


@pytest.mark.parametrize(
    ("form", "coding", "closeness"),
    [
        ("WAV", "PCM_16", 1e-4),
        ("WAV", "PCM_U8", 1e-2),
        ("WAV", "FLOAT", 1e-7),
        ("WAV", "DOUBLE", 1e-7),
        ("FLAC", "PCM_24", 1e-6),
        ("OGG", "VORBIS", 0.1),
        ("MP3", "MPEG_LAYER_III", None),
        ("AIFF", "PCM_16", 1e-4),
        ("AU", "PCM_16", 1e-4),
    ],
)
def test_what_was_written_is_read(form, coding, closeness, tmp_path):
    """Samples, rate, channels and tags, from every format, whatever the file's name; MP3 shifts by its delay."""
    sine = np.stack([tone(440, 2.0, 0.4), tone(660, 2.0, 0.2)], axis=1)
    tags = {} if form == "AU" else {"title": "Sine", "artist": "Oscillator"}
    path = tmp_path / "sound.txt"
    path.write_bytes(file_bytes(sine, form=form, coding=coding, **tags))
    found = read_recording(path)
    assert found.samples.shape == (2, len(sine))
    assert found.rate_hz == RATE_HZ
    if form == "MP3":
        assert found.samples.std(axis=1) == pytest.approx(sine.std(axis=0), rel=0.05)
    else:
        assert np.abs(found.samples.T - sine)[4000:-4000].max() < closeness
    assert found.source.format == form.lower()
    assert found.source.coding == coding
    assert (found.source.rate_hz, found.source.channels) == (RATE_HZ, 2)
    assert len(found.source.hash) == 64
    assert (found.source.title, found.source.artist) == (tags.get("title", ""), tags.get("artist", ""))
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"RIFF\x00\x00\x00\x00WAVE", "wav"),
        (b"RIFF\x00\x00\x00\x00RMID", ""),
        (b"FORM\x00\x00\x00\x00AIFC", "aiff"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x04abcdfLaC", "flac"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x04abcd\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf1\x50\x80", ""),
        (b"MThd\x00\x00\x00\x06", ""),
        (b"", ""),
    ],
)
def test_formats_are_known_by_content(head, form):
    assert detect_recording(head)[0] == form


@pytest.mark.parametrize("cut_hz", [4_000, 6_500, 8_000])
@pytest.mark.parametrize("filled", [False, True])
def test_a_cut_is_where_the_bandwidth_ends(cut_hz, filled):
    """White noise without what lies above, and with noise 40 dB softer that a coder might put there."""
    spectrum = np.fft.rfft(noise(4.0))
    above = int(len(spectrum) * cut_hz / (RATE_HZ / 2))
    spectrum[above:] *= 0.01 if filled else 0.0
    found = sound_make_row(SoundContext(recording(np.fft.irfft(spectrum, int(4.0 * RATE_HZ)))))
    assert found["make_bandwidth_hz"] == pytest.approx(cut_hz, abs=150)


def test_what_falls_slowly_is_not_cut():
    """Noise that falls by 12 dB an octave is as wide as it is heard: to the end."""
    spectrum = np.fft.rfft(noise(4.0))
    spectrum /= np.maximum(np.arange(len(spectrum)) / len(spectrum), 0.01) ** 2
    found = sound_make_row(SoundContext(recording(np.fft.irfft(spectrum, int(4.0 * RATE_HZ)))))
    assert found["make_bandwidth_hz"] == RATE_HZ / 2
