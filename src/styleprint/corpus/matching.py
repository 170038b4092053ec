"""How two pieces are related: copies, an excerpt and its whole, or not at all.

*Copies* are the same music in another encoding, tempo, key or instrumentation, with or without repeats and
ornaments: each covers the other. An *excerpt* is covered by a longer piece that it does not cover.
The thresholds were chosen on a collection of four composers and checked on another of 21 (``benchmarks/copies.py``).
"""

from dataclasses import dataclass
from typing import Literal

from styleprint.corpus.alignment import Masks, best_transpositions, coverage, telling_windows

__all__ = ["Match", "compare", "says_enough"]

LEAST_FRAMES = 12
"""Pieces with fewer frames say nothing."""

LEAST_COVERAGE = 0.6
LEAST_SUM = 1.4
"""Copies cover each other at least so much, each way and together."""

LEAST_SUM_IN_WORK = 1.3
"""The same for two files of one work, by name."""

SHORT_FRAMES = 150
LEAST_SUM_OF_SHORT = 1.45
VERY_SHORT_FRAMES = 48
LEAST_SUM_OF_VERY_SHORT = 1.75
"""Pieces with fewer frames are alike by chance more easily: chorales on one tune, dances on one bass."""

EXCERPT_COVERAGE = 0.8
EXCERPT_FRAMES = 64
"""An excerpt has at least so many frames, and stands in the longer piece so well."""

REST_COVERAGE = 0.75
REST_RATIO = 1.3
"""A piece so much longer than an excerpt, and covered less than this, holds other music beside it."""

_GLANCE = 6
_LIKELIEST = 3
_HOPELESS_AT_A_GLANCE = 0.3
_SURE = 0.2
_HOPELESS = 0.45
"""A few windows show under which transpositions the music may be found, if at all; all windows say how much of it."""


@dataclass(frozen=True)
class Match:
    """What two pieces have in common.

    Attributes
    ----------
    index : int
        The known piece.
    coverage : float
        How much of the piece that was asked about stands in the known one.
    reverse : float
        How much of the known piece stands in the one that was asked about.
    transposition : int
        Semitones from the piece that was asked about to the known one, 0–11.
    kind : {'copy', 'excerpt'}
        For an excerpt, either of the two may be the part.
    """

    index: int
    coverage: float
    reverse: float
    transposition: int
    kind: Literal["copy", "excerpt"]


def compare(
    own: Masks, other: Masks, *, index: int = 0, is_one_work: bool = False, is_likely: bool = True
) -> Match | None:
    """How two pieces are related; None where they are not.

    Parameters
    ----------
    own, other : ndarray of uint16
        Pitch classes of each frame.
    index : int
        What the match shall call `other`.
    is_one_work : bool
        Whether names say that they are of one work.
    is_likely : bool
        Whether they share shingles: then every transposition is tried if need be, else those that look likeliest.
    """
    if min(len(own), len(other)) < LEAST_FRAMES:
        return None
    own_windows, other_windows = telling_windows(own), telling_windows(other)
    if not len(own_windows) or not len(other_windows):
        return None
    if len(own) == len(other) and (own == other).all():
        return Match(index, 1.0, 1.0, 0, "copy")
    small, large, starts, others = own, other, own_windows, other_windows
    if len(own) > len(other):
        small, large, starts, others = other, own, other_windows, own_windows
    glance = best_transpositions(small, large, tried=_LIKELIEST, windows=_GLANCE, limit=_LIKELIEST, starts=starts)
    if is_likely and glance[0][0] < EXCERPT_COVERAGE:
        glance = best_transpositions(small, large, tried=12, windows=_GLANCE, limit=2, starts=starts, known=glance)
    least = max(_HOPELESS_AT_A_GLANCE, glance[0][0] - _SURE)
    tried = [(coverage(small, large, k, starts), k) for found, k in glance[:2] if found >= least]
    there, transposition = max(tried, key=lambda item: (item[0], -item[1]), default=(0.0, 0))
    if there < _HOPELESS:
        return None
    back = coverage(large, small, -transposition % 12, others)
    kind = judge(there, back, len(small), len(large), is_one_work)
    if kind is None:
        return None
    if small is own:
        return Match(index, there, back, transposition, kind)
    return Match(index, back, there, -transposition % 12, kind)


def says_enough(masks: Masks) -> bool:
    """Whether a piece can be compared: not with a handful of frames, nor where one chord is repeated."""
    return len(masks) >= LEAST_FRAMES and len(telling_windows(masks)) > 0


def judge(
    there: float, back: float, frames: int, frames_of_longer: int, is_one_work: bool
) -> Literal["copy", "excerpt"] | None:
    """What the coverages of the shorter piece (`there`) and of the longer (`back`) mean.

    Parameters
    ----------
    there, back : float
    frames, frames_of_longer : int
    is_one_work : bool
    """
    is_part = there >= EXCERPT_COVERAGE and frames >= EXCERPT_FRAMES
    if is_part and back < REST_COVERAGE and frames_of_longer >= REST_RATIO * frames:
        return "excerpt"
    if frames < VERY_SHORT_FRAMES:
        least = LEAST_SUM_OF_VERY_SHORT
    elif frames < SHORT_FRAMES:
        least = LEAST_SUM_OF_SHORT
    else:
        least = LEAST_SUM_IN_WORK if is_one_work else LEAST_SUM
    if min(there, back) >= LEAST_COVERAGE and there + back >= least:
        return "copy"
    return "excerpt" if is_part else None
