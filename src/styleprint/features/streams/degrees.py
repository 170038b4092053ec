"""Frames against the key of the piece: which degrees sound, and which lie below and on top.

One token a frame. The key is that of Krumhansl and Kessler's profiles which fits best the share of frames that
attack each pitch class; where none stands out (fewer than three pitch classes, the whole-tone scale), every
token says so. The standard model does better without this stream; it is for those who ask about degrees.

Vocabulary
----------
``sonority``
    Pitch classes above the tonic as bits; 0 where no key stands out.
``bass``, ``skyline``
    Semitones of the lowest and the highest pitch above the tonic, 0–11; 12 where no key stands out.
"""

import numpy as np

from styleprint.features.context import ScoreContext
from styleprint.features.feature import CHANGE_NAMES
from styleprint.features.streams.intervals import DEGREES, name_set, rotated
from styleprint.features.streams.stream import ONSETS, Field, Stream, TokenArray, as_tokens
from styleprint.theory.key_profiles import key_correlations

__all__ = ["STREAM", "compute"]

_NO_KEY = 12
_CLEAR = 1e-6
_ENOUGH = 3


def compute(context: ScoreContext) -> dict[str, TokenArray]:
    """Tokens of each frame.

    Parameters
    ----------
    context : ScoreContext

    Returns
    -------
    dict of str to ndarray, shape (n_frames,)
        The fields as int32, ``onset_quarters`` as float64.
    """
    n_frames, tonic = len(context.frames), _tonic(context)
    fields = {
        "sonority": np.zeros(n_frames) if tonic < 0 else rotated(context.pitch_class_masks, np.full(n_frames, tonic)),
        "bass": np.full(n_frames, _NO_KEY) if tonic < 0 else (context.bass - tonic) % 12,
        "skyline": np.full(n_frames, _NO_KEY) if tonic < 0 else (context.skyline - tonic) % 12,
    }
    return {name: as_tokens(tokens) for name, tokens in fields.items()} | {ONSETS: context.frames.onset_quarters}


def _tonic(context: ScoreContext) -> int:
    """Tonic of the key that fits the attacked pitch classes best; -1 where none stands out."""
    counts = context.pitch_class_presence.sum(axis=0).astype(np.float64)
    if np.count_nonzero(counts) < _ENOUGH:
        return -1
    fit = key_correlations(counts)
    second, best = np.argsort(fit)[-2:]
    return int(best) % 12 if fit[best] - fit[second] >= _CLEAR else -1


def _name_degree(token: int) -> str:
    return "no key" if token == _NO_KEY else DEGREES[token]


def _name_sonority(token: int) -> str:
    return "{" + name_set(token, DEGREES) + "}"


STREAM = Stream(
    name="degrees",
    fields={
        "sonority": Field(4096, "set of pitch classes above the tonic", _name_sonority),
        "bass": Field(13, "semitones above the tonic", _name_degree),
        "skyline": Field(13, "semitones above the tonic", _name_degree),
    },
    unchanged_by=CHANGE_NAMES,
    encoding_safe=True,
    source="Krumhansl and Kessler 1982, key profiles, in our own tokens",
    compute=compute,
)
