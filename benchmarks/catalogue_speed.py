"""How long the full catalogue takes: processor time a file, reading included.

usage: catalogue_speed.py FOLDER-WITH-four-composers [--files 15] [--seed 0] [--music21 N] [--all]

Draws files of each composer by seed, and measures the processor time of reading each and computing every feature,
one file after another in this process (its threads, if any, count). All are read, and one is done, once before, so
that compiled loops are loaded. Prints the median, the slowest, and time against the number of notes. With ``--music21``
the N smallest files are also given to music21's feature extractors, each right after ours; ``--all`` extracts the
whole folder with two workers and prints the wall time.

jSymbolic 2.2 needs Java and is not run here: its authors give no time a file; 1–2 s is what the issue quotes.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_columns, feature_row
from styleprint.reading import read_score

SUFFIXES = (".mid", ".midi")
LARGE_NOTES = 20_000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scores", type=Path)
    parser.add_argument("--files", type=int, default=15)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--music21", type=int, default=0)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    root = options.scores / "four-composers"
    files = draw(root, options.files, options.seed)
    names = feature_names()
    for path in files:
        read_score(path)
    row_of(files[0], names)
    found = [measure(path, names) for path in files]
    show(found, len(feature_columns(names)))
    if options.music21:
        smallest = [path for path, _ in sorted(zip(files, found, strict=True), key=lambda pair: pair[1][0])]
        against_music21(smallest[: options.music21], names)
    if options.all:
        extract_all(options.scores)


def draw(root: Path, count: int, seed: int) -> list[Path]:
    """So many files of each composer, by seed."""
    source = random.Random(seed)
    chosen = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
        chosen += source.sample(files, min(count, len(files)))
    return chosen


def row_of(path: Path, names: tuple[str, ...]) -> tuple[int, dict[str, float]]:
    """Number of notes, and the row."""
    score = read_score(path)
    return len(score), feature_row(ScoreContext(score), names)


def measure(path: Path, names: tuple[str, ...]) -> tuple[int, float]:
    """Number of notes and processor seconds."""
    start = time.process_time()
    notes, _ = row_of(path, names)
    return notes, time.process_time() - start


def show(found: list[tuple[int, float]], columns: int) -> None:
    """Median, slowest, and how time grows with notes."""
    notes, seconds = np.array([n for n, _ in found]), np.array([s for _, s in found])
    print(
        f"{len(found)} files, {int(np.median(notes))} notes (median), {columns} columns; load {os.getloadavg()[0]:.1f}"
    )
    each = seconds * 1e3
    print(f"milliseconds: median {np.median(each):.1f}, mean {each.mean():.1f}, most {each.max():.0f}")
    small = notes <= LARGE_NOTES
    print(f"most up to {LARGE_NOTES} notes: {seconds[small].max() * 1e3:.0f} ms")
    fixed, more = np.linalg.lstsq(np.stack([np.ones(len(notes)), notes], axis=1), seconds, rcond=None)[0]
    print(f"about {fixed * 1e3:.1f} ms and {more * 1e6:.2f} ms for a thousand notes" if more > 0 else "no trend")
    for count, own in sorted(zip(notes.tolist(), seconds.tolist(), strict=True))[-3:]:
        print(f"  {count} notes: {own * 1e3:.0f} ms, {own / count * 1e6:.1f} ms a thousand")


def against_music21(files: list[Path], names: tuple[str, ...]) -> None:
    """Ours and music21's extractors on the same files, one after the other."""
    import warnings

    from music21 import converter, features

    for path in files:
        notes, ours = measure(path, names)
        start = time.process_time()
        data = features.DataSet(classLabel="")
        data.addFeatureExtractors([*features.jSymbolic.featureExtractors, *features.native.featureExtractors])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data.addData(converter.parse(path))
            data.process()
        theirs = time.process_time() - start
        print(f"  {path.name}: {notes} notes, ours {ours * 1e3:.0f} ms, music21 {theirs:.1f} s, {theirs / ours:.0f} ×")


def extract_all(scores: Path) -> None:
    """The whole folder by two workers."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "styleprint", "extract", str(scores / "four-composers")]
        start = time.monotonic()
        subprocess.run(
            [*command, "-o", f"{folder}/four.parquet", "--workers", "2", "--quiet"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        wall = time.monotonic() - start
    print(f"all files, two workers, copies too: {wall:.0f} s wall; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
