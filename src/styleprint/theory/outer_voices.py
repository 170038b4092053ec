"""How the highest and the lowest voice move against each other.

Each step from one moment to the next is *parallel* (same way, same interval), *similar* (same way),
*contrary*, *oblique* (one stays) or *static* (both stay).
"""

from dataclasses import dataclass

import numpy as np

from styleprint.music.score import IntArray
from styleprint.support.claims import first_claim

__all__ = ["MOTIONS", "Motion", "outer_motion"]

MOTIONS = ("parallel", "similar", "contrary", "oblique", "static")
_KINDS = np.array([MOTIONS.index(kind) for kind in ("static", "oblique", "contrary", "parallel", "similar")], np.int32)
"""In the order in which they are told."""


@dataclass(frozen=True, eq=False, slots=True)
class Motion:
    """Steps of two voices.

    Attributes
    ----------
    kind : ndarray of int32, shape (n_steps,)
        Index into `MOTIONS`.
    from_interval, to_interval : ndarray of int32, shape (n_steps,)
        Semitones between the voices before and after the step.
    """

    kind: IntArray
    from_interval: IntArray
    to_interval: IntArray


def outer_motion(upper: IntArray, lower: IntArray) -> Motion:
    """Motion of two voices given at the same moments.

    Parameters
    ----------
    upper, lower : ndarray of int, shape (n_moments,)
        MIDI pitches, upper never below lower.

    Returns
    -------
    Motion
        One step fewer than moments; none where there is at most one moment.
    """
    up, low = upper[1:] - upper[:-1], lower[1:] - lower[:-1]
    up_stays, low_stays = up == 0, low == 0
    claims = [up_stays & low_stays, up_stays | low_stays, (up > 0) != (low > 0), up == low]
    apart = (upper - lower).astype(np.int32)
    return Motion(_KINDS[first_claim(claims)], apart[:-1], apart[1:])
