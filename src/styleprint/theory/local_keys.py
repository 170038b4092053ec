"""Local keys and modulations.

A local key is a stretch in which the harmony (:mod:`styleprint.theory.harmony`) stays in one key. Its
confidence is the correlation of what sounds in it with the profile of the key.

A modulation is the change from one local key to the next. Its distance is signed steps on the circle of fifths
between key signatures, sharps positive; its kind:

relative
    The same signature, the other mode.
parallel
    The same tonic, the other mode.
close, medium, distant
    One step; two or three; four to six.
"""

from dataclasses import dataclass

import numpy as np

from styleprint.music.score import FloatArray, IntArray
from styleprint.support.claims import first_claim
from styleprint.theory.frames import IndexArray
from styleprint.theory.harmony import Harmony, fifths_between
from styleprint.theory.key_profiles import key_correlations
from styleprint.theory.moments import Moments
from styleprint.theory.stretches import first_of_stretches

__all__ = ["MODULATIONS", "LocalKeys", "Modulations", "local_keys_of", "modulations_of"]

MODULATIONS = ("relative", "parallel", "close", "medium", "distant")
_PROFILE = "temperley"
_KINDS = np.array(
    [MODULATIONS.index(kind) for kind in ("parallel", "relative", "close", "medium", "distant")], np.int32
)
"""In the order in which they are told."""


@dataclass(frozen=True, eq=False, slots=True)
class LocalKeys:
    """Stretches of one key, in order, without gaps.

    Attributes
    ----------
    first_moment : ndarray of int64, shape (n_stretches,)
    start_quarters, end_quarters : ndarray of float64, shape (n_stretches,)
    key : ndarray of int32, shape (n_stretches,)
        Tonic as pitch class, + 12 for minor.
    confidence : ndarray of float64, shape (n_stretches,)
        Correlation of what sounds with the profile of the key, −1 … 1; 0 where all twelve sound alike.
    home_key : int
        Key of the piece; -1 where none can be told.
    """

    first_moment: IndexArray
    start_quarters: FloatArray
    end_quarters: FloatArray
    key: IntArray
    confidence: FloatArray
    home_key: int

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False, slots=True)
class Modulations:
    """Changes of key, in order.

    Attributes
    ----------
    onset_quarters : ndarray of float64, shape (n_modulations,)
    from_key, to_key : ndarray of int32, shape (n_modulations,)
    fifths : ndarray of int32, shape (n_modulations,)
        Steps on the circle of fifths from signature to signature, −5 … 6.
    kind : ndarray of int32, shape (n_modulations,)
        Index into `MODULATIONS`.
    """

    onset_quarters: FloatArray
    from_key: IntArray
    to_key: IntArray
    fifths: IntArray
    kind: IntArray

    def __len__(self) -> int:
        return len(self.kind)


def local_keys_of(moments: Moments, harmony: Harmony) -> LocalKeys:
    """Stretches of one key."""
    if not len(moments):
        nothing = np.empty(0)
        return LocalKeys(np.empty(0, np.int64), nothing, nothing, np.empty(0, np.int32), nothing, harmony.home_key)
    first = first_of_stretches(harmony.key)
    start = moments.start_quarters[first]
    sound = np.add.reduceat((moments.presence + moments.doubling) * moments.length_quarters[:, None], first, axis=0)
    key = harmony.key[first]
    tonic, mode = key % 12, key // 12
    rows = np.arange(len(first))[:, None]
    from_tonic = sound[rows, (tonic[:, None] + np.arange(12)) % 12]  # so that a transposed piece gives the same numbers
    confidence = key_correlations(from_tonic, _PROFILE)[rows[:, 0], mode * 12]
    end = np.append(start[1:], moments.end_quarters)
    return LocalKeys(first, start, end, key, confidence, harmony.home_key)


def modulations_of(local_keys: LocalKeys) -> Modulations:
    """Changes from each local key to the next."""
    before, after = local_keys.key[:-1], local_keys.key[1:]
    fifths = fifths_between(before, after)
    distance = np.abs(fifths)
    same_tonic = before % 12 == after % 12
    kind = _KINDS[first_claim([same_tonic, distance == 0, distance == 1, distance <= 3])]
    return Modulations(local_keys.start_quarters[1:], before, after, fifths, kind)
