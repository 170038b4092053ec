"""Rows for tests of models: pieces by imaginary composers, each with habits of its own."""

from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from feature_cases import score_of
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import extract_row, frame_of_rows
from styleprint.models.networks.network_model import NetworkModel
from styleprint.models.registry import make_model
from styleprint.models.sequence_stack import SequenceStackModel
from styleprint.models.standard import StandardModel

HABITS = {
    "Anna": ([2, 2, -4, 1, -1], 0.5),
    "Bruno": ([7, -5, 5, -7, 12, -12], 0.5),
    "Clara": ([1, 1, 1, -3, 1, -1], 0.25),
}


SMALL = {
    "trees": 20,
    "rounds": 8,
    "networks": 1,
    "epochs": 20,
    "width": 16,
    "layers": 1,
    "window": 32,
    "longest": 1,
    "units": 16,
    "members": "discriminant,naive_bayes",
    "general": "discriminant",
    "candidates": 2,
}


def small_model(name, seed=0, **settings):
    """A model of that name, small where it can be, so that tests stay fast."""
    model = make_model(name, seed=seed)
    small = {key: value for key, value in SMALL.items() if key in model.get_params()}
    if isinstance(model, NetworkModel):
        small |= {"epochs": 2, "inner_folds": 2}
    if isinstance(model, SequenceStackModel):
        small["members"] = "ngrams,relative_ngrams"
    return model.set_params(**(small | settings))


def piece(label, seed, length=60):
    """A melody of the label's intervals over a slow bass."""
    steps, duration = HABITS[label]
    random = np.random.default_rng([seed, sum(map(ord, label))])
    pitch, notes = 66, []
    for i in range(length):
        pitch = int(np.clip(pitch + random.choice(steps), 55, 90))
        notes.append((i * duration, duration, pitch))
        if i % 4 == 0:
            notes.append((i * duration, 4 * duration, 40 + int(random.choice([0, 5, 7])), 1))
    return score_of(notes, measure_quarters=4.0)


@cache
def _rows(labels, pieces, length):
    recipe = Recipe.of(StandardModel.needs.features, StandardModel.needs.streams)
    rows = [extract_row(piece(label, seed, length), recipe) for label in labels for seed in range(pieces)]
    return frame_of_rows(rows, recipe)


def rows(labels=("Anna", "Bruno", "Clara"), pieces=10, length=60):
    """Inputs, labels and groups (two pieces each) of so many pieces by each composer."""
    y = np.repeat(labels, pieces)
    groups = np.array([f"{label} {seed // 2}" for label in labels for seed in range(pieces)])
    return _rows(tuple(labels), pieces, length).copy(), y, groups


def emptied(frame, row):
    """The same rows, one of them without music: empty streams, NaN features."""
    changed = frame.copy()
    for name in changed:
        if isinstance(changed[name].dtype, pd.ArrowDtype):
            lists = pa.array(changed[name]).to_pylist()
            lists[row] = []
            kind = changed[name].dtype.pyarrow_dtype
            changed[name] = pd.Series(pa.array(lists, kind), dtype=pd.ArrowDtype(kind))
        else:
            changed.loc[row, name] = np.nan
    return changed


def padded(frame, count):
    """The same rows, their streams filled up: negative tokens, with moments beside them."""
    changed = frame.copy()
    for name in changed:
        if isinstance(changed[name].dtype, pd.ArrowDtype):
            filling = [1e6] * count if name.endswith("onset_quarters") else [-1] * count
            lists = [[*row, *filling] for row in pa.array(changed[name]).to_pylist()]
            kind = changed[name].dtype.pyarrow_dtype
            changed[name] = pd.Series(pa.array(lists, kind), dtype=pd.ArrowDtype(kind))
    return changed
