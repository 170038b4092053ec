"""How long pitches sound, told by onsets alone.

Note-offs are an encoder's: staccato and pedal, gaps between notes, rests. A pitch is taken to sound until a
pitch within a fifth of it is attacked (what replaces it in its voice, or near enough), and for two quarters at
most. So a chord under a melody stays, and a broken chord in a close position does not pile up.
"""

from functools import cache
from typing import Any

import numpy as np

from styleprint.music.score import FloatArray
from styleprint.support.compiled import compiled
from styleprint.theory.frames import Frames

__all__ = ["sustained_quarters"]

_REACH_SEMITONES = 7
_LONGEST_QUARTERS = 2.0


def sustained_quarters(frames: Frames) -> FloatArray:
    """How long each pitch of each frame is taken to sound.

    Parameters
    ----------
    frames : Frames

    Returns
    -------
    ndarray of float64, shape (n_pitches,)
        Quarters, at most two.
    """
    result: FloatArray = _loop()(
        frames.onset_quarters, frames.offsets, frames.midi_pitch, _REACH_SEMITONES, _LONGEST_QUARTERS
    )
    return result


@cache
def _loop() -> Any:
    return compiled(_until_replaced)


def _until_replaced(onset, offsets, pitch, reach, longest):  # type: ignore[no-untyped-def]  # numba infers the types
    """Backwards, with the next attack of each pitch in hand."""
    held = np.empty(len(pitch))
    attack = np.full(128, np.inf)
    for frame in range(len(onset) - 1, -1, -1):
        for i in range(offsets[frame], offsets[frame + 1]):
            end = onset[frame] + longest
            for near in range(max(pitch[i] - reach, 0), min(pitch[i] + reach, 127) + 1):
                end = min(end, attack[near])
            held[i] = end - onset[frame]
        for i in range(offsets[frame], offsets[frame + 1]):
            attack[pitch[i]] = onset[frame]
    return held
