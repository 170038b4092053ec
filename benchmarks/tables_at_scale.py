"""Does a table of 100,000 rows and 60 features train within 10 minutes and 8 GB?

usage: python benchmarks/tables_at_scale.py [--rows 100000] [--features 60] [--classes 10] [--model standard]

The table is made by seed: classes as clouds of several centres in a third of the features, the rest noise; groups
of five rows. It goes the whole way as a file: written as CSV, read as any table from elsewhere, trained, saved as a
bundle.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from styleprint.support.measure import Meter
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.train import train

CENTRES = 6


def main() -> None:
    """Print seconds, peak memory and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--features", type=int, default=60)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--model", default="standard")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, bundle = Path(folder) / "table.csv", Path(folder) / "table.styleprint"
        make(options.rows, options.features, options.classes).to_csv(path, index=False)
        print(
            f"{options.rows} rows x {options.features} features, {path.stat().st_size / 1e6:.0f} MB of CSV", flush=True
        )
        with Meter() as meter:
            corpus = CorpusOptions(target="genre", groups="artist")
            found = train(path, bundle, model=options.model, corpus=corpus, run=RunOptions())
        print(found.text)
        print(
            f"{meter.seconds:.0f} s, {meter.peak_memory_mb / 1024:.1f} GB, bundle {bundle.stat().st_size / 1e6:.1f} MB"
        )


def make(n_rows: int, n_features: int, n_classes: int) -> pd.DataFrame:
    """Clouds around centres, and noise."""
    random = np.random.default_rng(0)
    y = random.integers(0, n_classes, n_rows // 5 + 1).repeat(5)[:n_rows]
    telling = n_features // 3
    centres = random.normal(size=(n_classes, CENTRES, telling))
    rows = random.normal(size=(n_rows, n_features))
    rows[:, :telling] += 1.5 * centres[y, random.integers(0, CENTRES, n_rows)]
    frame = pd.DataFrame(rows.round(6), columns=[f"feature_{j:02d}" for j in range(n_features)])
    return frame.assign(genre=[f"genre {k}" for k in y], artist=[f"artist {i // 5}" for i in range(n_rows)])


if __name__ == "__main__":
    main()
