"""Modulation: the local keys of a piece, where they lead and how long they stay.

Keys are found together with chords (:mod:`styleprint.theory.harmony`), from onsets and pitches; shares are of time.
Distances are steps on the circle of fifths between key signatures: a relative key is 0 away, the dominant 1, the
parallel key 3. A *modulation* is a change of key, but for that to the relative key, which is counted apart: *close*
goes one step, *medium* two or three, *distant* further.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.extent import seconds_of
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, distinct, mean, ratio, weighted_shares
from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.harmony import fifths_between

__all__ = ["FEATURES", "key_stretches"]

FEATURES = Family()

_OURS = "our own, over the keys of Raphael and Stoddard 2004"
_KINDS = ("home", "dominant", "subdominant", "relative", "parallel", "near", "far")
_ONE_KEY = "a piece in one key"


def key_stretches(context: ScoreContext) -> tuple[IntArray, FloatArray]:
    """Key and length in quarters of each stretch of one key."""
    key, length = context.harmony.key, context.moments.length_quarters
    if not len(key):
        return key, length
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    return key[starts], np.add.reduceat(length, starts)


def _steps(context: ScoreContext) -> IntArray:
    """Signed distance of each change of key, sharps positive."""
    keys = context.shared(key_stretches)[0]
    return fifths_between(keys[:-1], keys[1:])


def _from_home(context: ScoreContext) -> IntArray:
    """Signed distance of each stretch's key from the home key; empty without one."""
    keys, home = context.shared(key_stretches)[0], context.harmony.home_key
    return fifths_between(np.full(len(keys), home, np.int32), keys) if home >= 0 else keys[:0]


def _modulations(context: ScoreContext) -> int:
    return int(np.count_nonzero(context.shared(_steps)))


def _quarters(context: ScoreContext) -> float:
    return float(context.shared(key_stretches)[1].sum())


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_KINDS)
def key_share(context: ScoreContext) -> FloatArray:
    """Share of the home key, its dominant, subdominant, relative and parallel, of others up to two steps away, and more.

    Dominant and subdominant are the keys on these degrees in the mode of the home key.
    """
    keys, lengths = context.shared(key_stretches)
    home, apart = context.harmony.home_key, np.abs(context.shared(_from_home))
    if home < 0:
        return np.full(len(_KINDS), np.nan)
    step, same_mode = (keys - home) % 12, keys // 12 == home // 12
    kind = np.select(
        [same_mode & (step == 0), same_mode & (step == 7), same_mode & (step == 5), apart == 0, step == 0, apart <= 2],
        [0, 1, 2, 3, 4, 5],
        6,
    )
    return weighted_shares(kind, lengths, len(_KINDS))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def minor_key_share(context: ScoreContext) -> float:
    """Share of minor keys."""
    keys, lengths = context.shared(key_stretches)
    return min(1.0, float(lengths[keys >= 12].sum() / lengths.sum())) if len(keys) else float("nan")


@FEATURES.add(unit="keys", range=(1, 24), source=_OURS)
def number_of_keys(context: ScoreContext) -> float:
    """How many different keys there are."""
    keys = context.shared(key_stretches)[0]
    return float(len(distinct(keys))) if len(keys) else float("nan")


@FEATURES.add(unit="bits", range=(0, 4.59), source=_OURS)
def key_entropy(context: ScoreContext) -> float:
    """Entropy of the keys by time."""
    keys, lengths = context.shared(key_stretches)
    return bits(np.bincount(keys, weights=lengths)) if len(keys) else float("nan")


@FEATURES.add(unit="fifths", range=(0, 6), source=_OURS)
def distance_from_home(context: ScoreContext) -> float:
    """Mean distance from the home key by time."""
    apart, lengths = np.abs(context.shared(_from_home)), context.shared(key_stretches)[1]
    return float(apart @ lengths / lengths.sum()) if len(apart) else float("nan")


@FEATURES.add(unit="fifths", range=(-5, 6), source=_OURS)
def side_of_home(context: ScoreContext) -> float:
    """Mean signed distance from the home key by time: sharper keys positive, flatter negative."""
    side, lengths = context.shared(_from_home), context.shared(key_stretches)[1]
    return float(side @ lengths / lengths.sum()) if len(side) else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def key_stability(context: ScoreContext) -> float:
    """Length of the longest stretch in one key, as a share of the piece."""
    lengths = context.shared(key_stretches)[1]
    return ratio(float(lengths.max()), float(lengths.sum())) if len(lengths) else float("nan")


@FEATURES.add(unit="modulations", range=(0, np.inf), source=_OURS, encoding_safe=False)
def modulations(context: ScoreContext) -> float:
    """How many modulations there are. Not safe: it rests on whether repeats were written out."""
    return float(context.shared(_modulations)) if len(context.moments) else float("nan")


@FEATURES.add(unit="modulations a hundred frames", range=(0, 100), source=_OURS)
def modulations_a_hundred_frames(context: ScoreContext) -> float:
    """Modulations in a hundred frames."""
    return 100 * ratio(context.shared(_modulations), len(context.moments))


@FEATURES.add(unit="modulations a hundred quarters", range=(0, np.inf), source=_OURS, encoding_safe=False)
def modulations_a_hundred_quarters(context: ScoreContext) -> float:
    """Modulations in a hundred quarters. Not safe: see `pulse`."""
    return 100 * ratio(context.shared(_modulations), context.shared(_quarters))


@FEATURES.add(
    unit="modulations a minute",
    range=(0, np.inf),
    source=_OURS,
    unchanged_by=("transposition", "velocity", "part_order"),
    encoding_safe=False,
)
def modulations_a_minute(context: ScoreContext) -> float:
    """Modulations a minute, by the tempos of the file; NaN where it has none."""
    return 60 * ratio(context.shared(_modulations), seconds_of(context)) if len(context.moments) else float("nan")


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=("relative", "close", "medium", "distant"),
    missing=_ONE_KEY,
)
def key_change(context: ScoreContext) -> FloatArray:
    """Share of changes to the relative key, and of close, medium and distant modulations, among changes of key."""
    apart = np.abs(context.shared(_steps))
    if not len(apart):
        return np.full(4, np.nan)
    return np.bincount(np.array([0, 1, 2, 2, 3, 3, 3])[apart], minlength=4) / len(apart)


@FEATURES.add(
    unit="fifths", range=(0, 6), source=_OURS, columns=("mean", "greatest"), missing="a piece without modulations"
)
def modulation_distance(context: ScoreContext) -> FloatArray:
    """Mean and greatest distance of modulations."""
    apart = np.abs(context.shared(_steps))
    apart = apart[apart > 0]
    return np.array([mean(apart), float(apart.max())]) if len(apart) else np.full(2, np.nan)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing="a piece without modulations")
def sharpward_modulations(context: ScoreContext) -> float:
    """Share of modulations to the sharp side."""
    steps = context.shared(_steps)
    steps = steps[steps != 0]
    return float(np.count_nonzero(steps > 0) / len(steps)) if len(steps) else float("nan")
