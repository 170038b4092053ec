"""Does memory grow with the folder, and what does a killed run lose?

usage: extraction_at_scale.py [--files 400 1600] [--notes 120] [--workers 1]

Writes folders of generated MIDI files, extracts each, and prints the greatest resident memory of the process that
gathers (its workers have a limit of their own) and the size of the table. Then the last folder again, killed when half
of its files are read, and resumed: how many files were read twice, and whether the table is the same.
"""

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUN = """
import json, os, resource, signal, sys
from pathlib import Path
from styleprint.workflows.extract import extract
from styleprint.workflows.options import RunOptions

folder, table, workers, kill, resume = sys.argv[1:6]
told = []

def progress(stage, done, total):
    if stage == "reading":
        told.append(done)
        if int(kill) and done >= int(kill):
            os.kill(os.getpid(), signal.SIGKILL)

extract(Path(folder), Path(table), resume=resume == "resume", run=RunOptions(workers=int(workers), progress=progress))
print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(told)]))
"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, nargs="+", default=[400, 1600])
    parser.add_argument("--notes", type=int, default=120)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        for count in options.files:
            folder, table = Path(place) / str(count), Path(place) / f"{count}.parquet"
            write_folder(folder, count, options.notes)
            start = time.monotonic()
            memory, _ = run(folder, table, options.workers)
            size = table.stat().st_size
            print(
                f"{count} files: {memory / 1024:.0f} MiB, table {size / 1e6:.1f} MB, {time.monotonic() - start:.0f} s"
            )
        whole = hashlib.sha256(table.read_bytes()).hexdigest()
        table.unlink()
        run(folder, table, options.workers, kill=count // 2)
        _, read = run(folder, table, options.workers, resume=True)
        same = hashlib.sha256(table.read_bytes()).hexdigest() == whole
        print(f"killed at {count // 2} of {count}: {read - (count - count // 2)} read again; same table: {same}")


def run(folder: Path, table: Path, workers: int, *, kill: int = 0, resume: bool = False) -> tuple[int, int]:
    """Greatest memory in KiB, and files that were read; zeros of a run that was killed."""
    arguments = [str(folder), str(table), str(workers), str(kill), "resume" if resume else "anew"]
    done = subprocess.run([sys.executable, "-c", RUN, *arguments], capture_output=True, text=True)
    if kill:
        return 0, 0
    if done.returncode:
        sys.exit(done.stderr)
    memory, read = done.stdout.strip().splitlines()[-1].strip("[]").split(",")
    return int(memory), int(read)


def write_folder(folder: Path, count: int, notes: int) -> None:
    """Files of two labels, each a walk of its own."""
    for number in range(count):
        source = random.Random(number)
        path = folder / ("even" if number % 2 else "odd") / f"{number}.mid"
        path.parent.mkdir(parents=True, exist_ok=True)
        pitch, events = 60, b""
        for _ in range(notes):
            pitch = min(96, max(36, pitch + source.choice((-5, -3, -2, -1, 1, 2, 3, 5))))
            events += bytes([0, 0x90, pitch, 80, 0x81, 0x70, 0x80, pitch, 0])
        track = events + b"\x00\xff\x2f\x00"
        header = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0"
        path.write_bytes(header + b"MTrk" + len(track).to_bytes(4, "big") + track)


if __name__ == "__main__":
    main()
