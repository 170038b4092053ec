"""How well pitch classes fit each key: correlation with key profiles.

A profile says how much of each scale degree, counted in semitones from the tonic, a key has. The profile of a
key on tonic *t* gives pitch class *p* the value of *p* − *t*: the profile moves up with the tonic.

Sources
-------
krumhansl_kessler
    Ratings of listeners: Krumhansl and Kessler 1982, as printed in Krumhansl, *Cognitive Foundations of
    Musical Pitch* (1990), p. 30.
temperley
    How often segments of the Kostka and Payne workbook have each degree: Temperley, *Music and Probability*
    (2007), p. 85.
albrecht_shanahan
    Shares of duration in the first and last bars of 490 pieces: Albrecht and Shanahan, "The Use of Large
    Corpora to Train a New Type of Key-Finding Algorithm", *Music Perception* 31 (2013), p. 59–67.
aarden_essen
    Shares in folk songs of the Essen collection: Aarden, *Dynamic Melodic Expectancy* (2003).
bellman_budge
    Shares of chord tones in music of the eighteenth and nineteenth centuries: Budge, *A Study of Chord
    Frequencies* (1943), as used by Bellman, "About the Determination of Key of a Musical Excerpt" (2005).
"""

from collections.abc import Sequence

import numpy as np

from styleprint.music.score import FloatArray

__all__ = ["KEY_PROFILES", "correlations_with", "key_correlations"]

KEY_PROFILES = {
    "krumhansl_kessler": (
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    ),
    "temperley": (
        (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400),
        (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330),
    ),
    "albrecht_shanahan": (
        (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
        (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
    ),
    "aarden_essen": (
        (
            17.7661,
            0.145624,
            14.9265,
            0.160186,
            19.8049,
            11.3587,
            0.291248,
            22.062,
            0.145624,
            8.15494,
            0.232998,
            4.95122,
        ),
        (18.2648, 0.73762, 14.0499, 16.8599, 0.70249, 14.4362, 0.70249, 18.6161, 4.56621, 1.93186, 7.37619, 1.75623),
    ),
    "bellman_budge": (
        (16.80, 0.86, 12.95, 1.41, 13.49, 11.93, 1.25, 20.28, 1.80, 8.04, 0.62, 10.57),
        (18.16, 0.69, 12.99, 13.34, 1.07, 11.15, 1.38, 21.07, 7.49, 1.53, 0.92, 10.21),
    ),
}
"""Name → major and minor profile, each from the tonic upwards in semitones."""


def _standardised(name: str) -> FloatArray:
    """Shape (24, 12): majors on 0 … 11, then minors; each row of mean 0 and length 1."""
    rows = np.array([np.roll(profile, tonic) for profile in KEY_PROFILES[name] for tonic in range(12)])
    rows -= rows.mean(axis=1, keepdims=True)
    standardised: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return standardised


_STANDARDISED = {name: _standardised(name) for name in KEY_PROFILES}


def key_correlations(weights: FloatArray, profile: str = "krumhansl_kessler") -> FloatArray:
    """Pearson correlation of pitch-class weights with the 24 keys.

    Parameters
    ----------
    weights : ndarray, shape (..., 12)
        How much of each pitch class, from C; not negative.
    profile : str
        One of `KEY_PROFILES`.

    Returns
    -------
    ndarray, shape (..., 24)
        Majors on C … B, then minors; 0 throughout where all twelve weigh alike.
    """
    return correlations_with(weights, (profile,))[0]


def correlations_with(weights: FloatArray, profiles: Sequence[str]) -> list[FloatArray]:
    """As :func:`key_correlations`, for several profiles."""
    total = np.add.reduce(weights, axis=-1, keepdims=True)
    centred = weights - total / 12
    size = np.sqrt(np.add.reduce(centred * centred, axis=-1, keepdims=True))
    flat = size <= 1e-9 * np.maximum(1.0, total)
    unit = np.where(flat, 0.0, centred / np.where(flat, 1.0, size))
    return [unit @ _STANDARDISED[name].T for name in profiles]
