"""Harmony: what sounds together, as far as it is attacked together.

Two views: single frames, and *spans*, which gather a broken chord: the frame itself where it has three
pitch classes, else with as many of the next frames, up to three, as it takes to have them.
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import (
    bits,
    borders,
    chance_of_equal,
    consists_of,
    differences,
    mean,
    ratio,
    share,
    shares,
)
from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.sonorities import (
    CHORD_TYPES,
    chord_roots,
    chord_types,
    interval_class_counts,
    is_dissonant,
    pitch_class_counts,
)

__all__ = ["FEATURES", "span_masks"]

FEATURES = Family(
    unchanged_by_repeats=(
        "interval_above_bass",
        "interval_class",
        "dissonant_frames",
        "sharply_dissonant_frames",
        "tritone_frames",
        "frame_pitch_classes",
        "frame_chord",
        "triad_position",
        "two_part_frames",
    )
)

_OURS = "our own"
_FORTE = "interval vector of Forte 1973, over frames"
_SPAN = 4
_SEVENTHS = [CHORD_TYPES.index(name) for name in CHORD_TYPES if "seventh" in name or name == "half_diminished"]
_TRIADS = [CHORD_TYPES.index(name) for name in ("major", "minor", "diminished")]
_NAMED = CHORD_TYPES[2:]

MaskArray = npt.NDArray[np.int64]


def span_masks(context: ScoreContext) -> MaskArray:
    """Pitch classes of the span that begins with each frame (see the module), as bits."""
    masks = context.pitch_class_masks
    result = masks.copy()
    for ahead in range(1, _SPAN):
        grown = result.copy()
        grown[:-ahead] |= masks[ahead:]
        result = np.where(pitch_class_counts(result) < 3, grown, result)
    return result


def _four_frames(context: ScoreContext) -> MaskArray:
    """Pitch classes of every four successive frames, as bits."""
    masks = context.pitch_class_masks
    n = max(0, len(masks) - _SPAN + 1)
    result = np.zeros(n, dtype=np.int64)
    for i in range(_SPAN):
        result |= masks[i : i + n]
    return result


def _chords(context: ScoreContext) -> MaskArray:
    """Frames of three pitch classes or more."""
    masks = context.pitch_class_masks
    return masks[pitch_class_counts(masks) > 2]


def _above_bass(context: ScoreContext) -> IntArray:
    """Semitones of each upper pitch above the lowest of its frame."""
    frames = context.frames
    above: IntArray = frames.midi_pitch - context.bass[frames.frame]
    return above[above > 0]


def _roots(context: ScoreContext) -> MaskArray:
    """Roots of the chords that spans make, in order, repetitions left out."""
    roots = chord_roots(context.shared(span_masks))
    roots = roots[roots >= 0]
    return roots[borders(roots)]


def _pairs(context: ScoreContext) -> MaskArray:
    """Pairs of pitch classes by interval class, for each frame that has any."""
    masks = context.pitch_class_masks
    return interval_class_counts(masks[pitch_class_counts(masks) > 1])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=tuple(f"{semitones}" for semitones in range(12)))
def interval_above_bass(context: ScoreContext) -> FloatArray:
    """Share of each interval above the lowest pitch of the frame, in semitones within an octave."""
    return shares(context.shared(_above_bass) % 12, 12)


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_FORTE,
    columns=("seconds_minor", "seconds_major", "thirds_minor", "thirds_major", "fourths", "tritones"),
)
def interval_class(context: ScoreContext) -> FloatArray:
    """Share of each interval class among the pairs of pitch classes in frames."""
    counts = context.shared(_pairs).sum(axis=0)
    return counts / counts.sum() if counts.sum() else np.full(6, np.nan)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def dissonant_frames(context: ScoreContext) -> float:
    """Share of frames with a second, seventh or tritone among those with several pitch classes."""
    masks = context.pitch_class_masks
    return share(is_dissonant(masks[pitch_class_counts(masks) > 1]))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def sharply_dissonant_frames(context: ScoreContext) -> float:
    """Share of frames with a minor second or major seventh among those with several pitch classes."""
    return share(context.shared(_pairs)[:, 0] > 0)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def tritone_frames(context: ScoreContext) -> float:
    """Share of frames with a tritone among those with several pitch classes."""
    return share(context.shared(_pairs)[:, 5] > 0)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=("1", "2", "3", "4", "5_and_more"))
def frame_pitch_classes(context: ScoreContext) -> FloatArray:
    """Share of frames by the number of their pitch classes."""
    return shares(np.minimum(pitch_class_counts(context.pitch_class_masks), 5) - 1, 5)


@FEATURES.add(
    unit="share", range=(0, 1), source=_OURS, columns=_NAMED, missing="a piece without frames of three pitch classes"
)
def frame_chord(context: ScoreContext) -> FloatArray:
    """Share of each chord among frames of three pitch classes or more."""
    return shares(chord_types(context.shared(_chords)) - 2, len(_NAMED))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=CHORD_TYPES)
def span_chord(context: ScoreContext) -> FloatArray:
    """Share of each chord among spans: broken chords count here."""
    return shares(chord_types(context.shared(span_masks)), len(CHORD_TYPES))


@FEATURES.add(unit="pitch classes", range=(1, 12), source=_OURS)
def pitch_classes_of_four_frames(context: ScoreContext) -> float:
    """Mean number of pitch classes in four successive frames."""
    return mean(pitch_class_counts(context.shared(_four_frames)))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def minor_of_triads(context: ScoreContext) -> float:
    """Share of minor among the major and minor triads of spans."""
    kind = chord_types(context.shared(span_masks))
    minor = np.count_nonzero(kind == CHORD_TYPES.index("minor"))
    return ratio(minor, minor + np.count_nonzero(kind == CHORD_TYPES.index("major")))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def sevenths_of_chords(context: ScoreContext) -> float:
    """Share of seventh chords among triads and seventh chords of spans."""
    kind = chord_types(context.shared(span_masks))
    counts = np.bincount(kind, minlength=len(CHORD_TYPES))
    sevenths = int(counts[_SEVENTHS].sum())
    return ratio(sevenths, sevenths + int(counts[_TRIADS].sum()))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=("root", "first", "second"),
    missing="a piece without triads in frames",
)
def triad_position(context: ScoreContext) -> FloatArray:
    """Share of root position, first and second inversion among frames that are triads."""
    masks = context.pitch_class_masks
    triads = consists_of(chord_types(masks), _TRIADS)
    above_root = (context.bass[triads] - chord_roots(masks[triads])) % 12
    return shares(np.array([0, 0, 0, 1, 1, 1, 2, 2, 0, 0, 0, 0])[above_root], 3)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=tuple(f"up_{step}" for step in range(1, 12)))
def root_motion(context: ScoreContext) -> FloatArray:
    """Share of each motion between the roots of successive chords of spans, as rising semitones within an octave."""
    return shares(differences(context.shared(_roots)) % 12 - 1, 11)


@FEATURES.add(unit="bits", range=(0, 3.46), source=_OURS)
def root_motion_entropy(context: ScoreContext) -> float:
    """Entropy of the motions between the roots of successive chords of spans."""
    return bits(np.bincount(differences(context.shared(_roots)) % 12))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def root_changes(context: ScoreContext) -> float:
    """Changes of root among the spans that are chords: how fast the harmony moves."""
    named = np.count_nonzero(chord_roots(context.shared(span_masks)) >= 0)
    return ratio(max(0, len(context.shared(_roots)) - 1), named)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def same_harmony(context: ScoreContext) -> float:
    """Share of frames whose pitch classes are all among those of the four frames before."""
    masks, before = context.pitch_class_masks[_SPAN:], context.shared(_four_frames)[:-1]
    return share((masks & ~before) == 0)


@FEATURES.add(unit="chance", range=(0, 1), source=_OURS, missing="a piece without two frames of three pitch classes")
def sonority_recurrence(context: ScoreContext) -> float:
    """Chance that two frames of three pitch classes or more, drawn at random, have the same ones."""
    return chance_of_equal(context.shared(_chords))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=("fifth", "third", "other"))
def two_part_frames(context: ScoreContext) -> FloatArray:
    """Share of open fifths or fourths, of thirds or sixths and of others among frames of two pitch classes."""
    masks = context.pitch_class_masks
    pairs = interval_class_counts(masks[pitch_class_counts(masks) == 2])
    return shares(np.array([2, 2, 1, 1, 0, 2])[pairs.argmax(axis=1)], 3)
