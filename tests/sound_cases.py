"""Recordings for tests: made by formula, a few seconds each."""

import io

import numpy as np
import soundfile

from styleprint.music.recording import Recording

RATE_HZ = 22_050


def recording(*channels, rate_hz=RATE_HZ):
    """A recording of these channels."""
    return Recording(np.stack([np.asarray(channel, dtype=np.float32) for channel in channels]), rate_hz)


def seconds(length, rate_hz=RATE_HZ):
    """Times of the samples."""
    return np.arange(int(length * rate_hz)) / rate_hz


def tone(hz, length=3.0, level=0.5, rate_hz=RATE_HZ):
    """A sine."""
    return level * np.sin(2 * np.pi * hz * seconds(length, rate_hz))


def noise(length=3.0, level=0.1, seed=0):
    """White noise."""
    return level * np.random.default_rng(seed).normal(size=len(seconds(length)))


def clicks(bpm, length=12.0, level=0.8, seed=1):
    """Short bursts, one a beat."""
    since = seconds(length) % (60 / bpm)
    return level * np.exp(-since * 200) * np.random.default_rng(seed).normal(size=len(since)) / 3


def chord(*midi_pitches, length=3.0):
    """Tones with four overtones each."""
    found = np.zeros(len(seconds(length)))
    for pitch in midi_pitches:
        for overtone in range(1, 5):
            found += tone(440 * 2 ** ((pitch - 69) / 12) * overtone, length, 0.1 / overtone)
    return found


def band(seed, length=8.0):
    """Chords of a key, a beat of noise and a bass, in two channels, louder and softer by turns."""
    rng = np.random.default_rng(seed)
    tonic, beat = int(rng.integers(48, 60)), float(rng.choice([0.4, 0.5, 0.6]))
    steps = (0, 5, 7, 0, 9, 5, 7, 0)
    found = np.concatenate([chord(*(tonic + step + third for third in (0, 4, 7)), length=beat) for step in steps])
    found = np.resize(found, len(seconds(length)))
    since = seconds(length) % beat
    drums = np.exp(-since * 60) * rng.normal(size=len(since)) * 0.2
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * seconds(length) / 5)
    return recording((found + drums) * swell, (found - 0.3 * drums) * swell)


VARIED = [band(seed) for seed in range(3)]

STRANGE = {
    "silence": recording(np.zeros(RATE_HZ * 2)),
    "constant": recording(np.full(RATE_HZ * 2, 0.25)),
    "one click": recording(np.eye(1, RATE_HZ * 2, RATE_HZ)[0]),
    "noise": recording(noise()),
    "tone": recording(tone(440)),
    "clicks": recording(clicks(120)),
    "barely a second": recording(noise(1.0)),
    "nothing": recording(np.empty(0)),
    "one sample": recording([0.5]),
    "alternating": recording(np.resize([0.9, -0.9], RATE_HZ)),
    "six channels at 48 kHz": recording(*[tone(220, 2.0, rate_hz=48_000)] * 6, rate_hz=48_000),
}


def file_bytes(samples, rate_hz=RATE_HZ, form="WAV", coding=None, **tags):
    """A sound file, samples as (n,) or (n, channels)."""
    buffer = io.BytesIO()
    channels = 1 if np.ndim(samples) == 1 else np.shape(samples)[1]
    with soundfile.SoundFile(buffer, "w", rate_hz, channels, format=form, subtype=coding) as file:
        for name, value in tags.items():
            setattr(file, name, value)
        file.write(np.asarray(samples, dtype=np.float32))
    return buffer.getvalue()
