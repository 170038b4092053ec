"""Are chords of one function alike to a model? Chords are no tokens of it, so its states after hearing them are asked.

The model hears each of the 24 major and minor triads from silence: the root below, the triad close above, twice, a
quarter apart, in each of three inversions of the upper voices; the mean of the states is the chord's vector, and the
mean over all chords is taken from it. Two chords share a *function* as far as they belong to the same keys: a triad on
a degree of a scale is heard by its place there (Krumhansl, Bharucha and Kessler, Journal of Experimental Psychology 8,
1982). Keys are the 12 major and the 12 harmonic minor ones: C and F are both in C major and in F major, C and F sharp
in none together.

The effect is the correlation over pairs of chords of similarity with the number of keys that both belong to; held fixed
are how many tones they share, whether they are of one mode, and how far their roots are apart in semitones up to the
third power, since near pitches are alike to a model that knows no keys. Chance deals the twelve roots anew; the
interval draws chords; untrained are models of the same weights in another order.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.generation.knowledge import Finding, Partial, similarity_of
from styleprint.generation.writer import EVENT_GRID

__all__ = ["CHORDS", "chord_vectors", "keys_in_common", "question_chords"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CHORDS: tuple[tuple[int, bool], ...] = tuple((root, is_minor) for is_minor in (False, True) for root in range(12))
"""Root, and whether it is minor: the 12 major triads, then the 12 minor ones."""

_CLAIM = "chords that belong to the same keys are alike, beyond the tones that they share"
_DEALS, _BOOTSTRAPS = 999, 500
_QUARTER = 24
_BASS, _UPPER = 43, 60
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 11))


def chord_vectors(estimator: Any, parts: Sequence[int]) -> FloatArray:
    """The vector of each chord, shape (24, width).

    Parameters
    ----------
    estimator : LanguageNetworkModel
        Fitted.
    parts : sequence of int
        Those of the training music, from the highest: the voices are dealt to them, the last takes what is left.
    """
    heard = [_events(chord, inversion, parts) for chord in CHORDS for inversion in range(3)]
    last = np.array([states[-1] for states in estimator.machine.states_of(heard)], dtype=np.float64)
    vectors = last.reshape(len(CHORDS), 3, -1).mean(axis=1)
    centred: FloatArray = vectors - vectors.mean(axis=0)
    return centred


def _events(chord: tuple[int, bool], inversion: int, parts: Sequence[int]) -> npt.NDArray[np.int32]:
    root, is_minor = chord
    tones = sorted((root + tone - _UPPER) % 12 + _UPPER for tone in (0, 3 if is_minor else 4, 7))
    upper = [*tones[inversion:], *(tone + 12 for tone in tones[:inversion])]
    voices = [(root - _BASS) % 12 + _BASS, *upper]
    rows: list[tuple[int, int, int, int]] = []
    for moment in range(2):
        for part, pitch in sorted((parts[min(3 - voice, len(parts) - 1)], p) for voice, p in enumerate(voices)):
            shift = _QUARTER if moment and len(rows) == len(voices) else 0
            rows.append(EVENT_GRID.tokens(shift, part, pitch, _QUARTER))
    return np.array(rows, dtype=np.int32)


def keys_in_common(roots: IntArray) -> FloatArray:
    """To how many of the 24 keys both chords of each pair belong, if the chords' roots are these, shape (24, 24).

    Parameters
    ----------
    roots : ndarray of int, shape (12,)
        In place of C, C sharp …
    """
    belongs = np.zeros((len(CHORDS), 24))
    for row, (root, is_minor) in enumerate(CHORDS):
        tones = {(int(roots[root]) + tone) % 12 for tone in (0, 3 if is_minor else 4, 7)}
        for key in range(24):
            scale = {(key + degree) % 12 for degree in _SCALES[key // 12]}
            belongs[row, key] = tones <= scale
    return belongs @ belongs.T


def question_chords(estimator: Any, parts: Sequence[int], untrained: Sequence[Any], *, seed: int = 0) -> Finding:
    """Hold the similarity of chords against their keys; not judged yet.

    Parameters
    ----------
    estimator : LanguageNetworkModel
    parts : sequence of int
    untrained : sequence of LanguageNetworkModel
        The same with weights that know nothing; several.
    seed : int
    """
    rng = np.random.default_rng([seed, 24])
    first, second = np.array(list(combinations(range(len(CHORDS)), 2))).T
    controls = _controls(first, second)
    partial = Partial(controls)
    similarity = similarity_of(chord_vectors(estimator, parts))[first, second]
    expected = keys_in_common(np.arange(12))[first, second]
    effect = partial.correlation(similarity, expected)
    deals = [partial.correlation(similarity, keys_in_common(rng.permutation(12))[first, second]) for _ in range(_DEALS)]
    draws = []
    for _ in range(_BOOTSTRAPS):
        times = np.bincount(rng.integers(len(CHORDS), size=len(CHORDS)), minlength=len(CHORDS)).astype(np.float64)
        weight = times[first] * times[second]
        drawn = weight > 0
        draws.append(Partial(controls[drawn], weight[drawn]).correlation(similarity[drawn], expected[drawn]))
    others = [
        partial.correlation(similarity_of(chord_vectors(one, parts))[first, second], expected) for one in untrained
    ]
    about = ("chord_function", "states", _CLAIM, len(CHORDS))
    return Finding.of(about, effect, deals=deals, draws=draws, untrained=(min(others), max(others)))


def _controls(first: IntArray, second: IntArray) -> FloatArray:
    """One tone in common, two, one mode, distance of roots in the bass."""
    tones = np.zeros((len(CHORDS), 12))
    for row, (root, is_minor) in enumerate(CHORDS):
        tones[row, [(root + tone) % 12 for tone in (0, 3 if is_minor else 4, 7)]] = 1
    shared = (tones @ tones.T)[first, second]
    mode = np.array([is_minor for _, is_minor in CHORDS])
    bass = np.array([(root - _BASS) % 12 for root, _ in CHORDS])
    apart = np.abs(bass[first] - bass[second]) / 11.0
    return np.column_stack([shared == 1, shared == 2, mode[first] == mode[second], apart, apart**2, apart**3]).astype(
        np.float64
    )
