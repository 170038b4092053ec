"""Cadences: how often phrases close, how, and in which key.

Found by :mod:`styleprint.theory.cadences`, from onsets and pitches: perfect (PAC) and imperfect (IAC) authentic, half
(HC), deceptive (DC), and plagal (PC) ones, which stand at the end of the music alone.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import Family
from styleprint.features.numbers import consists_of, differences, mean, ratio, share, shares
from styleprint.music.score import FloatArray
from styleprint.theory.cadences import CADENCES

__all__ = ["FEATURES"]

FEATURES = Family()

_OURS = "definitions after Caplin 1998, in our own count"
_NAMES = tuple(name.lower() for name in CADENCES)
_AUTHENTIC = (CADENCES.index("PAC"), CADENCES.index("IAC"))
_NONE = "a piece without cadences"


@FEATURES.add(unit="cadences", range=(0, np.inf), source=_OURS, encoding_safe=False)
def cadences(context: ScoreContext) -> float:
    """How many cadences there are. Not safe: it rests on whether repeats were written out."""
    return float(len(context.cadences)) if len(context.moments) else float("nan")


@FEATURES.add(unit="cadences a hundred chords", range=(0, 100), source=_OURS)
def cadence_rate(context: ScoreContext) -> float:
    """Cadences for a hundred chords."""
    return min(100.0, 100 * ratio(len(context.cadences), len(context.chords))) if len(context.chords) else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, columns=_NAMES, missing=_NONE)
def cadence_share(context: ScoreContext) -> FloatArray:
    """Share of each kind among cadences."""
    return shares(context.cadences.kind, len(CADENCES))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing=_NONE)
def authentic_cadences(context: ScoreContext) -> float:
    """Share of authentic cadences, perfect and imperfect, among cadences."""
    return share(consists_of(context.cadences.kind, _AUTHENTIC))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing="a piece without authentic cadences")
def perfect_of_authentic_cadences(context: ScoreContext) -> float:
    """Share of perfect among authentic cadences."""
    kind = context.cadences.kind
    return share(kind[consists_of(kind, _AUTHENTIC)] == CADENCES.index("PAC"))


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing=_NONE)
def cadences_in_home_key(context: ScoreContext) -> float:
    """Share of cadences whose tonic is that of the home key."""
    home = context.harmony.home_key
    return share(context.cadences.tonic == home % 12) if home >= 0 else float("nan")


@FEATURES.add(unit="share", range=(0, 1), source=_OURS, missing=_NONE)
def tonic_at_cadences(context: ScoreContext) -> float:
    """Share of cadences that arrive over the tonic of the home key: how often it sounds where phrases end."""
    home = context.harmony.home_key
    return share(context.moments.bass[context.cadences.moment] % 12 == home % 12) if home >= 0 else float("nan")


@FEATURES.add(unit="quarters", range=(0, np.inf), source=_OURS, encoding_safe=False, missing="a piece of one cadence")
def cadence_distance(context: ScoreContext) -> float:
    """Mean time from one cadence to the next. Not safe: see `pulse`."""
    return mean(differences(context.cadences.onset_quarters))


@FEATURES.add(unit="frames", range=(0, np.inf), source=_OURS, missing="a piece of one cadence")
def frames_between_cadences(context: ScoreContext) -> float:
    """Mean number of frames from one cadence to the next."""
    return mean(differences(context.cadences.moment))


@FEATURES.add(unit="ratio", range=(0, np.inf), source=_OURS, missing="a piece of fewer than three cadences")
def cadence_distance_variation(context: ScoreContext) -> float:
    """Standard deviation of the times between cadences, over their mean."""
    apart = differences(context.cadences.onset_quarters)
    return ratio(float(apart.std()), float(apart.mean())) if len(apart) > 1 else float("nan")
