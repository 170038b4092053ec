"""Does it sound like music? Generated pieces against pieces of the same kind, aspect by aspect, by our own catalogue.

Aspects that are distributions within a piece (scale degrees, melodic intervals, note values) are averaged over pieces
and compared by the Jensen–Shannon divergence (Lin 1991) in bits: 0 where they are equal, 1 where they have nothing in
common. Aspects that are one number a piece (notes a quarter, clarity of key, repetition, cadences) are compared by the
greatest distance of their distribution functions (Kolmogorov and Smirnov): 0 to 1 too. Intervals are of 500 bootstraps
of pieces on both sides.

A distance means something beside two others: that of the music from itself, in halves drawn at random (what is left
between pieces of one kind: with few pieces it is far from 0), and that of a baseline's pieces. Pieces must be of one
length, since many aspects depend on it: :func:`aspects_of` cuts them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.row import feature_row
from styleprint.music.changes import cut_span
from styleprint.music.score import Score

__all__ = ["ASPECTS", "Distance", "aspects_of", "distances", "halves", "nearer"]

FloatArray = npt.NDArray[np.float64]
Aspects = Mapping[str, FloatArray]

ASPECTS: Mapping[str, tuple[str, str]] = {
    "scale degrees": ("degree", "distribution"),
    "melodic intervals": ("melodic_interval", "distribution"),
    "note values": ("note_value", "distribution"),
    "notes a quarter": ("notes_a_quarter", "number"),
    "clarity of key": ("key_correlation", "number"),
    "repetition": ("pattern_density", "number"),
    "cadences": ("cadence_rate", "number"),
}
"""Aspect → feature of the catalogue, and how it is compared."""

_BOOTSTRAPS = 500
_HALVINGS = 200
_PERCENTILES = (2.5, 97.5)


@dataclass(frozen=True)
class Distance:
    """How far two sets of pieces are apart in one aspect, with its interval; NaN where a side has no values."""

    aspect: str
    value: float
    low: float
    high: float


def aspects_of(score: Score, quarters: float) -> Aspects:
    """The aspects of the beginning of a piece, of so many quarters."""
    context = ScoreContext(cut_span(score, 0.0, quarters))
    names = tuple(feature for feature, _ in ASPECTS.values())
    row = feature_row(context, names)
    found = {}
    for aspect, (feature, kind) in ASPECTS.items():
        columns = [name for name in row if name == feature or name.startswith(f"{feature}_")]
        own = columns if kind == "distribution" else [feature]
        found[aspect] = np.array([row[name] for name in own])
    return found


def distances(one: Sequence[Aspects], other: Sequence[Aspects], *, seed: int = 0) -> tuple[Distance, ...]:
    """How far two sets of pieces are apart, aspect by aspect."""
    rng = np.random.default_rng(seed)
    found = []
    for aspect in ASPECTS:
        a, b = _known(one, aspect), _known(other, aspect)
        if not len(a) or not len(b):
            found.append(Distance(aspect, float("nan"), float("nan"), float("nan")))
            continue
        value = _distance(aspect, a, b)
        draws = [
            _distance(aspect, a[rng.integers(len(a), size=len(a))], b[rng.integers(len(b), size=len(b))])
            for _ in range(_BOOTSTRAPS)
        ]
        low, high = np.percentile(draws, _PERCENTILES)
        found.append(Distance(aspect, value, min(float(low), value), max(float(high), value)))
    return tuple(found)


def halves(pieces: Sequence[Aspects], *, seed: int = 0) -> tuple[Distance, ...]:
    """How far halves of one set, drawn at random, are apart: mean, and 2.5 and 97.5 percentiles over halvings."""
    rng = np.random.default_rng(seed)
    found = []
    for aspect in ASPECTS:
        values = _known(pieces, aspect)
        if len(values) < 2:
            found.append(Distance(aspect, float("nan"), float("nan"), float("nan")))
            continue
        middle, draws = len(values) // 2, []
        for _ in range(_HALVINGS):
            order = rng.permutation(len(values))
            draws.append(_distance(aspect, values[order[:middle]], values[order[middle:]]))
        low, high = np.percentile(draws, _PERCENTILES)
        found.append(Distance(aspect, float(np.mean(draws)), float(low), float(high)))
    return tuple(found)


def nearer(
    one: Sequence[Aspects], other: Sequence[Aspects], music: Sequence[Aspects], *, seed: int = 0
) -> tuple[Distance, ...]:
    """How much nearer one set is to the music than another: the other's distance less its own, aspect by aspect.

    The same pieces of the music are drawn for both, so that what they share falls out of the interval.
    """
    rng = np.random.default_rng(seed)
    found = []
    for aspect in ASPECTS:
        sets = [_known(pieces, aspect) for pieces in (one, other, music)]
        if not all(map(len, sets)):
            found.append(Distance(aspect, float("nan"), float("nan"), float("nan")))
            continue
        value = _advantage(aspect, *sets)
        draws = [
            _advantage(aspect, *(own[rng.integers(len(own), size=len(own))] for own in sets))
            for _ in range(_BOOTSTRAPS)
        ]
        low, high = np.percentile(draws, _PERCENTILES)
        found.append(Distance(aspect, value, min(float(low), value), max(float(high), value)))
    return tuple(found)


def _advantage(aspect: str, one: FloatArray, other: FloatArray, music: FloatArray) -> float:
    return _distance(aspect, other, music) - _distance(aspect, one, music)


def _known(pieces: Sequence[Aspects], aspect: str) -> FloatArray:
    rows = np.array([piece[aspect] for piece in pieces]).reshape(len(pieces), -1)
    known: FloatArray = rows[np.isfinite(rows).all(axis=1)]
    return known


def _distance(aspect: str, one: FloatArray, other: FloatArray) -> float:
    if ASPECTS[aspect][1] == "distribution":
        return _divergence(one.mean(axis=0), other.mean(axis=0))
    at = np.sort(np.concatenate([one[:, 0], other[:, 0]]))
    below = [np.searchsorted(np.sort(side[:, 0]), at, side="right") / len(side) for side in (one, other)]
    return float(np.abs(below[0] - below[1]).max())


def _divergence(one: FloatArray, other: FloatArray) -> float:
    """Jensen–Shannon divergence in bits; shares that do not sum to 1 are made to."""
    p, q = one / max(float(one.sum()), 1e-12), other / max(float(other.sum()), 1e-12)
    middle = (p + q) / 2
    total = 0.0
    for side in (p, q):
        held = side > 0
        total += float((side[held] * np.log2(side[held] / middle[held])).sum()) / 2
    return total
