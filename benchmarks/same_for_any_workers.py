"""Do the table and the figures depend on the number of workers?

usage: same_for_any_workers.py CORPUS [LABELS.csv]

Extracts and evaluates with one and with two workers and compares bytes of the tables and every figure.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

VOLATILE = ("seconds", "peak_memory_mb")


def main(corpus: Path, labels: Path | None) -> None:
    """Print whether all is equal; exit with 1 if not."""
    given = ["--labels", str(labels)] if labels else []
    hashes, figures = [], []
    with tempfile.TemporaryDirectory() as folder:
        for workers in ("1", "2"):
            table, numbers = Path(folder) / f"{workers}.parquet", Path(folder) / f"{workers}.json"
            run = [sys.executable, "-m", "styleprint"]
            common = [*given, "--workers", workers, "--quiet"]
            subprocess.run([*run, "extract", str(corpus), "-o", str(table), *common], check=True)
            options = ["--protocols", "work", "--json", str(numbers)]
            subprocess.run([*run, "evaluate", str(corpus), *options, *common], check=True, stdout=subprocess.DEVNULL)
            hashes.append(hashlib.sha256(table.read_bytes()).hexdigest())
            found = json.loads(numbers.read_text())
            figures.append({key: value for key, value in found.items() if key not in VOLATILE})
    print("tables:", "byte-identical" if hashes[0] == hashes[1] else "different", hashes[0][:12])
    print("figures:", "equal" if figures[0] == figures[1] else "different")
    if hashes[0] != hashes[1] or figures[0] != figures[1]:
        sys.exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
