"""Which tokens a model holds for alike: the nearest of each, and a map.

Only tokens that occur ten times or more in the training music are asked about; the others have hardly moved from where
learning began. Beside each similarity stands what chance gives: the deviation of two random vectors, and the largest
that a token would have among so many others (:func:`styleprint.generation.knowledge.chance_similarity`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.bundle.language import LanguageBundle
from styleprint.features.streams.events import DURATION_TICKS, SHIFT_TICKS, STREAM
from styleprint.generation.knowledge import (
    Finding,
    TokenVectors,
    chance_similarity,
    judge,
    question_embeddings,
    similarity_of,
)
from styleprint.generation.probe_tones import question_keys
from styleprint.generation.writer import NetworkWriter

__all__ = ["FieldMap", "Neighbourhood", "embeddings_of", "knowledge_of", "map_field", "shuffled"]

FloatArray = npt.NDArray[np.float64]

_LETTERS = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_COMMONEST, _NEAREST = 12, 5
_SHUFFLES = 8


@dataclass(frozen=True)
class Neighbourhood:
    """The tokens most like one token.

    Attributes
    ----------
    token : str
    count : int
        How often it occurs in the training music.
    nearest : tuple of (str, float)
        With cosines, nearest first.
    """

    token: str
    count: int
    nearest: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class FieldMap:
    """A field as a map.

    Attributes
    ----------
    field : str
    tokens : tuple of str
        Those that occur often enough.
    points : tuple of (float, float)
        First two principal components of the vectors at length 1.
    explained : (float, float)
        Their shares of the variance.
    neighbourhoods : tuple of Neighbourhood
        Of the commonest tokens.
    deviation, largest : float
        Chance.
    """

    field: str
    tokens: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
    explained: tuple[float, float]
    neighbourhoods: tuple[Neighbourhood, ...]
    deviation: float
    largest: float


def embeddings_of(bundle: LanguageBundle) -> tuple[TokenVectors, ...]:
    """The embeddings of shift, pitch and duration; parts have no order that theory speaks of."""
    values: Mapping[str, FloatArray] = {
        "pitch": np.arange(128, dtype=np.float64),
        "duration": DURATION_TICKS.astype(np.float64),
        "shift": SHIFT_TICKS.astype(np.float64),
    }
    tables = bundle.estimator.embeddings
    return tuple(
        TokenVectors(field, np.asarray(tables[field], np.float64), value, bundle.counts[field].astype(np.float64))
        for field, value in values.items()
    )


def knowledge_of(bundle: LanguageBundle, *, seed: int = 0) -> tuple[Finding, ...]:
    """All tests of knowledge, judged together."""
    parts = np.flatnonzero(bundle.counts["part"]).tolist() or [0]
    untrained = [NetworkWriter(shuffled(bundle.estimator, number)) for number in range(_SHUFFLES)]
    keys = question_keys(NetworkWriter(bundle.estimator), parts, untrained, seed=seed)
    return judge((*question_embeddings(embeddings_of(bundle), seed=seed), keys))


def shuffled(estimator: Any, seed: int) -> Any:
    """The same model with the numbers of each of its arrays in another order: of that size, and knowing nothing."""
    rng = np.random.default_rng([seed, 7])
    state = dict(estimator.to_state())
    for name, value in state.items():
        if isinstance(value, np.ndarray):
            state[name] = rng.permutation(value.reshape(-1)).reshape(value.shape)
    return type(estimator).from_state(state)


def map_field(embedding: TokenVectors) -> FieldMap:
    """Nearest tokens and places of one field; empty where fewer than three tokens occur often enough."""
    vectors = embedding.compared()
    names = tuple(_name(embedding.field, value) for value in vectors.values)
    n = len(names)
    deviation, largest = chance_similarity(embedding.vectors.shape[1], max(n - 1, 1))
    if n < 3:
        return FieldMap(embedding.field, (), (), (0.0, 0.0), (), deviation, largest)
    cosines = similarity_of(vectors.vectors)
    order = np.argsort(-vectors.counts, kind="stable")[:_COMMONEST]
    around = tuple(_around(int(i), cosines, names, vectors.counts) for i in order)
    unit = vectors.vectors / np.linalg.norm(vectors.vectors, axis=1, keepdims=True)
    left, size, _ = np.linalg.svd(unit - unit.mean(axis=0), full_matrices=False)
    places = left[:, :2] * size[:2]
    share = size[:2] ** 2 / (size**2).sum()
    points = tuple((float(x), float(y)) for x, y in places)
    return FieldMap(embedding.field, names, points, (float(share[0]), float(share[1])), around, deviation, largest)


def _around(token: int, cosines: FloatArray, names: Sequence[str], counts: FloatArray) -> Neighbourhood:
    row = cosines[token].copy()
    row[token] = -2.0
    nearest = np.argsort(-row, kind="stable")[: min(_NEAREST, len(names) - 1)]
    return Neighbourhood(names[token], int(counts[token]), tuple((names[i], float(row[i])) for i in nearest))


def _name(field: str, value: float) -> str:
    if field == "pitch":
        return f"{_LETTERS[int(value) % 12]}{int(value) // 12 - 1}"
    table = DURATION_TICKS if field == "duration" else SHIFT_TICKS
    return STREAM.fields[field].name(int(np.flatnonzero(table == int(value))[0]))
