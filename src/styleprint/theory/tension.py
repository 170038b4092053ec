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
from styleprint.theory.spelling import spell_chords
from styleprint.theory.stretches import stretch_numbers

__all__ = ["Tension", "interval_class_quarters", "tension_of"]

_RISE = float(np.sqrt(2.0 / 15.0))
"""Height of one fifth for a radius of 1: Chew's choice, by which a major third is nearer than a minor."""

_WEIGHTS = np.array([0.536, 0.274, 0.19])
"""Of root, fifth and third in a triad, and of tonic, dominant and subdominant in a key (Chew 2000)."""

_SOUNDS = 0.3
_FAR = 40
"""Fifths between two tones, or two tonics, at most."""


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
    chord = stretch_numbers(chords.first_moment, n)
    tables = _places(np.arange(-_FAR, _FAR + 1)), _distances(), _key_centres()
    spelled = spell_chords(chords, harmony.home_key)
    return Tension(*_loop()(moments.presence, harmony.key, chord, spelled, *tables, _SOUNDS))


def _places(fifths: IndexArray | FloatArray) -> FloatArray:
    """Points on the spiral."""
    angle = np.pi / 2 * fifths
    return np.stack([np.sin(angle), np.cos(angle), _RISE * fifths], axis=-1)


@cache
def _distances() -> FloatArray:
    """How far apart tones are, by the fifths between them."""
    distances: FloatArray = np.linalg.norm(_places(np.arange(float(_FAR))) - _places(np.zeros(1)), axis=1)
    return distances


@cache
def _loop() -> Any:
    global _distance  # the compiled loop calls the compiled step by this name
    _distance = compiled(_distance)
    return compiled(_ribbons)


def _distance(one, other):  # type: ignore[no-untyped-def]  # numba infers the types
    x, y, z = one[0] - other[0], one[1] - other[1], one[2] - other[2]
    return np.sqrt((x * x + y * y) + z * z)


def _ribbons(  # type: ignore[no-untyped-def]  # numba infers the types
    presence, key, chord, spelled, places, distance, key_centres, sounds
):
    """Diameter, momentum and strain of each moment.

    `spelled` holds the places of the twelve pitch classes in each chord; points are reckoned from the tonic. `centre`
    is that of what sounds, `before` that of the moment before, turned to this moment's tonic.
    """
    n = len(presence)
    diameter, momentum, strain = np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    weight, centre, before = np.empty(12), np.empty(3), np.full(3, np.nan)
    fifths, tonic_before = np.empty(12, np.int64), 0
    for moment in range(n):
        place = spelled[chord[moment]]
        tonic = place[key[moment] % 12]
        centre[:] = 0.0
        for one in range(12):
            pitch_class = (key[moment] + one) % 12
            fifths[one], share = place[pitch_class] - tonic, presence[moment, pitch_class]
            weight[one] = share if share >= sounds else 0.0
            if weight[one] == 0.0:
                continue
            for axis in range(3):
                centre[axis] += weight[one] * places[fifths[one] + _FAR, axis]
            widest = 0.0 if np.isnan(diameter[moment]) else diameter[moment]
            for other in range(one):
                if weight[other] > 0.0:
                    widest = max(widest, distance[abs(fifths[one] - fifths[other])])
            diameter[moment] = widest
        first = (weight[0] + weight[1]) + (weight[2] + weight[3])  # as NumPy adds up, so that tables stay the same
        total = first + ((weight[4] + weight[5]) + (weight[6] + weight[7]))
        total = (((total + weight[8]) + weight[9]) + weight[10]) + weight[11]
        centre /= total if total > 0.0 else np.nan
        strain[moment] = _distance(centre, key_centres[key[moment] // 12])  # type: ignore[no-untyped-call]
        if moment:
            sine, cosine, rise = places[tonic_before - tonic + _FAR]
            x, y = before[0] * cosine + before[1] * sine, before[1] * cosine - before[0] * sine
            before[0], before[1], before[2] = x, y, before[2] + rise
            momentum[moment] = _distance(before, centre)  # type: ignore[no-untyped-call]
        before[:], tonic_before = centre, tonic
    return diameter, momentum, strain


@cache
def _key_centres() -> FloatArray:
    """Centres of a major and a minor key, the tonic at 0."""
    majors = {root: _WEIGHTS @ _places(root + np.array([0, 1, 4])) for root in (0, 1, -1)}
    minors = {root: _WEIGHTS @ _places(root + np.array([0, 1, -3])) for root in (0, -1)}
    major = _WEIGHTS @ np.stack([majors[0], majors[1], majors[-1]])
    minor = _WEIGHTS @ np.stack([minors[0], majors[1], minors[-1]])
    return np.stack([major, minor])
