"""What hierarchy, augmentation, SMOTE, selection, regularisation and stacking are worth on muzo, honestly.

The older system (B of the mission) expected much of each: the claim stands beside the measured gain. Each change is
made alone to a base, and both learn from the same folds, artists and identical rows kept whole, everything inside the
fold. Two bases: the older system's random forest, and a Gaussian support-vector machine. The tests are those of
`styleprint compare`; nothing here was tuned on the figures that it prints.

    python benchmarks/ablation.py DATA/tables/muzo [--json figures.json]
"""

import argparse
import functools
import json
from pathlib import Path

from styleprint.evaluation.comparison import CompareSettings, compare_models
from styleprint.evaluation.comparison_sentences import verdict
from styleprint.extraction.recipe import Recipe
from styleprint.models.registry import make_with
from styleprint.support.progress import show_progress
from styleprint.support.workers import count_workers
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare

PLAIN = {"inner_folds": 1}  # answers need no calibration here
CLAIMS = {
    "augmentation": "+10 to +15",
    "SMOTE": "none given",
    "selection": "+5 to +10",
    "regularisation": "gap 21 → 20, solved",
    "stacking": "none given",
    "hierarchy": "+15 to +25",
}
CHANGES = {
    "forest": {
        "augmentation": ("forest", {"preparation": "quantile, noise=200"}),
        "SMOTE": ("forest", {"preparation": "quantile, smote=200"}),
        "selection": ("forest", {"preparation": "quantile, union=20"}),
        "regularisation": ("forest", {"least_leaf": 5}),
    },
    "rbf_svm": {
        "augmentation": ("rbf_svm", {"preparation": "quantile, noise=200"}),
        "SMOTE": ("rbf_svm", {"preparation": "quantile, smote=200"}),
        "selection": ("rbf_svm", {"preparation": "quantile, union=20"}),
        "regularisation": ("rbf_svm", {"strength": 0.3}),
        "stacking": ("stack", {"inner_folds": 3}),
        "hierarchy": ("hierarchical", {"inner_folds": 3}),
    },
}


def ablate(table, base, asked, progress):
    """The base and its changes on the same folds."""
    changes = {name: change for name, change in CHANGES[base].items() if name != "hierarchy" or has_levels(table)}
    plans = {base: (base, {})} | changes
    makers = {
        name: functools.partial(make_with, model, PLAIN | parameters, seed=0)
        for name, (model, parameters) in plans.items()
    }
    settings = CompareSettings(
        folds=5, repeats=asked.repeats, inner_folds=0, workers=0 if asked.workers == 1 else count_workers(asked.workers)
    )
    return compare_models(table, makers, reference=base, settings=settings, progress=progress)


def has_levels(table):
    """Whether the labels are paths."""
    return table.frame["label"].astype(str).str.contains("/").any()


def show(level, base, found):
    """One line a change."""
    own = found.models[base]
    print(f"\n{level}, {base}: accuracy {shown(own['accuracy'])}, training {own['train_accuracy']:.3f}")
    print(f"{'change':15} {'claimed':20} gain in points (95 % over groups)  p, Holm  P(> 1 point)  gap    verdict")
    for name in found.paired:
        entry, model = found.paired[name], found.models[name]
        gain, test = entry["difference"], entry["test"]
        points = f"{100 * gain['value']:+.1f} ({100 * gain['low']:+.1f} to {100 * gain['high']:+.1f})"
        says = verdict(entry["p_holm"], test.mean, test.p_equivalent) if test else "untested"
        tests = f"{entry['p_holm']:.2g}   {test.p_better:.2f}" if test else "-"
        print(f"{name:15} {CLAIMS[name]:20} {points:30} {tests:16} {100 * model['gap_to_training']:5.1f}  {says}")


def shown(figure):
    """A figure and its interval."""
    return f"{figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"


def main():
    """Both levels, both bases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("muzo", type=Path)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = {}
    for level, target in (("genre", "genre"), ("subgenre", "genre/subgenre")):
        corpus = CorpusOptions(target=target, groups=str(asked.muzo / "groups.csv"))
        table = prepare(asked.muzo / "features.csv", Recipe.of((), ()), corpus=corpus, run=RunOptions()).table
        for base in CHANGES:
            with show_progress(quiet=False) as progress:
                found = ablate(table, base, asked, progress)
            show(level, base, found)
            figures[f"{level}, {base}"] = found.to_json()
            if asked.json:
                asked.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
