"""Patterns: how far the next thing can be told from those before, and what is said again.

Entropies are those of one step given the step, or the two steps, before it, in bits; a longer piece shows more of them.
What counts repetitions rests on whether repeats were written out, and is marked so.
"""

from math import log2

import numpy as np
import numpy.typing as npt

from styleprint.features.bass import bass_intervals
from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.harmony import span_masks
from styleprint.features.loops import count_phrases
from styleprint.features.melody import skyline_intervals
from styleprint.features.numbers import bits, borders, differences, figures, kinds
from styleprint.features.rhythm import successive_ratios
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family()

_SHANNON = "conditional entropy (Shannon 1948)"
_OURS = "our own"
_FEW_CODES = 1 << 12
"""Up to which counting takes less than sorting."""

_PATTERN = 3  # intervals of a pattern of four notes

CodeArray = npt.NDArray[np.int64]


def _surprises(codes: npt.NDArray[np.integer]) -> FloatArray:
    place, n_kinds = _places(codes)
    return np.array([_conditional(place, n_kinds, 1), _conditional(place, n_kinds, 2)])


def _places(codes: npt.NDArray[np.integer]) -> tuple[CodeArray, int]:
    """Codes as places among those that occur, and how many do."""
    if not len(codes):
        return np.empty(0, np.int64), 0
    shifted = codes - codes.min()
    if shifted.max() < _FEW_CODES:
        number = (np.bincount(shifted) > 0).cumsum()
        return number[shifted] - 1, int(number[-1])
    place = np.unique(shifted, return_inverse=True)[1]
    return place, int(place.max()) + 1


def _conditional(place: CodeArray, n_kinds: int, before: int) -> float:
    """Entropy of a place given the `before` places before it; NaN where there is none."""
    count = len(place) - before
    if count < 1:
        return float("nan")
    given = place[:count]
    for ahead in range(1, before):
        given = given * n_kinds + place[ahead : ahead + count]
    joint = given * n_kinds + place[before:]
    return max(0.0, _entropy(joint, n_kinds ** (before + 1)) - _entropy(given, n_kinds**before))


def _entropy(codes: CodeArray, n_codes: int) -> float:
    return bits(np.bincount(codes) if n_codes <= _FEW_CODES else kinds(codes))


def _harmonies(context: ScoreContext) -> CodeArray:
    """Pitch classes of successive spans from the lowest note up, with the motion of the bass, repetitions left out."""
    masks, bass = context.shared(span_masks), context.bass.astype(np.int64)
    changed = borders(masks)
    masks, bass = masks[changed], bass[changed] % 12
    doubled = masks << 12 | masks
    above = doubled >> bass & 0xFFF
    harmonies: CodeArray = np.append(differences(bass) % 12, 0)[: len(above)] * 4096 + above
    return harmonies


def _ziv_lempel(codes: npt.NDArray[np.integer]) -> float:
    """Phrases of the parsing of Ziv and Lempel (1978), over n / log2 n: smaller where more is said again."""
    n = len(codes)
    return count_phrases(codes.astype(np.int64)) * log2(n) / n if n > 1 else float("nan")


def _patterns(context: ScoreContext) -> tuple[CodeArray, int]:
    """How often each pattern of four notes of the skyline occurs, the commonest first, and the number of places."""
    found = figures(context.shared(skyline_intervals), _PATTERN)
    return kinds(found), len(found)


@FEATURES.add(unit="bits", range=(0, 8), source=_SHANNON, columns=("after_one", "after_two"))
def skyline_surprise(context: ScoreContext) -> FloatArray:
    """Entropy of a skyline interval given the one before, and the two before."""
    return _surprises(context.shared(skyline_intervals))


@FEATURES.add(unit="bits", range=(0, 8), source=_SHANNON, columns=("after_one", "after_two"))
def bass_surprise(context: ScoreContext) -> FloatArray:
    """Entropy of a bass interval given the one before, and the two before."""
    return _surprises(context.shared(bass_intervals))


@FEATURES.add(unit="bits", range=(0, 3.71), source=_SHANNON, columns=("after_one", "after_two"))
def rhythm_surprise(context: ScoreContext) -> FloatArray:
    """Entropy of the ratio of a time between frames to the one before, given one ratio before, and two."""
    return _surprises(context.shared(successive_ratios))


@FEATURES.add(unit="bits", range=(0, 17), source=_SHANNON)
def harmony_surprise(context: ScoreContext) -> float:
    """Entropy of the pitch classes of a span above its lowest note, and its motion to the next, given those before."""
    return _conditional(*_places(context.shared(_harmonies)), 1)


@FEATURES.add(unit="bits", range=(0, 17), source=_OURS)
def harmony_entropy(context: ScoreContext) -> float:
    """Entropy of the pitch classes of spans above their lowest note, and its motion to the next."""
    return bits(kinds(context.shared(_harmonies)))


@FEATURES.add(
    unit="ratio",
    range=(0, np.inf),
    source="Ziv and Lempel 1978, complexity of a sequence",
    columns=("skyline", "bass", "rhythm"),
    encoding_safe=False,
)
def complexity(context: ScoreContext) -> FloatArray:
    """Phrases of the parsing of intervals of skyline and bass, and of ratios of times, over those of a random sequence.

    Not safe: it rests on whether repeats were written out.
    """
    sequences = (
        context.shared(skyline_intervals),
        context.shared(bass_intervals),
        context.shared(successive_ratios),
    )
    return np.array([_ziv_lempel(codes) for codes in sequences])


@FEATURES.add(unit="patterns a hundred notes", range=(0, 50), source=_OURS, encoding_safe=False)
def repeated_patterns(context: ScoreContext) -> float:
    """Different patterns of four notes of the skyline that occur twice or more, for a hundred places.

    Not safe: it rests on whether repeats were written out.
    """
    counts, places = context.shared(_patterns)
    return 100 * np.count_nonzero(counts > 1) / places if places else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, encoding_safe=False)
def pattern_density(context: ScoreContext) -> float:
    """Share of places whose pattern of four notes of the skyline stands elsewhere too.

    Not safe: it rests on whether repeats were written out.
    """
    counts, places = context.shared(_patterns)
    return int(counts[counts > 1].sum()) / places if places else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def commonest_pattern(context: ScoreContext) -> float:
    """Share of the commonest pattern of four notes of the skyline."""
    counts, places = context.shared(_patterns)
    return int(counts[0]) / places if places else float("nan")
