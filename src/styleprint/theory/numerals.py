"""Roman numerals: what each chord is in its key.

Degrees are semitones of the root above the tonic of the local key. A chord has one *kind*:

diatonic
    Its tones belong to the key (in minor also to the harmonic scale); the cadential six-four too.
applied
    A dominant (major, dominant seventh, diminished, half-diminished or diminished seventh) that is not
    diatonic and whose tonic would be a degree of the key with a major or minor triad, other than the tonic.
neapolitan
    A major triad or major seventh on the lowered second degree.
augmented_sixth
    Italian, French, German.
mixture
    Diatonic in the parallel key.
chromatic
    All else.

Where a chord may be of several kinds, the first of diatonic, neapolitan, augmented sixth, mixture of
scale degrees that are no dominants, applied, mixture, holds. Definitions after Kostka and Payne, *Tonal Harmony*.

Spelling of numerals is that of the DCML annotation standard: degrees of the scale of the mode (natural minor),
accidentals before others, lower case for minor and diminished.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from styleprint.music.score import IntArray
from styleprint.theory.chord_vocabulary import CHORD_TONES, QUALITIES
from styleprint.theory.chords import CHORD_QUALITIES, Chords

__all__ = ["NUMERAL_KINDS", "Numerals", "numeral_names", "numerals_of"]

NUMERAL_KINDS = ("diatonic", "applied", "mixture", "neapolitan", "augmented_sixth", "chromatic")
_DIATONIC, _APPLIED, _MIXTURE, _NEAPOLITAN, _AUGMENTED, _CHROMATIC = range(len(NUMERAL_KINDS))

_SCALES = ({0, 2, 4, 5, 7, 9, 11}, {0, 2, 3, 5, 7, 8, 10})
_HARMONIC_MINOR = {0, 2, 3, 5, 7, 8, 11}
_TARGETS = ({2, 4, 5, 7, 9}, {3, 5, 7, 8, 10})
"""Degrees that may have dominants of their own; their triads are major or minor."""

_DOMINANT_BELOW = {"major": 5, "dominant_seventh": 5, "diminished": 1, "half_diminished": 1, "diminished_seventh": 1}
"""How far the tonic of a dominant lies above its root, in semitones."""

_NAMES = (
    ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII"),
    ("I", "bII", "II", "III", "#III", "IV", "#IV", "V", "VI", "#VI", "VII", "#VII"),
)
_LOWER = frozenset(("minor", "diminished", "minor_seventh", "half_diminished", "diminished_seventh"))


@dataclass(frozen=True, eq=False, slots=True)
class Numerals:
    """Roman numerals of chords.

    Attributes
    ----------
    degree : ndarray of int32, shape (n_chords,)
        Semitones of the root above the tonic of the local key.
    kind : ndarray of int32, shape (n_chords,)
        Index into `NUMERAL_KINDS`.
    applied_to : ndarray of int32, shape (n_chords,)
        Semitones above the tonic of the degree that an applied chord belongs to; -1 where it is not applied.
    """

    degree: IntArray
    kind: IntArray
    applied_to: IntArray


def numerals_of(chords: Chords) -> Numerals:
    """What each chord is in its local key."""
    degree = ((chords.root - chords.key) % 12).astype(np.int32)
    kinds, targets = _tables()
    mode = chords.key // 12
    kind = kinds[mode, chords.quality, degree]
    return Numerals(degree, kind, targets[mode, chords.quality, degree])


def numeral_names(chords: Chords, numerals: Numerals) -> list[str]:
    """Numerals as people write them, such as ``V``, ``ii``, ``bVI``, ``vii/V``; figures are left out.

    Augmented sixths are written as the dominant's diminished seventh, ``vii/V``, whose spelling they share.
    """
    names = []
    columns = zip(
        *(a.tolist() for a in (chords.key // 12, chords.quality, numerals.degree, numerals.applied_to)), strict=True
    )
    for mode, quality, degree, target in columns:
        lower = CHORD_QUALITIES[quality] in _LOWER or quality >= len(QUALITIES)
        if quality >= len(QUALITIES):
            names.append("vii/V")
        elif target < 0:
            names.append(_cased(_NAMES[mode][degree], lower))
        else:
            target_minor = _is_minor_degree(mode, target)
            local = (degree - target) % 12
            above = "vii" if local == 11 and not target_minor else _cased(_NAMES[target_minor][local], lower)
            names.append(f"{above}/{_cased(_NAMES[mode][target], target_minor)}")
    return names


def _cased(name: str, lower: bool) -> str:
    accidental = name.rstrip("IV")
    return accidental + (name[len(accidental) :].lower() if lower else name[len(accidental) :])


def _is_minor_degree(mode: int, degree: int) -> bool:
    """Whether the triad of a degree is minor; that of the dominant never is."""
    scale = _SCALES[mode]
    return degree != 7 and (degree + 3) % 12 in scale and (degree + 4) % 12 not in scale


@cache
def _tables() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Kind and target by mode, quality and degree."""
    shape = (2, len(CHORD_QUALITIES), 12)
    kinds, targets = np.full(shape, _CHROMATIC, np.int32), np.full(shape, -1, np.int32)
    for mode in (0, 1):
        for quality, name in enumerate(CHORD_QUALITIES):
            for degree in range(12):
                kind, target = _classify(mode, name, degree)
                kinds[mode, quality, degree], targets[mode, quality, degree] = kind, target
    return kinds, targets


def _classify(mode: int, quality: str, degree: int) -> tuple[int, int]:
    if quality not in QUALITIES:
        return _AUGMENTED, -1
    if quality == "cadential_six_four":
        return (_DIATONIC if degree == 7 else _CHROMATIC), -1
    tones = {(degree + tone) % 12 for tone in CHORD_TONES[QUALITIES.index(quality)]}
    own = (_SCALES[0],) if mode == 0 else (_SCALES[1], _HARMONIC_MINOR)
    other = (_SCALES[1], _HARMONIC_MINOR) if mode == 0 else (_SCALES[0],)
    if any(tones <= scale for scale in own):
        return _DIATONIC, -1
    if degree == 1 and quality in ("major", "major_seventh"):
        return _NEAPOLITAN, -1
    is_mixture = any(tones <= scale for scale in other)
    target = (degree + _DOMINANT_BELOW[quality]) % 12 if quality in _DOMINANT_BELOW else -1
    if target in _TARGETS[mode] and not (is_mixture and quality in ("major", "half_diminished", "diminished")):
        return _APPLIED, target
    return (_MIXTURE if is_mixture else _CHROMATIC), -1
