"""How the highest and the lowest voice move against each other.

Each step from one moment to the next is *parallel* (same way, same interval), *similar* (same way),
*contrary*, *oblique* (one stays) or *static* (both stay).
"""

from dataclasses import dataclass

import numpy as np

from styleprint.music.score import IntArray

__all__ = ["MOTIONS", "Motion", "outer_motion"]

MOTIONS = ("parallel", "similar", "contrary", "oblique", "static")


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
    up, low = np.diff(upper), np.diff(lower)
    one_way = np.sign(up) * np.sign(low)
    kind = np.select(
        [(up == 0) & (low == 0), one_way == 0, one_way < 0, up == low],
        [MOTIONS.index("static"), MOTIONS.index("oblique"), MOTIONS.index("contrary"), MOTIONS.index("parallel")],
        MOTIONS.index("similar"),
    )
    apart = upper - lower
    return Motion(kind.astype(np.int32), apart[:-1].astype(np.int32), apart[1:].astype(np.int32))
