"""How fast MIDI becomes a Score, beside symusic's bare parse and music21.

usage: midi_reading.py CORPUS [--files N] [--slow N] [--rounds N]

One process, one thread. In each round each file is read by both, one after the other, from bytes in
memory; a file's time is its best of the rounds. Ours includes everything: SHA-256, texts, measures,
checks of the record. Compiled loops are loaded before, and their loading is printed apart.
music21 reads `--slow` files once, evenly chosen.
"""

import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from symusic import Score as SymusicScore

from styleprint.reading import read_score_bytes


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--files", type=int, default=0, help="so many files, evenly chosen; all without it")
    parser.add_argument("--slow", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    paths = sorted(path for path in options.corpus.rglob("*") if path.suffix.lower() in (".mid", ".midi"))
    if not paths:
        sys.exit(f"{options.corpus} holds no MIDI files.")
    files = [path.read_bytes() for path in chosen(paths, options.files or len(paths))]

    start = time.perf_counter()
    read_score_bytes(files[0] * 1, "first")
    while not warm(files):
        pass
    print(f"loading the compiled loops  {time.perf_counter() - start:8.2f} s (compiled once, then kept)")

    times = np.full((len(files), 2), np.inf)
    for _ in range(options.rounds):
        for index, data in enumerate(files):
            times[index, 0] = min(times[index, 0], seconds(read_score_bytes, data, "x"))
            times[index, 1] = min(times[index, 1], seconds(SymusicScore.from_midi, data))
    ours, bare = times.T
    print(f"files                       {len(files):8}   {np.mean([len(d) for d in files]) / 1000:.1f} kB on average")
    print(f"bytes to a complete Score   {np.median(ours) * 1e3:8.3f} ms median, {ours.mean() * 1e3:.3f} ms mean")
    print(f"symusic, bare parse         {np.median(bare) * 1e3:8.3f} ms median, {bare.mean() * 1e3:.3f} ms mean")
    print(f"median of ratios            {np.median(ours / bare):8.2f} x")
    print(f"ratio of medians            {np.median(ours) / np.median(bare):8.2f} x")
    print(f"ratio of sums               {ours.sum() / bare.sum():8.2f} x")
    if options.slow:
        compare_music21(files, ours, options.slow)


def compare_music21(files: list[bytes], ours: np.ndarray, count: int) -> None:
    """Read some files with music21 too, without its cache."""
    from music21 import midi

    rows = chosen(range(len(files)), count)
    slow = []
    for row in rows:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            slow.append(seconds(read_with_music21, midi, files[row]))
            ours[row] = min(ours[row], seconds(read_score_bytes, files[row], "x"))
    theirs = np.array(slow)
    print(f"music21, {len(rows)} files           {np.median(theirs) * 1e3:8.1f} ms median")
    print(f"median of ratios            {np.median(theirs / ours[rows]):8.0f} x")
    print(f"ratio of sums               {theirs.sum() / ours[rows].sum():8.0f} x")


def read_with_music21(midi, data: bytes) -> None:
    """From bytes to a stream; a file that it refuses still costs its time."""
    file = midi.MidiFile()
    try:
        file.readstr(data)
        midi.translate.midiFileToStream(file)
    except Exception as error:  # noqa: BLE001  # music21 raises whatever it runs into
        print(f"  music21 refused a file: {type(error).__name__}")


def warm(files: list[bytes]) -> bool:
    """Read until the reader has gone over to its compiled loops."""
    for data in files[:50]:
        read_score_bytes(data, "warm")
    return "numba" in sys.modules


def chosen(items, count: int) -> list:
    """So many of them, evenly."""
    return [items[i] for i in np.linspace(0, len(items) - 1, min(count, len(items))).astype(int)]


def seconds(function, *arguments) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
