"""The 57 features of the GTZAN table: equal to the plain librosa script's, and how much faster.

    python benchmarks/audio_features.py RECORDINGS [--timed 5] [--clips 70]

Both run interleaved in one process, on samples that are already in memory, warm; CPU time, one thread. Agreement is
looked at on every clip below the folder, and on silence, noise, a 44.1 kHz stereo signal and a clip of 3 s.
"""

import argparse
import os
import time
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import librosa
import numpy as np
import soundfile

from styleprint.features.registry import feature_names, load_feature
from styleprint.features.row import feature_row
from styleprint.features.sound_context import SoundContext
from styleprint.music.recording import Recording

RATE_HZ = 22_050
TOLERANCE = 1e-4
FLOOR = 1e-6
"""Of a mean, over the standard deviation of what is averaged: a mean that happens to be near zero is rounding below."""

ROUNDING = 2.0**-22
"""Of a standard deviation, over the mean: variances below the square are rounding."""

NAMES = tuple(name for name in feature_names(kind="recording") if load_feature(name).feature.aliases)
FEATURES = [load_feature(name).feature for name in NAMES]
ALIASES = {c: a for f in FEATURES for c, a in zip(f.columns, f.aliases, strict=True)}


def plain(samples, rate_hz):
    """What the usual script does: one librosa call a feature."""
    y = samples.mean(axis=0) if samples.ndim == 2 else samples
    y = librosa.resample(y, orig_sr=rate_hz, target_sr=RATE_HZ, res_type="soxr_hq") if rate_hz != RATE_HZ else y
    row = {}

    def put(name, values):
        row[f"{name}_mean"], row[f"{name}_var"] = float(np.mean(values)), float(np.var(values))

    put("chroma_stft", librosa.feature.chroma_stft(y=y, sr=RATE_HZ))
    put("rms", librosa.feature.rms(y=y))
    put("spectral_centroid", librosa.feature.spectral_centroid(y=y, sr=RATE_HZ))
    put("spectral_bandwidth", librosa.feature.spectral_bandwidth(y=y, sr=RATE_HZ))
    put("rolloff", librosa.feature.spectral_rolloff(y=y, sr=RATE_HZ))
    put("zero_crossing_rate", librosa.feature.zero_crossing_rate(y))
    harmonic, percussive = librosa.effects.hpss(y)
    put("harmony", harmonic)
    put("perceptr", percussive)
    row["tempo"] = float(np.atleast_1d(librosa.beat.beat_track(y=y, sr=RATE_HZ)[0])[0])
    for number, values in enumerate(librosa.feature.mfcc(y=y, sr=RATE_HZ), start=1):
        put(f"mfcc{number}", values)
    return row


def ours(samples, rate_hz):
    """The same from one spectrum."""
    row = feature_row(SoundContext(Recording(np.atleast_2d(samples), rate_hz)), NAMES)
    return {ALIASES[column]: value for column, value in row.items()}


def disagreements(found, wanted):
    """Alias → how far beyond the tolerance, for the values that are."""
    assert sorted(found) == sorted(wanted)
    far = {}
    for name, value in wanted.items():
        floor = 1e-12
        if name.endswith("_mean"):
            floor += FLOOR * wanted[name.replace("_mean", "_var")] ** 0.5
        elif name.endswith("_var"):
            floor += (ROUNDING * wanted[name.replace("_var", "_mean")]) ** 2
        excess = abs(found[name] - value) / (TOLERANCE * abs(value) + floor)
        if not excess <= 1:
            far[name] = (found[name], value)
    return far


def made_signals():
    """Silence, noise, two channels at 44.1 kHz, a short clip."""
    rng = np.random.default_rng(0)
    time_s = np.arange(44_100 * 10) / 44_100
    tone = 0.3 * np.sin(2 * np.pi * 440 * time_s) * (1 + np.sin(2 * np.pi * 2 * time_s))
    left = tone + 0.05 * rng.normal(size=len(tone))
    right = np.roll(tone, 441) + 0.05 * rng.normal(size=len(tone))
    short = rng.normal(size=3 * RATE_HZ) * np.exp(-np.arange(3 * RATE_HZ) % 11_025 / 2_000)
    return {
        "silence": (np.zeros(10 * RATE_HZ, np.float32), RATE_HZ),
        "noise": ((0.1 * rng.normal(size=10 * RATE_HZ)).astype(np.float32), RATE_HZ),
        "44.1 kHz stereo": (np.stack([left, right]).astype(np.float32), 44_100),
        "3 s": ((0.2 * short).astype(np.float32), RATE_HZ),
    }


def cpu_seconds(function, *arguments):
    """CPU time of one call, and its result."""
    start = time.process_time()
    result = function(*arguments)
    return time.process_time() - start, result


def main():
    """Print agreement and ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--timed", type=int, default=5, help="rounds of timing on the first clip")
    parser.add_argument("--clips", type=int, default=70)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    files = sorted(arguments.recordings.rglob("*.ogg"))[: arguments.clips]
    clips = {f"{path.parent.parent.name}/{path.stem}": soundfile.read(path, dtype="float32") for path in files}
    worst, wrong = 0.0, 0
    for name, (samples, rate_hz) in {**made_signals(), **clips}.items():
        samples = np.ascontiguousarray(samples)
        found, wanted = ours(samples, rate_hz), plain(samples, rate_hz)
        far = disagreements(found, wanted)
        wrong += len(far)
        apart = {k: abs(found[k] - v) / max(abs(v), 1e-300) for k, v in wanted.items() if abs(v) > 1e-6}
        here = max(apart, key=apart.get) if apart else ""
        worst = max(worst, apart.get(here, 0.0))
        agreed = f"{len(wanted) - len(far)} of {len(wanted)} agree"
        print(f"{name:30} {agreed}; farthest {here} {apart.get(here, 0):.1e} {far or ''}", flush=True)
    print(f"{len(files)} clips and 4 signals: {wrong} values disagree; largest relative difference {worst:.1e}")
    samples, rate_hz = next(iter(clips.values()))
    times = [
        (cpu_seconds(ours, samples, rate_hz)[0], cpu_seconds(plain, samples, rate_hz)[0])
        for _ in range(arguments.timed)
    ]
    own, other = np.median(np.array(times), axis=0)
    print(
        f"CPU time of a {len(samples) / rate_hz:.0f}-s clip, medians of {arguments.timed}: ours {own * 1e3:.0f} ms, "
        f"librosa {other * 1e3:.0f} ms, ratio {other / own:.1f}"
    )


if __name__ == "__main__":
    main()
