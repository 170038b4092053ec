"""Tension: how dissonant, how wide and how far from the key the music is, and how it changes.

Diameter, momentum and strain are those of the spiral array (:mod:`styleprint.theory.tension`), moment by moment. A
*stretch* is eight frames, every four; a piece has one if it has eight frames. Dissonance is Huron's index of interval
classes; harmonic change needs no key.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import mean, spread
from styleprint.music.score import FloatArray
from styleprint.theory.sonorities import interval_class_counts

__all__ = ["FEATURES"]

FEATURES = Family()

_HURON = "Huron 1994, consonance of interval classes"
_CHEW = "Herremans and Chew 2016, tension ribbons"
_HARTE = "Harte, Sandler and Gasser 2006, harmonic change in six-dimensional tonal space"
_FRAMES, _HOP = 8, 4
_SUMMARY = ("mean", "greatest", "deviation")

_DISSONANCE = -np.array([-1.428, -0.582, 0.594, 0.386, 1.240, -0.453])
"""Of the interval classes 1 … 6; negative is consonant."""


_ANGLES = np.arange(12)[:, None] * np.pi * np.array([7 / 6, 3 / 2, 2 / 3])
_TONAL_SPACE = np.concatenate([np.sin(_ANGLES), np.cos(_ANGLES)], axis=1) * np.array([1, 1, 0.5, 1, 1, 0.5])
"""Pitch classes on the circles of fifths, of minor thirds and of major thirds, the last half as wide."""


def _counts(context: ScoreContext) -> FloatArray:
    """How many frames of each stretch attack each pitch class, shape (n_stretches, 12)."""
    return _of_stretches(context.pitch_class_totals)


def _of_stretches(totals: FloatArray) -> FloatArray:
    """Counts of each stretch, from those of all frames before each."""
    counts: FloatArray = totals[_FRAMES::_HOP] - totals[:-_FRAMES:_HOP]
    return counts


def _summary(values: FloatArray) -> FloatArray:
    known = values[~np.isnan(values)]
    return np.array([mean(known), known.max(), spread(known)]) if len(known) else np.full(3, np.nan)


@FEATURES.add(unit="index", range=(-1.24, 1.428), source=_HURON, columns=("mean", "greatest", "deviation", "least"))
def stretch_dissonance(context: ScoreContext) -> FloatArray:
    """Mean, greatest, standard deviation and least, over stretches, of the mean dissonance of pairs within frames."""
    totals = np.zeros((len(context.frames) + 1, 6))
    np.cumsum(interval_class_counts(context.pitch_class_masks), axis=0, out=totals[1:])
    counts = _of_stretches(totals)
    pairs = counts.sum(axis=1)
    counts, pairs = counts[pairs > 0], pairs[pairs > 0]
    if not len(counts):
        return np.full(4, np.nan)
    dissonance = counts @ _DISSONANCE / pairs
    return np.array([*_summary(dissonance), dissonance.min()])


@FEATURES.add(unit="spiral radii", range=(0, np.inf), source=_CHEW, columns=_SUMMARY)
def cloud_diameter(context: ScoreContext) -> FloatArray:
    """Mean, greatest and standard deviation, over moments, of the width of what sounds: its farthest two tones."""
    return _summary(context.tension.diameter)


@FEATURES.add(unit="spiral radii", range=(0, np.inf), source=_CHEW, columns=_SUMMARY)
def cloud_momentum(context: ScoreContext) -> FloatArray:
    """Mean, greatest and standard deviation of the distance from the centre of each moment to that of the next."""
    return _summary(context.tension.momentum)


@FEATURES.add(unit="spiral radii", range=(0, np.inf), source=_CHEW, columns=_SUMMARY)
def tensile_strain(context: ScoreContext) -> FloatArray:
    """Mean, greatest and standard deviation of the distance from the centre of each moment to that of its local key."""
    return _summary(context.tension.strain)


@FEATURES.add(unit="distance", range=(0, np.inf), source=_HARTE, columns=_SUMMARY)
def harmonic_change(context: ScoreContext) -> FloatArray:
    """Mean, greatest and standard deviation of the distance from each stretch to the next that has no frame of it."""
    counts = context.shared(_counts)
    centroids = counts @ _TONAL_SPACE / counts.sum(axis=1, keepdims=True)
    return _summary(np.linalg.norm(centroids[2:] - centroids[:-2], axis=1))
