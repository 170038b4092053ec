"""Modulation: the local keys of a piece, where they lead and how long they stay.

Keys are found together with chords (:mod:`styleprint.theory.harmony`), from onsets and pitches; shares are of time.
Distances and kinds are those of :mod:`styleprint.theory.local_keys`. A *modulation* is a change of key, but for that to
the relative key, which is told apart.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.extent import seconds_of
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, bounded_ratio, distinct, mean, ratio, share, shares, weighted_shares
from styleprint.music.score import FloatArray, IntArray
from styleprint.support.claims import first_claim
from styleprint.theory.harmony import fifths_between
from styleprint.theory.local_keys import MODULATIONS

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "our own, over the keys of Raphael and Stoddard 2004"
_KINDS = ("home", "dominant", "subdominant", "relative", "parallel", "near", "far")
_RELATIVE = MODULATIONS.index("relative")


def _lengths(context: ScoreContext) -> FloatArray:
    """Length of each local key in quarters."""
    lengths: FloatArray = context.local_keys.end_quarters - context.local_keys.start_quarters
    return lengths


def _from_home(context: ScoreContext) -> IntArray:
    """Signed distance of each local key from the home key; empty without one."""
    keys, home = context.local_keys.key, context.local_keys.home_key
    return fifths_between(np.full(len(keys), home, np.int32), keys) if home >= 0 else keys[:0]


def _leading(context: ScoreContext) -> IntArray:
    """Signed distance of each modulation that is none to the relative key."""
    steps: IntArray = context.modulations.fifths[context.modulations.kind != _RELATIVE]
    return steps


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_KINDS)
def key_share(context: ScoreContext) -> FloatArray:
    """Share of the home key, its dominant, subdominant, relative, parallel, of others up to two steps away, and beyond.

    Dominant and subdominant are the keys on these degrees in the mode of the home key.
    """
    keys, lengths = context.local_keys.key, context.shared(_lengths)
    home, apart = context.local_keys.home_key, np.abs(context.shared(_from_home))
    if home < 0:
        return np.full(len(_KINDS), np.nan)
    step, same_mode = (keys - home) % 12, keys // 12 == home // 12
    home_mode = [same_mode & (step == degree) for degree in (0, 7, 5)]
    kind = first_claim([*home_mode, apart == 0, step == 0, apart <= 2])
    return weighted_shares(kind, lengths, len(_KINDS))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def minor_key_share(context: ScoreContext) -> float:
    """Share of minor keys."""
    keys, lengths = context.local_keys.key, context.shared(_lengths)
    return min(1.0, float(lengths[keys >= 12].sum() / lengths.sum())) if len(keys) else float("nan")


@FEATURES.add(unit="keys", range=(1, 24), source=_OURS)
def number_of_keys(context: ScoreContext) -> float:
    """How many different keys there are."""
    keys = context.local_keys.key
    return float(len(distinct(keys))) if len(keys) else float("nan")


@FEATURES.add(unit="bits", range=(0, 4.59), source=_OURS)
def key_entropy(context: ScoreContext) -> float:
    """Entropy of the keys by time."""
    keys, lengths = context.local_keys.key, context.shared(_lengths)
    return bits(np.bincount(keys, weights=lengths)) if len(keys) else float("nan")


@FEATURES.add(unit="fifths", range=(0, 6), source=_OURS)
def distance_from_home(context: ScoreContext) -> float:
    """Mean distance from the home key by time."""
    apart, lengths = np.abs(context.shared(_from_home)), context.shared(_lengths)
    return float(apart @ lengths / lengths.sum()) if len(apart) else float("nan")


@FEATURES.add(unit="fifths", range=(-5, 6), source=_OURS)
def side_of_home(context: ScoreContext) -> float:
    """Mean signed distance from the home key by time: sharper keys positive, flatter negative."""
    side, lengths = context.shared(_from_home), context.shared(_lengths)
    return float(side @ lengths / lengths.sum()) if len(side) else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def key_stability(context: ScoreContext) -> float:
    """Length of the longest stretch in one key, as a share of the piece."""
    lengths = context.shared(_lengths)
    return ratio(float(lengths.max()), float(lengths.sum())) if len(lengths) else float("nan")


@FEATURES.add(unit="modulations", range=(0, np.inf), source=_OURS, encoding_safe=False)
def modulations(context: ScoreContext) -> float:
    """How many modulations there are. Not safe: it rests on whether repeats were written out."""
    return float(len(context.shared(_leading))) if len(context.moments) else float("nan")


@FEATURES.add(unit="modulations a hundred frames", range=(0, 100), source=_OURS)
def modulations_a_hundred_frames(context: ScoreContext) -> float:
    """Modulations in a hundred frames."""
    return 100 * ratio(len(context.shared(_leading)), len(context.moments))


@FEATURES.add(unit="modulations a hundred quarters", range=(0, np.inf), source=_OURS, encoding_safe=False)
def modulations_a_hundred_quarters(context: ScoreContext) -> float:
    """Modulations in a hundred quarters. Not safe: see `pulse`."""
    return 100 * ratio(len(context.shared(_leading)), float(context.shared(_lengths).sum()))


@FEATURES.add(
    unit="modulations a minute",
    range=(0, np.inf),
    source=_OURS,
    unchanged_by=("transposition", "velocity", "part_order"),
    encoding_safe=False,
    missing="a file without tempos",
)
def modulations_a_minute(context: ScoreContext) -> float:
    """Modulations a minute, by the tempos of the file; NaN where it has none."""
    return 60 * ratio(len(context.shared(_leading)), seconds_of(context)) if len(context.moments) else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=MODULATIONS, missing="a piece in one key")
def key_change(context: ScoreContext) -> FloatArray:
    """Share of each kind among the changes of key: to the relative, to the parallel, close, medium, distant."""
    return shares(context.modulations.kind, len(MODULATIONS))


@FEATURES.add(
    unit="fifths", range=(0, 6), source=_OURS, columns=("mean", "greatest"), missing="a piece without modulations"
)
def modulation_distance(context: ScoreContext) -> FloatArray:
    """Mean and greatest distance of modulations."""
    apart = np.abs(context.shared(_leading))
    return np.array([mean(apart), float(apart.max())]) if len(apart) else np.full(2, np.nan)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing="a piece without modulations")
def sharpward_modulations(context: ScoreContext) -> float:
    """Share of modulations to the sharp side."""
    return share(context.shared(_leading) > 0)


@FEATURES.add(unit="correlation", range=(-1, 1), source=_OURS)
def local_key_confidence(context: ScoreContext) -> float:
    """Mean by time of the correlation of what sounds with the profile of its local key."""
    lengths = context.shared(_lengths)
    return bounded_ratio(float(context.local_keys.confidence @ lengths), float(lengths.sum()))
