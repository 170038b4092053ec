"""Progressions: what root follows what in a key, and formulas of three and four chords.

Chords that are diatonic in their local key become scale steps, 1 to 7 (a minor key's sixth and seventh steps have two
forms each); a step that lasts through several chords (V, then V7, after its six-four) counts once. Others, and
changes of key, break the sequence.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import bits, borders, consists_of, differences, ratio, share, shares
from styleprint.music.score import FloatArray
from styleprint.theory.frames import IndexArray

__all__ = ["FEATURES", "FORMULAS"]

FEATURES = Family()

_OURS = "our own, over the chords of Raphael and Stoddard 2004"
_STEP_OF_SEMITONE = np.array([1, 2, 2, 3, 3, 4, 4, 5, 6, 6, 7, 7])

FORMULAS = {
    "1_5_6_4": (1, 5, 6, 4),
    "6_4_1_5": (6, 4, 1, 5),
    "1_6_4_5": (1, 6, 4, 5),
    "2_5_1": (2, 5, 1),
    "1_4_5_1": (1, 4, 5, 1),
    "6_2_5_1": (6, 2, 5, 1),
}
"""Name → steps."""

_PAIRS = tuple((first, second) for first in range(1, 8) for second in range(1, 8) if first != second)


def _sequence(context: ScoreContext) -> IndexArray:
    """Steps one after another; 0 where the sequence breaks."""
    numerals, key = context.numerals, context.chords.key
    step = np.where(numerals.kind == 0, _STEP_OF_SEMITONE[numerals.degree], 0).astype(np.int64)
    changes = np.flatnonzero(differences(key)) + 1
    step = np.insert(step, changes, 0)
    return step[borders(step)]


def _n_steps(context: ScoreContext) -> int:
    return int(np.count_nonzero(context.shared(_sequence)))


def _formulas(context: ScoreContext) -> IndexArray:
    """How often each formula occurs."""
    step = context.shared(_sequence)
    counts = []
    for formula in FORMULAS.values():
        n = max(0, len(step) - len(formula) + 1)
        here = np.ones(n, dtype=bool)
        for ahead, wanted in enumerate(formula):
            here &= step[ahead : ahead + n] == wanted
        counts.append(np.count_nonzero(here))
    return np.array(counts, dtype=np.int64)


def _pairs(context: ScoreContext) -> IndexArray:
    """Each pair of successive steps, as first step - 1 times 7 plus second - 1."""
    step = context.shared(_sequence)
    inside = (step[1:] > 0) & (step[:-1] > 0)
    pairs: IndexArray = (step[:-1][inside] - 1) * 7 + step[1:][inside] - 1
    return pairs


@FEATURES.add(unit="progressions", range=(0, np.inf), source=_OURS, encoding_safe=False, columns=tuple(FORMULAS))
def progressions(context: ScoreContext) -> FloatArray:
    """How often I–V–vi–IV, vi–IV–I–V, I–vi–IV–V, ii–V–I, I–IV–V–I and vi–ii–V–I occur.

    Not safe: it rests on whether repeats were written out.
    """
    return context.shared(_formulas).astype(np.float64) if len(context.chords) else np.full(len(FORMULAS), np.nan)


@FEATURES.add(unit="progressions a hundred steps", range=(0, 100), source=_OURS, columns=tuple(FORMULAS))
def progression_rate(context: ScoreContext) -> FloatArray:
    """The same, for a hundred steps."""
    count = context.shared(_n_steps)
    return 100 * context.shared(_formulas) / count if count else np.full(len(FORMULAS), np.nan)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=tuple(f"{first}_{second}" for first, second in _PAIRS))
def step_pair(context: ScoreContext) -> FloatArray:
    """Share of each pair of different successive steps."""
    table = shares(context.shared(_pairs), 49)
    return np.delete(table, np.arange(0, 49, 8))


@FEATURES.add(unit="bits", range=(0, 2.81), source="conditional entropy (Shannon 1948)")
def step_surprise(context: ScoreContext) -> float:
    """Entropy of a step given the one before."""
    pairs = context.shared(_pairs)
    return max(0.0, bits(np.bincount(pairs)) - bits(np.bincount(pairs // 7))) if len(pairs) else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def falling_fifths(context: ScoreContext) -> float:
    """Share of pairs of steps whose root falls a fifth or rises a fourth."""
    pairs = context.shared(_pairs)
    return share((pairs % 7 - pairs // 7) % 7 == 3)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def backward_steps(context: ScoreContext) -> float:
    """Share of V–IV, V–ii and ii–I among the pairs of V and ii with IV, ii and I: what textbooks avoid."""
    pairs = context.shared(_pairs)
    backward = np.count_nonzero(consists_of(pairs, (4 * 7 + 3, 4 * 7 + 1, 1 * 7)))
    forward = np.count_nonzero(consists_of(pairs, (3 * 7 + 4, 1 * 7 + 4, 4 * 7)))
    return ratio(backward, backward + forward)
