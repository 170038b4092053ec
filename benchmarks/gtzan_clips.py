"""Models of the GTZAN table identify recordings of artists that they have not learnt.

    python benchmarks/gtzan_clips.py DATA [--model discriminant] [--folds 10] [--seed 0]

DATA holds `tables` and `recordings`. The table is divided into folds of artists; each fold's model learns from the
others and is asked only about clips, computed from sound, whose artist it has not learnt. Full-band clips and those cut
at 8 kHz are told apart: the second are a test of a shift in bandwidth. Beside each stands the same model's answer to
the table's own row of the same clip. Intervals are of 2,000 bootstraps of artists.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from styleprint.corpus.splits import grouped_splits
from styleprint.extraction.inputs import inputs_of
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import Table
from styleprint.models.registry import make_with
from styleprint.reading import read_recording
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare
from styleprint.workflows.training_rows import choose_training_rows


def heard_rows(data, recipe):
    """One row a clip, computed from sound; and which clips are full-band."""
    clips = pd.read_csv(data / "recordings" / "clips.csv")
    rows = [inputs_of(read_recording(data / "recordings" / file), recipe) for file in clips["file"]]
    full = clips["file"].str.startswith("gtzan-fullband/").to_numpy()
    return clips["clip"].to_numpy(), full, pd.concat(rows, ignore_index=True)


def told(name, right, artist):
    """Accuracy with its interval."""
    low, high = interval(right, artist)
    return f"{name}: {right.mean():.3f} ({low:.3f} to {high:.3f}), {len(right)} clips of {len(set(artist))} artists"


def interval(right, artist, draws=2_000, seed=0):
    """Percentiles of bootstraps of artists, each with its clips."""
    rng = np.random.default_rng(seed)
    places = [np.flatnonzero(artist == name) for name in np.unique(artist)]
    found = [
        right[np.concatenate([places[i] for i in rng.integers(len(places), size=len(places))])].mean()
        for _ in range(draws)
    ]
    return np.percentile(found, [2.5, 97.5])


def main():
    """Print accuracy on full-band and on band-limited clips."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="discriminant")
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    folder = options.data / "tables" / "gtzan"
    corpus = CorpusOptions(target="label", groups=str(folder / "groups.csv"))
    table: Table = prepare(folder / "features_30_sec.csv", Recipe.of((), ()), corpus=corpus, run=RunOptions()).table
    training = choose_training_rows(table)
    recipe = Recipe.from_json(table.recipe)
    name = table.frame["path"].iloc[training.rows].str.replace(r"\.(wav|au)$", "", regex=True).to_numpy()
    clips, full, heard = heard_rows(options.data, recipe)
    place = {clip: i for i, clip in enumerate(name)}
    answers = {"sound": np.full(len(clips), "", dtype=object), "table": np.full(len(clips), "", dtype=object)}
    for learnt, held in grouped_splits(training.labels, training.groups, folds=options.folds, seed=options.seed):
        model = make_with(options.model, {}, seed=options.seed, optimise="accuracy")
        rows = training.inputs.iloc[learnt]
        model.fit(rows, training.labels[learnt], groups=training.groups[learnt], sample_weight=training.weights[learnt])
        mine = np.array([i for i, clip in enumerate(clips) if place.get(clip) in set(held.tolist())], dtype=int)
        if len(mine):
            answers["sound"][mine] = model.predict(heard.iloc[mine])
            answers["table"][mine] = model.predict(training.inputs.iloc[[place[clips[i]] for i in mine]])
    genre = np.array([clip.split(".")[0] for clip in clips])
    artist = np.array([training.groups[place[clip]] if clip in place else "" for clip in clips])
    asked = answers["sound"] != ""
    for title, chosen in (("full band", full & asked), ("cut at 8 kHz", ~full & asked)):
        for source in ("sound", "table"):
            print(told(f"{options.model}, {title}, {source}", answers[source][chosen] == genre[chosen], artist[chosen]))


if __name__ == "__main__":
    main()
