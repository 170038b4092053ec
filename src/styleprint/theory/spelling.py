"""Spelling of pitches where the file has none.

Places on the line of fifths: C is 0, G 1, F −1, F♯ 6, B♭ −2. Each note is spelled in the local key of its moment, by
degree: diatonic tones as the scale has them, others as chromatic tones are usually written in tonal music. In
major those are ♯1, ♯2 or ♭3, ♯4, ♯5 or ♭6, ♭7; in minor the raised third, sixth and seventh belong to major and
melodic minor, ♭2 is the Neapolitan's. So a key covers the line of fifths from its ♭2 to its ♯4 in minor,
one window of twelve fifths around the tonic, as in Temperley's (2001) line-of-fifths model and the windows of
Meredith's ps13 ("The ps13 Pitch Spelling Algorithm", 2006); the window's place by mode and the chord decide.
Tones of a chord that is not diatonic are spelled as its thirds stacked on its root. A tone outside key and chord that
rises a semitone in its voice is the leading note of what follows: a diatonic semitone below it.

Keys are written with the fewest accidentals for the home key, and local keys as near as possible to it.
"""

from functools import cache

import numpy as np

from styleprint.music.score import IntArray
from styleprint.theory.chords import CHORD_QUALITIES, Chords
from styleprint.theory.frames import IndexArray

__all__ = ["fifths_of_spelling", "spell_chords", "spell_pitch_classes"]

_WINDOW_BOTTOM = (-4, -5)
"""Lowest place of the window of twelve fifths, from the tonic: ♭6 to ♯2 … in major, ♭2 to ♯4 in minor."""

_NONE = -100

_LEADING = 5
"""A diatonic semitone down, in fifths."""

_SCALES = np.array([[1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1], [1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1]], dtype=bool)
"""Major, and minor with both sixths and sevenths."""

_CHORD_FIFTHS = {
    "major": {0: 0, 4: 4, 7: 1},
    "minor": {0: 0, 3: -3, 7: 1},
    "diminished": {0: 0, 3: -3, 6: -6},
    "augmented": {0: 0, 4: 4, 8: 8},
    "dominant_seventh": {0: 0, 4: 4, 7: 1, 10: -2},
    "major_seventh": {0: 0, 4: 4, 7: 1, 11: 5},
    "minor_seventh": {0: 0, 3: -3, 7: 1, 10: -2},
    "half_diminished": {0: 0, 3: -3, 6: -6, 10: -2},
    "diminished_seventh": {0: 0, 3: -3, 6: -6, 9: -9},
    "cadential_six_four": {0: 0, 5: -1, 9: 3, 8: -4},
    "italian_sixth": {0: 0, 2: -10, 6: -6},
    "french_sixth": {0: 0, 2: -10, 6: -6, 8: -4},
    "german_sixth": {0: 0, 2: -10, 6: -6, 9: -9},
}
"""Places of chord tones on the line of fifths from the root, by semitones above it."""


def fifths_of_spelling(step: IntArray, alter: IntArray) -> IntArray:
    """Place on the line of fifths of notes with steps (0–6 for C–B) and alterations."""
    places: IntArray = (np.array([0, 2, 4, -1, 1, 3, 5])[step] + 7 * alter).astype(np.int32)
    return places


def spell_pitch_classes(
    pitch_class: IntArray,
    chord: IndexArray,
    chords: Chords,
    home_key: int,
    rises_to: IndexArray | None = None,
) -> IntArray:
    """Places of notes on the line of fifths.

    Parameters
    ----------
    pitch_class : ndarray of int, shape (n_notes,)
    chord : ndarray of int, shape (n_notes,)
        In which chord each note is attacked.
    chords : Chords
    home_key : int
        Tonic as pitch class, + 12 for minor; -1 where it is not known, then C major is taken.
    rises_to : ndarray of int, shape (n_notes,), optional
        The note a semitone higher that follows in the same voice; -1 where there is none.

    Returns
    -------
    ndarray of int32, shape (n_notes,)
    """
    if not len(pitch_class):
        return np.empty(0, np.int32)
    home = _home_fifths(max(home_key, 0))
    key, mode = chords.key % 12, chords.key // 12
    signature_of_home = home - 3 * (home_key >= 12)
    tonic = _nearest(key, signature_of_home + 3 * mode)
    bottom = tonic + np.array(_WINDOW_BOTTOM)[mode]
    in_key = bottom[chord] + (pitch_class * 7 - bottom[chord]) % 12
    root = np.where(chords.quality >= len(CHORD_QUALITIES) - 3, tonic + 6, bottom + (chords.root * 7 - bottom) % 12)
    tones = _chord_table()[chords.quality[chord], (pitch_class - chords.root[chord]) % 12]
    spelled: IntArray = np.where(tones > _NONE, root[chord] + tones, in_key).astype(np.int32)
    if rises_to is not None:
        in_scale = _SCALES[mode[chord], (pitch_class - key[chord]) % 12]
        leads = np.flatnonzero((rises_to >= 0) & (tones == _NONE) & ~in_scale)
        spelled[leads] = spelled[rises_to[leads]] + _LEADING
    return spelled


def spell_chords(chords: Chords, home_key: int) -> IntArray:
    """Places of the twelve pitch classes in each chord, shape (n_chords, 12); as :func:`spell_pitch_classes`.

    Each different chord is spelled once.
    """
    code = (chords.key.astype(np.int64) * 12 + chords.root) * len(CHORD_QUALITIES) + chords.quality
    number = (np.bincount(code) > 0).cumsum()
    which = number[code] - 1
    example = np.empty(int(number[-1]) if len(number) else 0, np.int64)
    example[which] = np.arange(len(chords))
    table = spell_pitch_classes(np.tile(np.arange(12), len(example)), np.repeat(example, 12), chords, home_key)
    spelled: IntArray = table.reshape(-1, 12)[which]
    return spelled


@cache
def _chord_table() -> IntArray:
    table = np.full((len(CHORD_QUALITIES), 12), _NONE, np.int32)
    for quality, name in enumerate(CHORD_QUALITIES):
        for semitones, fifths in _CHORD_FIFTHS[name].items():
            table[quality, semitones] = fifths
    return table


def _home_fifths(home_key: int) -> int:
    """Place of the home tonic: signatures from five flats to six sharps."""
    relative = home_key % 12 + 3 if home_key >= 12 else home_key
    signature = (relative * 7 + 5) % 12 - 5
    return signature + (3 if home_key >= 12 else 0)


def _nearest(pitch_class: IntArray, around: IntArray) -> IntArray:
    """The place of each pitch class nearest to another place, −5 … 6 away."""
    nearest: IntArray = around + (pitch_class * 7 - around + 5) % 12 - 5
    return nearest
