"""A hundred clips become a table, and a thousand keep memory where it was.

    python benchmarks/recordings_at_scale.py RECORDINGS [--workers 2] [--files 1000]

The hundred are the clips below the folder (70) and altered ones of them (other level, reversed, cut, other formats).
Wall and CPU time are of `extract`, warm: one small run goes before. Memory is looked at in one process that makes rows
one after another: what it holds after 100 files, and the most that it holds after that.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import soundfile

from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import extract_row
from styleprint.features.registry import feature_names
from styleprint.reading import read_recording
from styleprint.workflows.extract import extract
from styleprint.workflows.options import RunOptions


def lay_out(source, folder, count):
    """Clips and altered clips, as files in folders by label."""
    clips = sorted(source.rglob("*.ogg"))
    for number in range(count):
        clip = clips[number % len(clips)]
        target = folder / clip.parent.name / f"{number:04d}{clip.suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        if number < len(clips):
            target.write_bytes(clip.read_bytes())
            continue
        samples, rate_hz = soundfile.read(clip, dtype="float32")
        way = number % 3
        altered = (samples * 0.5, samples[::-1], samples[: len(samples) * 9 // 10])[way]
        soundfile.write(target.with_suffix((".flac", ".wav", ".ogg")[way]), altered, rate_hz)


def resident_mb():
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def cpu_seconds():
    """Of this process and of the children that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main():
    """Print time and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--files", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        small, folder = Path(place) / "small", Path(place) / "clips"
        lay_out(options.recordings, small, 2)
        lay_out(options.recordings, folder, 100)
        extract(small, Path(place) / "small.parquet", run=RunOptions(workers=options.workers))
        start, cpu = time.perf_counter(), cpu_seconds()
        told = extract(folder, Path(place) / "table.parquet", run=RunOptions(workers=options.workers))
        print(told.text.splitlines()[0].rsplit("/", 1)[-1])
        print(f"100 clips, {options.workers} workers: {time.perf_counter() - start:.1f} s wall, "
              f"{cpu_seconds() - cpu:.1f} s CPU, load of the machine {os.getloadavg()[0]:.1f}")  # fmt: skip
        recipe = Recipe.of(feature_names(kind="recording"), (), with_make=True, kind="recording")
        files, held = sorted(path for path in folder.rglob("*") if path.is_file()), []
        for number in range(options.files):
            extract_row(read_recording(files[number % len(files)]), recipe)
            held.append(resident_mb())
        print(
            f"{options.files} files in one process: {held[99]:.0f} MB after 100, at most {max(held[99:]):.0f} MB after"
        )


if __name__ == "__main__":
    main()
