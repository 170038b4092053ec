"""How long one answer takes from a cold start, and how large the bundle is.

usage: cold_identify.py FOLDER-WITH-four-composers [BUNDLE]

Trains a bundle of the four composers where none is given, then runs `styleprint identify` on one file in
a new process, several times. Wall and CPU time of the whole process; median.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7


def main(data: Path, bundle: Path | None) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        if bundle is None:
            bundle = Path(folder) / "four.styleprint"
            labels = data / "four-composers.labels.csv"
            command = ["train", str(data / "four-composers"), "--labels", str(labels), "-o", str(bundle), "--quiet"]
            start = time.monotonic()
            subprocess.run([sys.executable, "-m", "styleprint", *command], check=True)
            print(f"training: {time.monotonic() - start:.0f} s")
        file = sorted((data / "composers-20" / "Mozart").iterdir())[0]
        command = [sys.executable, "-m", "styleprint", "identify", str(bundle), str(file), "--json", "-", "--quiet"]
        wall, cpu = [], []
        for _ in range(RUNS):
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            wall.append(time.monotonic() - start)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        print(f"bundle: {bundle.stat().st_size / 1e6:.1f} MB")
        print(f"identify {file.name}: median {statistics.median(wall):.2f} s wall, {statistics.median(cpu):.2f} s CPU")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
