"""What learning from variants of recordings is worth on sixty clips: with and without them, on the same folds, paired.

    python benchmarks/recording_augmentation.py RECORDINGS [--models discriminant] [--folds 4] [--each 2]
           [--kinds louder,faster,all]

RECORDINGS holds `gtzan` and `clips.csv`. Artists are kept apart. Of each clip `--each` variants of every kind are made;
the model learns beside the clips from those of one kind, then from all kinds together, or as `--kinds` says. Every
difference is with variants less without, in balanced accuracy and in log loss (less is better), with an interval over
artists.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from augmentation import compare
from styleprint.extraction.variants import Variants
from styleprint.features.kinds import KINDS
from styleprint.workflows.augment import prepare_augmented
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions
from styleprint.workflows.recipes import recipe_for


def main():
    """Print the figures of each model and each kind of variant."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--models", default="discriminant")
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--each", type=int, default=2)
    parser.add_argument("--kinds")
    parser.add_argument("--cap", type=int)
    parser.add_argument("--workers", type=int, default=0)
    asked = parser.parse_args()
    models, kinds = asked.models.split(","), list(KINDS["recording"].variants)
    options = AugmentOptions(tuple(f"{kind}={asked.each}" for kind in kinds))
    start = time.process_time()
    with tempfile.TemporaryDirectory() as place:
        labels = Path(place) / "labels.csv"
        clips = pd.read_csv(asked.recordings / "clips.csv")
        clips = clips[clips["file"].str.startswith("gtzan/")]
        path = clips["file"].str.removeprefix("gtzan/")
        pd.DataFrame({"path": path, "label": clips["genre"], "work": clips["artist"]}).to_csv(labels, index=False)
        corpus, run = CorpusOptions(labels=labels, cap=asked.cap), RunOptions(workers=asked.workers)
        recipe = recipe_for(models, "recording")
        whole = prepare_augmented(asked.recordings / "gtzan", recipe, options, corpus=corpus, run=run)
    made = whole.augmented
    rows = len(made) // (asked.each * len(kinds))
    if rows * asked.each * len(kinds) != len(made):
        raise RuntimeError("each clip must have all variants")
    print(f"{len(whole.table)} clips, {len(made)} variants: {time.process_time() - start:.0f} s of processor")
    kind = np.repeat(np.arange(len(kinds)), asked.each * rows)  # those of one kind follow each other
    for model in models:
        for name in asked.kinds.split(",") if asked.kinds else [*kinds, "all"]:
            own = np.flatnonzero((kind == kinds.index(name)) if name != "all" else (kind >= 0))
            print(f"{name}:")
            compare(model, whole.table, Variants(made.inputs.iloc[own].reset_index(drop=True), made.of[own]), {}, asked)


if __name__ == "__main__":
    main()
