"""Parts: how each of them moves. Tracks tell the encoder as well as the composer: none of it is safe.

A part's *line* is the highest pitch of each frame in which it attacks something.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, borders, differences, distinct, mean, run_lengths, share, shares
from styleprint.music.score import FloatArray, IntArray

__all__ = ["FEATURES", "PartLines", "order_by_part", "part_lines"]

FEATURES = Family(unchanged_by_repeats=("chords_in_parts", "mean_part_range", "part_balance"))

_OURS = "our own"
_KEEPS = ("transposition", "tempo", "velocity", "resolution", "legato", "staccato", "part_order")
_SIZES = ("0", "1", "2", "3", "4", "5", "6", "7", "8_9", "10_11", "12", "over_12")
_SIZE_OF_SEMITONES = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9, 10, *[11] * 115])


@dataclass(frozen=True, eq=False)
class PartLines:
    """Lines of all parts, one after another: part, pitch and frame of each note, and how many pitches it tops."""

    part: IntArray
    midi_pitch: IntArray
    chord_size: npt.NDArray[np.int64]
    frame: npt.NDArray[np.int64]


def order_by_part(context: ScoreContext) -> npt.NDArray[np.intp]:
    """Places of the notes in the order of their parts, and within parts as they are."""
    part = context.notes.part
    few_bits = np.min_scalar_type(int(part.max(initial=0)))  # which sort fast
    return np.argsort(part.astype(few_bits), kind="stable")


def part_lines(context: ScoreContext) -> PartLines:
    """The line of every part."""
    notes = context.notes
    n_frames = len(context.frames) + 1
    key = distinct((notes.part.astype(np.int64) * n_frames + notes.frame) * 128 + notes.midi_pitch)
    place = key >> 7
    sizes = run_lengths(place)
    ends = sizes.cumsum() - 1
    part, frame = np.divmod(place[ends], n_frames)
    return PartLines(part.astype(np.int32), (key[ends] & 127).astype(np.int32), sizes, frame)


def _intervals(context: ScoreContext) -> IntArray:
    lines = context.shared(part_lines)
    intervals: IntArray = differences(lines.midi_pitch)[differences(lines.part) == 0]
    return intervals


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False, columns=_SIZES)
def part_interval(context: ScoreContext) -> FloatArray:
    """Share of each absolute interval, in semitones, within the lines of parts."""
    return shares(_SIZE_OF_SEMITONES[np.abs(context.shared(_intervals))], len(_SIZES))


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def mean_part_interval(context: ScoreContext) -> float:
    """Mean absolute interval within the lines of parts."""
    return mean(np.abs(context.shared(_intervals)))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def chords_in_parts(context: ScoreContext) -> float:
    """Share of two pitches or more among the attacks of parts: voices have none, hands and keyboards many."""
    return share(context.shared(part_lines).chord_size > 1)


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def mean_part_range(context: ScoreContext) -> float:
    """Mean range of the lines of parts."""
    lines = context.shared(part_lines)
    if not len(lines.part):
        return float("nan")
    starts = borders(lines.part)
    return mean(np.maximum.reduceat(lines.midi_pitch, starts) - np.minimum.reduceat(lines.midi_pitch, starts))


@FEATURES.add(unit="bits", range=(0, 10), source=_OURS, unchanged_by=_KEEPS, encoding_safe=False)
def part_balance(context: ScoreContext) -> float:
    """Entropy of the attacks over parts; 0 where one part has all."""
    return bits(np.bincount(context.shared(part_lines).part))
