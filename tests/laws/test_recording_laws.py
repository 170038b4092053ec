"""What holds of recordings and of their features, whatever the sound."""

import errno
import math
import signal

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import median_filter

from sound_cases import RATE_HZ, VARIED, band, clicks, file_bytes, noise, recording, tone
from styleprint import read_recording
from styleprint.features import sound_context
from styleprint.features.registry import catalogue, feature_names
from styleprint.features.row import feature_row
from styleprint.features.sound_context import SoundContext
from styleprint.music import recording as recording_module
from styleprint.music.recording import Recording
from styleprint.reading import sample_store
from styleprint.sound import spectrum
from styleprint.sound.changes import CHANGES, cut_seconds
from styleprint.sound.landmarks import find_landmarks
from styleprint.sound.medians import running_medians
from styleprint.sound.spectrum import Spectrum, analysed_signal
from styleprint.support.deadline import limited
from styleprint.support.errors import ReadError

NAMES = feature_names(kind="recording")
TOLERANCE = {"gain": 1e-3, "channel_swap": 1e-6, "silence_padding": 0.02}
"""Samples are float32, and the frames across the edge of the silence hold a little of both."""


def row_of(sound):
    return feature_row(SoundContext(sound), NAMES)


def differing(before, after, tolerance):
    return {
        column
        for column, value in before.items()
        if not (math.isnan(value) and math.isnan(after[column]))
        and not math.isclose(value, after[column], rel_tol=tolerance, abs_tol=tolerance)
    }


def kept_by(change):
    features = [entry.feature for entry in catalogue("recording").values()]
    return {column for f in features if change in f.unchanged_by for column in f.columns}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("number", range(len(VARIED)))
def test_features_keep_what_they_declare(change, number):
    """No feature notices a change that it declares not to notice."""
    sound = VARIED[number]
    broken = differing(row_of(sound), row_of(CHANGES[change](sound)), TOLERANCE[change]) & kept_by(change)
    assert not broken, f"{change} changes {sorted(broken)}"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("gain", "rms_mean"),
        ("silence_padding", "rms_mean"),
        ("gain", "mfcc_mean_1"),
        ("silence_padding", "tempogram_60_85"),
    ],
)
def test_what_is_not_declared_is_noticed(change, column):
    assert column not in kept_by(change)
    assert column in differing(row_of(VARIED[0]), row_of(CHANGES[change](VARIED[0])), TOLERANCE[change])


def test_blocks_leave_no_trace(monkeypatch):
    """A spectrum made in small blocks gives the row of one made whole."""
    sound = band(5, length=4.0)
    whole = row_of(sound)
    monkeypatch.setattr(spectrum, "BLOCK_FRAMES", 40)
    monkeypatch.setattr(sound_context, "BLOCK_FRAMES", 40)
    assert not differing(whole, row_of(sound), 1e-5)


@given(
    rows=st.integers(16, 80),
    columns=st.sampled_from([16, 33, 63, 64, 65, 130]),
    seed=st.integers(0, 99),
    kinds=st.sampled_from([2, 5, 10**6]),
)
@settings(max_examples=40, deadline=None)
def test_running_medians_are_medians(rows, columns, seed, kinds):
    """Equal to the last bit to those of scipy, with ties and without, along both axes."""
    values = np.random.default_rng(seed).integers(0, kinds, size=(rows, columns)).astype(np.float32)
    down, across = np.empty_like(values), np.empty_like(values)
    running_medians(values, down)
    running_medians(values.T, across.T)
    assert np.array_equal(down, median_filter(values, size=(31, 1), mode="reflect"))
    assert np.array_equal(across, median_filter(values, size=(1, 31), mode="reflect"))


@given(length=st.integers(1, 5000), start=st.integers(0, 8), count=st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_frames_do_not_depend_on_how_they_are_asked_for(length, start, count):
    signal = np.random.default_rng(length).normal(size=length).astype(np.float32)
    found = Spectrum(signal)
    start, stop = min(start, len(found) - 1), min(start + count, len(found))
    assert np.allclose(found.frames(0, len(found))[start:stop], found.frames(start, max(stop, start + 1)), atol=1e-4)


def test_harmonic_and_percussive_make_the_whole():
    """The parts of tone and clicks: the means add up, and each part takes its own."""
    steady, struck = tone(440, 6.0, 0.3), clicks(120, 6.0)
    parts = SoundContext(recording(steady + struck)).parts
    assert parts.harmonic_mean + parts.percussive_mean == pytest.approx((steady + struck).mean(), abs=1e-7)
    assert parts.harmonic_variance == pytest.approx(steady.var(), rel=0.1)
    assert parts.percussive_variance == pytest.approx(struck.var(), rel=0.2)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_a_tone_is_where_it_is_at_any_rate(rate_hz):
    """Resampling moves nothing: the length and the frequency stay."""
    sound = Recording(tone(440, 2.0, rate_hz=rate_hz).astype(np.float32)[None], rate_hz)
    signal = analysed_signal(sound)
    assert len(signal) == 2 * RATE_HZ
    found = np.abs(np.fft.rfft(signal * np.hanning(len(signal))))
    assert found.argmax() / 2 == pytest.approx(440, abs=0.6)


def test_channels_that_cancel_each_other_are_heard():
    """One is the other upside down: their mean is silence, the sound is not."""
    one = tone(440, 2.0, 0.3).astype(np.float32)
    turned = Recording(np.stack([one, -one]), RATE_HZ)
    assert np.array_equal(analysed_signal(turned), one)


def test_the_parts_of_a_recording_are_its_own():
    sound = recording(noise(3.0))
    joined = np.concatenate([cut_seconds(sound, start, start + 1).samples for start in range(3)], axis=1)
    assert np.array_equal(joined, sound.samples)


@pytest.mark.parametrize(
    ("samples", "rate_hz", "message"),
    [
        (np.zeros(4, np.float32), 8_000, "one row a channel"),
        (np.zeros((1, 4)), 8_000, "float32"),
        (np.zeros((0, 4), np.float32), 8_000, "one row a channel"),
        (np.array([[0, np.nan]], np.float32), 8_000, "finite"),
        (np.array([[0, np.inf]], np.float32), 8_000, "finite"),
        (np.array([[0, 1001]], np.float32), 8_000, "at most 1000"),
        (np.zeros((1, 4), np.float32), 0, "rate_hz"),
    ],
)
def test_a_false_recording_is_refused(samples, rate_hz, message):
    with pytest.raises(ValueError, match=message):
        Recording(samples, rate_hz)


@pytest.mark.parametrize("rate_hz", [22_050, 44_100])
def test_long_recordings_are_read_as_short_ones(monkeypatch, tmp_path, rate_hz):
    """Samples that go through a file are the same array, and give the same row."""
    path = tmp_path / "song.flac"
    path.write_bytes(file_bytes(band(2).samples.T, rate_hz, form="FLAC"))
    whole = read_recording(path)
    monkeypatch.setattr(sample_store, "MOST_IN_MEMORY", 100_000)
    long = read_recording(path)
    assert isinstance(long.samples, np.memmap)
    assert np.array_equal(whole.samples, long.samples)
    assert differing(row_of(whole), row_of(long), 0.0) == set()
    assert np.array_equal(find_landmarks(whole), find_landmarks(long))


def test_a_long_recording_without_room_is_refused(monkeypatch, tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(file_bytes(noise(2.0)))

    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sample_store, "MOST_IN_MEMORY", 1_000)
    monkeypatch.setattr(sample_store.tempfile, "TemporaryFile", full)
    with pytest.raises(ReadError, match=r"R146(.|\n)*No space left"):
        read_recording(path)


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_the_analysed_signal_does_not_know_its_blocks(monkeypatch, rate_hz, channels):
    """As averaged and resampled in one piece, to the last bit."""
    samples = np.random.default_rng(rate_hz).normal(size=(channels, rate_hz * 2 + 77)).astype(np.float32)
    sound = Recording(samples, rate_hz)
    mono = samples.mean(axis=0, dtype=np.float32)
    expected = mono if rate_hz == RATE_HZ else soxr.resample(mono, rate_hz, RATE_HZ, quality="HQ")
    monkeypatch.setattr(recording_module, "_BLOCK", 10_007)
    found = analysed_signal(sound)
    assert len(found) == -(-len(mono) * RATE_HZ // rate_hz)
    assert np.array_equal(found[: len(expected)], expected[: len(found)])
    assert not found[len(expected) :].any()


def allowed(path):
    """Seconds that a worker has left once it has read this."""
    with limited(60.0):
        read_recording(path)
        return signal.getitimer(signal.ITIMER_REAL)[0]


@pytest.mark.parametrize("form", ["WAV", "FLAC"])
def test_a_long_recording_may_take_a_sixth_of_its_length_more(tmp_path, form):
    """Of sound that has been decoded: what a header promises beyond it is allowed nothing."""
    path = tmp_path / "song"
    path.write_bytes(file_bytes(noise(240.0), form=form))
    assert allowed(path) == pytest.approx(100.0, abs=2.0)
    if form == "WAV":
        path.write_bytes(path.read_bytes()[: 44 + 2 * RATE_HZ * 2])
        assert allowed(path) == pytest.approx(60.3, abs=1.0)
