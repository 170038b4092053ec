"""Frames as tokens: what is attacked together, how its outer pitches move, when, and where in the key.

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
``size``
    Number of pitches, 1–12 (as 0–11); 12 or more are 11.
``ratio``
    Time since the frame before over the time before that, as one of the 13 classes of
    :data:`styleprint.features.rhythm.RATIOS`; 13 for the first two frames.
``pulse``
    Time since the frame before over the commonest such time of the piece, same classes; 13 for the first frame.
``degrees``
    Pitch classes above the tonic of the piece as bits; 0 where no key stands out.
``bass_degree``, ``skyline_degree``
    Semitones of the lowest and the highest pitch above the tonic, 0–11; 12 where no key stands out.
"""

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.features.feature import CHANGE_NAMES
from styleprint.features.rhythm import RATIOS, ratio_classes
from styleprint.features.streams.intervals import DEGREES, name_interval, name_motion, name_set, steps
from styleprint.features.streams.stream import ONSETS, Field, Stream, TokenArray, as_tokens
from styleprint.theory.key_profiles import key_correlations

__all__ = ["STREAM", "compute"]

_REACH = 13
_NO_RATIO = len(RATIOS)
_NO_DEGREE = 12
_TWO_OCTAVES = 24
_LARGEST = 12
_CLEAR = 1e-6
_ENOUGH = 3

MaskArray = npt.NDArray[np.int64]


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
        "bass_class": np.concatenate([np.full(min(1, len(bass)), _NO_DEGREE), np.diff(bass) % 12]),
        "sonority": _rotated(context.pitch_class_masks, bass % 12) >> 1,
        "vertical": np.where(above > _TWO_OCTAVES, _TWO_OCTAVES + 1 + above % 12, above),
        "size": np.minimum(frames.size, _LARGEST) - 1,
        "ratio": _ratios(context),
        "pulse": _pulses(context),
        **_in_key(context),
    }
    return {name: as_tokens(tokens) for name, tokens in fields.items()} | {ONSETS: frames.onset_quarters}


def _rotated(masks: MaskArray, zero: npt.NDArray[np.integer]) -> MaskArray:
    """Pitch classes counted from `zero` instead of C."""
    doubled = masks << 12 | masks
    return doubled >> zero & 0xFFF


def _ratios(context: ScoreContext) -> npt.NDArray[np.int64]:
    times = context.inter_onset_quarters
    missing = np.full(min(2, len(context.frames)), _NO_RATIO)
    return np.concatenate([missing, ratio_classes(times[1:] / times[:-1])]).astype(np.int64)


def _pulses(context: ScoreContext) -> npt.NDArray[np.int64]:
    missing = np.full(min(1, len(context.frames)), _NO_RATIO)
    classes = ratio_classes(context.inter_onset_quarters / context.pulse_quarters)
    return np.concatenate([missing, classes]).astype(np.int64)


def _in_key(context: ScoreContext) -> dict[str, npt.NDArray[np.integer]]:
    n_frames, tonic = len(context.frames), _tonic(context)
    if tonic < 0:
        none = np.full(n_frames, _NO_DEGREE)
        return {"degrees": np.zeros(n_frames, np.int64), "bass_degree": none, "skyline_degree": none}
    return {
        "degrees": _rotated(context.pitch_class_masks, np.full(n_frames, tonic)),
        "bass_degree": (context.bass - tonic) % 12,
        "skyline_degree": (context.skyline - tonic) % 12,
    }


def _tonic(context: ScoreContext) -> int:
    """Tonic of the key that fits the attacked pitch classes best; -1 where none stands out."""
    counts = context.pitch_class_presence.sum(axis=0).astype(np.float64)
    if np.count_nonzero(counts) < _ENOUGH:
        return -1
    fit = key_correlations(counts)
    second, best = np.argsort(fit)[-2:]
    return int(best) % 12 if fit[best] - fit[second] >= _CLEAR else -1


def _name_ratio(token: int) -> str:
    return "start" if token == _NO_RATIO else "×" + RATIOS[token].replace("_", "/")


def _name_degree(token: int) -> str:
    return "no key" if token == _NO_DEGREE else DEGREES[token]


def _name_vertical(token: int) -> str:
    return name_interval(token) if token <= _TWO_OCTAVES else f"24+…+{token - _TWO_OCTAVES - 1}"


def _name_sonority(token: int) -> str:
    return "{" + (name_set(token << 1) or "alone") + "}"


def _name_class(token: int) -> str:
    return "start" if token == _NO_DEGREE else f"+{token}" if token else "0"


STREAM = Stream(
    name="frames",
    fields={
        "skyline": Field(2 * _REACH + 2, "semitones", lambda token: name_motion(token, _REACH)),
        "bass": Field(2 * _REACH + 2, "semitones", lambda token: name_motion(token, _REACH)),
        "bass_class": Field(13, "semitones modulo 12", _name_class),
        "sonority": Field(2048, "set of pitch classes above the bass", _name_sonority),
        "vertical": Field(_TWO_OCTAVES + 13, "semitones", _name_vertical),
        "size": Field(_LARGEST, "pitches", lambda token: str(token + 1)),
        "ratio": Field(_NO_RATIO + 1, "ratio", _name_ratio),
        "pulse": Field(_NO_RATIO + 1, "ratio", _name_ratio),
        "degrees": Field(4096, "set of pitch classes above the tonic", lambda token: f"{{{name_set(token, DEGREES)}}}"),
        "bass_degree": Field(13, "semitones above the tonic", _name_degree),
        "skyline_degree": Field(13, "semitones above the tonic", _name_degree),
    },
    unchanged_by=CHANGE_NAMES,
    encoding_safe=True,
    source="figured bass and contrapuntal modules (Antila and Cumming 2014, VIS), in our own tokens",
    compute=compute,
)
