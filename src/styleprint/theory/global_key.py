"""The key of a whole piece, and how clear it is.

The durations that each pitch class sounds are correlated with the profiles of the 24 keys (Krumhansl and
Schmuckler's method: Krumhansl, *Cognitive Foundations of Musical Pitch*, 1990, ch. 4). A key's evidence is its
mean correlation by three profiles drawn from scores, over the whole piece, and again over its opening and its
close: Albrecht and Shanahan (2013) found that beginnings and ends tell the key best. Openings count for more,
because pieces in minor may end in major. The first bass note speaks for the keys of which it is the tonic.

Confidence is the correlation of the whole piece with the profile of Krumhansl and Kessler.
"""

from dataclasses import dataclass

import numpy as np

from styleprint.music.score import FloatArray, Score
from styleprint.theory.key_profiles import correlations_with, key_correlations
from styleprint.theory.moments import Moments

__all__ = ["KeyEstimate", "KeyEvidence", "estimate_global_key", "estimate_home_key", "estimate_key_of_durations"]

_PROFILES = ("temperley", "albrecht_shanahan", "bellman_budge")
_OPENING_QUARTERS, _CLOSE_QUARTERS = 4.0, 8.0


@dataclass(frozen=True)
class KeyEvidence:
    """What opening, close and first bass note count for, beside 1 for the whole piece; set by hand."""

    opening: float = 0.5
    close: float = 0.2
    first_bass: float = 0.05


@dataclass(frozen=True)
class KeyEstimate:
    """A key: tonic as pitch class 0–11, mode, and the correlation with its profile (−1 … 1)."""

    tonic: int
    is_minor: bool
    confidence: float


def estimate_key_of_durations(durations: FloatArray) -> KeyEstimate | None:
    """The key in which pitch classes sound for so long, by Krumhansl and Kessler's profiles alone.

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


def estimate_global_key(score: Score, evidence: KeyEvidence | None = None) -> KeyEstimate | None:
    """The key of a piece from all its pitched notes with the durations of the file; None where it has none."""
    kept = ~score.is_unpitched & (score.duration_quarters > 0)
    onset, pitch = score.onset_quarters[kept], score.midi_pitch[kept]
    if not len(onset):
        return None
    end = onset + score.duration_quarters[kept]
    first_bass = int(pitch[onset <= onset[0] + 1e-6].min()) % 12
    borders = (0.0, np.inf), (onset[0], onset[0] + _OPENING_QUARTERS), (end.max() - _CLOSE_QUARTERS, np.inf)
    durations = np.stack([_durations(onset, end, pitch, first_bass, span) for span in borders])
    return _best_key(durations, first_bass, evidence or KeyEvidence())


def estimate_home_key(moments: Moments) -> KeyEstimate | None:
    """The key of a piece from its moments: what they say of durations is all that is heard."""
    if not len(moments):
        return None
    first_bass = int(moments.bass[0]) % 12
    start, end = moments.start_quarters, moments.start_quarters + moments.length_quarters
    borders = (0.0, np.inf), (start[0], start[0] + _OPENING_QUARTERS), (end[-1] - _CLOSE_QUARTERS, np.inf)
    presence = np.roll(moments.presence + moments.doubling, -first_bass, axis=1)
    spans = [np.minimum(end, stop) - np.maximum(start, begin) for begin, stop in borders]
    weights = np.maximum(np.stack(spans), 0)
    return _best_key(np.einsum("sm,mp->sp", weights, presence), first_bass, KeyEvidence())


def _durations(
    onset: FloatArray, end: FloatArray, pitch: np.ndarray, first_bass: int, span: tuple[float, float]
) -> FloatArray:
    """How long each pitch class, from the first bass upwards, sounds within a span."""
    weights = np.maximum(np.minimum(end, span[1]) - np.maximum(onset, span[0]), 0.0)
    return np.bincount((pitch - first_bass) % 12, weights=weights, minlength=12).astype(np.float64)


def _best_key(durations: FloatArray, first_bass: int, counts: KeyEvidence) -> KeyEstimate | None:
    """The key with the most evidence; rows are the whole piece, its opening and its close, from the first bass up.

    All is reckoned from the first bass, so that a transposed piece gives the same numbers to the last bit.
    """
    whole, opening, close = np.mean(correlations_with(durations, _PROFILES), axis=0)
    if not whole.any():
        return None
    evidence = whole + counts.opening * opening + counts.close * close
    evidence[[0, 12]] += counts.first_bass
    best = int(np.argmax(evidence))
    confidence = float(key_correlations(durations[0])[best])
    return KeyEstimate(tonic=(best + first_bass) % 12, is_minor=best >= 12, confidence=confidence)
