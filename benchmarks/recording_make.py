"""What the making of a recording tells: clips of one collection that were cut at 8 kHz, and clips that were not.

    python benchmarks/recording_make.py DATA/recordings

The source is the label, genre is not confounded with it. Printed are the balanced accuracy of the audit's probe, which
sees only how files were made, with its interval; how many clips of either folder are warned of when a bundle has learnt
from the other, and of what; and how many are when it has learnt from the rest of their own folder.
"""

import argparse
import json
import os
import tempfile
from collections import Counter
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pandas as pd

from styleprint.bundle.make_ranges import MakeRanges
from styleprint.extraction.table import read_table
from styleprint.workflows.evaluate import evaluate
from styleprint.workflows.extract import extract
from styleprint.workflows.options import EvaluateOptions, RunOptions

HERE = RunOptions(workers=0)


def probe_of(table: Path) -> str:
    """Balanced accuracy of the probe, with its interval."""
    found = evaluate(table, EvaluateOptions(model="discriminant", protocols=("work",)), run=HERE).as_json
    value = found["audit"]["make_probe"]["balanced_accuracy"]
    figures = f"{value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f})"
    return f"{figures}, {found['rows']} clips in {found['groups']} groups"


def warned(learnt: pd.DataFrame, asked: pd.DataFrame) -> list[str]:
    """The first words of each warning about each row; empty strings for rows without one."""
    ranges = MakeRanges.of(learnt)
    assert ranges is not None
    found = []
    for row in asked.to_dict("records"):
        sentences = ranges.warnings(row, "")
        found.append(
            "; ".join(one.split("its ")[1].split(" is ")[0] if "its " in one else "coding" for one in sentences)
        )
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path)
    recordings = parser.parse_args().recordings
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "clips.parquet"
        extract(recordings, table, run=HERE)
        frame = read_table(table).frame
        print("probe:", probe_of(table))
    cut, full = (frame[frame["label"] == name] for name in ("gtzan", "gtzan-fullband"))
    for name, one in (("cut", cut), ("full band", full)):
        heights = one["make_bandwidth_hz"]
        print(f"{name}: {len(one)} clips, bandwidth {heights.min():.0f} to {heights.max():.0f} Hz")
    for name, learnt, asked in (("full band, asked cut", full, cut), ("cut, asked full band", cut, full)):
        found = warned(learnt, asked)
        print(f"learnt {name}: {sum(map(bool, found))} of {len(found)} warned of: {json.dumps(Counter(found))}")
    for name, own in (("cut", cut), ("full band", full)):
        found = [warned(own.drop(index), own.loc[[index]])[0] for index in own.index]
        print(f"learnt the others of {name}: {sum(map(bool, found))} of {len(found)}: {json.dumps(Counter(found))}")


if __name__ == "__main__":
    main()
