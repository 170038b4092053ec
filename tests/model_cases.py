"""Rows for tests of models: pieces by imaginary composers, each with habits of its own."""

from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from feature_cases import score_of
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import arrow_lists, extract_row, frame_of_rows
from styleprint.models.networks.network_model import NetworkModel
from styleprint.models.recording_stack import RecordingStackModel
from styleprint.models.registry import make_model
from styleprint.models.score_stack import ScoreStackModel
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
    if isinstance(model, ScoreStackModel):
        small["members"] = "ngrams,standard"
    if isinstance(model, RecordingStackModel):
        small |= {"members": "discriminant,mel_convolutions", "inner_folds": 2}
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


def levels(label, seed, length=20):
    """A mel-spectrogram of the label's colour: hills over the bands that come and go."""
    random = np.random.default_rng([seed, sum(map(ord, label))])
    bands = np.sin(np.arange(64) * (0.1 + 0.1 * len(HABITS[label][0])) + random.normal(0, 0.3))
    times = np.sin(np.arange(length)[:, None] * HABITS[label][1] + random.uniform(0, 6))
    return np.clip(-40 + 20 * bands + 10 * times + random.normal(0, 3, (length, 64)), -79, 0)


@cache
def _rows(labels, pieces, length):
    recipe = Recipe.of(StandardModel.needs.features, StandardModel.needs.streams)
    each = [(label, seed) for label in labels for seed in range(pieces)]
    frame = frame_of_rows([extract_row(piece(label, seed, length), recipe) for label, seed in each], recipe)
    made = [levels(label, seed) for label, seed in each]
    spectrograms = {"level": made, "onset_seconds": [np.arange(len(level)) * 0.0464 for level in made]}
    for name, values in spectrograms.items():
        lists = arrow_lists(f"mel_spectrogram.{name}", values)
        frame[f"mel_spectrogram.{name}"] = pd.Series(lists, dtype=pd.ArrowDtype(lists.type))
    return frame


def rows(labels=("Anna", "Bruno", "Clara"), pieces=10, length=60):
    """Inputs (features, tokens, levels), labels and groups (two pieces each) of so many pieces by each composer."""
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
    """The same rows, their streams filled up: negative tokens and silence, with moments beside them."""
    changed = frame.copy()
    for name in changed:
        if isinstance(changed[name].dtype, pd.ArrowDtype):
            silent = [-80.0] * 64 if name.endswith(".level") else -1
            filling = [1e6 if name.partition(".onset_")[1] else silent] * count
            lists = [[*row, *filling] for row in pa.array(changed[name]).to_pylist()]
            kind = changed[name].dtype.pyarrow_dtype
            changed[name] = pd.Series(pa.array(lists, kind), dtype=pd.ArrowDtype(kind))
    return changed
