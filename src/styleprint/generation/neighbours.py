"""Which tokens a model holds for alike: the nearest of each, and a map.

Chords are no tokens; their vectors are states after hearing them (:mod:`styleprint.generation.chord_states`).

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
from styleprint.generation.chord_states import CHORDS, chord_vectors, question_chords
from styleprint.generation.knowledge import (
    Finding,
    TokenVectors,
    chance_similarity,
    judge,
    question_embeddings,
    similarity_of,
)
from styleprint.generation.probe_tones import question_keys
from styleprint.generation.relations import UNISON
from styleprint.generation.writer import NetworkWriter

__all__ = ["FieldMap", "Neighbourhood", "embeddings_of", "knowledge_of", "map_chords", "map_field", "shuffled"]

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
    count : int or None
        How often it occurs in the training music; None of chords, which are not counted.
    nearest : tuple of (str, float)
        With cosines, nearest first.
    """

    token: str
    count: int | None
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
    """The embeddings of shift, pitch and duration, and of intervals to what sounds where the bundle counts them.

    Parts have no order that theory speaks of; the last intervals either way stand for all that are larger.
    """
    values: Mapping[str, FloatArray] = {
        "pitch": np.arange(128, dtype=np.float64),
        "duration": DURATION_TICKS.astype(np.float64),
        "shift": SHIFT_TICKS.astype(np.float64),
    }
    tables = dict(bundle.estimator.embeddings)
    if "interval" in bundle.counts:
        tables["interval"] = bundle.estimator.machine.intervals
        semitones = np.arange(len(tables["interval"]), dtype=np.float64)
        values = {**values, "interval": np.where((semitones > 0) & (semitones < semitones[-1]), semitones, np.nan)}
    return tuple(
        TokenVectors(field, np.asarray(tables[field], np.float64), value, bundle.counts[field].astype(np.float64))
        for field, value in values.items()
    )


def knowledge_of(bundle: LanguageBundle, *, seed: int = 0) -> tuple[Finding, ...]:
    """All tests of knowledge, judged together."""
    parts = _parts(bundle)
    untrained = [shuffled(bundle.estimator, number) for number in range(_SHUFFLES)]
    writers = [NetworkWriter(one) for one in untrained]
    keys = question_keys(NetworkWriter(bundle.estimator), parts, writers, seed=seed)
    chords = question_chords(bundle.estimator, parts, untrained, seed=seed)
    return judge((*question_embeddings(embeddings_of(bundle), seed=seed), keys, chords))


def _parts(bundle: LanguageBundle) -> list[int]:
    """Those of the training music, from the highest."""
    return np.flatnonzero(bundle.counts["part"]).tolist() or [0]


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
    order = np.argsort(-vectors.counts, kind="stable")[:_COMMONEST].tolist()
    return _map(embedding.field, names, vectors.vectors, [(i, int(vectors.counts[i])) for i in order])


def map_chords(bundle: LanguageBundle) -> FieldMap:
    """Nearest chords and places of the 24 triads."""
    names = tuple(f"{_LETTERS[root]}{'m' if is_minor else ''}" for root, is_minor in CHORDS)
    return _map("chord", names, chord_vectors(bundle.estimator, _parts(bundle)), [(i, None) for i in range(len(names))])


def _map(field: str, names: tuple[str, ...], vectors: FloatArray, shown: Sequence[tuple[int, int | None]]) -> FieldMap:
    """A map of all, and the nearest of those that are shown."""
    deviation, largest = chance_similarity(vectors.shape[1], max(len(names) - 1, 1))
    if len(names) < 3:
        return FieldMap(field, (), (), (0.0, 0.0), (), deviation, largest)
    cosines = similarity_of(vectors)
    around = tuple(_around(token, cosines, names, count) for token, count in shown)
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    left, size, _ = np.linalg.svd(unit - unit.mean(axis=0), full_matrices=False)
    places = left[:, :2] * size[:2]
    share = size[:2] ** 2 / (size**2).sum()
    points = tuple((float(x), float(y)) for x, y in places)
    return FieldMap(field, names, points, (float(share[0]), float(share[1])), around, deviation, largest)


def _around(token: int, cosines: FloatArray, names: Sequence[str], count: int | None) -> Neighbourhood:
    row = cosines[token].copy()
    row[token] = -2.0
    nearest = np.argsort(-row, kind="stable")[: min(_NEAREST, len(names) - 1)]
    return Neighbourhood(names[token], count, tuple((names[i], float(row[i])) for i in nearest))


def _name(field: str, value: float) -> str:
    if field == "interval":
        return f"{int(value) - UNISON:+d}"
    if field == "pitch":
        return f"{_LETTERS[int(value) % 12]}{int(value) // 12 - 1}"
    table = DURATION_TICKS if field == "duration" else SHIFT_TICKS
    return STREAM.fields[field].name(int(np.flatnonzero(table == int(value))[0]))
