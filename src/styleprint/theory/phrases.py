"""Phrases: where they close.

A phrase closes in a moment that has enough signs of it: a cadence (:mod:`styleprint.theory.cadences`), a pause
(the highest voice rests or holds), and a return of earlier music that begins soon after. Signs count points, set
by hand; of closes too near each other the one with more points stands. Pauses and returns are among the
grouping rules of Lerdahl and Jackendoff, *A Generative Theory of Tonal Music* (1983), 2 and 6.

A return is a run of frames whose highest notes step as an earlier run did (transposition-free) in the
same rhythm, while what came before differed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.cadences import Cadences, held_quarters
from styleprint.theory.frames import IndexArray
from styleprint.theory.moments import Moments
from styleprint.theory.stretches import first_equal_runs

__all__ = ["PhraseParameters", "Phrases", "find_phrases", "returns"]

_RUN = 6
"""Steps of a return at least."""


@dataclass(frozen=True)
class PhraseParameters:
    """Points of signs, how many a close needs, and how many beats lie between two; set by hand.

    Attributes
    ----------
    cadence : tuple of float
        Of each kind in `CADENCES`.
    pause : float
        For each doubling of the time that the top is held, from one beat to four.
    returns : float
        A return begins within two beats.
    downbeat : float
        The close stands on a downbeat or half measure.
    needed, beats_apart : float
    """

    cadence: tuple[float, ...] = (3.0, 2.0, 2.0, 1.0, 2.0)
    pause: float = 0.3
    returns: float = 0.5
    downbeat: float = 0.25
    needed: float = 2.0
    beats_apart: float = 8.0


_DEFAULT = PhraseParameters()


@dataclass(frozen=True, eq=False, slots=True)
class Phrases:
    """Phrases in order, without gaps; the last ends with the music, closed or not.

    Attributes
    ----------
    first_moment, last_moment : ndarray of int64, shape (n_phrases,)
        Where each begins; and the moment in which its last harmony arrives.
    start_quarters, close_quarters, end_quarters : ndarray of float64, shape (n_phrases,)
        When it begins, when its last harmony arrives, when the next begins.
    cadence : ndarray of int32, shape (n_phrases,)
        Index into `CADENCES`; -1 for a close without a cadence.
    """

    first_moment: IndexArray
    last_moment: IndexArray
    start_quarters: FloatArray
    close_quarters: FloatArray
    end_quarters: FloatArray
    cadence: IntArray

    def __len__(self) -> int:
        return len(self.cadence)


def find_phrases(
    moments: Moments,
    cadences: Cadences,
    places: IntArray | None = None,
    beat_quarters: FloatArray | float = 1.0,
    parameters: PhraseParameters | None = None,
) -> Phrases:
    """Phrases of a piece.

    Parameters
    ----------
    moments, cadences
        Of one piece.
    places : ndarray of int, optional
        Place of each moment in its measure.
    beat_quarters : ndarray or float
        Length of a beat at each moment.
    parameters : PhraseParameters, optional

    Returns
    -------
    Phrases
    """
    chosen = parameters or _DEFAULT
    n = len(moments)
    if not n:
        none, nothing = np.empty(0, np.int64), np.empty(0)
        return Phrases(none, none, nothing, nothing, nothing, np.empty(0, np.int32))
    beats = np.broadcast_to(np.asarray(beat_quarters, dtype=np.float64), (n,))
    held = held_quarters(moments)
    points = chosen.pause * np.log2(np.minimum(np.maximum(held / beats, 1.0), 4.0))
    cadence = np.full(n, -1, np.int32)
    cadence[cadences.moment] = cadences.kind
    points[cadences.moment] += np.array(chosen.cadence)[cadences.kind]
    points += chosen.returns * _begins_soon(moments, returns(moments), beats)
    if places is not None:
        points += chosen.downbeat * (places <= 1)
    closes = _apart(np.flatnonzero(points >= chosen.needed), points, moments.start_quarters, chosen.beats_apart * beats)
    if not len(closes) or closes[-1] < n - 1:
        tail = (
            len(closes)
            and moments.start_quarters[-1] - moments.start_quarters[closes[-1]] < chosen.beats_apart * beats[-1]
        )
        closes = closes if tail else np.append(closes, n - 1)
    begins = np.append(0, np.minimum(_next_begin(moments, closes[:-1], held, beats), n - 1))
    start = moments.start_quarters[begins]
    end = np.append(start[1:], moments.end_quarters)
    return Phrases(begins, closes, start, moments.start_quarters[closes], end, cadence[closes])


def returns(moments: Moments) -> npt.NDArray[np.bool_]:
    """Whether a run of highest notes begins in each moment that came before in the same rhythm, transposed or not."""
    n = len(moments)
    found = np.zeros(n, dtype=bool)
    if n <= _RUN + 1:
        return found
    step = moments.top[1:].astype(np.int64) - moments.top[:-1] + 128
    ticks = np.rint(moments.length_quarters[:-1] * 24).astype(np.int64)
    token = step * 4096 + np.minimum(ticks, 4095)
    earlier = first_equal_runs(token, _RUN)
    here = np.arange(len(earlier))
    differs = token[np.maximum(here - 1, 0)] != token[np.maximum(earlier - 1, 0)]
    found[: len(earlier)] = (earlier < here) & (differs | (earlier == 0))
    return found


def _begins_soon(moments: Moments, begins: npt.NDArray[np.bool_], beats: FloatArray) -> npt.NDArray[np.bool_]:
    """Whether something begins after each moment within two beats."""
    count = np.zeros(len(begins) + 1, dtype=np.int64)
    np.cumsum(begins, out=count[1:])
    until = np.searchsorted(moments.start_quarters, moments.start_quarters + 2 * beats + 1e-6, side="right")
    soon: npt.NDArray[np.bool_] = count[until] > count[1:]
    return soon


def _apart(rows: IndexArray, points: FloatArray, start: FloatArray, distance: FloatArray) -> IndexArray:
    """Of rows nearer than their distance the one with more points, the earlier of equals."""
    kept: list[tuple[int, float, float]] = []
    columns = (rows.tolist(), points[rows].tolist(), start[rows].tolist(), distance[rows].tolist())
    for row, point, time, apart in zip(*columns, strict=True):
        while kept and time - kept[-1][2] < apart and point > kept[-1][1]:
            kept.pop()
        if not kept or time - kept[-1][2] >= apart:
            kept.append((row, point, time))
    return np.array([row for row, *_ in kept], dtype=np.int64)


def _next_begin(moments: Moments, closes: IndexArray, held: FloatArray, beats: FloatArray) -> IndexArray:
    """Where the next phrase begins: with the first attack after the top of the close is let go, or a beat later."""
    until = moments.start_quarters[closes] + np.maximum(held[closes], beats[closes])
    begin = np.searchsorted(moments.start_quarters, until - 1e-6)
    return np.maximum(begin, closes + 1)
