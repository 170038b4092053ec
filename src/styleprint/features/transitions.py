"""Transitions: what follows what, in pairs of steps of one line, or of two lines at once.

Steps of a line fall into leaps (three semitones or more) and steps, down and up, and repetitions. Approaches say from
which degree of the key the bass and the skyline come to the tonic.
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.bass import bass_intervals
from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.melody import skyline_intervals
from styleprint.features.numbers import share, shares
from styleprint.features.rhythm import RATIOS, successive_ratios
from styleprint.features.tonality import key_of
from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.sonorities import CHORD_TYPES, chord_roots, chord_types, pitch_class_counts

__all__ = ["FEATURES"]

FEATURES = Family(unchanged_by_repeats=("figured_chord", "thirds_above_bass"))

_OURS = "our own"
_STEPS = ("leap_down", "step_down", "repeated", "step_up", "leap_up")
_PAIRS = tuple(f"{first}_{second}" for first in _STEPS for second in _STEPS)
_CHANGES = ("shorter", "equal", "longer")
_DIRECTIONS = ("down", "same", "up")
_DEGREES = ("b2", "2", "b3", "3", "4", "b5", "5", "b6", "6", "b7", "7")
_EQUAL = RATIOS.index("1")
_FIGURED = ("major", "minor", "diminished", "dominant_seventh", "minor_seventh", "major_seventh", "half_diminished")
_FIGURED_PLACE = np.array([_FIGURED.index(name) if name in _FIGURED else -1 for name in CHORD_TYPES])
_IS_POSITION = np.array([i not in (3, 7, 11) for i in range(len(_FIGURED) * 4)])  # a triad has no third inversion
_ABOVE_ROOT = {3: 1, 4: 1, 6: 2, 7: 2, 10: 3, 11: 3}
_POSITION = np.array([_ABOVE_ROOT.get(semitones, 0) for semitones in range(12)])

_CLASS_OF_INTERVAL = np.digitize(np.arange(-127, 128), (-2, 0, 1, 3))

Classes = npt.NDArray[np.int64]


def _classes(intervals: IntArray) -> Classes:
    """Index into `_STEPS` of each interval."""
    classes: Classes = _CLASS_OF_INTERVAL[intervals + 127]
    return classes


def _pair_shares(classes: Classes, n_classes: int) -> FloatArray:
    return shares(classes[:-1] * n_classes + classes[1:], n_classes * n_classes)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_PAIRS)
def skyline_pair(context: ScoreContext) -> FloatArray:
    """Share of each pair of successive steps of the skyline."""
    return _pair_shares(_classes(context.shared(skyline_intervals)), len(_STEPS))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_PAIRS)
def bass_pair(context: ScoreContext) -> FloatArray:
    """Share of each pair of successive steps of the bass."""
    return _pair_shares(_classes(context.shared(bass_intervals)), len(_STEPS))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=tuple(f"{first}_{second}" for first in _CHANGES for second in _CHANGES),
)
def time_pair(context: ScoreContext) -> FloatArray:
    """Share of each pair of successive changes of the time between frames."""
    return _pair_shares(np.sign(context.shared(successive_ratios) - _EQUAL) + 1, len(_CHANGES))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=tuple(f"{high}_over_{low}" for high in _DIRECTIONS for low in _DIRECTIONS),
)
def lines_together(context: ScoreContext) -> FloatArray:
    """Share of each pair of directions of skyline and bass, between neighbouring frames of several pitches each."""
    several = context.frames.size > 1
    both = several[1:] & several[:-1]
    high, low = np.sign(context.shared(skyline_intervals)[both]), np.sign(context.shared(bass_intervals)[both])
    return shares((high + 1) * 3 + low + 1, 9)


@FEATURES.add(
    unit="share", range=(0, 1), source=_OURS, columns=_DEGREES, missing="a piece whose bass never moves to the tonic"
)
def bass_approach(context: ScoreContext) -> FloatArray:
    """Share of each degree from which the bass moves to the tonic."""
    return _approach(context, context.bass)


@FEATURES.add(
    unit="share", range=(0, 1), source=_OURS, columns=_DEGREES, missing="a piece whose skyline never moves to the tonic"
)
def skyline_approach(context: ScoreContext) -> FloatArray:
    """Share of each degree from which the skyline moves to the tonic."""
    return _approach(context, context.skyline)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source="figured bass, in our own count",
    columns=tuple(
        f"{kind}_{position}"
        for kind in _FIGURED
        for position in (
            ("root", "first", "second")
            if "seventh" not in kind and kind != "half_diminished"
            else ("root", "first", "second", "third")
        )
    ),
    missing="a piece without triads and seventh chords in frames",
)
def figured_chord(context: ScoreContext) -> FloatArray:
    """Share of each chord in each position among frames that are triads or seventh chords with one root."""
    masks = context.pitch_class_masks
    kind = chord_types(masks)
    figured = _FIGURED_PLACE[kind]
    named = figured >= 0
    position = _POSITION[(context.bass[named] - chord_roots(masks[named])) % 12]
    table: FloatArray = shares(figured[named] * 4 + position, len(_FIGURED) * 4)[_IS_POSITION]
    return table


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def thirds_above_bass(context: ScoreContext) -> float:
    """Share of frames with a third above the bass among those of several pitch classes: full harmony."""
    masks, bass = context.pitch_class_masks, context.bass.astype(np.int64) % 12
    several = pitch_class_counts(masks) > 1
    above = (masks << 12 | masks) >> bass & 0xFFF
    return share((above[several] & 0b11000) > 0)


def _approach(context: ScoreContext, line: IntArray) -> FloatArray:
    tonic, _ = key_of(context)
    if tonic < 0:
        return np.full(11, np.nan)
    degree = (line - tonic) % 12
    return shares(degree[:-1][(degree[1:] == 0) & (degree[:-1] != 0)] - 1, 11)
