"""Chords: those that harmony moves in, broken or struck, with their place in the key.

Chords and local keys are found together (:mod:`styleprint.theory.harmony`), non-chord tones left out, from onsets and
pitches alone. Shares are of time unless they say otherwise.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import (
    bits,
    bounded_ratio,
    consists_of,
    distinct,
    kinds,
    mean,
    ratio,
    share,
    weighted_shares,
)
from styleprint.music.score import FloatArray
from styleprint.theory.chord_vocabulary import QUALITIES
from styleprint.theory.chords import CHORD_QUALITIES
from styleprint.theory.frames import IndexArray
from styleprint.theory.numerals import NUMERAL_KINDS

__all__ = ["FEATURES", "chord_lengths"]

FEATURES = Family()

_OURS = "our own, over the chords of Raphael and Stoddard 2004"
_DEGREES = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "b6", "6", "b7", "7")
_POSITIONS = ("root", "first", "second", "third", "no_chord_tone")
_TRIADS = tuple(QUALITIES.index(name) for name in ("major", "minor", "diminished", "augmented"))


def chord_lengths(context: ScoreContext) -> FloatArray:
    """Length of each chord in quarters."""
    lengths: FloatArray = context.chords.end_quarters - context.chords.start_quarters
    return lengths


def _identities(context: ScoreContext) -> IndexArray:
    """Each chord as one number: quality, and root above the tonic of the home key."""
    chords, home = context.chords, max(context.harmony.home_key, 0)
    return chords.quality.astype(np.int64) * 12 + (chords.root - home) % 12


@FEATURES.add(unit="chords", range=(1, np.inf), source=_OURS, encoding_safe=False)
def number_of_chords(context: ScoreContext) -> float:
    """How many chords there are, one after another. Not safe: it rests on whether repeats were written out."""
    return float(len(context.chords)) if len(context.chords) else float("nan")


@FEATURES.add(unit="chords", range=(1, np.inf), source=_OURS)
def number_of_chord_kinds(context: ScoreContext) -> float:
    """How many different roots and qualities there are."""
    return float(len(distinct(context.shared(_identities)))) if len(context.chords) else float("nan")


@FEATURES.add(unit="bits", range=(0, 8), source=_OURS)
def chord_entropy(context: ScoreContext) -> float:
    """Entropy of the roots and qualities of chords, each counted once wherever it begins."""
    return bits(kinds(context.shared(_identities)))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def commonest_chord(context: ScoreContext) -> float:
    """Share of the commonest root and quality."""
    if not len(context.chords):
        return float("nan")
    lengths = np.bincount(context.shared(_identities), weights=context.shared(chord_lengths))
    return bounded_ratio(float(lengths.max()), float(lengths.sum()))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=QUALITIES)
def chord_quality(context: ScoreContext) -> FloatArray:
    """Share of each quality; augmented sixths, the rest, are a kind of numeral."""
    shares_of_all = weighted_shares(context.chords.quality, context.shared(chord_lengths), len(CHORD_QUALITIES))
    return shares_of_all[: len(QUALITIES)]


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    columns=("major", "minor", "diminished", "augmented"),
    missing="a piece without triads",
)
def triad_quality(context: ScoreContext) -> FloatArray:
    """Share of each quality among triads."""
    triads = consists_of(context.chords.quality, _TRIADS)
    return weighted_shares(context.chords.quality[triads], context.shared(chord_lengths)[triads], 4)[:4]


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_POSITIONS)
def chord_position(context: ScoreContext) -> FloatArray:
    """Share of root position and of each inversion; of chords whose bass is none of their tones."""
    return weighted_shares(context.chords.inversion % 5, context.shared(chord_lengths), len(_POSITIONS))


@FEATURES.add(unit="inversion", range=(0, 3), source=_OURS)
def mean_inversion(context: ScoreContext) -> float:
    """Mean over chords of 0 for root position, 1, 2, 3 for inversions; chords over another bass left out."""
    inversion = context.chords.inversion
    return mean(inversion[inversion >= 0])


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_DEGREES)
def chord_degree(context: ScoreContext) -> FloatArray:
    """Share of each degree of the local key as root."""
    return weighted_shares(context.numerals.degree, context.shared(chord_lengths), 12)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def home_tonic_chord(context: ScoreContext) -> float:
    """Share of the triad on the tonic of the home key."""
    home = context.harmony.home_key
    if home < 0:
        return float("nan")
    chords, lengths = context.chords, context.shared(chord_lengths)
    tonic = (chords.root == home % 12) & (chords.quality == QUALITIES.index("minor" if home >= 12 else "major"))
    return bounded_ratio(float(lengths[tonic].sum()), float(lengths.sum()))


@FEATURES.add(
    unit="share", range=(0, 1), source="Kostka and Payne, Tonal Harmony, kinds of chords", columns=NUMERAL_KINDS
)
def numeral_kind(context: ScoreContext) -> FloatArray:
    """Share of diatonic chords, applied dominants, mixture, Neapolitans, augmented sixths, and all other chords."""
    return weighted_shares(context.numerals.kind, context.shared(chord_lengths), len(NUMERAL_KINDS))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def strange_tones(context: ScoreContext) -> float:
    """Share of what sounds that does not belong to the chord: non-chord tones."""
    explained, lengths = context.chords.explained, context.shared(chord_lengths)
    known = ~np.isnan(explained)
    total = float(lengths[known].sum())
    return min(1.0, max(0.0, float((1 - explained[known]) @ lengths[known] / total))) if total else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def resolved_dominants(context: ScoreContext) -> float:
    """Share of the dominants of a key (with or without seventh, six-fours too) whose next other root is its tonic.

    NaN where no dominant is followed by another root in its key.
    """
    degree, key = context.numerals.degree, context.chords.key
    change = np.flatnonzero((degree[1:] != degree[:-1]) & (key[1:] == key[:-1]))
    after = degree[change + 1][degree[change] == 7]
    return share(after == 0)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def chords_return(context: ScoreContext) -> float:
    """Share of chords that are those of two chords before, with another between: pendulums."""
    identity = context.shared(_identities)
    return share(identity[2:] == identity[:-2])


@FEATURES.add(unit="frames", range=(1, np.inf), source=_OURS)
def frames_a_chord(context: ScoreContext) -> float:
    """Mean number of frames that a chord lasts."""
    return ratio(len(context.frames), len(context.chords))
