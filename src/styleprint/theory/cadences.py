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
from styleprint.theory.stretches import first_of_stretches, stretch_numbers

__all__ = ["CADENCES", "CadenceParameters", "Cadences", "find_cadences", "held_quarters"]

CADENCES = ("PAC", "IAC", "HC", "DC", "PC")
_PAC, _IAC, _HC, _DC, _PC = range(len(CADENCES))

_MAJOR, _MINOR, _DOMINANT_SEVENTH, _SIX_FOUR = (
    QUALITIES.index(name) for name in ("major", "minor", "dominant_seventh", "cadential_six_four")
)
_SOUNDS = 0.3
"""Share of a moment from which on a pitch class is heard in it."""

_IS_DOMINANT = np.isin(np.arange(len(QUALITIES)), (_MAJOR, _DOMINANT_SEVENTH, _SIX_FOUR))
_IS_PREPARING = np.isin(np.arange(12), (2, 5, 9))
_STRANGE = np.array([sum(1 << (tonic + tone) % 12 for tone in (1, 2, 5, 6, 8, 9, 10, 11)) for tonic in range(12)])
"""Of each tonic the pitch classes, as bits, that are in neither its major nor its minor triad."""

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


_DEFAULT = CadenceParameters()


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
    chosen = parameters or _DEFAULT
    beats = np.broadcast_to(np.asarray(beat_quarters, dtype=np.float64), (len(moments),))
    if len(moments) < 2:
        return _collected([], moments, beats)
    chord_of = stretch_numbers(chords.first_moment, len(moments))
    heard = _heard(moments)
    resolved = _authentic(moments, harmony, chords, chord_of, heard, places, beats, chosen)
    goes_on = np.zeros(len(chords) + 1, dtype=bool)
    goes_on[chord_of[np.concatenate([rows for rows, *_ in resolved])]] = True
    half = _half(moments, chords, goes_on[1:], heard, places, beats, chosen)
    return _collected([*resolved, half, _plagal(chords)], moments, beats)


_Found = tuple[IndexArray, int, IntArray, FloatArray]
"""Moments, kind, tonics, points beyond those needed."""


def _authentic(
    moments: Moments,
    harmony: Harmony,
    chords: Chords,
    chord_of: IndexArray,
    heard: IndexArray,
    places: IntArray | None,
    beats: FloatArray,
    chosen: CadenceParameters,
) -> list[_Found]:
    """Perfect, imperfect and deceptive cadences: what follows a dominant in root position."""
    bass = moments.bass % 12
    root = harmony.root[:-1]
    in_root_position = (chords.bass[chord_of[:-1]] == root) | (bass[:-1] == root)
    from_dominant = _IS_DOMINANT[harmony.quality[:-1]] & in_root_position
    tonic = (root + 5) % 12
    clean = heard[1:] & _STRANGE[tonic] == 0
    resolves = from_dominant & clean & (bass[1:] == tonic)
    closed = (moments.top[1:] - tonic) % 12 == 0
    sixth = (bass[1:] - tonic) % 12
    is_sixth = ((sixth == 8) | (sixth == 9)) & (bass[1:] == harmony.root[1:])
    deceives = from_dominant & is_sixth & (chord_of[1:] > chord_of[:-1])
    points = _signs(moments, harmony, places, beats, tonic, chosen)
    found = []
    rules = ((_PAC, resolves & closed, chosen.perfect), (_IAC, resolves & ~closed, chosen.imperfect))
    for kind, candidate, needed in (*rules, (_DC, deceives, chosen.deceptive)):
        rows = np.flatnonzero(candidate & (points >= needed))
        found.append((rows + 1, kind, tonic[rows], points[rows] - needed))
    return found


def _heard(moments: Moments) -> IndexArray:
    """Pitch classes that are heard in each moment, as bits."""
    pairs = np.packbits(moments.presence >= _SOUNDS, axis=1, bitorder="little").astype(np.int64)
    heard: IndexArray = pairs[:, 0] | pairs[:, 1] << 8
    return heard


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
    stretch = first_of_stretches(harmony.root)
    first = stretch[stretch_numbers(stretch, n)[:-1]]
    prepared = _IS_PREPARING[(harmony.root[np.maximum(first - 1, 0)] - tonic) % 12] & (first > 0)
    six_fours = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(harmony.quality == _SIX_FOUR, out=six_fours[1:])
    has_six_four = six_fours[1:-1] > six_fours[first]
    held = np.log2(np.minimum(np.maximum(held_quarters(moments)[1:] / beats[1:], 0.25), 4.0))
    points = chosen.prepared * prepared + chosen.six_four * has_six_four + chosen.held * held
    in_key = harmony.key % 12
    points += chosen.in_key * (in_key[:-1] == tonic) + chosen.in_key * (in_key[1:] == tonic)
    if places is None:
        points += chosen.strong
    else:
        points += chosen.strong * (places[1:] <= 1) + chosen.off_beat * (places[1:] == 3)
    result: FloatArray = points
    return result


def held_quarters(moments: Moments) -> FloatArray:
    """Time from each moment until something is attacked that is no more than a fourth below its top."""
    n = len(moments)
    start = np.concatenate([moments.start_quarters, [moments.end_quarters]])
    top, least = np.full(n + _LOOK_AHEAD, 127, np.int32), moments.top - _FOURTH
    top[:n] = moments.top
    steps = np.full(n, _LOOK_AHEAD)
    for ahead in range(_LOOK_AHEAD - 1, 0, -1):
        np.copyto(steps, ahead, where=top[ahead : ahead + n] >= least)
    held: FloatArray = start[np.minimum(np.arange(n) + steps, n)] - moments.start_quarters
    return held


def _half(
    moments: Moments,
    chords: Chords,
    goes_on: _Flags,
    heard: IndexArray,
    places: IntArray | None,
    beats: FloatArray,
    chosen: CadenceParameters,
) -> _Found:
    """Half cadences: dominants in root position that arrive as triads, on which the music pauses."""
    first, n = chords.first_moment, len(chords)
    tonic = chords.key % 12
    degree = (chords.root - tonic) % 12
    arrives_pure = heard[first] & _STRANGE[chords.root] == 0
    is_triad = (chords.quality == _MAJOR) | (arrives_pure & (chords.quality == _DOMINANT_SEVENTH))
    is_dominant = (degree == 7) & is_triad & (chords.inversion == 0)
    same_key = np.append(True, chords.key[1:] == chords.key[:-1])
    before = np.append(-1, np.where(same_key[1:], degree[:-1], -1))
    six_four = np.append(False, chords.quality[:-1] == _SIX_FOUR) & (before == 7)
    length = moments.length_quarters / beats
    longest = np.maximum.reduceat(length, first)
    silence = np.maximum.reduceat((1.0 - moments.presence.max(axis=1)) * length, first)
    points = np.zeros(n) + chosen.half_applied * (before == 6) + chosen.half_six_four * six_four
    points += chosen.half_pause * np.log2(np.minimum(np.maximum(longest / _median(length), 0.5), 8.0))
    pure = np.where(np.isnan(chords.explained), 0.0, chords.explained)
    points += chosen.half_pure * pure + chosen.half_rest * (silence > 0.2)
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
    kept: list[tuple[int, float, float]] = []
    columns = (rows.tolist(), points[rows].tolist(), start[rows].tolist(), distance[rows].tolist())
    for row, point, time, apart in zip(*columns, strict=True):
        if not kept or time - kept[-1][2] >= apart - 1e-6:
            kept.append((row, point, time))
        elif point > kept[-1][1]:
            kept[-1] = row, point, time
    return np.array([row for row, *_ in kept], dtype=np.int64)


def _median(values: FloatArray) -> float:
    rising = np.sort(values)
    return float(rising[(len(values) - 1) // 2] + rising[len(values) // 2]) / 2.0


def _plagal(chords: Chords) -> _Found:
    """A plagal cadence, if the music ends with one."""
    tonic = chords.key % 12
    degree = (chords.root - tonic) % 12
    ends = len(chords) >= 2 and (degree[-2], degree[-1]) == (5, 0) and not chords.inversion[-2:].any()
    triads = ends and set(chords.quality[-2:].tolist()) <= {_MAJOR, _MINOR}
    rows = np.array([len(chords) - 1] if triads else [], dtype=np.int64)
    return chords.first_moment[rows], _PC, tonic[rows], np.zeros(len(rows))


def _collected(found: list[_Found], moments: Moments, beats: FloatArray) -> Cadences:
    """All that was found, in order; of two within a beat the one with more points."""
    moment = np.concatenate([np.empty(0, np.int64), *(rows for rows, *_ in found)])
    kinds = np.array([kind for _, kind, *_ in found], dtype=np.int32)
    kind = np.repeat(kinds, np.array([len(rows) for rows, *_ in found], dtype=np.int64))
    tonic = np.concatenate([np.empty(0, np.int32), *(tonics for *_, tonics, _ in found)])
    points = np.concatenate([np.empty(0), *(points for *_, points in found)])
    onset = moments.start_quarters[moment]
    rows = _strongest(np.lexsort((kind, onset)), points, onset, beats[moment])
    return Cadences(moment[rows], onset[rows], kind[rows], tonic[rows].astype(np.int32), points[rows])
