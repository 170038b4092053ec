"""Are copies of a recording told from other recordings, and from those that share a part?

usage: audio_copies.py FOLDER-WITH-gtzan

Every second clip of ``gtzan`` is coded anew, overlaid with noise and cut: which of these are called copies of it? Which
pairs of different clips are, and which clips of which the first 2 to 15 seconds are those of another?
"""

import argparse
import io
import itertools
from pathlib import Path

import numpy as np
import soundfile

from styleprint.corpus.audio_copies import agree
from styleprint.music.recording import Recording
from styleprint.reading import read_recording
from styleprint.sound.landmarks import find_landmarks

SHARED_SECONDS = (2, 5, 10, 15)
LOW_MP3 = {"format": "MP3", "compression_level": 0.95}


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recordings", type=Path)
    folder = parser.parse_args().recordings / "gtzan"
    sounds = [read_recording(path) for path in sorted(folder.rglob("*.ogg"))[::2]]
    landmarks = [find_landmarks(sound) for sound in sounds]
    random = np.random.default_rng(0)
    changes = {
        "MP3": lambda s: coded(s, format="MP3"),
        "MP3, low": lambda s: coded(s, **LOW_MP3),
        "Vorbis": lambda s: coded(s, format="OGG", subtype="VORBIS"),
        "Vorbis, low": lambda s: coded(s, format="OGG", subtype="VORBIS", compression_level=1.0),
        "noise 20 dB below": lambda s: noisy(s, -20, random),
        "noise 10 dB below": lambda s: noisy(s, -10, random),
        "cut between frames": lambda s: cut(s, 0.109),
        "cut, then low MP3": lambda s: coded(cut(s, 0.109), **LOW_MP3),
        "first 85 %": lambda s: changed(s, s.samples[:, : int(0.85 * s.samples.shape[1])]),
    }
    for name, change in changes.items():
        found = sum(agree(own, find_landmarks(change(s))).is_copy for s, own in zip(sounds, landmarks, strict=True))
        print(f"{name:20s} {found} of {len(sounds)} are copies", flush=True)
    pairs = list(itertools.combinations(landmarks, 2))
    print(f"different clips      {sum(agree(*pair).is_copy for pair in pairs)} of {len(pairs)} pairs are copies")
    joined = [
        agree(own, find_landmarks(begun(sound, other, seconds))).is_copy
        for (sound, other), own in zip(itertools.pairwise(sounds), landmarks, strict=False)
        for seconds in SHARED_SECONDS
    ]
    print(f"a part in common     {sum(joined)} of {len(joined)} are copies")


def changed(sound: Recording, samples: np.ndarray) -> Recording:
    """The same, with other samples."""
    return Recording(np.ascontiguousarray(samples, dtype=np.float32), sound.rate_hz)


def coded(sound: Recording, **options: object) -> Recording:
    """Written and read again."""
    buffer = io.BytesIO()
    soundfile.write(buffer, sound.samples.T, sound.rate_hz, **options)
    samples, _ = soundfile.read(io.BytesIO(buffer.getvalue()), dtype="float32", always_2d=True)
    return changed(sound, samples.T)


def noisy(sound: Recording, decibels: float, random: np.random.Generator) -> Recording:
    """With white noise so far below it."""
    level = sound.samples.std() * 10 ** (decibels / 20)
    return changed(sound, sound.samples + level * random.normal(size=sound.samples.shape))


def cut(sound: Recording, seconds: float) -> Recording:
    """Without its beginning."""
    return changed(sound, sound.samples[:, int(seconds * sound.rate_hz) :])


def begun(sound: Recording, other: Recording, seconds: float) -> Recording:
    """Another that begins as this one."""
    at = int(seconds * sound.rate_hz)
    return changed(sound, np.concatenate([sound.samples[:, :at], other.samples[:, at:]], axis=1))


if __name__ == "__main__":
    main()
