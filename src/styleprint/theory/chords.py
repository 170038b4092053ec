"""Chords as stretches of time: root, quality, inversion.

A chord lasts while key, root and quality stay the same (:mod:`styleprint.theory.harmony`), and until another of its
tones than the fifth becomes its bass for a beat or more: I and I6 are two chords, but the bass of a broken chord or
of a march makes no new ones. Augmented sixths are
told afterwards, because they sound like dominant sevenths: a major triad or dominant seventh on the lowered sixth
degree of the local key, before a dominant or a cadential six-four, is one; German with the fifth of that seventh,
French with its tritone, Italian with neither. As in the DCML annotation standard their root is the raised
fourth degree, and their bass the lowered sixth.
"""

from dataclasses import dataclass

import numpy as np

from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.chord_vocabulary import CHORD_TONES, QUALITIES
from styleprint.theory.frames import IndexArray
from styleprint.theory.harmony import Harmony
from styleprint.theory.moments import Moments
from styleprint.theory.stretches import first_of_stretches, stretch_numbers

__all__ = ["CHORD_QUALITIES", "Chords", "chords_of"]

CHORD_QUALITIES = (*QUALITIES, "italian_sixth", "french_sixth", "german_sixth")
"""Qualities of chords: those that harmony tells, then those told afterwards."""

_MAJOR, _DOMINANT, _SIX_FOUR = (QUALITIES.index(name) for name in ("major", "dominant_seventh", "cadential_six_four"))
_ITALIAN, _FRENCH, _GERMAN = range(len(QUALITIES), len(CHORD_QUALITIES))
_HEARD = 0.25
"""Share of a chord that its fifth or tritone must sound to tell which augmented sixth it is."""

_THIRD, _FIFTH = 4, 7

_TONES = np.array([(*tones, -1)[:4] for tones in CHORD_TONES[: len(QUALITIES)]])

_INVERSION = np.array(
    [[tones.index(above) if above in tones else -1 for above in range(12)] for tones in CHORD_TONES[: len(QUALITIES)]],
    dtype=np.int32,
)
"""Which tone of each quality lies so many semitones above the root: 0 the root, 1 the third …, -1 none."""


@dataclass(frozen=True, eq=False, slots=True)
class Chords:
    """Chords in order, without gaps.

    Attributes
    ----------
    first_moment : ndarray of int64, shape (n_chords,)
    start_quarters, end_quarters : ndarray of float64, shape (n_chords,)
    key : ndarray of int32, shape (n_chords,)
        Local key: tonic as pitch class, + 12 for minor.
    root : ndarray of int32, shape (n_chords,)
        Pitch class.
    quality : ndarray of int32, shape (n_chords,)
        Index into `CHORD_QUALITIES`.
    bass : ndarray of int32, shape (n_chords,)
        Pitch class of the first bass note, or of the lowest where that lies more than a third lower: the bass of
        a broken chord may come late.
    inversion : ndarray of int32, shape (n_chords,)
        0 root in the bass, 1 third, 2 fifth, 3 seventh; -1 where the bass is no tone of the chord. A cadential
        six-four has 0 over its own bass, an augmented sixth 1 (the third above its root).
    explained : ndarray of float64, shape (n_chords,)
        Share of what sounds that belongs to the chord, 0–1; NaN where nothing sounds.
    """

    first_moment: IndexArray
    start_quarters: FloatArray
    end_quarters: FloatArray
    key: IntArray
    root: IntArray
    quality: IntArray
    bass: IntArray
    inversion: IntArray
    explained: FloatArray

    def __len__(self) -> int:
        return len(self.root)


def chords_of(moments: Moments, harmony: Harmony, beat_quarters: FloatArray | float = 1.0) -> Chords:
    """The chords of a piece from the harmony of its moments.

    Parameters
    ----------
    moments, harmony
        Of one piece.
    beat_quarters : ndarray or float
        Length of a beat at each moment.

    Returns
    -------
    Chords
    """
    if not len(moments):
        nothing, whole = np.empty(0), np.empty(0, np.int32)
        return Chords(np.empty(0, np.int64), nothing, nothing, whole, whole, whole, whole, whole, nothing)
    state = (harmony.key.astype(np.int64) * 12 + harmony.root) * len(QUALITIES) + harmony.quality
    first = _with_inversions(moments, harmony, first_of_stretches(state), beat_quarters)
    key, root, quality = harmony.key[first], harmony.root[first], harmony.quality[first]
    start = moments.start_quarters[first]
    end = np.concatenate([start[1:], [moments.end_quarters]])
    length = moments.length_quarters
    sound = np.add.reduceat(moments.presence * length[:, None], first, axis=0)
    bass = _basses(moments, first)
    explained = _explained(sound, root, quality, key)
    inversion = _inversion(root, quality, bass)
    rows, kind = _augmented_sixths(sound, end - start, key, root, quality)
    quality[rows], root[rows] = kind, (key[rows] + 6) % 12
    inversion[rows] = np.where(bass[rows] == (key[rows] + 8) % 12, 1, -1)
    return Chords(first, start, end, key, root, quality, bass, inversion, explained)


def _basses(moments: Moments, first: IndexArray) -> IntArray:
    """Pitch class of the first bass note of each chord, or of the lowest where that lies more than a third lower."""
    begins, lowest = moments.bass[first], np.minimum.reduceat(moments.bass, first)
    bass: IntArray = (np.where(begins - lowest > _THIRD, lowest, begins) % 12).astype(np.int32)
    return bass


def _with_inversions(
    moments: Moments, harmony: Harmony, first: IndexArray, beat_quarters: FloatArray | float
) -> IndexArray:
    """First moments of chords, with those added in which another tone than the fifth becomes the bass for a beat."""
    n = len(moments)
    chord = stretch_numbers(first, n)
    bass = moments.bass % 12
    run = first_of_stretches(chord * 12 + bass)
    beats = np.add.reduceat(moments.length_quarters / beat_quarters, run)
    above = (bass[run] - harmony.root[run]) % 12
    tone = (_INVERSION[harmony.quality[run], above] >= 0) & (above != _FIFTH)
    is_first = np.zeros(n, dtype=bool)
    is_first[first] = True
    long = run[tone & (beats >= 1.0 - 1e-6) & ~is_first[run]]
    # what was the bass before: that of the long bass before it in the same chord, or of the chord
    chord = chord[long]
    before = _basses(moments, first)[chord]
    same = (chord[1:] == chord[:-1]).nonzero()[0] + 1
    before[same] = bass[long[same - 1]]
    is_first[long[bass[long] != before]] = True
    return is_first.nonzero()[0]


def _inversion(root: IntArray, quality: IntArray, bass: IntArray) -> IntArray:
    above = (bass - root) % 12
    inversion: IntArray = _INVERSION[quality, above]
    inversion[(quality == _SIX_FOUR) & (above != 0)] = -1
    return inversion


def _explained(sound: FloatArray, root: IntArray, quality: IntArray, key: IntArray) -> FloatArray:
    """Share of what sounds in each chord that belongs to it."""
    tones = _TONES[quality]
    minor_six_four = (quality == _SIX_FOUR) & (key >= 12)
    tones = np.where(minor_six_four[:, None] & (tones == 9), 8, tones)
    rows = np.arange(len(root))[:, None]
    own = np.where(tones >= 0, sound[rows, (root[:, None] + tones) % 12], 0.0).sum(axis=1)
    total = sound.sum(axis=1)
    share: FloatArray = np.divide(own, total, out=np.full(len(root), np.nan), where=total > 0)
    return np.minimum(share, 1.0)


def _augmented_sixths(
    sound: FloatArray, length: FloatArray, key: IntArray, root: IntArray, quality: IntArray
) -> tuple[IndexArray, IntArray]:
    """The chords that are augmented sixths, and which: index into `CHORD_QUALITIES`."""
    to_dominant = (root[1:] - key[:-1]) % 12 == 7  # the six-four has the dominant as root
    rows = (to_dominant & ((root[:-1] - key[:-1]) % 12 == 8)).nonzero()[0]
    share = sound[rows] / np.maximum(length[rows], 1e-9)[:, None]
    tones = (key[rows, None] + np.array([2, 3, 6])) % 12
    tritone, fifth, raised_fourth = (share[np.arange(len(rows))[:, None], tones] >= _HEARD).T
    # without a seventh it is one only if the raised fourth is heard
    is_sixth = (quality[rows] == _DOMINANT) | ((quality[rows] == _MAJOR) & raised_fourth)
    kind = np.where(fifth, _GERMAN, np.where(tritone, _FRENCH, _ITALIAN)).astype(np.int32)
    return rows[is_sixth], kind[is_sixth]
