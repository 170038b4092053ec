"""Dissonance and harmonic tension.

Dissonance is what pairs of pitch classes that sound together are apart, by how long. Tension is measured on the
spiral array (Chew 2000): pitch classes, spelled, lie on a helix in order of fifths, a quarter turn each; what sounds
has its centre there. Herremans and Chew, "Tension Ribbons" (2016), measure

- *cloud diameter*: the greatest distance between two tones that sound together,
- *cloud momentum*: the distance from the centre of one moment to that of the next,
- *tensile strain*: the distance of the centre from that of the key.

Tones are spelled in their local key (:mod:`styleprint.theory.spelling`). The centre of a key is that of its tonic,
dominant and subdominant triads with Chew's weights, in minor with the major dominant.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from styleprint.music.score import FloatArray
from styleprint.support.compiled import compiled
from styleprint.theory.chords import Chords
from styleprint.theory.frames import IndexArray
from styleprint.theory.harmony import Harmony
from styleprint.theory.moments import Moments
from styleprint.theory.spelling import spell_pitch_classes

__all__ = ["Tension", "interval_class_quarters", "tension_of"]

_RISE = float(np.sqrt(2.0 / 15.0))
"""Height of one fifth for a radius of 1: Chew's choice, by which a major third is nearer than a minor."""

_WEIGHTS = np.array([0.536, 0.274, 0.19])
"""Of root, fifth and third in a triad, and of tonic, dominant and subdominant in a key (Chew 2000)."""

_SOUNDS = 0.3


@dataclass(frozen=True, eq=False, slots=True)
class Tension:
    """Tension of each moment, in units of the spiral array's radius; NaN where nothing sounds.

    Attributes
    ----------
    diameter, strain : ndarray of float64, shape (n_moments,)
    momentum : ndarray of float64, shape (n_moments,)
        From the moment before; NaN in the first.
    """

    diameter: FloatArray
    momentum: FloatArray
    strain: FloatArray


def interval_class_quarters(moments: Moments) -> FloatArray:
    """For how long pairs of pitch classes one to six semitones apart sound together, shape (n_moments, 6), in quarters.

    A pair sounds together for the smaller of its two shares of the moment.
    """
    quarters = np.empty((len(moments), 6))
    for interval in range(1, 7):
        together = np.minimum(moments.presence, np.roll(moments.presence, -interval, axis=1)).sum(axis=1)
        quarters[:, interval - 1] = together * moments.length_quarters / (2.0 if interval == 6 else 1.0)
    return quarters


def tension_of(moments: Moments, harmony: Harmony, chords: Chords) -> Tension:
    """Tension of each moment."""
    n = len(moments)
    if not n:
        return Tension(np.empty(0), np.empty(0), np.empty(0))
    chord = np.repeat(np.arange(len(chords)), np.diff(chords.first_moment, append=n))
    spelled = _spelled(chords, harmony)
    above = spelled - spelled[:, :1]
    weight, centre, diameter = _loop()(
        moments.presence, harmony.key % 12, chord, above, _places(above), _distances(), _SOUNDS
    )
    total = weight.sum(axis=1)
    centre /= np.where(total <= 0, np.nan, total)[:, None]
    strain = np.linalg.norm(centre - _key_centres()[harmony.key // 12], axis=1)
    # the centre of the moment before, seen from this moment's tonic
    tonic = spelled[chord, 0]
    momentum = np.append(np.nan, np.linalg.norm(_turned(centre[:-1], tonic[:-1] - tonic[1:]) - centre[1:], axis=1))
    return Tension(diameter, momentum, strain)


def _spelled(chords: Chords, harmony: Harmony) -> IndexArray:
    """Places of the twelve semitones above the local tonic on the line of fifths, shape (n_chords, 12)."""
    pitch_class = (chords.key[:, None] + np.arange(12)) % 12
    chord = np.repeat(np.arange(len(chords)), 12)
    spelled = spell_pitch_classes(pitch_class.reshape(-1), chord, chords, harmony.home_key)
    return spelled.reshape(-1, 12).astype(np.int64)


def _places(fifths: IndexArray | FloatArray) -> FloatArray:
    """Points on the spiral."""
    angle = np.pi / 2 * fifths
    return np.stack([np.sin(angle), np.cos(angle), _RISE * fifths], axis=-1)


def _turned(points: FloatArray, fifths: IndexArray) -> FloatArray:
    """Points moved along the spiral by so many fifths."""
    sine, cosine = np.sin(np.pi / 2 * fifths), np.cos(np.pi / 2 * fifths)
    x = points[:, 0] * cosine + points[:, 1] * sine
    y = points[:, 1] * cosine - points[:, 0] * sine
    return np.stack([x, y, points[:, 2] + _RISE * fifths], axis=1)


@cache
def _distances() -> FloatArray:
    """How far apart tones are, by the fifths between them."""
    distances: FloatArray = np.linalg.norm(_places(np.arange(40.0)) - _places(np.zeros(1)), axis=1)
    return distances


@cache
def _loop() -> Any:
    return compiled(_clouds)


def _clouds(presence, tonic, chord, above, places, distance, sounds):  # type: ignore[no-untyped-def]  # as numba infers
    """Of each moment: how much of the semitones above its tonic sounds, the sum of their places so weighted, and the
    greatest distance of two that sound (NaN where none does).
    """
    n = len(presence)
    weight, centre, greatest = np.zeros((n, 12)), np.zeros((n, 3)), np.full(n, np.nan)
    for row in range(n):
        c = chord[row]
        for one in range(12):
            share = presence[row, (tonic[row] + one) % 12]
            if share < sounds:
                continue
            weight[row, one] = share
            for axis in range(3):
                centre[row, axis] += share * places[c, one, axis]
            widest = 0.0 if np.isnan(greatest[row]) else greatest[row]
            for other in range(one):
                if weight[row, other] > 0.0:
                    widest = max(widest, distance[abs(above[c, one] - above[c, other])])
            greatest[row] = widest
    return weight, centre, greatest


@cache
def _key_centres() -> FloatArray:
    """Centres of a major and a minor key, the tonic at 0."""
    majors = {root: _WEIGHTS @ _places(root + np.array([0, 1, 4])) for root in (0, 1, -1)}
    minors = {root: _WEIGHTS @ _places(root + np.array([0, 1, -3])) for root in (0, -1)}
    major = _WEIGHTS @ np.stack([majors[0], majors[1], majors[-1]])
    minor = _WEIGHTS @ np.stack([minors[0], majors[1], minors[-1]])
    return np.stack([major, minor])
