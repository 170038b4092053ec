"""Time: seconds through tempos, and measures through time signatures."""

import math

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, Measures, Score, Tempos, TimeSignatures

__all__ = ["DEFAULT_TEMPO_QPM", "count_measures", "duration_seconds", "lay_out_measures", "to_seconds"]

DEFAULT_TEMPO_QPM = 120.0
"""What players take where a file has no tempo (Standard MIDI Files 1.0)."""

_TOLERANCE_QUARTERS = 1e-6


def to_seconds(quarters: npt.ArrayLike, tempos: Tempos) -> FloatArray:
    """Times in seconds, from times in quarters.

    Parameters
    ----------
    quarters : array_like
    tempos : Tempos
        Before the first one, and where there is none, `DEFAULT_TEMPO_QPM` holds.

    Returns
    -------
    ndarray of float64, of the shape of `quarters`
    """
    times = np.asarray(quarters, dtype=np.float64)
    onsets, speeds = tempos.onset_quarters, tempos.tempo_qpm
    if not len(onsets) or onsets[0] > 0:
        onsets, speeds = np.concatenate(([0.0], onsets)), np.concatenate(([DEFAULT_TEMPO_QPM], speeds))
    seconds_a_quarter = 60.0 / speeds
    start_seconds = np.concatenate(([0.0], np.cumsum(np.diff(onsets) * seconds_a_quarter[:-1])))
    index = np.searchsorted(onsets, times, side="right") - 1
    result: FloatArray = start_seconds[index] + (times - onsets[index]) * seconds_a_quarter[index]
    return result


def duration_seconds(score: Score) -> float:
    """How long the piece lasts in seconds, from quarter 0 to the end of the last note, by its tempos."""
    return float(to_seconds(score.end_quarters, score.tempos))


def lay_out_measures(signatures: TimeSignatures, end_quarters: float) -> Measures:
    """Measures from time signatures up to the measure in which the music ends.

    Each signature begins a measure, so a measure before it may be cut short. What sounds before the first
    signature is a pickup measure where it is shorter than a measure of that signature; else its metre is
    unknown, and no measure is laid out before the signature. Without signatures there are no measures.
    """
    starts, lengths = _lengths(signatures)
    if not len(starts):
        return Measures()
    if len(starts) == 1 and starts[0] == 0.0:
        count = max(math.ceil((end_quarters - _TOLERANCE_QUARTERS) / lengths[0]), 1)
        return Measures(np.arange(count) * lengths[0], np.full(count, lengths[0]), ("",) * count)
    ends = np.append(starts[1:], max(end_quarters, starts[-1] + _TOLERANCE_QUARTERS * 2))
    counts = _counts(starts, ends, lengths)
    segment = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)
    start = starts[segment] + within * lengths[segment]
    length = lengths[segment]
    length[:-1] = np.diff(start)
    if _TOLERANCE_QUARTERS < starts[0] < lengths[0]:
        start, length = np.append(0.0, start), np.append(starts[0], length)
    return Measures(start, length, ("",) * len(start))


def count_measures(signatures: TimeSignatures, end_quarters: float) -> int:
    """How many measures :func:`lay_out_measures` would make, at the cost of none."""
    starts, lengths = _lengths(signatures)
    if not len(starts):
        return 0
    if len(starts) == 1:
        return int(max(end_quarters - starts[0], 0.0) / lengths[0]) + 2
    ends = np.append(starts[1:], max(end_quarters, starts[-1]))
    return int(_counts(starts, ends, lengths).sum()) + 1


def _lengths(signatures: TimeSignatures) -> tuple[FloatArray, FloatArray]:
    return signatures.onset_quarters, signatures.numerator * 4.0 / signatures.denominator


def _counts(starts: FloatArray, ends: FloatArray, lengths: FloatArray) -> npt.NDArray[np.int64]:
    return np.ceil((ends - starts - _TOLERANCE_QUARTERS) / lengths).astype(np.int64).clip(min=0)
