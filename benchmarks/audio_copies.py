"""Are copies of a recording told from other recordings, and from those that share a part?

usage: audio_copies.py FOLDER-WITH-gtzan

Every second clip of ``gtzan`` is coded anew, overlaid with noise and cut: which of these are called copies of it?
Which pairs of different clips are, and which clips of which the first 2 to 15 seconds are those of another? First each
pair is compared by itself; then all together are searched as a corpus is, by candidates that share rare landmarks.
"""

import argparse
import io
import itertools
import time
from pathlib import Path

import numpy as np
import soundfile

from styleprint.corpus.audio_copies import agree, find_audio_copies
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
    altered = {name: [find_landmarks(change(sound)) for sound in sounds] for name, change in changes.items()}
    for name, others in altered.items():
        found = sum(agree(own, other).is_copy for own, other in zip(landmarks, others, strict=True))
        print(f"{name:20s} {found} of {len(sounds)} are copies", flush=True)
    pairs = list(itertools.combinations(landmarks, 2))
    print(f"different clips      {sum(agree(*pair).is_copy for pair in pairs)} of {len(pairs)} pairs are copies")
    begins = [
        [find_landmarks(begun(sound, other, seconds)) for seconds in SHARED_SECONDS]
        for sound, other in itertools.pairwise(sounds)
    ]
    joined = [agree(own, one).is_copy for own, ones in zip(landmarks, begins, strict=False) for one in ones]
    print(f"a part in common     {sum(joined)} of {len(joined)} are copies", flush=True)
    search(landmarks, altered, begins)


def search(landmarks: list, altered: dict, begins: list) -> None:
    """All in one corpus."""
    start = time.process_time()
    corpus = landmarks + [one for others in altered.values() for one in others]
    found = find_audio_copies(corpus, hashes=[str(row) for row in range(len(corpus))])
    owner = {row: number for number, rows in enumerate(found.sets) for row in rows}
    count = len(landmarks)
    right = sum(owner.get(row, -1) == owner.get(row % count, -2) for row in range(count, len(corpus)))
    wrong = sum(len({row % count for row in rows}) > 1 for rows in found.sets)
    wrong += sum(a % count != b % count for a, b in found.excerpts)
    spent = time.process_time() - start
    print(f"searched together    {right} of {len(corpus) - count} altered clips stand in the set of their clip")
    print(f"                     {wrong} sets and excerpts join different clips; {spent:.1f} s of processor")
    corpus = landmarks + [one for ones in begins for one in ones]
    found = find_audio_copies(corpus, hashes=[str(row) for row in range(len(corpus))])
    pairs = {pair for rows in found.sets for pair in itertools.combinations(rows, 2)}
    begun_by = [number for number, ones in enumerate(begins) for _ in ones]
    called = [(of, count + place) in pairs for place, of in enumerate(begun_by)]
    shared = [(of, count + place) in found.excerpts for place, of in enumerate(begun_by)]
    for number, seconds in enumerate(SHARED_SECONDS):
        own = slice(number, None, len(SHARED_SECONDS))
        print(f"{seconds:2d} s in common       {sum(called[own])} of {len(called[own])} called copies, "
              f"{sum(shared[own])} found to share a part")  # fmt: skip


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
