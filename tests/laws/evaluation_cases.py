"""Small tables and a cheap estimator for the laws of evaluation."""

import numpy as np
import pandas as pd

from styleprint.extraction.table import Column, Table

FEATURES = ("f0", "f1", "f2", "f3")
ROLES = {"label": "label", "work": "work", "copies": "copies", "group": "group", "tempo": "make", "program": "make"}


def make_table(seed=0, works=(12, 15, 11), strength=1.5, conflicts=0):
    """Works of one to three pieces; the first piece of each fifth work has a copy; features know label and work."""
    rng = np.random.default_rng(seed)
    rows = []
    centres = rng.normal(size=(len(works), len(FEATURES)))
    for label, count in enumerate(works):
        for work in range(count):
            of_work = strength * centres[label] + rng.normal(size=len(FEATURES))
            for piece in range(1 + work % 3):
                name = f"{'ABCDE'[label]}/w{work:02d}-{piece}"
                values = of_work + 0.3 * rng.normal(size=len(FEATURES))
                copies = f"c-{label}-{work}" if piece == 0 and work % 5 == 0 else ""
                rows.append(row(name, label, work, copies, values, rng))
                if copies:
                    rows.append(row(f"{name}-copy", label, work, copies, values, rng))
    for k in range(conflicts):
        values = rng.normal(size=len(FEATURES))
        rows += [row(f"conflict{k}-{label}", label, 900 + k, f"x{k}", values, rng) for label in (0, 1)]
    frame = pd.DataFrame(rows)
    return to_table(frame)


def row(path, label, work, copies, values, rng):
    return {
        "path": path,
        "label": "ABCDE"[label],
        "work": f"w{work}",
        "copies": copies,
        "group": f"g{label}-{work}" if work < 900 else f"g-{work}",
        "collection": f"op{work // 4}" if work % 2 else "",
        "notes": int(rng.integers(50, 5000)),
        "tempo": float(100 + 10 * label + rng.normal(scale=5)),
        "program": ["piano", "organ"][int(rng.integers(2))],
    } | dict(zip(FEATURES, values, strict=True))


def to_table(frame):
    """A Table of these rows."""
    roles = {name: ROLES.get(name, "feature" if name in FEATURES else "identity") for name in frame}
    return Table(frame.reset_index(drop=True), {name: Column(role) for name, role in roles.items()})


class Centroids:
    """Nearest weighted class centre; probabilities from distances; typicality from training distances."""

    def fit(self, X, y, groups=None, sample_weight=None):  # the contract of estimators
        """Learn the centres."""
        X, y = np.asarray(X, dtype=float), np.asarray(y)
        weight = np.ones(len(y)) if sample_weight is None else sample_weight
        self.classes_ = np.unique(y)
        self.centres_ = np.stack([np.average(X[y == c], axis=0, weights=weight[y == c]) for c in self.classes_])
        own = ((X - self.centres_[np.searchsorted(self.classes_, y)]) ** 2).sum(axis=1)
        self.distances_ = [np.sort(own[y == c]) for c in self.classes_]
        return self

    def predict_proba(self, X):
        """The closer, the likelier."""
        closeness = np.exp(-self._distances(X) / 2)
        return closeness / closeness.sum(axis=1, keepdims=True)

    def typicality(self, X):
        """Share of training rows of the class that lie farther out."""
        found = self._distances(X)
        above = [len(d) - np.searchsorted(d, found[:, k]) for k, d in enumerate(self.distances_)]
        return np.stack([(a + 1) / (len(d) + 1) for a, d in zip(above, self.distances_, strict=True)], axis=1)

    def _distances(self, X):
        return ((np.asarray(X, dtype=float)[:, None, :] - self.centres_) ** 2).sum(axis=2)
