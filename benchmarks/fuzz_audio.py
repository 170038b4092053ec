"""Read damaged sound files by the thousand, in supervised workers: an answer for each, in bounded time and memory.

    python benchmarks/fuzz_audio.py [--mutants 20000] [--seed 0] [--workers 1]

Seeds are sounds made by formula in every format that is read. Each mutant is one seed with one to four changes: flipped
bits, overwritten bytes, truncation, a splice with another seed, large numbers in the header, inserted, deleted and
repeated spans. A mutant must give a Recording, or one of our errors; a worker that dies is an error too (R193), and is
counted apart.
"""

import argparse
import io
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import soundfile

from styleprint.reading import read_recording
from styleprint.support.measure import Meter
from styleprint.support.workers import map_supervised

FORMATS = (
    *(
        ("WAV", "PCM_16"),
        ("WAV", "PCM_U8"),
        ("WAV", "FLOAT"),
        ("WAV", "ULAW"),
        ("WAV", "IMA_ADPCM"),
        ("FLAC", "PCM_16"),
    ),
    *(("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III"), ("AIFF", "PCM_16"), ("AU", "PCM_16")),
)
RATE_HZ = 16_000
HEADER_BYTES = 200
BATCH = 500


def made(form, coding, channels, rng):
    """A second and a half of tones and noise as a file."""
    time_s = np.arange(int(1.5 * RATE_HZ)) / RATE_HZ
    sound = 0.3 * np.sin(2 * np.pi * rng.uniform(100, 2_000) * time_s) + 0.05 * rng.normal(size=len(time_s))
    buffer = io.BytesIO()
    samples = np.repeat(sound[:, None], channels, axis=1)
    soundfile.write(buffer, samples, RATE_HZ, format=form, subtype=coding)
    return buffer.getvalue()


def mutant(seeds, rng):
    """A seed with one to four changes."""
    data = bytearray(seeds[rng.integers(len(seeds))])
    for _ in range(int(rng.integers(1, 5))):
        size = len(data)
        if size < 8:
            break
        reach = HEADER_BYTES if rng.random() < 0.5 else size
        at = int(rng.integers(min(reach, size - 4)))
        kind = int(rng.integers(8))
        if kind == 0:
            data[at] ^= 1 << int(rng.integers(8))
        elif kind == 1:
            span = data[at : at + int(rng.integers(1, 64))]
            data[at : at + len(span)] = rng.bytes(len(span))
        elif kind == 2:
            del data[at + 4 :]
        elif kind == 3:
            other = seeds[rng.integers(len(seeds))]
            data[at:] = other[int(rng.integers(len(other))) :]
        elif kind == 4:
            number = int(rng.choice([0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 0xFFFF, 1 << 24]))
            data[at : at + 4] = number.to_bytes(4, str(rng.choice(["little", "big"])))
        elif kind == 5:
            data[at:at] = rng.bytes(int(rng.integers(1, 2_000)))
        elif kind == 6:
            del data[at : at + int(rng.integers(1, 2_000))]
        else:
            data[at:at] = data[at : at + int(rng.integers(1, 4_000))] * int(rng.integers(1, 4))
    return bytes(data)


def read(path):
    """What came of one file: in a worker."""
    start = time.perf_counter()
    recording = read_recording(Path(path))
    told = "Recording with a warning" if recording.warnings else "Recording"
    return told, time.perf_counter() - start, recording.samples.nbytes


def main():
    """Print how many of each outcome, and what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    seeds = [made(form, coding, channels, rng) for form, coding in FORMATS for channels in (1, 2)]
    outcomes, slowest, largest = Counter(), 0.0, 0
    with Meter() as meter, tempfile.TemporaryDirectory() as folder:
        for start in range(0, options.mutants, BATCH):
            paths = [Path(folder) / f"{i}.bin" for i in range(min(BATCH, options.mutants - start))]
            for path in paths:
                path.write_bytes(mutant(seeds, rng))
            found = map_supervised(read, [str(path) for path in paths], workers=options.workers, timeout_seconds=20)
            for path, outcome in zip(paths, found, strict=True):
                if outcome.error is not None:
                    outcomes[f"{type(outcome.error).__name__} {outcome.error.code}"] += 1
                    if outcome.error.code in ("X101", "R191", "R192", "R193"):
                        kept = Path(f"fuzz-audio-{outcome.error.code}-{start}-{path.name}")
                        kept.write_bytes(path.read_bytes())
                        print(kept, outcome.error)
                    continue
                told, seconds, size = outcome.unwrap()
                outcomes[told] += 1
                slowest, largest = max(slowest, seconds), max(largest, size)
    for name, count in outcomes.most_common():
        print(f"{count:7} {name}")
    print(f"{sum(outcomes.values())} files in {meter.seconds:.0f} s; slowest {slowest * 1e3:.0f} ms; largest recording "
          f"{largest / 1e6:.1f} MB; peak of all processes {meter.peak_memory_mb:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
