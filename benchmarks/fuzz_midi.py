"""Read damaged MIDI files by the thousand: our errors only, in bounded time and memory.

usage: fuzz_midi.py [--mutants N] [--seed N] [--corpus FOLDER] [--plain]

Seeds are generated files, and files of the corpus where one is given (only those under 20 kB). Each mutant is one
seed with one to four changes: flipped bits, overwritten bytes, truncation, a splice with another seed,
changed length fields, inserted bytes, deleted bytes, repeated spans. A mutant must give a Score or one of
our errors. `--plain` runs the loops as plain Python, where an index out of bounds is an error and not a
memory fault; use it with fewer mutants.
"""

import argparse
import resource
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

from styleprint.reading import midi, read_score_bytes
from styleprint.support.errors import StyleprintError

LARGEST_SEED_BYTES = 20_000
INTERESTING = (0x00, 0x01, 0x3C, 0x7F, 0x80, 0x81, 0x90, 0xB0, 0xC0, 0xF0, 0xF7, 0xF8, 0xFF)


def main() -> None:
    """Print the figures; exit with 1 if anything but a Score or our error came out."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutants", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    source = np.random.default_rng(options.seed)
    seeds = [generated(source) for _ in range(50)]
    if options.corpus is not None:
        paths = sorted(p for p in options.corpus.rglob("*") if p.suffix.lower() in (".mid", ".midi"))
        seeds += [p.read_bytes() for p in paths if p.stat().st_size < LARGEST_SEED_BYTES]
    midi._LOOPS._bytes_read = -(1 << 60) if options.plain else 1 << 60
    read_score_bytes(seeds[0], "warm")

    outcomes: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    times = np.empty(options.mutants)
    memory = peak_mb()
    begin = time.perf_counter()
    for number in range(options.mutants):
        data = mutant(seeds, source)
        start = time.perf_counter()
        try:
            score = read_score_bytes(data, "mutant")
            outcomes["Score with notes" if len(score) else "Score without notes"] += 1
        except StyleprintError as error:
            outcomes[f"{type(error).__name__} {error.code}"] += 1
        except Exception as error:  # noqa: BLE001  # whatever else escapes is what we look for
            faults[f"{type(error).__name__}: {error}"] += 1
            Path(f"fuzz-{options.seed}-{number}.mid").write_bytes(data)
        times[number] = time.perf_counter() - start
    print(f"mutants           {options.mutants:,} of {len(seeds)} seeds in {time.perf_counter() - begin:.0f} s")
    for name, count in outcomes.most_common():
        print(f"{name:22}{count:8,}")
    for name, count in faults.most_common():
        print(f"FAULT {count:8,} {name}")
    middle, late, worst = np.quantile(times, (0.5, 0.99, 1)) * 1e3
    print(f"milliseconds a file    median {middle:.2f}, 99 % {late:.2f}, most {worst:.1f}")
    print(f"peak memory            {memory:.0f} MiB before, {peak_mb():.0f} MiB after")
    sys.exit(1 if faults else 0)


def peak_mb() -> float:
    """Most resident memory so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def generated(source: np.random.Generator) -> bytes:
    """A valid file of a few tracks with all kinds of events."""
    tracks = []
    for _ in range(int(source.integers(1, 5))):
        events = b"".join(event(source) for _ in range(int(source.integers(1, 120))))
        events += b"\x00\xff\x2f\x00"
        tracks.append(b"MTrk" + len(events).to_bytes(4, "big") + events)
    form = int(source.integers(0, 3))
    resolution = int(source.choice([1, 24, 96, 480, 32767]))
    fields = b"".join(n.to_bytes(2, "big") for n in (form, len(tracks), resolution))
    return b"MThd" + (6).to_bytes(4, "big") + fields + b"".join(tracks)


def event(source: np.random.Generator) -> bytes:
    """One event with a short delta time."""
    delta = bytes([int(source.integers(0, 128))])
    channel, a, b = int(source.integers(16)), int(source.integers(128)), int(source.integers(128))
    kind = int(source.integers(9))
    if kind < 5:
        return delta + bytes([(0x90, 0x80, 0x90, 0xB0, 0xE0)[kind] | channel, a, b])
    if kind == 5:
        return delta + bytes([0xC0 | channel, a])
    text = bytes(source.integers(32, 127, size=a % 20).tolist())
    if kind == 6:
        return delta + bytes([0xFF, 1 + b % 9, len(text)]) + text
    if kind == 7:
        return delta + bytes([0xF0, len(text) + 1]) + text + b"\xf7"
    return (
        delta
        + (
            bytes([0xFF, 0x51, 3, a, b, 1]),
            bytes([0xFF, 0x58, 4, a % 13, b % 7, 24, 8]),
            bytes([0xFF, 0x59, 2, (a % 15 - 7) % 256, b % 2]),
        )[channel % 3]
    )


def mutant(seeds: list[bytes], source: np.random.Generator) -> bytes:
    """A seed with one to four changes."""
    data = bytearray(seeds[int(source.integers(len(seeds)))])
    for _ in range(int(source.integers(1, 5))):
        if not data:
            break
        place = int(source.integers(len(data)))
        span = int(min(source.integers(1, 64), len(data) - place))
        change = int(source.integers(9))
        if change == 0:
            data[place] ^= 1 << int(source.integers(8))
        elif change == 1:
            data[place] = int(source.choice(INTERESTING))
        elif change == 2:
            data = data[:place]
        elif change == 3:
            other = seeds[int(source.integers(len(seeds)))]
            data = data[:place] + other[int(source.integers(len(other))) :]
        elif change == 4:
            change_length(data, source)
        elif change == 5:
            data[place:place] = bytes(source.integers(0, 256, size=span).tolist())
        elif change == 6:
            del data[place : place + span]
        elif change == 7:
            data[place:place] = data[place : place + span] * int(source.integers(1, 20))
        else:
            data[place : place + 4] = b"\xff\xff\xff\x7f"
    return bytes(data)


def change_length(data: bytearray, source: np.random.Generator) -> None:
    """Overwrite the length of a chunk."""
    names = [i for i in range(len(data) - 8) if data[i : i + 3] in (b"MTr", b"MTh")]
    if names:
        place = names[int(source.integers(len(names)))] + 4
        value = int(source.choice([0, 1, 8, len(data), 1 << 31, (1 << 32) - 1, int(source.integers(1 << 16))]))
        data[place : place + 4] = value.to_bytes(4, "big")


if __name__ == "__main__":
    main()
