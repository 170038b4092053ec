"""Texture: how many pitches are attacked together, how they are spaced, and how that changes."""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, contained, deviation, mean, ratio, run_lengths, share, shares
from styleprint.music.score import FloatArray, IntArray

__all__ = ["FEATURES"]

FEATURES = Family(
    unchanged_by_repeats=(
        "frame_size",
        "mean_frame_size",
        "frame_size_entropy",
        "mean_spacing",
        "wide_spacing",
        "close_spacing",
        "mean_lowest_gap",
        "mean_widest_gap",
        "bass_octaves",
        "skyline_octaves",
        "doubled_pitch_classes",
        "mean_frame_width",
    )
)

_OURS = "our own"


def _gaps(context: ScoreContext) -> IntArray:
    """Semitones between neighbouring pitches of each frame."""
    frames = context.frames
    gap = frames.midi_pitch[1:] - frames.midi_pitch[:-1]
    gaps: IntArray = gap[frames.frame[1:] == frames.frame[:-1]]
    return gaps


def _lowest_gap(context: ScoreContext) -> IntArray:
    """Semitones from the lowest to the second pitch of each frame with several."""
    frames = context.frames
    first = frames.offsets[:-1][frames.size > 1]
    gap: IntArray = frames.midi_pitch[first + 1] - frames.midi_pitch[first]
    return gap


def _widest_gap(context: ScoreContext) -> IntArray:
    """Widest gap between neighbouring pitches of each frame with three or more."""
    frames = context.frames
    several = frames.size > 2
    gap = np.zeros_like(frames.midi_pitch)
    np.subtract(frames.midi_pitch[1:], frames.midi_pitch[:-1], out=gap[:-1])
    gap[frames.offsets[1:] - 1] = 0
    widest: IntArray = np.maximum.reduceat(gap, frames.offsets[:-1])[several] if len(frames) else gap
    return widest


def _attacked_again(context: ScoreContext) -> npt.NDArray[np.bool_]:
    """Whether the next frame attacks each pitch again."""
    key = context.frames.frame * 128 + context.frames.midi_pitch
    place = np.minimum(np.searchsorted(key, key + 128), len(key) - 1)
    again: npt.NDArray[np.bool_] = key[place] == key + 128
    return again


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=("1", "2", "3", "4", "5", "6", "7_and_more"))
def frame_size(context: ScoreContext) -> FloatArray:
    """Share of frames by the number of pitches attacked."""
    return shares(np.minimum(context.frames.size, 7) - 1, 7)


@FEATURES.add(unit="pitches", range=(1, 128), source=_OURS)
def mean_frame_size(context: ScoreContext) -> float:
    """Mean number of pitches attacked in a frame."""
    return mean(context.frames.size)


@FEATURES.add(unit="pitches", range=(0, 64), source=_OURS)
def frame_size_deviation(context: ScoreContext) -> float:
    """Standard deviation of the number of pitches attacked."""
    return deviation(context.frames.size)


@FEATURES.add(unit="bits", range=(0, 7), source=_OURS)
def frame_size_entropy(context: ScoreContext) -> float:
    """Entropy of the number of pitches attacked."""
    return bits(np.bincount(context.frames.size))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def frame_size_changes(context: ScoreContext) -> float:
    """Share of frames that attack another number of pitches than the one before."""
    size = context.frames.size
    return share(size[1:] != size[:-1])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def frame_size_alternates(context: ScoreContext) -> float:
    """Share of frames with the size of two frames before and another size between: chords between single notes."""
    size = context.frames.size
    return share((size[2:] == size[:-2]) & (size[1:-1] != size[:-2]))


@FEATURES.add(unit="frames", range=(0, np.inf), source=_OURS)
def single_line_run(context: ScoreContext) -> float:
    """Mean length of the stretches of single notes; 0 where there are none."""
    single = context.frames.size == 1
    runs = run_lengths(single)
    if not len(runs):
        return float("nan")
    lengths = runs[single[np.cumsum(runs) - 1]]
    return mean(lengths) if len(lengths) else 0.0


@FEATURES.add(unit="frames", range=(0, np.inf), source=_OURS)
def chordal_run(context: ScoreContext) -> float:
    """Mean length of the stretches of frames of three pitches or more; 0 where there are none."""
    chordal = context.frames.size >= 3
    runs = run_lengths(chordal)
    if not len(runs):
        return float("nan")
    lengths = runs[chordal[np.cumsum(runs) - 1]]
    return mean(lengths) if len(lengths) else 0.0


@FEATURES.add(unit="semitones", range=(1, 127), source=_OURS)
def mean_spacing(context: ScoreContext) -> float:
    """Mean distance between neighbouring pitches of a frame."""
    return mean(context.shared(_gaps))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def wide_spacing(context: ScoreContext) -> float:
    """Share of more than an octave among the distances of neighbouring pitches of a frame: two hands apart."""
    return share(context.shared(_gaps) > 12)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def close_spacing(context: ScoreContext) -> float:
    """Share of less than a fourth among the distances of neighbouring pitches of a frame."""
    return share(context.shared(_gaps) < 5)


@FEATURES.add(unit="semitones", range=(1, 127), source=_OURS)
def mean_lowest_gap(context: ScoreContext) -> float:
    """Mean distance from the lowest pitch of a frame to the next."""
    return mean(context.shared(_lowest_gap))


@FEATURES.add(unit="semitones", range=(1, 127), source=_OURS, missing="a piece without frames of three pitches")
def mean_widest_gap(context: ScoreContext) -> float:
    """Mean of the widest gap in frames of three pitches or more: the hole between the hands."""
    return mean(context.shared(_widest_gap))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def bass_octaves(context: ScoreContext) -> float:
    """Share of frames with several pitches whose lowest two are an octave apart."""
    return share(context.shared(_lowest_gap) == 12)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def skyline_octaves(context: ScoreContext) -> float:
    """Share of frames with several pitches whose highest is doubled an octave below."""
    frames = context.frames
    several = frames.size > 1
    key = frames.frame * 128 + frames.midi_pitch
    below = np.arange(len(frames)) * 128 + context.skyline - 12
    doubled = contained(below[several], key)
    return share(doubled & (context.skyline[several] >= 12))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def doubled_pitch_classes(context: ScoreContext) -> float:
    """Share of the attacked pitches that stand in another octave of the same frame already."""
    different = int(context.pitch_class_presence.sum())
    return 1.0 - ratio(different, len(context.frames.midi_pitch))


@FEATURES.add(unit="semitones", range=(0, 127), source=_OURS)
def mean_frame_width(context: ScoreContext) -> float:
    """Mean distance from the lowest to the highest pitch of frames with several."""
    several = context.frames.size > 1
    return mean((context.skyline - context.bass)[several])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def common_tones(context: ScoreContext) -> float:
    """Share of pitches that the next frame attacks again."""
    frames = context.frames
    if len(frames) < 2:
        return float("nan")
    return share(context.shared(_attacked_again)[: frames.offsets[-2]])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def repeated_frames(context: ScoreContext) -> float:
    """Share of frames of two pitches or more that the next frame repeats exactly."""
    frames = context.frames
    if len(frames) < 2:
        return float("nan")
    kept = np.add.reduceat(context.shared(_attacked_again), frames.offsets[:-1])[:-1]
    size = frames.size
    same = (kept == size[:-1]) & (size[1:] == size[:-1])
    return share(same[size[:-1] > 1])


@FEATURES.add(unit="deviation of logarithm", range=(0, np.inf), source=_OURS)
def thickness_variation(context: ScoreContext) -> float:
    """Standard deviation, over stretches of 32 frames, of the logarithm of their mean size; NaN under 64 frames."""
    size = context.frames.size
    n = len(size) // 32
    if n < 2:
        return float("nan")
    return deviation(np.log2(size[: n * 32].reshape(n, 32).mean(axis=1)))
