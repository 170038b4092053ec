"""Variants of recordings do what their names say, by as much as is stated, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sound_cases import RATE_HZ, STRANGE, band, noise, recording, seconds, tone
from styleprint.features.kinds import KINDS, variant_key
from styleprint.music import recording as recording_module
from styleprint.music.recording import LOUDEST, Recording, mean_square
from styleprint.sound import stretching
from styleprint.sound.changes import (
    add_noise,
    change_speed,
    keep_band,
    move_pitch,
    scale_level,
    scale_tempo,
    swap_channels,
)
from styleprint.sound.stretching import stretching_window
from styleprint.sound.variants import STRENGTHS, VARIANTS

RECORDINGS = KINDS["recording"]


def loudest_hz(sound, channel=0):
    """Where the spectrum of the middle of a channel is highest, between bins by a parabola."""
    samples = sound.samples[channel].astype(float)
    middle = samples[len(samples) // 5 : -len(samples) // 5] if len(samples) > 10 else samples
    found = np.log(np.abs(np.fft.rfft(middle * np.hanning(len(middle)))) + 1e-12)
    at = int(found[1:-1].argmax()) + 1
    low, here, high = found[at - 1 : at + 2]
    return (at + 0.5 * (low - high) / (low - 2 * here + high)) * sound.rate_hz / len(middle)


def decibels(sound):
    return 10 * np.log10(mean_square(sound.samples))


@given(st.floats(-40, 40))
@settings(max_examples=20, deadline=None)
def test_gain_changes_loudness_by_so_many_decibels(gain):
    """And clips nothing, beyond full scale neither."""
    sound = band(1, 1.0)
    changed = scale_level(sound, gain)
    assert decibels(changed) - decibels(sound) == pytest.approx(gain, abs=1e-3)
    assert np.allclose(changed.samples, sound.samples * 10 ** (gain / 20), rtol=1e-5)
    assert not changed.warnings


def test_what_no_recording_may_hold_is_made_softer_and_says_so():
    """Nothing is clipped: the shape stays."""
    sound = recording(tone(440, 1.0, level=900.0))
    changed = scale_level(sound, 20.0)
    assert 0.99 * LOUDEST < np.abs(changed.samples).max() <= LOUDEST
    assert np.corrcoef(changed.samples[0], sound.samples[0])[0, 1] > 0.999999
    assert "made softer" in changed.warnings[0]


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100])
@pytest.mark.parametrize("factor", [0.5, 0.9, 1.1, 2.0])
def test_speed_changes_length_and_pitch_together(factor, rate_hz):
    """Twice as fast is half as long and an octave higher."""
    sound = recording(tone(440, 3.0, rate_hz=rate_hz), tone(660, 3.0, rate_hz=rate_hz), rate_hz=rate_hz)
    changed = change_speed(sound, factor)
    assert changed.samples.shape == (2, round(sound.samples.shape[1] / factor))
    for channel, hz in enumerate((440, 660)):
        assert loudest_hz(changed, channel) == pytest.approx(factor * hz, rel=1e-3)
    assert decibels(changed) == pytest.approx(decibels(sound), abs=0.1)


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100])
@pytest.mark.parametrize("semitones", [-12, -3.3, 0.5, 7])
def test_pitch_moves_by_the_interval_and_nothing_becomes_longer(semitones, rate_hz):
    sound = recording(tone(440, 3.0, rate_hz=rate_hz), tone(660, 3.0, rate_hz=rate_hz), rate_hz=rate_hz)
    changed = move_pitch(sound, semitones)
    assert changed.samples.shape == sound.samples.shape
    for channel, hz in enumerate((440, 660)):
        assert loudest_hz(changed, channel) == pytest.approx(hz * 2 ** (semitones / 12), rel=2e-3)
    assert decibels(changed) == pytest.approx(decibels(sound), abs=1.0)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 2.0])
def test_tempo_changes_when_and_not_how_high(factor):
    """A tone keeps its pitch; a burst that began at one second begins as much earlier or later."""
    steady = recording(tone(440, 4.0))
    changed = scale_tempo(steady, factor)
    assert changed.samples.shape[1] == round(steady.samples.shape[1] / factor)
    assert loudest_hz(changed) == pytest.approx(440, rel=1e-3)
    begun = recording(tone(440, 4.0) * (seconds(4.0) >= 1.0))
    heard = np.abs(scale_tempo(begun, factor).samples[0]) > 0.25
    assert heard.argmax() / RATE_HZ == pytest.approx(1.0 / factor, abs=0.06)


@given(st.floats(-20, 60), st.sampled_from(["white", "pink"]), st.integers(0, 9))
@settings(max_examples=20, deadline=None)
def test_noise_has_the_ratio_that_was_asked(ratio, colour, seed):
    sound = band(2, 1.0)
    changed = add_noise(sound, ratio, np.random.default_rng(seed), colour)
    added = changed.samples.astype(float) - sound.samples
    assert 10 * np.log10(mean_square(sound.samples) / np.square(added).mean()) == pytest.approx(ratio, abs=0.05)
    assert abs(np.corrcoef(added)[0, 1]) < 0.5


@pytest.mark.parametrize(("colour", "slope"), [("white", 0.0), ("pink", -3.0103)])
def test_noise_has_its_colour(colour, slope):
    """White noise is as strong in each hertz, pink noise 3 dB weaker in each octave up."""
    sound = recording(tone(100, 20.0))
    added = add_noise(sound, 0.0, np.random.default_rng(0), colour).samples[0] - sound.samples[0]
    power = np.abs(np.fft.rfft(added.astype(float))) ** 2
    hz = np.fft.rfftfreq(len(added), 1 / RATE_HZ)
    octaves = [10 * np.log10(power[(hz >= low) & (hz < 2 * low)].mean()) for low in 40.0 * 2.0 ** np.arange(8)]
    assert np.polyfit(np.arange(8), octaves, 1)[0] == pytest.approx(slope, abs=0.15)


def butterworth(hz, low, high, rate_hz):
    """Decibels by which filters of sixth order change a sine: what their definition says, by the bilinear transform."""
    found = 0.0
    for edge, side in ((low, -1), (high, 1)):
        if edge is not None:
            ratio = np.tan(np.pi * hz / rate_hz) / np.tan(np.pi * edge / rate_hz)
            found -= 10 * np.log10(1 + ratio ** (12 * side))
    return found


@pytest.mark.parametrize("rate_hz", [8_000, 44_100])
@pytest.mark.parametrize(
    ("low", "high", "least", "most"),
    [
        (None, 2000, -0.1, 0.0),
        (500, None, -0.1, 0.0),
        (500, 2000, -0.1, 0.0),
        (None, 500, -60.0, -36.0),
        (2000, None, -60.0, -36.0),
        (1000, None, -3.1, -3.0),
        (2000, 500, -120.0, -72.0),
    ],
)
def test_a_filter_removes_what_lies_outside_its_band_and_keeps_what_lies_within(rate_hz, low, high, least, most):
    """An octave beyond an edge 36 dB and more are gone, an octave within a tenth of a decibel at most."""
    sound = recording(tone(1000, 2.0, rate_hz=rate_hz), tone(1000, 2.0, 0.1, rate_hz=rate_hz), rate_hz=rate_hz)
    settled = Recording(keep_band(sound, low, high).samples[:, rate_hz:], rate_hz)
    change = decibels(settled) - decibels(sound)
    assert least <= butterworth(1000, low, high, rate_hz) <= most
    assert change == pytest.approx(butterworth(1000, low, high, rate_hz), abs=0.05)


def test_edges_that_leave_all_change_nothing():
    sound = band(2, 1.0)
    assert keep_band(sound) is sound
    assert keep_band(sound, 0.0, 0.49 * RATE_HZ) is sound


def test_a_filter_does_not_know_its_blocks(monkeypatch):
    """Filtered and resampled in small blocks: the same to the last bit."""
    sound = band(2, 2.0)
    whole = [keep_band(sound, 100, 4000).samples, change_speed(sound, 1.1).samples]
    monkeypatch.setattr(recording_module, "_BLOCK", 5_003)
    for before, after in zip(whole, [keep_band(sound, 100, 4000), change_speed(sound, 1.1)], strict=True):
        assert np.array_equal(before, after.samples)


def test_stretching_does_not_know_its_blocks(monkeypatch):
    sound = recording(noise(2.0))
    whole = scale_tempo(sound, 0.8).samples
    monkeypatch.setattr(stretching, "_FRAMES_AT_ONCE", 7)
    assert np.allclose(scale_tempo(sound, 0.8).samples, whole, atol=1e-6)


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("sound", [*STRANGE.values(), band(3, 1.0)], ids=[*STRANGE, "band"])
def test_variants_keep_channels_and_rate_and_are_drawn_by_seed(name, sound):
    """Of any sound: finite, equal for an equal key, another for another; lengths change only where that is meant."""
    key = variant_key(name, 0, 0)
    changed = RECORDINGS.change(sound, key)
    assert (changed.channels, changed.rate_hz) == (sound.channels, sound.rate_hz)
    assert np.array_equal(changed.samples, RECORDINGS.change(sound, key).samples)
    if name not in ("faster", "retimed"):
        assert changed.samples.shape == sound.samples.shape
    if not mean_square(sound.samples):
        assert not changed.samples.any()
    elif sound.seconds > 0.5:
        assert mean_square(changed.samples) > 0
        other = RECORDINGS.change(sound, variant_key(name, 0, 1))
        assert not np.array_equal(other.samples, changed.samples)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_strength_bounds_what_is_drawn(name):
    """The weakest strength changes less than the strongest; both can be typed."""
    about, sound = STRENGTHS[name], band(3, 1.0)
    moved = []
    for strength in (about.least, about.most):
        draws = [RECORDINGS.change(sound, variant_key(f"{name}@{strength:g}", 0, number)) for number in range(6)]
        lengths = [abs(np.log(each.samples.shape[1] / sound.samples.shape[1])) for each in draws]
        centres = [abs(np.log(loudest_hz(each) / loudest_hz(sound))) for each in draws]
        levels = [abs(decibels(each) - decibels(sound)) for each in draws]
        moved.append({"length": max(lengths), "pitch": max(centres), "level": max(levels)})
    weak, strong = moved if name != "noisy" else moved[::-1]
    what = {"faster": "length", "retimed": "length", "transposed": "pitch"}.get(name, "level")
    assert weak[what] < strong[what]
    if name in ("faster", "retimed"):
        assert strong["length"] <= np.log(about.most) + 1e-3
    assert about.least <= about.usual <= about.most


@pytest.mark.parametrize(
    "change", [lambda s: change_speed(s, 1.3), lambda s: scale_tempo(s, 0.7), lambda s: move_pitch(s, 3)]
)
def test_channels_stay_together(change):
    """Two equal channels stay equal, and as one alone; left and right exchanged, so is what comes out."""
    one, two = noise(1.0, seed=1), noise(1.0, seed=2)
    equal = change(recording(one, one)).samples
    assert np.array_equal(equal[0], equal[1])
    assert np.allclose(equal[0], change(recording(one)).samples[0], atol=1e-5)
    both = recording(one, two)
    assert np.allclose(change(swap_channels(both)).samples, swap_channels(change(both)).samples, atol=1e-5)


def test_the_sum_of_channels_survives_stretching():
    """What two channels share in other phases does not cancel in their mean."""
    left, right = tone(440, 2.0), tone(440, 2.0) + noise(2.0, 0.01)
    changed = move_pitch(recording(left, right, 0.5 * left), 2)
    assert decibels(recording(changed.samples.mean(axis=0))) == pytest.approx(
        decibels(recording((left + right + 0.5 * left) / 3)), abs=1.0
    )


def test_windows_are_as_long_at_every_rate():
    """About 93 ms."""
    assert stretching_window(22_050) == 2_048
    for rate_hz in (8_000, 16_000, 44_100, 48_000, 96_000, 192_000):
        assert 0.06 < stretching_window(rate_hz) / rate_hz < 0.14
