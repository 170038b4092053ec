"""Voice leading: how far each pitch has to go to the nearest pitch of the next frame, whatever its voice."""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import mean, ratio, share, shares
from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.sonorities import pitch_class_counts

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own"
_WIDE = 512
"""Room for a frame on one axis of all frames: wider than two compasses, so that no neighbour is nearer."""
_DISTANCES = ("0", "1", "2", "3_4", "5_7", "over_7")
_CLASS_OF_DISTANCE = np.array([0, 1, 2, 3, 3, 4, 4, 4, *[5] * 120])


def _nearest(context: ScoreContext) -> tuple[IntArray, npt.NDArray[np.bool_]]:
    """Semitones from pitches to the nearest pitch of the next frame, of frames with at least two before and after.

    And whether each of these pitches is neither the highest nor the lowest of its frame.
    """
    frames = context.frames
    if len(frames) < 2:
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=bool)
    key = frames.frame * _WIDE + frames.midi_pitch
    size = frames.size
    both = np.zeros(len(frames), dtype=bool)
    np.logical_and(size[:-1] > 1, size[1:] > 1, out=both[:-1])
    chosen, inner = both[frames.frame], np.ones(len(key), dtype=bool)
    inner[frames.offsets[:-1]] = inner[frames.offsets[1:] - 1] = False
    target = key[chosen] + _WIDE
    above = np.minimum(np.searchsorted(key, target), len(key) - 1)
    distance = np.minimum(np.abs(key[above] - target), np.abs(key[above - 1] - target))
    return distance.astype(np.int32), inner[chosen]


def _all_voices(context: ScoreContext) -> IntArray:
    return context.shared(_nearest)[0]


def _inner_voices(context: ScoreContext) -> IntArray:
    distance, inner = context.shared(_nearest)
    return distance[inner]


def _new_classes(context: ScoreContext) -> npt.NDArray[np.int64]:
    """Pitch classes of each frame that the frame before does not have, as bits."""
    masks = context.pitch_class_masks
    return masks[1:] & ~masks[:-1]


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_DISTANCES)
def nearest_pitch(context: ScoreContext) -> FloatArray:
    """Share of pitches by the semitones to the nearest of the next frame, where both frames have several."""
    return shares(_CLASS_OF_DISTANCE[context.shared(_all_voices)], len(_DISTANCES))


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS)
def mean_nearest_pitch(context: ScoreContext) -> float:
    """Mean of the semitones to the nearest pitch of the next frame, where both frames have several."""
    return mean(context.shared(_all_voices))


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS, missing="a piece without inner pitches")
def mean_nearest_inner_pitch(context: ScoreContext) -> float:
    """Mean of the semitones from inner pitches (neither highest nor lowest) to the nearest of the next frame."""
    return mean(context.shared(_inner_voices))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing="a piece without inner pitches")
def inner_voices_stay(context: ScoreContext) -> float:
    """Share of inner pitches that the next frame attacks again."""
    return share(context.shared(_inner_voices) == 0)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def nothing_new(context: ScoreContext) -> float:
    """Share of frames without a pitch class that the frame before lacks."""
    return share(context.shared(_new_classes) == 0)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def semitone_leading(context: ScoreContext) -> float:
    """Share of new pitch classes that lie a semitone from one of the frame before."""
    masks = context.pitch_class_masks[:-1]
    near = (masks << 1 | masks >> 11 | masks >> 1 | masks << 11) & 0xFFF
    new = context.shared(_new_classes)
    return ratio(int(pitch_class_counts(new & near).sum()), int(pitch_class_counts(new).sum()))
