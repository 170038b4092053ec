"""A piece as one vector: the hidden states of a model of language over the piece, pooled.

The piece is moved so that its tonic, as we find it, is C, the shorter way; else its key would count for more than its
music. Mean and standard deviation of each number of the state over all events make the vector. What the model learnt
from decides what the numbers tell; what two pieces have in common they tell only roughly.

Pieces are compared by the cosine of their vectors once each number is taken from its mean over the known pieces and
divided by its deviation there: raw states all lie on one side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.features.streams.events import score_of_events
from styleprint.models.language.rows import EventRows, Events, transposed
from styleprint.support.progress import Progress, silent
from styleprint.theory.global_key import estimate_global_key

__all__ = ["NearPiece", "in_c", "nearest_pieces", "piece_vector", "piece_vectors"]

FloatArray = npt.NDArray[np.float64]

_ABREAST = 64


@dataclass(frozen=True)
class NearPiece:
    """A known piece that is near.

    Attributes
    ----------
    number : int
        Of the known piece.
    similarity : float
        Cosine.
    """

    number: int
    similarity: float


def in_c(events: Events) -> Events:
    """The piece moved by at most six semitones so that its tonic is C; as it is where no key is found."""
    key = estimate_global_key(score_of_events(events))
    return events if key is None else transposed(events, -((key.tonic + 6) % 12 - 6))


def piece_vector(estimator: Any, events: Events) -> FloatArray:
    """The vector of a piece, shape (2 · width,): means, then deviations; zeros of a piece without events.

    Parameters
    ----------
    estimator : LanguageNetworkModel
        Fitted.
    events : ndarray of int32, shape (n_events, 4)
    """
    return _pooled(estimator.machine.states_of([in_c(events)])[0])


def piece_vectors(estimator: Any, rows: EventRows, progress: Progress = silent) -> FloatArray:
    """The vectors of pieces, shape (n_pieces, 2 · width)."""
    found: list[FloatArray] = []
    for start in range(0, len(rows), _ABREAST):
        progress("listening", start, len(rows))
        pieces = [in_c(rows.row(i)) for i in range(start, min(start + _ABREAST, len(rows)))]
        found += map(_pooled, estimator.machine.states_of(pieces))
    progress("listening", len(rows), len(rows))
    return np.array(found)


def _pooled(states: npt.NDArray[np.float32]) -> FloatArray:
    if not len(states):
        return np.zeros(2 * states.shape[1])
    return np.concatenate([states.mean(axis=0, dtype=np.float64), states.std(axis=0, dtype=np.float64)])


def nearest_pieces(
    asked: npt.ArrayLike, known: npt.ArrayLike, *, count: int = 5, without: Sequence[int] = ()
) -> list[tuple[NearPiece, ...]]:
    """The known pieces nearest to each piece, nearest first.

    Parameters
    ----------
    asked, known : ndarray, shape (n_pieces, size)
        Vectors.
    count : int
    without : sequence of int, one an asked piece, optional
        A known piece that is not named: itself.
    """
    base = np.asarray(known, dtype=np.float64)
    mean, scale = base.mean(axis=0), base.std(axis=0)
    kept = scale > 1e-9
    sides = [(np.asarray(one, np.float64)[:, kept] - mean[kept]) / scale[kept] for one in (asked, base)]
    unit = [side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-12) for side in sides]
    cosines = unit[0] @ unit[1].T
    for row, own in enumerate(without):
        cosines[row, own] = -np.inf
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
    return [
        tuple(NearPiece(int(i), float(cosines[row, i])) for i in near if np.isfinite(cosines[row, i]))
        for row, near in enumerate(order)
    ]
