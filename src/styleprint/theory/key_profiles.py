"""How well pitch classes fit each key: correlation with key profiles.

Profiles: Krumhansl and Kessler 1982, the ratings as printed in Krumhansl, *Cognitive Foundations of
Musical Pitch* (1990), p. 30. The profile of a key on tonic *t* gives pitch class *p* the rating of the
probe tone *p* − *t*: the profile moves up with the tonic.
"""

import numpy as np

from styleprint.music.score import FloatArray

__all__ = ["key_correlations"]

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def _profiles() -> FloatArray:
    """Shape (24, 12): majors on 0 … 11, then minors; each row standardised."""
    rows = np.array([np.roll(profile, tonic) for profile in (_MAJOR, _MINOR) for tonic in range(12)])
    rows -= rows.mean(axis=1, keepdims=True)
    standardised: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return standardised


_PROFILES = _profiles()


def key_correlations(weights: FloatArray) -> FloatArray:
    """Pearson correlation of pitch-class weights with the 24 keys.

    Parameters
    ----------
    weights : ndarray, shape (..., 12)
        How much of each pitch class, from C; not negative.

    Returns
    -------
    ndarray, shape (..., 24)
        Majors on C … B, then minors; 0 throughout where all twelve weigh alike.
    """
    centred = weights - weights.mean(axis=-1, keepdims=True)
    size = np.linalg.norm(centred, axis=-1, keepdims=True)
    flat = size <= 1e-9 * np.maximum(1.0, weights.sum(axis=-1, keepdims=True))
    correlations: FloatArray = np.where(flat, 0.0, centred / np.where(flat, 1.0, size)) @ _PROFILES.T
    return correlations
