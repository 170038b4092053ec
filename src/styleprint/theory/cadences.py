"""Cadences: where phrases close, and how.

A cadence stands at the moment in which its last harmony arrives.

PAC
    Perfect authentic: a dominant in root position resolves to the tonic in root position, with the tonic in the
    highest voice.
IAC
    Imperfect authentic: likewise with another tone of the tonic triad in the highest voice.
HC
    Half: a phrase pauses on a dominant triad in root position.
DC
    Deceptive: a dominant in root position goes to the sixth degree instead.
PC
    Plagal: the subdominant goes to the tonic, both in root position, at the end of the music.

Definitions after Caplin, *Classical Form* (1998), and the DCML annotation standard. A progression alone is no
cadence: it needs signs of a close. Each sign counts points, set by hand, and a cadence needs as many as its
kind asks for: a strong place in the measure, the key that the harmony has found, a subdominant or a
cadential six-four before the dominant, a highest note that is held, a rest.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.chord_vocabulary import QUALITIES
from styleprint.theory.chords import Chords
from styleprint.theory.frames import IndexArray
from styleprint.theory.harmony import Harmony
from styleprint.theory.moments import Moments

__all__ = ["CADENCES", "CadenceParameters", "Cadences", "find_cadences", "held_quarters"]

CADENCES = ("PAC", "IAC", "HC", "DC", "PC")
_PAC, _IAC, _HC, _DC, _PC = range(len(CADENCES))

_MAJOR, _MINOR, _DOMINANT_SEVENTH, _SIX_FOUR = (
    QUALITIES.index(name) for name in ("major", "minor", "dominant_seventh", "cadential_six_four")
)
_SOUNDS = 0.3
"""Share of a moment from which on a pitch class is heard in it."""

_FOURTH = 5
_LOOK_AHEAD = 8
"""Moments within which a held top note is looked for."""

_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class CadenceParameters:
    """Points of the signs of a close, and how many each kind needs; set by hand.

    Attributes
    ----------
    in_key : float
        The harmony before, and again at the arrival, is in the key of the cadence.
    strong, off_beat : float
        The arrival stands on a downbeat or half measure; off the beat.
    held : float
        For each doubling of the time in beats that the highest voice rests or holds, from a quarter to four.
    prepared : float
        The dominant follows a subdominant (II, IV or VI).
    six_four : float
        The dominant begins with a cadential six-four.
    perfect, imperfect, deceptive : float
        Points that authentic and deceptive cadences need.
    half : float
        Points that a half cadence needs.
    half_applied, half_six_four, half_strong, half_no_upbeat, half_last, half_pause, half_pure, half_rest : float
        Signs of a half cadence: after an applied dominant or augmented sixth; after a six-four; on a strong
        place; at least as strong a place as what follows; the last chord of the music; for each doubling of its
        longest moment against the median; times the share of tones that belong to the chord; a rest.
    half_resolved, half_seventh : float
        Signs against a half cadence: the dominant resolves in an authentic one; a seventh joins it.
    half_apart : float
        Beats between two half cadences at least.
    """

    in_key: float = 0.5
    strong: float = 0.5
    off_beat: float = -1.5
    held: float = 0.3
    prepared: float = 0.5
    six_four: float = 1.25
    perfect: float = 0.75
    imperfect: float = 2.0
    deceptive: float = 1.5
    half: float = 2.25
    half_applied: float = 2.0
    half_six_four: float = 1.0
    half_strong: float = 0.0
    half_no_upbeat: float = 0.25
    half_last: float = 2.5
    half_pause: float = 0.25
    half_pure: float = 1.0
    half_rest: float = 1.0
    half_resolved: float = -1.5
    half_seventh: float = 0.0
    half_apart: float = 8.0


@dataclass(frozen=True, eq=False, slots=True)
class Cadences:
    """Cadences in order.

    Attributes
    ----------
    moment : ndarray of int64, shape (n_cadences,)
        In which the last harmony arrives.
    onset_quarters : ndarray of float64, shape (n_cadences,)
    kind : ndarray of int32, shape (n_cadences,)
        Index into `CADENCES`.
    tonic : ndarray of int32, shape (n_cadences,)
        Pitch class of the tonic that the cadence states or, as half cadence, implies.
    points : ndarray of float64, shape (n_cadences,)
        Signs of a close, beyond what the kind needs; 0 for plagal cadences.
    """

    moment: IndexArray
    onset_quarters: FloatArray
    kind: IntArray
    tonic: IntArray
    points: FloatArray

    def __len__(self) -> int:
        return len(self.kind)


def find_cadences(
    moments: Moments,
    harmony: Harmony,
    chords: Chords,
    places: IntArray | None = None,
    beat_quarters: FloatArray | float = 1.0,
    parameters: CadenceParameters | None = None,
) -> Cadences:
    """Cadences of a piece.

    Parameters
    ----------
    moments, harmony, chords
        Of one piece.
    places : ndarray of int, optional
        Place of each moment in its measure; without it all count as strong.
    beat_quarters : ndarray or float
        Length of a beat at each moment.
    parameters : CadenceParameters, optional

    Returns
    -------
    Cadences
        No two within one beat: of those the one with more points.
    """
    chosen = parameters or CadenceParameters()
    beats = np.broadcast_to(np.asarray(beat_quarters, dtype=np.float64), (len(moments),))
    if len(moments) < 2:
        return _collected([], moments, beats)
    resolved = _authentic(moments, harmony, chords, places, beats, chosen)
    arrivals = _chord_of(moments, chords)[np.concatenate([rows for rows, *_ in resolved])]
    goes_on = np.isin(np.arange(len(chords)) + 1, arrivals)
    half = _half(moments, chords, goes_on, places, beats, chosen)
    return _collected([*resolved, half, _plagal(chords)], moments, beats)


_Found = tuple[IndexArray, int, IntArray, FloatArray]
"""Moments, kind, tonics, points beyond those needed."""


def _authentic(
    moments: Moments,
    harmony: Harmony,
    chords: Chords,
    places: IntArray | None,
    beats: FloatArray,
    chosen: CadenceParameters,
) -> list[_Found]:
    """Perfect, imperfect and deceptive cadences: what follows a dominant in root position."""
    n = len(moments)
    chord_of = _chord_of(moments, chords)
    bass = moments.bass % 12
    before, here = np.arange(n - 1), np.arange(1, n)
    dominant = np.isin(harmony.quality[before], (_MAJOR, _DOMINANT_SEVENTH, _SIX_FOUR))
    root = harmony.root[before]
    in_root_position = (chords.bass[chord_of[before]] == root) | (bass[before] == root)
    tonic = (root + 5) % 12
    heard = moments.presence >= _SOUNDS
    clean = _only_triad(heard[here], tonic)
    resolves = dominant & in_root_position & clean & (bass[here] == tonic)
    closed = (moments.top[here] - tonic) % 12 == 0
    sixth = (bass[here] - tonic) % 12
    new_root = (harmony.root[here] - tonic) % 12
    deceives = (
        dominant & in_root_position & np.isin(sixth, (8, 9)) & (new_root == sixth) & (chord_of[here] > chord_of[before])
    )
    points = _signs(moments, harmony, places, beats, tonic, chosen)
    found = []
    rules = ((_PAC, resolves & closed, chosen.perfect), (_IAC, resolves & ~closed, chosen.imperfect))
    for kind, candidate, needed in (*rules, (_DC, deceives, chosen.deceptive)):
        rows = np.flatnonzero(candidate & (points >= needed))
        found.append((here[rows], kind, tonic[rows], points[rows] - needed))
    return found


def _chord_of(moments: Moments, chords: Chords) -> IndexArray:
    """The chord of each moment."""
    return np.repeat(np.arange(len(chords)), np.diff(chords.first_moment, append=len(moments)))


def _only_triad(heard: _Flags, tonic: IntArray) -> _Flags:
    """Whether nothing is heard but tones of the tonic triad, major or minor."""
    strange = np.array([1, 2, 5, 6, 8, 9, 10, 11])
    rows = np.arange(len(tonic))[:, None]
    only: _Flags = ~heard[rows, (tonic[:, None] + strange) % 12].any(axis=1)
    return only


def _signs(
    moments: Moments,
    harmony: Harmony,
    places: IntArray | None,
    beats: FloatArray,
    tonic: IntArray,
    chosen: CadenceParameters,
) -> FloatArray:
    """Points of each moment but the first as the arrival of a cadence on `tonic`."""
    n = len(moments)
    before, here = np.arange(n - 1), np.arange(1, n)
    same_root = np.append(False, harmony.root[1:] == harmony.root[:-1])
    first = np.maximum.accumulate(np.where(same_root, 0, np.arange(n)))[before]
    prepared = np.isin((harmony.root[np.maximum(first - 1, 0)] - tonic) % 12, (2, 5, 9)) & (first > 0)
    six_fours = np.append(0, np.cumsum(harmony.quality == _SIX_FOUR))
    has_six_four = six_fours[here] > six_fours[first]
    held = np.log2(np.clip(held_quarters(moments)[here] / beats[here], 0.25, 4.0))
    points = chosen.prepared * prepared + chosen.six_four * has_six_four + chosen.held * held
    points += chosen.in_key * (harmony.key[before] % 12 == tonic) + chosen.in_key * (harmony.key[here] % 12 == tonic)
    if places is None:
        points += chosen.strong
    else:
        points += chosen.strong * (places[here] <= 1) + chosen.off_beat * (places[here] == 3)
    result: FloatArray = points
    return result


def held_quarters(moments: Moments) -> FloatArray:
    """Time from each moment until something is attacked that is no more than a fourth below its top."""
    n = len(moments)
    start = np.append(moments.start_quarters, moments.end_quarters)
    top, least = np.append(moments.top, np.full(_LOOK_AHEAD, 127)), moments.top - _FOURTH
    until = np.minimum(np.arange(n) + _LOOK_AHEAD, n)
    for ahead in range(_LOOK_AHEAD - 1, 0, -1):
        again = np.flatnonzero(top[ahead : ahead + n] >= least)
        until[again] = np.minimum(again + ahead, n)
    held: FloatArray = start[until] - moments.start_quarters
    return held


def _half(
    moments: Moments,
    chords: Chords,
    goes_on: _Flags,
    places: IntArray | None,
    beats: FloatArray,
    chosen: CadenceParameters,
) -> _Found:
    """Half cadences: dominants in root position that arrive as triads, on which the music pauses."""
    first, n = chords.first_moment, len(chords)
    tonic = chords.key % 12
    degree = (chords.root - tonic) % 12
    arrives_pure = _only_triad(moments.presence[first] >= _SOUNDS, chords.root)
    is_triad = (chords.quality == _MAJOR) | (arrives_pure & (chords.quality == _DOMINANT_SEVENTH))
    is_dominant = (degree == 7) & is_triad & (chords.inversion == 0)
    same_key = np.append(True, chords.key[1:] == chords.key[:-1])
    before = np.append(-1, np.where(same_key[1:], degree[:-1], -1))
    six_four = np.append(False, chords.quality[:-1] == _SIX_FOUR) & (before == 7)
    length = moments.length_quarters / beats
    longest = np.maximum.reduceat(length, first)
    silence = np.maximum.reduceat((1.0 - moments.presence.max(axis=1)) * length, first)
    points = np.zeros(n) + chosen.half_applied * (before == 6) + chosen.half_six_four * six_four
    points += chosen.half_pause * np.log2(np.clip(longest / np.median(length), 0.5, 8.0))
    points += chosen.half_pure * np.nan_to_num(chords.explained) + chosen.half_rest * (silence > 0.2)
    points += chosen.half_resolved * goes_on + chosen.half_seventh * (chords.quality == _DOMINANT_SEVENTH)
    points += chosen.half_last * (np.arange(n) == n - 1) + chosen.in_key * 2 * same_key
    if places is None:
        points += chosen.half_strong + chosen.half_no_upbeat
    else:
        following = np.append(places[first[1:]], 3)
        points += chosen.half_strong * (places[first] <= 1) + chosen.half_no_upbeat * (places[first] <= following)
    rows = np.flatnonzero(is_dominant & (points >= chosen.half))
    rows = _strongest(rows, points, moments.start_quarters[first], chosen.half_apart * beats[first])
    return first[rows], _HC, tonic[rows], points[rows] - chosen.half


def _strongest(rows: IndexArray, points: FloatArray, start: FloatArray, distance: FloatArray) -> IndexArray:
    """Of rows nearer to each other than their distance the one with more points, the first of equals."""
    kept: list[int] = []
    for row in rows.tolist():
        if kept and start[row] - start[kept[-1]] < distance[row] - 1e-6:
            if points[row] > points[kept[-1]]:
                kept[-1] = row
        else:
            kept.append(row)
    return np.array(kept, dtype=np.int64)


def _plagal(chords: Chords) -> _Found:
    """A plagal cadence, if the music ends with one."""
    tonic = chords.key % 12
    degree = (chords.root - tonic) % 12
    ends = len(chords) >= 2 and (degree[-2], degree[-1]) == (5, 0) and not chords.inversion[-2:].any()
    triads = ends and bool(np.isin(chords.quality[-2:], (_MAJOR, _MINOR)).all())
    rows = np.array([len(chords) - 1] if triads else [], dtype=np.int64)
    return chords.first_moment[rows], _PC, tonic[rows], np.zeros(len(rows))


def _collected(found: list[_Found], moments: Moments, beats: FloatArray) -> Cadences:
    """All that was found, in order; of two within a beat the one with more points."""
    moment = np.concatenate([np.empty(0, np.int64), *(rows for rows, *_ in found)])
    kind = np.concatenate([np.empty(0, np.int32), *(np.full(len(rows), kind, np.int32) for rows, kind, *_ in found)])
    tonic = np.concatenate([np.empty(0, np.int32), *(tonics for *_, tonics, _ in found)])
    points = np.concatenate([np.empty(0), *(points for *_, points in found)])
    onset = moments.start_quarters[moment]
    kept: list[int] = []
    for row in np.lexsort((kind, onset)):
        if kept and onset[row] - onset[kept[-1]] < beats[moment[row]] - 1e-6:
            if points[row] > points[kept[-1]]:
                kept[-1] = int(row)
        else:
            kept.append(int(row))
    rows = np.array(kept, dtype=np.int64)
    return Cadences(moment[rows], onset[rows], kind[rows], tonic[rows].astype(np.int32), points[rows])
