"""Where moments stand in the measure.

A place is the *downbeat*, a *half* measure (in measures of four beats), another *beat*, or *off* the beat.
In compound time (6/8, 9/8, 12/8) a beat is three eighths. A first measure shorter than its metre is a pickup:
it is counted from its end.
"""

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray, Score

__all__ = ["METRICAL_PLACES", "beat_quarters", "metrical_places"]

METRICAL_PLACES = ("downbeat", "half", "beat", "off")

_NEAR = 1.0 / 24.0
"""Quarters by which a note may miss its place."""


def beat_quarters(score: Score, times: FloatArray) -> FloatArray:
    """Length of a beat at each time, in quarters; 1.0 where no metre is known."""
    numerator, denominator = _signature(score, times)
    return np.where(_is_compound(numerator, denominator), 12.0, 4.0) / denominator


def metrical_places(score: Score, times: FloatArray) -> IntArray | None:
    """Place of each time in its measure.

    Returns
    -------
    ndarray of int32 or None
        Index into `METRICAL_PLACES`; None where the score has no measures or no metre.
    """
    starts = score.measures.start_quarters
    if not len(starts) or not len(score.time_signatures.onset_quarters):
        return None
    measure = np.maximum(np.searchsorted(starts, times + _NEAR, side="right") - 1, 0)
    numerator, denominator = _signature(score, starts[measure] + _NEAR)
    full = numerator * 4.0 / denominator
    position = times - starts[measure]
    pickup = (measure == 0) & (score.measures.length_quarters[0] < full - _NEAR)
    position = np.where(pickup, full - score.measures.length_quarters[0] + position, position)
    beat = np.where(_is_compound(numerator, denominator), 12.0, 4.0) / denominator
    half = np.where(np.isclose(full, 4 * beat), full / 2, full)
    places = np.select([_falls_on(position, full), _falls_on(position, half), _falls_on(position, beat)], [0, 1, 2], 3)
    return places.astype(np.int32)


def _signature(score: Score, times: FloatArray) -> tuple[IntArray, IntArray]:
    """Numerator and denominator in force at each time; 4/4 before the first and without one."""
    table = score.time_signatures
    if not len(table.onset_quarters):
        four = np.full(len(times), 4, np.int32)
        return four, four
    index = np.maximum(np.searchsorted(table.onset_quarters, times + _NEAR, side="right") - 1, 0)
    return table.numerator[index], table.denominator[index]


def _is_compound(numerator: IntArray, denominator: IntArray) -> npt.NDArray[np.bool_]:
    compound: npt.NDArray[np.bool_] = (numerator % 3 == 0) & (numerator > 3) & (denominator >= 8)
    return compound


def _falls_on(position: FloatArray, period: FloatArray) -> npt.NDArray[np.bool_]:
    distance: FloatArray = np.abs(position - np.rint(position / period) * period)
    near: npt.NDArray[np.bool_] = distance <= _NEAR
    return near
