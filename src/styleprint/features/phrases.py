"""Phrases: how long they are, how regular, and how they close.

Found by :mod:`styleprint.theory.phrases` from cadences, pauses and returns. A phrase lasts until the next begins.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import mean, ratio, share
from styleprint.features.rhythm import RATIOS, ratio_classes
from styleprint.music.score import FloatArray

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "grouping rules of Lerdahl and Jackendoff 1983, in our own count"
_EQUAL = RATIOS.index("1")
_MEASURES = (2, 4, 8, 16)
_NEAR_MEASURES = 0.26
_ONE = "a piece of one phrase"


def _lengths(context: ScoreContext) -> FloatArray:
    """Length of each phrase in quarters; those that end where they begin are none."""
    lengths: FloatArray = context.phrases.end_quarters - context.phrases.start_quarters
    return lengths[lengths > 0]


def _in_measures(context: ScoreContext) -> FloatArray:
    """Length of each phrase in measures; empty where the file has none."""
    measures = context.score.measures
    if not len(measures.start_quarters) or not len(context.phrases):
        return np.empty(0)
    place = np.append(measures.start_quarters, measures.start_quarters[-1] + measures.length_quarters[-1])
    number = np.arange(len(place))
    return np.interp(context.phrases.end_quarters, place, number) - np.interp(
        context.phrases.start_quarters, place, number
    )


@FEATURES.add(unit="phrases", range=(1, np.inf), source=_OURS, encoding_safe=False)
def phrases(context: ScoreContext) -> float:
    """How many phrases there are. Not safe: it rests on whether repeats were written out."""
    return float(len(context.phrases)) if len(context.phrases) else float("nan")


@FEATURES.add(unit="quarters", range=(0, np.inf), source=_OURS, encoding_safe=False, columns=("mean", "deviation"))
def phrase_length(context: ScoreContext) -> FloatArray:
    """Mean and standard deviation of the lengths of phrases. Not safe: see `pulse`."""
    lengths = context.shared(_lengths)
    return np.array([lengths.mean(), lengths.std()]) if len(lengths) else np.full(2, np.nan)


@FEATURES.add(
    unit="measures", range=(0, np.inf), source=_OURS, encoding_safe=False, missing="a file without time signatures"
)
def phrase_measures(context: ScoreContext) -> float:
    """Mean length of phrases in measures. Not safe: many files have no metre of their own."""
    return mean(context.shared(_in_measures))


@FEATURES.add(
    unit="share",
    range=(0, 1),
    source=_OURS,
    encoding_safe=False,
    columns=tuple(f"{measures}" for measures in _MEASURES),
    missing="a file without time signatures",
)
def phrases_of_measures(context: ScoreContext) -> FloatArray:
    """Share of phrases of 2, 4, 8, 16 measures, to a quarter of a measure. Not safe: see `phrase_measures`."""
    lengths = context.shared(_in_measures)
    return np.array([share(np.abs(lengths - measures) <= _NEAR_MEASURES) for measures in _MEASURES])


@FEATURES.add(unit="frames", range=(0, np.inf), source=_OURS)
def frames_a_phrase(context: ScoreContext) -> float:
    """Mean number of frames of a phrase."""
    return ratio(len(context.frames), len(context.phrases))


@FEATURES.add(unit="ratio", range=(0, np.inf), source=_OURS, missing=_ONE)
def phrase_length_variation(context: ScoreContext) -> float:
    """Standard deviation of the lengths of phrases, over their mean."""
    lengths = context.shared(_lengths)
    return ratio(float(lengths.std()), float(lengths.mean())) if len(lengths) > 1 else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing=_ONE)
def phrase_regularity(context: ScoreContext) -> float:
    """Share of phrases about as long as the one before."""
    lengths = context.shared(_lengths)
    return share(ratio_classes(lengths[1:] / lengths[:-1]) == _EQUAL)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def phrases_with_cadence(context: ScoreContext) -> float:
    """Share of phrases that close with a cadence."""
    return share(context.phrases.cadence >= 0)


@FEATURES.add(unit="share", range=(0, 1), source=_OURS)
def phrases_end_on_tonic(context: ScoreContext) -> float:
    """Share of phrases whose last harmony arrives over the tonic of the home key; NaN without one."""
    home = context.harmony.home_key
    if home < 0:
        return float("nan")
    return share(context.moments.bass[context.phrases.last_moment] % 12 == home % 12)
