"""Tension: how dissonant, how wide and how far from home successive stretches are.

A *stretch* is eight frames, every four; a piece has one if it has eight frames. Dissonance is Huron's index of
interval classes. The others live in Chew's spiral array, where fifths and thirds are near; pitch classes are placed
on it around the tonic of the piece, from the lowered second to the raised fourth, so nothing need be spelled, and
keys that stand apart by more are folded back. Harmonic change needs no key.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.tonality import key_of
from styleprint.music.score import FloatArray
from styleprint.theory.sonorities import interval_class_counts

__all__ = ["FEATURES"]

FEATURES = Family()

_HURON = "Huron 1994, consonance of interval classes"
_CHEW = "Herremans and Chew 2016, tension ribbons, placed around the tonic"
_HARTE = "Harte, Sandler and Gasser 2006, harmonic change in six-dimensional tonal space"
_FRAMES, _HOP = 8, 4
_SUMMARY = ("mean", "greatest", "deviation")

_DISSONANCE = -np.array([-1.428, -0.582, 0.594, 0.386, 1.240, -0.453])
"""Of the interval classes 1 … 6; negative is consonant."""

_RISE = np.sqrt(2 / 15)
"""Of the spiral with radius 1 for each fifth (Chew 2000)."""

_WEIGHTS = (0.536, 0.274, 0.19)
"""Of root, fifth and third in a chord; of tonic, dominant and subdominant in a key (Chew 2000)."""

_MIXTURE = 0.75
"""Share of the major dominant, and of the minor subdominant, in a minor key."""

_PLACES = (np.arange(12) * 7 + 5) % 12 - 5
"""Fifths from the tonic of each pitch class above it."""


def _spiral(fifths: npt.NDArray[np.int64] | float) -> FloatArray:
    k = np.asarray(fifths, dtype=np.float64)
    position: FloatArray = np.stack([np.sin(k * np.pi / 2), np.cos(k * np.pi / 2), k * _RISE], axis=-1)
    return position


def _chord(root: float, third: float) -> FloatArray:
    first, second, last = _WEIGHTS
    centre: FloatArray = first * _spiral(root) + second * _spiral(root + 1) + last * _spiral(root + third)
    return centre


def _key_centre(is_minor: bool) -> FloatArray:
    """Centre of a key on 0 in the spiral."""
    first, second, last = _WEIGHTS
    if not is_minor:
        centre: FloatArray = first * _chord(0, 4) + second * _chord(1, 4) + last * _chord(-1, 4)
        return centre
    dominant = _MIXTURE * _chord(1, 4) + (1 - _MIXTURE) * _chord(1, -3)
    subdominant = _MIXTURE * _chord(-1, -3) + (1 - _MIXTURE) * _chord(-1, 4)
    return first * _chord(0, -3) + second * dominant + last * subdominant


@cache
def _diameters() -> FloatArray:
    """Of each set of pitch classes above the tonic, as bits: greatest distance of two of its members in the spiral."""
    masks = np.arange(4096)
    widest = np.zeros(4096)
    for i in range(12):
        for j in range(i):
            apart = float(np.linalg.norm(_spiral(_PLACES[i]) - _spiral(_PLACES[j])))
            both = (masks >> i & 1 & masks >> j).astype(bool)
            widest[both] = np.maximum(widest[both], apart)
    return widest


def _counts(context: ScoreContext) -> npt.NDArray[np.int64]:
    """How many frames of each stretch attack each pitch class, shape (n_stretches, 12)."""
    total = np.zeros((len(context.frames) + 1, 12), dtype=np.int64)
    np.cumsum(context.pitch_class_presence, axis=0, out=total[1:])
    starts = np.arange(0, len(context.frames) - _FRAMES + 1, _HOP)
    return total[starts + _FRAMES] - total[starts]


def _above_tonic(context: ScoreContext) -> npt.NDArray[np.int64]:
    """The same from the tonic; without a stretch where no key stands out."""
    tonic, _ = key_of(context)
    counts = context.shared(_counts)
    return np.roll(counts, -tonic, axis=1) if tonic >= 0 else counts[:0]


def _centres(context: ScoreContext) -> FloatArray:
    counts = context.shared(_above_tonic)
    centres: FloatArray = counts @ _spiral(_PLACES) / counts.sum(axis=1, keepdims=True)
    return centres


def _summary(values: FloatArray) -> FloatArray:
    if not len(values):
        return np.full(3, np.nan)
    return np.array([values.mean(), values.max(), values.std()])


@FEATURES.add(unit="index", range=(-1.24, 1.428), source=_HURON, columns=("mean", "greatest", "deviation", "least"))
def stretch_dissonance(context: ScoreContext) -> FloatArray:
    """Mean, greatest, standard deviation and least, over stretches, of the mean dissonance of pairs within frames."""
    pairs = interval_class_counts(context.pitch_class_masks)
    total = np.concatenate([np.zeros((1, 6), np.int64), np.cumsum(pairs, axis=0)])
    starts = np.arange(0, len(context.frames) - _FRAMES + 1, _HOP)
    counts = total[starts + _FRAMES] - total[starts]
    counts = counts[counts.sum(axis=1) > 0]
    if not len(counts):
        return np.full(4, np.nan)
    dissonance = counts @ _DISSONANCE / counts.sum(axis=1)
    return np.append(_summary(dissonance), dissonance.min())


@FEATURES.add(unit="spiral radii", range=(0, np.inf), source=_CHEW, columns=_SUMMARY)
def cloud_diameter(context: ScoreContext) -> FloatArray:
    """Mean, greatest and standard deviation of the width of stretches: the farthest two of their pitch classes."""
    masks = (context.shared(_above_tonic) > 0) @ (1 << np.arange(12))
    return _summary(_diameters()[masks])


@FEATURES.add(unit="spiral radii", range=(0, np.inf), source=_CHEW, columns=_SUMMARY)
def cloud_momentum(context: ScoreContext) -> FloatArray:
    """Mean, greatest and standard deviation of the distance from each stretch's centre to that of the next but one."""
    centres = context.shared(_centres)
    return _summary(np.linalg.norm(centres[2:] - centres[:-2], axis=1))


@FEATURES.add(unit="spiral radii", range=(0, np.inf), source=_CHEW, columns=_SUMMARY)
def tensile_strain(context: ScoreContext) -> FloatArray:
    """Mean, greatest and standard deviation of the distance from the centres of stretches to that of the key."""
    _, is_minor = key_of(context)
    return _summary(np.linalg.norm(context.shared(_centres) - _key_centre(is_minor), axis=1))


@FEATURES.add(unit="distance", range=(0, np.inf), source=_HARTE, columns=_SUMMARY)
def harmonic_change(context: ScoreContext) -> FloatArray:
    """Mean, greatest and standard deviation of the distance from each stretch to the next that has no frame of it."""
    counts = context.shared(_counts)
    pitch_class = np.arange(12)
    angles = pitch_class[:, None] * np.pi * np.array([7 / 6, 3 / 2, 2 / 3])
    space = np.concatenate([np.sin(angles), np.cos(angles)], axis=1) * np.array([1, 1, 0.5, 1, 1, 0.5])
    centroids = counts @ space / counts.sum(axis=1, keepdims=True)
    return _summary(np.linalg.norm(centroids[2:] - centroids[:-2], axis=1))
