"""The key of a whole piece, and how clear it is.

The method is Krumhansl and Schmuckler's (Krumhansl, *Cognitive Foundations of Musical Pitch*, 1990, ch. 4): the
durations that each pitch class sounds are correlated with the profile of each of the 24 keys; the best is
the estimate, and its correlation the confidence.
"""

from dataclasses import dataclass

import numpy as np

from styleprint.music.score import FloatArray, Score
from styleprint.theory.key_profiles import key_correlations

__all__ = ["KeyEstimate", "estimate_global_key", "estimate_key_of_durations"]


@dataclass(frozen=True)
class KeyEstimate:
    """A key: tonic as pitch class 0–11, mode, and the correlation with its profile (−1 … 1)."""

    tonic: int
    is_minor: bool
    confidence: float


def estimate_key_of_durations(durations: FloatArray) -> KeyEstimate | None:
    """The key in which pitch classes sound for so long.

    Parameters
    ----------
    durations : ndarray, shape (12,)
        From C.

    Returns
    -------
    KeyEstimate or None
        None where all twelve sound alike, as in silence: there is no key then, not an arbitrary one.
    """
    correlations = key_correlations(durations)
    best = int(np.argmax(correlations))
    if correlations[best] <= 0:
        return None
    return KeyEstimate(tonic=best % 12, is_minor=best >= 12, confidence=float(correlations[best]))


def estimate_global_key(score: Score) -> KeyEstimate | None:
    """The key of a piece, from all its pitched notes; None where it has none."""
    pitched = ~score.is_unpitched
    durations = np.bincount(score.midi_pitch[pitched] % 12, weights=score.duration_quarters[pitched], minlength=12)
    return estimate_key_of_durations(durations.astype(np.float64))
