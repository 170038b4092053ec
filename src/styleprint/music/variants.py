"""Forms of a score that a composer's other pieces could have: what learning may be given beside the score itself.

Each is a pure change (:mod:`styleprint.music.changes`) whose amount is drawn by the generator that it is given. Where
there is nothing to change it returns the score itself.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from styleprint.music.changes import leave_out_parts, scale_tempo, shift_notes, thin, transpose
from styleprint.music.score import Score

__all__ = ["VARIANTS", "retimed", "shifted", "thinned", "transposed", "without_a_part"]

_SEMITONES = np.array([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6])
_TEMPO = 1.25
_THINNED = (0.02, 0.15)
_SHIFTED = (0.01, 0.08)
_SMALLEST_SHARE = 1e-9


def transposed(score: Score, random: np.random.Generator) -> Score:
    """In another of the twelve keys: five semitones down to six up."""
    moved = int(random.choice(_SEMITONES))
    return score if bool(score.is_unpitched.all()) else transpose(score, moved)


def retimed(score: Score, random: np.random.Generator) -> Score:
    """All tempos multiplied by one factor, from four fifths to five quarters; quarters stay."""
    factor = float(np.exp(random.uniform(-np.log(_TEMPO), np.log(_TEMPO))))
    return scale_tempo(score, factor) if len(score.tempos.tempo_qpm) else score


def thinned(score: Score, random: np.random.Generator) -> Score:
    """Two to fifteen notes in a hundred left out."""
    share = float(random.uniform(*_THINNED))
    return thin(score, share, seed=int(random.integers(1 << 32)))


def shifted(score: Score, random: np.random.Generator) -> Score:
    """One to eight notes in a hundred moved by a semitone or two: wrong notes."""
    share = float(random.uniform(*_SHIFTED))
    return shift_notes(score, share, seed=int(random.integers(1 << 32)))


def without_a_part(score: Score, random: np.random.Generator) -> Score:
    """One part with its notes left out; a score of one part stays as it is."""
    return leave_out_parts(score, _SMALLEST_SHARE, seed=int(random.integers(1 << 32)))


VARIANTS: Mapping[str, Callable[[Score, np.random.Generator], Score]] = MappingProxyType(
    {
        "transposed": transposed,
        "retimed": retimed,
        "thinned": thinned,
        "shifted": shifted,
        "without_a_part": without_a_part,
    }
)
"""Name → change that draws its amount."""
