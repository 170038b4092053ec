"""What a long recording costs: two hours of stereo at 44.1 kHz, in the memory that a worker may take.

    python benchmarks/long_recording.py [HOURS]

Writes a FLAC of made sound (eight times ten seconds of tones, noise and clicks, by turns), then reads it, makes its
landmarks and its row in a process whose private memory is limited as a worker's is (2 GB). Printed are the CPU time
of each step and the peak of private memory beyond what the process held before. Then it is extracted in a worker, which
must be done within the worker's memory and time.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import soundfile

from styleprint import read_recording
from styleprint.features.registry import feature_names
from styleprint.features.row import feature_row
from styleprint.features.sound_context import SoundContext
from styleprint.features.sound_make import sound_make_row
from styleprint.sound.landmarks import find_landmarks
from styleprint.support.workers import MEMORY_BYTES
from styleprint.workflows.extract import extract
from styleprint.workflows.options import RunOptions

RATE_HZ = 44_100
PART_SECONDS = 10


def write(path: Path, hours: float) -> None:
    """Made sound, in two channels that differ."""
    rng = np.random.default_rng(0)
    time_s = np.arange(PART_SECONDS * RATE_HZ) / RATE_HZ
    parts = []
    for number in range(8):
        tones = sum(np.sin(2 * np.pi * hz * time_s) for hz in rng.uniform(100, 3_000, 6)) / 20
        rough = rng.normal(size=(len(time_s), 2)) * 0.02
        struck = np.exp(-(time_s % (0.4 + 0.1 * (number % 4))) * 60) * rng.normal(size=len(time_s)) * 0.2
        parts.append((rough + (tones + struck)[:, None]).astype(np.float32))
    with soundfile.SoundFile(path, "w", RATE_HZ, 2, format="FLAC") as file:
        for number in range(int(hours * 3600 / PART_SECONDS)):
            file.write(parts[number % len(parts)])


def private_bytes() -> int:
    """Private memory of this process, as a worker's limit counts it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:"))


class Watch:
    """The most private memory that this process holds while it runs."""

    def __enter__(self) -> "Watch":
        self.before = self.most = private_bytes()
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()

    def _look(self) -> None:
        while not self.is_over.wait(0.02):
            self.most = max(self.most, private_bytes())


def main() -> None:
    """Print the figures."""
    import resource

    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.flac"
        write(path, 60 / 3600)
        row(path)  # so that what is compiled and loaded once is not counted
        write(path, hours)
        in_a_worker(path)
        resource.setrlimit(resource.RLIMIT_DATA, (private_bytes() + MEMORY_BYTES, resource.RLIM_INFINITY))
        with Watch() as watch:
            row(path, tell=True)
    print(f"private memory: {(watch.most - watch.before) / 1e6:.0f} MB at most, of {MEMORY_BYTES / 1e6:.0f}")


def in_a_worker(path: Path) -> None:
    """Its row by `extract`, in one worker."""
    folder = path.parent / "corpus" / "long"
    folder.mkdir(parents=True)
    (folder / path.name).hardlink_to(path)
    started = time.perf_counter()
    told = extract(folder.parent, path.parent / "table.parquet", run=RunOptions(workers=1))
    print(f"in a worker: {time.perf_counter() - started:.0f} s by the clock, load {os.getloadavg()[0]:.1f}")
    print(told.text.splitlines()[0].partition(": ")[0])


def row(path: Path, *, tell: bool = False) -> None:
    """All that extraction makes of a recording."""
    steps = [time.process_time()]
    sound = read_recording(path)
    steps.append(time.process_time())
    landmarks = find_landmarks(sound)
    steps.append(time.process_time())
    context = SoundContext(sound)
    feature_row(context, feature_names(kind="recording"))
    sound_make_row(context)
    steps.append(time.process_time())
    if tell:
        read, found, made = np.diff(steps)
        print(f"{sound.seconds / 3600:.2f} h, {sound.channels} channels, {len(landmarks):,} landmarks")
        print(f"CPU: reading {read:.1f} s, landmarks {found:.1f} s, row {made:.1f} s")


if __name__ == "__main__":
    main()
