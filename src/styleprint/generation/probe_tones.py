"""Does the model expect the tones of a key after its cadence? Krumhansl and Kessler's question, put to a model.

Listeners heard a cadence and rated how well each of the twelve tones fits (Psychological Review 89, 1982). Here the
model hears I–IV–V–I in four voices, in each of the 24 keys, and is asked for the pitch of the next note a quarter
later in the first part; probabilities of one pitch class are summed. The effect is the correlation of these
expectations with the ratings, degree by degree, over all keys; how often each tone has just sounded is held fixed,
since what was heard is expected again whatever the key. Chance deals the twelve degrees anew; the interval draws
degrees of each mode, since keys of music that was learnt in all transpositions say the same; untrained are models of
the same weights in another order.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from styleprint.generation.knowledge import Finding, Partial
from styleprint.generation.writer import FIELDS, NextEvents
from styleprint.theory.key_profiles import KEY_PROFILES

__all__ = ["expectations", "question_keys"]

FloatArray = npt.NDArray[np.float64]

_CLAIM = "the tones of a key are expected after its cadence, beyond those that have just sounded"
_DEALS, _BOOTSTRAPS = 999, 500
_QUARTER = 24
_CADENCES = (
    ((48, 64, 67, 72), (53, 65, 69, 72), (55, 62, 67, 71), (48, 64, 67, 72)),
    ((48, 63, 67, 72), (53, 65, 68, 72), (55, 62, 67, 71), (48, 63, 67, 72)),
)
"""In C major and C minor, from the bass up."""


def expectations(model: NextEvents, parts: Sequence[int]) -> FloatArray:
    """Probability of each degree after the cadence of each key, shape (24, 12); majors first, degrees from the tonic.

    Parameters
    ----------
    model : NextEvents
    parts : sequence of int
        Those of the training music, from the highest: the voices are dealt to them, the last takes what is left.
    """
    keys = [(mode, tonic) for mode in range(2) for tonic in range(-5, 7)]
    state = model.begin(len(keys))
    for moment in range(4):
        for voice in range(4):
            shift = _QUARTER if voice == 0 and moment else 0
            part = parts[min(3 - voice, len(parts) - 1)]
            events = [
                model.grid.tokens(shift, part, _CADENCES[mode][moment][voice] + tonic, _QUARTER) for mode, tonic in keys
            ]
            state = model.advance(state, np.array(events, dtype=np.int64))
    token = model.grid.tokens(_QUARTER, parts[0], 60, _QUARTER)
    given = {name: np.full(len(keys), token[FIELDS.index(name)]) for name in ("shift", "part")}
    found = model.distribution(state, "pitch", given)
    pitch = np.nan_to_num(model.grid.midi_pitch).astype(np.int64)
    known = np.isfinite(model.grid.midi_pitch)
    rows = []
    for row, (_, tonic) in zip(found, keys, strict=True):
        rows.append(np.bincount((pitch[known] - tonic) % 12, weights=row[known], minlength=12))
    return np.array(rows)


def question_keys(
    model: NextEvents, parts: Sequence[int], untrained: Sequence[NextEvents], *, seed: int = 0
) -> Finding:
    """Hold the expectations of a model against the ratings of listeners; not judged yet.

    Parameters
    ----------
    model : NextEvents
    parts : sequence of int
    untrained : sequence of NextEvents
        The same model with weights that know nothing; several.
    seed : int
    """
    rng = np.random.default_rng([seed, 1982])
    ratings = np.repeat(np.array(KEY_PROFILES["krumhansl_kessler"]), 12, axis=0)
    heard = np.repeat(np.array([_heard(cadence) for cadence in _CADENCES]), 12, axis=0)
    own = expectations(model, parts)
    effect = _effect(own, ratings, heard)
    deals = [_effect(own, ratings[:, rng.permutation(12)], heard) for _ in range(_DEALS)]
    draws = [_effect(*_draw_degrees(rng, own, ratings, heard)) for _ in range(_BOOTSTRAPS)]
    others = [_effect(expectations(one, parts), ratings, heard) for one in untrained]
    about = ("key_membership", "predictions", _CLAIM, len(own))
    return Finding.of(about, effect, deals=deals, draws=draws, untrained=(min(others), max(others)))


def _heard(cadence: Sequence[Sequence[int]]) -> FloatArray:
    tones = [pitch % 12 for chord in cadence for pitch in chord]
    return np.bincount(tones, minlength=12).astype(np.float64)


def _draw_degrees(rng: np.random.Generator, *arrays: FloatArray) -> list[FloatArray]:
    """Degrees of each mode with replacement, the same in its twelve keys.

    Music is learnt in all transpositions, so the keys of a mode say the same and are no twelve observations.
    """
    degrees = np.repeat(rng.integers(12, size=(len(_CADENCES), 12)), 12, axis=0)
    return [np.take_along_axis(each, degrees, axis=1) for each in arrays]


def _effect(own: FloatArray, ratings: FloatArray, heard: FloatArray) -> float:
    return Partial(heard.reshape(-1, 1)).correlation(own.reshape(-1), ratings.reshape(-1))
