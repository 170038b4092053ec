"""Spelled intervals: a diminished fourth is no major third, and a chromatic semitone no step.

Pitches are spelled in the local key and chord of their moment (:mod:`styleprint.theory.spelling`), for every file
alike, even where the file says how its notes are written: so a MIDI file and a printed score of one piece give the same
numbers. Intervals are told from the lower pitch to the higher, octaves taken out. A *place* is one on the line of
fifths: F, C, G, D …
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, differences, mean, ratio, share, shares
from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.frames import IndexArray
from styleprint.theory.spelling import spell_chords
from styleprint.theory.stretches import stretch_numbers

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own, with the spelling of docs/theory.md"
_INTERVALS = {
    "minor_second": -5,
    "augmented_unison": 7,
    "major_second": 2,
    "diminished_third": -10,
    "minor_third": -3,
    "augmented_second": 9,
    "major_third": 4,
    "diminished_fourth": -8,
    "perfect_fourth": -1,
    "augmented_fourth": 6,
    "diminished_fifth": -6,
    "perfect_fifth": 1,
    "augmented_fifth": 8,
    "minor_sixth": -4,
    "major_sixth": 3,
    "diminished_seventh": -9,
    "minor_seventh": -2,
    "augmented_sixth": 10,
    "major_seventh": 5,
    "octave": 0,
    "other": 11,
}
"""Name → fifths from the lower pitch to the higher."""

_FARTHEST = 11
_COLUMN = np.array([[*_INTERVALS.values(), 11].index(f if f in _INTERVALS.values() else 11) for f in range(-11, 12)])
_DEGREES = {
    "flat_5": -6,
    "flat_2": -5,
    "flat_6": -4,
    "flat_3": -3,
    "flat_7": -2,
    "4": -1,
    "1": 0,
    "5": 1,
    "2": 2,
    "6": 3,
    "3": 4,
    "7": 5,
    "sharp_4": 6,
    "sharp_1": 7,
    "sharp_5": 8,
    "sharp_2": 9,
    "sharp_6": 10,
}
"""Name → fifths above the local tonic; degrees of the major scale are the plain ones."""

_LOWEST_DEGREE, _HIGHEST_DEGREE = -6, 10
_DIATONIC = 5
"""Fifths that a diatonic interval spans at most, but for the tritone."""

_CHROMATIC, _DIATONIC_STEP = 7, -5


def _places(context: ScoreContext) -> tuple[IntArray, IntArray]:
    """Place of each pitch of the frames, and how far it lies from the local tonic."""
    frames, chords, harmony = context.frames, context.chords, context.harmony
    if not len(frames):
        return np.empty(0, np.int32), np.empty(0, np.int32)
    home = harmony.home_key if harmony.home_key >= 0 else int(chords.key[0])
    table = spell_chords(chords, home)
    tonic = table[np.arange(len(chords)), chords.key % 12]
    chord = stretch_numbers(chords.first_moment, len(frames))[frames.frame]
    place = table.reshape(-1)[chord * 12 + frames.midi_pitch % 12]
    return place, place - tonic[chord]


def _line(context: ScoreContext, rows: IndexArray) -> IntArray:
    """Fifths of the intervals of a line that moves, from the lower pitch to the higher."""
    place, pitch = context.shared(_places)[0][rows], context.frames.midi_pitch[rows]
    step = differences(pitch)
    moves: IntArray = (differences(place) * np.sign(step))[step != 0]
    return moves


def _skyline(context: ScoreContext) -> IntArray:
    return _line(context, context.frames.offsets[1:] - 1)


def _bass(context: ScoreContext) -> IntArray:
    return _line(context, context.frames.offsets[:-1])


def _above_bass(context: ScoreContext) -> IntArray:
    """Fifths from the lowest pitch of each frame to each other pitch of it."""
    frames, place = context.frames, context.shared(_places)[0]
    is_higher = np.ones(len(place), dtype=bool)
    is_higher[frames.offsets[:-1]] = False
    above: IntArray = place[is_higher] - place[frames.offsets[:-1]][frames.frame[is_higher]]
    return above


def _histogram(fifths: IntArray) -> FloatArray:
    near = np.minimum(np.maximum(fifths, -_FARTHEST), _FARTHEST)
    return shares(_COLUMN[near + _FARTHEST], len(_INTERVALS))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=tuple(_INTERVALS))
def spelled_interval(context: ScoreContext) -> FloatArray:
    """Share of each spelled interval among those by which the skyline moves."""
    return _histogram(context.shared(_skyline))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=tuple(_INTERVALS))
def spelled_bass_interval(context: ScoreContext) -> FloatArray:
    """Share of each spelled interval among those by which the bass moves."""
    return _histogram(context.shared(_bass))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=tuple(name for name in _INTERVALS if name != "octave"),
    missing="a piece in which nothing is attacked together",
)
def spelled_interval_above_bass(context: ScoreContext) -> FloatArray:
    """Share of each spelled interval among those from the lowest pitch of a frame to its others.

    Octaves count among all; their share is `interval_above_bass_0`.
    """
    octave = list(_INTERVALS).index("octave")
    histogram = _histogram(context.shared(_above_bass))
    return np.concatenate([histogram[:octave], histogram[octave + 1 :]])


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=("skyline", "bass"),
    missing="a piece whose line has no semitones",
)
def chromatic_semitones(context: ScoreContext) -> FloatArray:
    """Share of augmented unisons (F to F♯) among the semitones of a line; the others are minor seconds (F♯ to G)."""
    lines = (context.shared(_skyline), context.shared(_bass))
    counts = [(np.count_nonzero(line == _CHROMATIC), np.count_nonzero(line == _DIATONIC_STEP)) for line in lines]
    return np.array([ratio(chromatic, chromatic + diatonic) for chromatic, diatonic in counts])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=("skyline", "bass"))
def chromatic_intervals(context: ScoreContext) -> FloatArray:
    """Share of augmented and diminished intervals, the tritone too, among those by which a line moves."""
    return np.array([share(np.abs(context.shared(line)) > _DIATONIC) for line in (_skyline, _bass)])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=(*_DEGREES, "other"))
def spelled_degree(context: ScoreContext) -> FloatArray:
    """Share of each degree above the local tonic among the pitches of frames, as spelled: ♯4 is not ♭5."""
    above = context.shared(_places)[1]
    known = (above >= _LOWEST_DEGREE) & (above <= _HIGHEST_DEGREE)
    return shares(np.where(known, above - _LOWEST_DEGREE, len(_DEGREES)), len(_DEGREES) + 1)


@FEATURES.add(unit="fifths", range=(-20, 20), source=_OURS)
def mean_place(context: ScoreContext) -> float:
    """Mean distance of pitches from the local tonic on the line of fifths: sharp side positive."""
    return mean(context.shared(_places)[1])


@FEATURES.add(unit="fifths", range=(0, 60), source=_OURS, columns=("deviation", "usual_range"))
def place_spread(context: ScoreContext) -> FloatArray:
    """Standard deviation of the places of pitches on the line of fifths, and the range of the middle nine tenths."""
    counts = context.shared(_counts)
    if not len(counts):
        return np.full(2, np.nan)
    below = np.cumsum(counts)
    cut = int(below[-1]) // 20
    low, high = np.searchsorted(below, [cut, below[-1] - 1 - cut], side="right").tolist()
    place = np.arange(len(counts))
    middle = (counts @ place) / below[-1]
    return np.array([((counts @ (place - middle) ** 2) / below[-1]) ** 0.5, high - low])


@FEATURES.add(unit="spelled pitch classes", range=(1, 60), source=_OURS)
def spelled_pitch_classes(context: ScoreContext) -> float:
    """Different spelled pitch classes: G♯ and A♭ are two."""
    return float(np.count_nonzero(context.shared(_counts))) or float("nan")


@FEATURES.add(unit="bits", range=(0, 6), source="entropy (Shannon 1948)")
def spelled_entropy(context: ScoreContext) -> float:
    """Entropy of the spelled pitch classes of frames."""
    return bits(context.shared(_counts))


def _counts(context: ScoreContext) -> IndexArray:
    """How often each place occurs, from the lowest that does."""
    place = context.shared(_places)[0]
    return np.bincount(place - place.min()) if len(place) else np.empty(0, np.int64)
