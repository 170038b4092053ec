"""Frames as tokens: what is attacked together, how its outer pitches move, and when.

One token a frame (see :mod:`styleprint.features.context`), so fields can be joined: a *sonority* with the
motion of its bass is figured bass, the motions of *skyline* and *bass* with the *vertical* interval are a
contrapuntal module. Rests on note-ons and pitches alone; nothing depends on the key in which it stands.

Vocabulary
----------
``skyline``, ``bass``
    Motion of the highest and of the lowest pitch from the frame before, clipped to 13 semitones: 0–26 are
    −13 … +13, 27 is the first frame.
``bass_class``
    Motion of the lowest pitch modulo the octave, 0–11; 12 is the first frame.
``sonority``
    Pitch classes above the lowest pitch: bit i is the pitch class i + 1 semitones above it.
``vertical``
    Semitones from the lowest to the highest pitch, 0–24; beyond two octaves 25 + the rest modulo 12.
``ratio``
    Time since the frame before over the time before that, as one of the 13 classes of
    :data:`styleprint.features.rhythm.RATIOS`; 13 for the first two frames.
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import CHANGE_NAMES
from styleprint.features.rhythm import RATIOS, ratio_classes
from styleprint.features.streams.intervals import name_interval, name_motion, name_set, rotated, steps
from styleprint.features.streams.stream import ONSETS, Field, Stream, TokenArray, as_tokens

__all__ = ["STREAM", "compute"]

_REACH = 13
_NO_RATIO = len(RATIOS)
_FIRST = 12
_TWO_OCTAVES = 24


def compute(context: ScoreContext) -> dict[str, TokenArray]:
    """Tokens of each frame.

    Parameters
    ----------
    context : ScoreContext

    Returns
    -------
    dict of str to ndarray, shape (n_frames,)
        The fields as int32, ``onset_quarters`` as float64; empty without pitched notes.
    """
    frames, skyline, bass = context.frames, context.skyline, context.bass
    above = (skyline - bass).astype(np.int64)
    fields = {
        "skyline": steps(skyline, _REACH),
        "bass": steps(bass, _REACH),
        "bass_class": np.concatenate([np.full(min(1, len(bass)), _FIRST), np.diff(bass) % 12]),
        "sonority": rotated(context.pitch_class_masks, bass % 12) >> 1,
        "vertical": np.where(above > _TWO_OCTAVES, _TWO_OCTAVES + 1 + above % 12, above),
        "ratio": _ratios(context),
    }
    return {name: as_tokens(tokens) for name, tokens in fields.items()} | {ONSETS: frames.onset_quarters}


def _ratios(context: ScoreContext) -> npt.NDArray[np.int64]:
    times = context.inter_onset_quarters
    missing = np.full(min(2, len(context.frames)), _NO_RATIO)
    return np.concatenate([missing, ratio_classes(times[1:] / times[:-1])]).astype(np.int64)


def _name_ratio(token: int) -> str:
    return "start" if token == _NO_RATIO else "×" + RATIOS[token].replace("_", "/")


def _name_vertical(token: int) -> str:
    return name_interval(token) if token <= _TWO_OCTAVES else f"24+…+{token - _TWO_OCTAVES - 1}"


def _name_sonority(token: int) -> str:
    return "{" + (name_set(token << 1) or "alone") + "}"


def _name_class(token: int) -> str:
    return "start" if token == _FIRST else f"+{token}" if token else "0"


STREAM = Stream(
    name="frames",
    fields={
        "skyline": Field(2 * _REACH + 2, "semitones", lambda token: name_motion(token, _REACH)),
        "bass": Field(2 * _REACH + 2, "semitones", lambda token: name_motion(token, _REACH)),
        "bass_class": Field(13, "semitones modulo 12", _name_class),
        "sonority": Field(2048, "set of pitch classes above the bass", _name_sonority),
        "vertical": Field(_TWO_OCTAVES + 13, "semitones", _name_vertical),
        "ratio": Field(_NO_RATIO + 1, "ratio", _name_ratio),
    },
    unchanged_by=CHANGE_NAMES,
    encoding_safe=True,
    source="figured bass and contrapuntal modules (Antila and Cumming 2014, VIS), in our own tokens",
    compute=compute,
    version=2,
)
