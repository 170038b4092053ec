"""What sixty clips can tell: genre from sound, artists kept apart.

    python benchmarks/sixty_clips.py RECORDINGS [--models discriminant,standard] [--folds 4]

RECORDINGS holds `gtzan` and `clips.csv`. Six clips in each of ten genres, by three to six artists each: whoever learns
from so few is measured only roughly, which the intervals say. Folds of artists, and beside them random folds.
"""

import argparse
import os
import tempfile
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pandas as pd

from styleprint.workflows.evaluate import evaluate
from styleprint.workflows.extract import extract
from styleprint.workflows.options import CorpusOptions, EvaluateOptions, RunOptions


def main():
    """Print figures of each model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--models", default="discriminant,standard")
    parser.add_argument("--folds", type=int, default=4)
    options = parser.parse_args()
    run = RunOptions(workers=0)
    with tempfile.TemporaryDirectory() as place:
        labels, table = Path(place) / "labels.csv", Path(place) / "clips.parquet"
        clips = pd.read_csv(options.recordings / "clips.csv")
        clips = clips[clips["file"].str.startswith("gtzan/")]
        path = clips["file"].str.removeprefix("gtzan/")
        pd.DataFrame({"path": path, "label": clips["genre"], "work": clips["artist"]}).to_csv(labels, index=False)
        models = options.models.split(",")
        extract(options.recordings / "gtzan", table, models=models, corpus=CorpusOptions(labels=labels), run=run)
        for model in models:
            asked = EvaluateOptions(model=model, protocols=("work", "random"), folds=options.folds)
            found = evaluate(table, asked, run=run).as_json
            for protocol, figures in found["protocols"].items():
                value = figures["accuracy"]
                print(
                    f"{model}, {protocol}: accuracy {value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f}), "
                    f"training rows {figures['train_accuracy']:.3f}; {found['rows']} clips, {found['groups']} groups",
                    flush=True,
                )
            probe = found["audit"]["make_probe"]["balanced_accuracy"]
            print(
                f"{model}: what the making alone tells {probe['value']:.3f} ({probe['low']:.3f} to {probe['high']:.3f})"
            )


if __name__ == "__main__":
    main()
