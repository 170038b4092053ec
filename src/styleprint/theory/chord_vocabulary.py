"""The chords that harmony is told in, and how usual each is in a key.

A chord is a root (pitch class) and a quality (index into `QUALITIES`); as one number, a *chord*,
``quality * 12 + root``. The *cadential six-four* (the tonic triad over the fifth degree, before a dominant) has
the dominant as its root, as in the DCML annotation standard; its bass is its root. It is one quality with two
templates, for the major and the minor tonic triad; so templates are `N_TEMPLATES`, of which the last stands
for the same quality as the one before.

How usual: four tiers by hand, from textbook harmony (Kostka and Payne, *Tonal Harmony*; Aldwell and Schachter,
*Harmony and Voice Leading*): what states the key, what belongs to it, what leans out of it (applied dominants
of the nearest keys, sevenths), what colours it (mixture, Neapolitan, applied chords further off); all else
is rare. The numbers are set by hand, not fitted.
"""

from functools import cache

import numpy as np

from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.frames import IndexArray

__all__ = ["CHORD_TONES", "N_TEMPLATES", "QUALITIES", "chord_familiarity", "quality_of_template", "tone_table"]

QUALITIES = (
    "major",
    "minor",
    "diminished",
    "augmented",
    "dominant_seventh",
    "major_seventh",
    "minor_seventh",
    "half_diminished",
    "diminished_seventh",
    "cadential_six_four",
)

CHORD_TONES = (
    (0, 4, 7),
    (0, 3, 7),
    (0, 3, 6),
    (0, 4, 8),
    (0, 4, 7, 10),
    (0, 4, 7, 11),
    (0, 3, 7, 10),
    (0, 3, 6, 10),
    (0, 3, 6, 9),
    (0, 5, 9),
    (0, 5, 8),
)
"""Semitones above the root, of each template: root, third, fifth, seventh; of the six-four its fourth and sixth."""

N_TEMPLATES = len(CHORD_TONES)

_TIERS = (-0.5, -1.3, -2.2, -3.2)
_RARE = -5.0

_M, _m, _o, _A, _D, _MM, _mm, _h, _o7, _K, _k = range(N_TEMPLATES)

# (semitones above the tonic, template) by tier
_MAJOR = (
    ((0, _M), (7, _M), (7, _D), (7, _K)),
    ((5, _M), (2, _m), (2, _mm), (9, _m), (11, _o)),
    ((4, _m), (11, _h), (11, _o7), (5, _MM), (0, _MM), (9, _mm), (2, _D), (6, _o7)),
    ((4, _mm), (5, _m), (2, _h), (0, _m), (8, _M), (10, _M), (3, _M), (2, _o), (1, _M), (2, _M), (6, _o)),
)
_MINOR = (
    ((0, _m), (7, _M), (7, _D), (7, _k)),
    ((5, _m), (2, _o), (2, _h), (8, _M), (11, _o), (11, _o7)),
    ((3, _M), (7, _m), (10, _M), (5, _mm), (8, _MM), (1, _M), (8, _D), (2, _D), (6, _o7)),
    ((10, _D), (0, _mm), (3, _MM), (0, _M), (5, _M), (2, _mm), (3, _A), (2, _m), (2, _M), (6, _o)),
)
_APPLIED_TO = ((7, 2, 9, 5, 4), (7, 5, 3, 8, 10))
"""Degrees, in semitones, that have their own dominants; in major and in minor."""


def quality_of_template(template: IndexArray) -> IntArray:
    """Index into `QUALITIES`."""
    return np.minimum(template, len(QUALITIES) - 1).astype(np.int32)


def tone_table(triad: tuple[float, ...], seventh: tuple[float, ...], elsewhere: float) -> FloatArray:
    """A number for each chord (rows) and pitch class: by place in the chord, `elsewhere` outside it.

    Parameters
    ----------
    triad, seventh : tuple of float
        Numbers of root, third, fifth (and seventh), for chords of three and of four tones.
    elsewhere : float

    Returns
    -------
    ndarray, shape (N_TEMPLATES * 12, 12)
    """
    table = np.full((N_TEMPLATES, 12, 12), elsewhere)
    for template, tones in enumerate(CHORD_TONES):
        numbers = triad if len(tones) == 3 else seventh
        for tone, number in zip(tones, numbers, strict=True):
            for root in range(12):
                table[template, root, (root + tone) % 12] = number
    return table.reshape(-1, 12)


@cache
def chord_familiarity() -> FloatArray:
    """Logarithmic weight of each chord in each key, shape (24, N_TEMPLATES * 12); majors first."""
    rows = []
    for tiers, targets in zip((_MAJOR, _MINOR), _APPLIED_TO, strict=True):
        weight = np.full((N_TEMPLATES, 12), _RARE)
        for target in targets:
            weight[[_D, _M], (target + 7) % 12] = _TIERS[3]
            weight[[_o, _o7], (target + 11) % 12] = _TIERS[3]
            weight[_h, (target + 11) % 12] = _TIERS[3] - 0.5
        for tier, chords in zip(_TIERS, tiers, strict=True):
            for degree, template in chords:
                weight[template, degree] = tier
        rows += [np.roll(weight, tonic, axis=1).reshape(-1) for tonic in range(12)]
    return np.array(rows)
