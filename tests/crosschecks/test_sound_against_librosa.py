"""Features of recordings against librosa, called as the usual script calls it.

Tolerance: 1e-4 of each value, and a millionth of the standard deviation of what is averaged (a mean that happens to be
near zero is rounding below that). `benchmarks/audio_features.py` does the same over real clips.
"""

import warnings

import numpy as np
import pytest

from sound_cases import RATE_HZ, band, clicks, noise, recording
from styleprint import read_recording
from styleprint.features.registry import feature_names, load_feature
from styleprint.features.row import feature_row
from styleprint.features.sound_context import SoundContext
from styleprint.music.recording import Recording
from styleprint.sound.filters import chroma_filters, mel_filters
from styleprint.sound.stretching import stretch

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import librosa

TABLE_NAMES = [name for name in feature_names(kind="recording") if load_feature(name).feature.aliases]

SIGNALS = {
    "silence": recording(np.zeros(RATE_HZ * 3)),
    "noise": recording(noise(3.0)),
    "stereo at 44.1 kHz": Recording(np.repeat(band(3, 3.0).samples, 2, axis=1), 44_100),
    "a short clip": band(4, length=3.0),
}


def plain_row(y):
    """The 57 values by the names of the table: value and floor."""
    row = {}

    def put(name, values):
        mean, variance = float(np.mean(values)), float(np.var(values))
        row[f"{name}_mean"] = mean, 1e-6 * variance**0.5 + 1e-12
        row[f"{name}_var"] = variance, (2.0**-22 * mean) ** 2 + 1e-12

    put("chroma_stft", librosa.feature.chroma_stft(y=y, sr=RATE_HZ))
    put("rms", librosa.feature.rms(y=y))
    put("spectral_centroid", librosa.feature.spectral_centroid(y=y, sr=RATE_HZ))
    put("spectral_bandwidth", librosa.feature.spectral_bandwidth(y=y, sr=RATE_HZ))
    put("rolloff", librosa.feature.spectral_rolloff(y=y, sr=RATE_HZ))
    put("zero_crossing_rate", librosa.feature.zero_crossing_rate(y))
    harmonic, percussive = librosa.effects.hpss(y)
    put("harmony", harmonic)
    put("perceptr", percussive)
    row["tempo"] = float(np.atleast_1d(librosa.beat.beat_track(y=y, sr=RATE_HZ)[0])[0]), 1e-9
    for number, values in enumerate(librosa.feature.mfcc(y=y, sr=RATE_HZ), start=1):
        put(f"mfcc{number}", values)
    return row


def heard_by_librosa(sound):
    y = librosa.to_mono(sound.samples)
    return librosa.resample(y, orig_sr=sound.rate_hz, target_sr=RATE_HZ, res_type="soxr_hq")


def disagreements(sound, y):
    found = feature_row(SoundContext(sound), TABLE_NAMES)
    features = [load_feature(name).feature for name in TABLE_NAMES]
    aliases = {column: alias for f in features for column, alias in zip(f.columns, f.aliases, strict=True)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = plain_row(y)
    assert len(wanted) == len(aliases) == 57
    pairs = {aliases[column]: (value, *wanted[aliases[column]]) for column, value in found.items()}
    return {name: pair for name, pair in pairs.items() if abs(pair[0] - pair[1]) > 1e-4 * abs(pair[1]) + pair[2]}


@pytest.mark.parametrize("name", SIGNALS)
def test_all_57_values_of_the_table(name):
    sound = SIGNALS[name]
    assert not disagreements(sound, heard_by_librosa(sound))


@pytest.mark.shared_data
def test_all_57_values_of_a_real_clip(shared_data):
    sound = read_recording(shared_data / "data" / "recordings" / "gtzan-fullband" / "pop" / "pop.00000.ogg")
    assert not disagreements(sound, sound.samples[0])


def test_filters_are_equal():
    assert np.array_equal(mel_filters(), librosa.filters.mel(sr=RATE_HZ, n_fft=2048))
    for tuning in (0.0, -0.37, 0.12):
        assert np.array_equal(chroma_filters(tuning), librosa.filters.chroma(sr=RATE_HZ, n_fft=2048, tuning=tuning))


def test_what_is_beyond_the_table():
    """Contrast, flatness, tonal centroids from the chroma of the spectrum, tempogram and onsets.

    With a little noise: valleys more than 130 dB below the loudest bin are rounding, and librosa rounds in float64.
    """
    sound = band(6, length=8.0)
    sound = recording(*(sound.samples + noise(8.0, 1e-3)))
    y = librosa.to_mono(sound.samples)
    names = ("spectral_contrast_mean", "spectral_flatness_mean", "tonal_centroid", "onset_rate", "onset_strength_mean")
    found = feature_row(SoundContext(sound), names)
    wanted = [
        *librosa.feature.spectral_contrast(y=y, sr=RATE_HZ).mean(axis=1),
        librosa.feature.spectral_flatness(y=y).mean(),
        *librosa.feature.tonnetz(chroma=librosa.feature.chroma_stft(y=y, sr=RATE_HZ)).mean(axis=1),
        len(librosa.onset.onset_detect(y=y, sr=RATE_HZ)) / (len(y) / RATE_HZ),
        librosa.onset.onset_strength(y=y, sr=RATE_HZ).mean(),
    ]
    assert list(found.values()) == pytest.approx(wanted, rel=1e-4, abs=1e-6)
    envelope = librosa.onset.onset_strength(y=y, sr=RATE_HZ, aggregate=np.median)
    tempogram = librosa.feature.tempogram(onset_envelope=envelope, sr=RATE_HZ, win_length=344).mean(axis=1)
    assert SoundContext(sound).tempogram == pytest.approx(tempogram, abs=1e-5)


@pytest.mark.parametrize("sound", [band(6, 12.0), recording(clicks(132, 15.0)), recording(noise(8.0))])
def test_beats_are_those_of_librosa(sound):
    """Frame by frame."""
    context = SoundContext(sound)
    beats = librosa.beat.beat_track(y=context.signal, sr=RATE_HZ)[1]
    assert len(beats) > 4
    assert context.beats.tolist() == beats.tolist()


@pytest.mark.shared_data
def test_beats_of_clips_are_those_of_librosa(shared_data):
    folder = shared_data / "data" / "recordings" / "gtzan"
    for name in ("rock/rock.00027.ogg", "jazz/jazz.00014.ogg", "classical/classical.00007.ogg"):
        context = SoundContext(read_recording(folder / name))
        beats = librosa.beat.beat_track(y=context.signal, sr=RATE_HZ)[1]
        assert context.beats.tolist() == beats.tolist()


@pytest.mark.parametrize("factor", [0.5, 0.83, 1.0, 1.37, 2.0])
def test_the_phase_vocoder_is_librosas(factor):
    """Sample by sample, of noise, in which no bin is ever so weak that its phase is that of rounding."""
    y = noise(3.0).astype(np.float32)
    expected = librosa.istft(
        librosa.phase_vocoder(librosa.stft(y.astype(float)), rate=factor), length=round(len(y) / factor)
    )
    assert np.abs(stretch(y[None], factor, 2048)[0] - expected).max() < 1e-5
