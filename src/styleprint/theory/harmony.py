"""Keys and chords of a piece, found together.

Each moment has a key and a chord; the path through all moments that explains most is found by dynamic
programming (Viterbi 1967) over every pair of key and chord, 24 × 132. Joint models of key and chord are those of
Raphael and Stoddard, "Functional Harmonic Analysis Using Probabilistic Models" (2004), and Rocher, Robine, Hanna
and Oudre, "Concurrent Estimation of Chords and Keys" (2010). What a path gains or pays:

- what sounds under the chord: the logarithm of how often chords of this size have their root, third, fifth and
  seventh, and strange tones, in favour of tones that sound throughout; the bass has its own say;
- what sounds in the key: logarithms of Temperley's key profile (:mod:`styleprint.theory.key_profiles`);
- each chord that begins: how usual it is in the key (:mod:`styleprint.theory.chord_vocabulary`), and a price by
  the place in the measure where it begins, higher where the bass does not move;
- each new key: a price that grows with its distance on the circle of fifths;
- keys far from the home key of the piece: a small price a beat.

Moments weigh by the square root of their length in beats: long notes say more than short ones, but not in
proportion. The analysis is reckoned from the first bass note upwards, so a transposed piece is analysed alike
to the last bit. All numbers below were set by hand; docs/theory.md says how and what they reach.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from styleprint.music.score import FloatArray, IntArray
from styleprint.theory.chord_vocabulary import (
    CHORD_TONES,
    N_TEMPLATES,
    chord_familiarity,
    quality_of_template,
    tone_table,
)
from styleprint.theory.global_key import estimate_home_key
from styleprint.theory.harmony_path import best_path
from styleprint.theory.key_profiles import KEY_PROFILES
from styleprint.theory.moments import Moments

__all__ = ["Harmony", "HarmonyParameters", "estimate_harmony", "fifths_between", "key_distances"]


@dataclass(frozen=True)
class HarmonyParameters:
    """What the path gains and pays; logarithms of odds, set by hand.

    Attributes
    ----------
    triad_tones, seventh_tones : tuple of float
        Share of root, third, fifth (and seventh) of what sounds under a chord of three, of four tones.
    strange_tone : float
        Share of each pitch class outside the chord.
    doubling : float
        What a further octave counts for, beside 1 for the first.
    length_power : float
        Moments weigh by their length in beats to this power.
    bass_tones : tuple of float
        For a bass that is root, third, fifth, seventh of the chord, times `bass_weight`.
    bass_elsewhere, six_four_bass : float
        For a bass outside the chord, and for a cadential six-four over any bass but its own.
    key_weight : float
        What the key profile counts for.
    change_price : tuple of float
        Of a chord that begins on a downbeat, half measure, beat, off the beat.
    free_change_price : float
        Of a chord that begins, where no metre is known.
    still_bass_price : float
        Further price where the bass is not attacked.
    familiarity_while_lasting : float
        How much a chord's familiarity counts in each moment, beside 1 where it begins.
    key_price, key_price_a_fifth, parallel_price : float
        Of a new key, more for each fifth between key signatures, and of the other mode of the same tonic.
    away_price, away_limit, away_parallel : float
        A beat in a key other than the home key, for each `key_price_a_fifth` of its distance, at most
        `away_limit`; `away_parallel` is the distance of the parallel key.
    """

    triad_tones: tuple[float, ...] = (0.34, 0.28, 0.27)
    seventh_tones: tuple[float, ...] = (0.27, 0.22, 0.18, 0.21)
    strange_tone: float = 0.012
    doubling: float = 0.5
    length_power: float = 0.5
    bass_tones: tuple[float, ...] = (1.0, 0.6, 0.3, 0.5)
    bass_weight: float = 0.4
    bass_elsewhere: float = 0.0
    six_four_bass: float = -4.0
    key_weight: float = 0.15
    change_price: tuple[float, ...] = (0.2, 0.5, 0.8, 1.5)
    free_change_price: float = 0.8
    still_bass_price: float = 0.3
    familiarity_while_lasting: float = 0.1
    key_price: float = 5.0
    key_price_a_fifth: float = 2.0
    parallel_price: float = 8.0
    away_price: float = 0.06
    away_limit: float = 4.0
    away_parallel: float = 4.0


@dataclass(frozen=True, eq=False, slots=True)
class Harmony:
    """Key and chord of each moment.

    Attributes
    ----------
    key : ndarray of int32, shape (n_moments,)
        Tonic as pitch class, + 12 for minor.
    root : ndarray of int32, shape (n_moments,)
        Pitch class; of a cadential six-four that of the dominant.
    quality : ndarray of int32, shape (n_moments,)
        Index into :data:`styleprint.theory.chord_vocabulary.QUALITIES`.
    home_key : int
        Key of the piece, as in `key`; -1 where none can be told (all twelve pitch classes sound alike, or none).
    """

    key: IntArray
    root: IntArray
    quality: IntArray
    home_key: int


def estimate_harmony(
    moments: Moments,
    places: IntArray | None = None,
    beat_quarters: FloatArray | float = 1.0,
    parameters: HarmonyParameters | None = None,
) -> Harmony:
    """Key and chord of each moment.

    Parameters
    ----------
    moments : Moments
    places : ndarray of int, optional
        Place of each moment in its measure, index into :data:`styleprint.theory.metre.METRICAL_PLACES`. Without
        it, chords may begin anywhere at one price.
    beat_quarters : ndarray or float
        Length of a beat at each moment.
    parameters : HarmonyParameters, optional

    Returns
    -------
    Harmony
    """
    chosen = parameters or _DEFAULT
    home = estimate_home_key(moments)
    home_key = -1 if home is None else home.tonic + 12 * home.is_minor
    if not len(moments):
        nothing = np.empty(0, np.int32)
        return Harmony(nothing, nothing, nothing, home_key)
    origin = int(moments.bass[0]) % 12
    beats = moments.length_quarters / beat_quarters
    weight = beats**chosen.length_power
    sound = np.roll(moments.presence + chosen.doubling * moments.doubling, -origin, axis=1) * weight[:, None]
    of_chords, of_basses, of_keys = _evidence_tables(chosen)
    key_gain = sound @ of_keys
    if home_key >= 0:
        key_gain -= beats[:, None] * _away_prices(chosen, (home_key - origin) % 12 + home_key // 12 * 12)
    price = _change_prices(chosen, moments, places)
    key, chord = best_path(
        sound,
        of_chords,
        of_basses,
        (moments.bass - origin) % 12,
        key_gain,
        price,
        weight,
        chord_familiarity(),
        chosen.familiarity_while_lasting,
        _key_prices(chosen),
    )
    root = (chord % 12 + origin) % 12
    key = (key % 12 + origin) % 12 + key // 12 * 12
    return Harmony(key.astype(np.int32), root.astype(np.int32), quality_of_template(chord // 12), home_key)


def fifths_between(from_key: IntArray, to_key: IntArray) -> IntArray:
    """Signed steps on the circle of fifths between key signatures, sharps positive, −5 … 6.

    A minor key has the signature of its relative major, so relative keys are 0 apart and parallel keys 3.
    """
    steps = (_signature(np.asarray(to_key)) - _signature(np.asarray(from_key))) % 12
    signed: IntArray = np.where(steps > 6, steps - 12, steps).astype(np.int32)
    return signed


def key_distances() -> IntArray:
    """Steps on the circle of fifths between the signatures of all pairs of keys, 0–6, shape (24, 24)."""
    keys = np.arange(24, dtype=np.int32)
    return np.abs(fifths_between(keys[:, None], keys[None, :]))


def _signature(key: IntArray) -> IntArray:
    """Place of a key's signature on the circle of fifths, C major 0, modulo 12."""
    signature: IntArray = (np.where(key >= 12, key + 3, key) * 7) % 12
    return signature


_DEFAULT = HarmonyParameters()


@cache
def _evidence_tables(chosen: HarmonyParameters) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What pitch classes (rows) say of chords, what the bass says of chords, what pitch classes say of keys."""
    tones = np.log(tone_table(chosen.triad_tones, chosen.seventh_tones, chosen.strange_tone))
    bass = tone_table(chosen.bass_tones[:3], chosen.bass_tones, chosen.bass_elsewhere)
    six_four = np.arange(N_TEMPLATES * 12) >= CHORD_TONES.index((0, 5, 9)) * 12
    bass[six_four] = chosen.six_four_bass
    own = np.flatnonzero(six_four)
    bass[own, own % 12] = chosen.bass_tones[0]
    profile = np.array([np.roll(np.log(values), k) for values in KEY_PROFILES["temperley"] for k in range(12)])
    profile -= profile.mean(axis=1, keepdims=True)
    of_bass, of_keys = chosen.bass_weight * bass, chosen.key_weight * profile
    return np.ascontiguousarray(tones.T), np.ascontiguousarray(of_bass.T), np.ascontiguousarray(of_keys.T)


@cache
def _key_prices(chosen: HarmonyParameters) -> FloatArray:
    """Price of each new key (columns) from each key."""
    return _with_parallels(chosen.key_price, chosen.key_price_a_fifth, chosen.parallel_price)


@cache
def _away_prices(chosen: HarmonyParameters, home_key: int) -> FloatArray:
    """Price of a beat in each key."""
    distance = _with_parallels(0.0, chosen.key_price_a_fifth, chosen.away_parallel)[home_key]
    prices: FloatArray = chosen.away_price * np.minimum(distance, chosen.away_limit)
    return prices


def _with_parallels(price: float, a_fifth: float, parallel: float) -> FloatArray:
    """Prices of all pairs of keys: by distance, that of parallel keys apart, none for the same key."""
    keys = np.arange(24)
    prices = price + a_fifth * key_distances().astype(np.float64)
    prices[keys, (keys + 12) % 24] = parallel
    prices[keys, keys] = 0.0
    return prices


def _change_prices(chosen: HarmonyParameters, moments: Moments, places: IntArray | None) -> FloatArray:
    still = chosen.still_bass_price * (~moments.bass_attacked).astype(np.float64)
    if places is None:
        still += chosen.free_change_price
    else:
        still += np.array(chosen.change_price)[places]
    return still
