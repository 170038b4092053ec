"""How long `styleprint compare` takes for the whole zoo on 1,000 × 57, 5 folds × 2, the winner's figure nested.

Prints the table, the wall time, and the processor time of all processes: half of the latter is what two idle cores
would take at least.

    python benchmarks/compare_zoo.py DATA/tables/gtzan [--workers 2] [--report zoo.html]
"""

import argparse
import resource
import time
from pathlib import Path

from styleprint.support.progress import show_progress
from styleprint.workflows.compare import CompareOptions, compare
from styleprint.workflows.options import CorpusOptions, RunOptions


def main():
    """Run the comparison and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gtzan", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    start = time.perf_counter()
    with show_progress(quiet=False) as progress:
        result = compare(
            asked.gtzan / "features_30_sec.csv",
            CompareOptions(folds=5, repeats=2, report=asked.report),
            corpus=CorpusOptions(target="label", groups=str(asked.gtzan / "groups.csv")),
            run=RunOptions(workers=asked.workers, progress=progress),
        )
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(each.ru_utime + each.ru_stime for each in used)
    print(result.text)
    wall = time.perf_counter() - start
    print(f"{wall:.0f} s of wall time with {asked.workers} workers, {processor:.0f} s of processors")


if __name__ == "__main__":
    main()
