"""What theory says of two tokens: which pairs should be alike, what else could make them so, and what chance is.

Each relation is a number for each pair of tokens, greater where theory holds them to be closer. Beside it stand
*controls*, which explain likeness without the theory: how far apart two pitches or durations are, and how often each
occurs, since tokens that are rare stay near where learning began and tokens that are common move together. A relation
is judged by its partial correlation with the similarity, the controls held fixed.

``pitch_height``
    Pitches that are near each other are alike. No control but frequency; chance relabels the pitches.
``octave``
    Pitches a whole number of octaves apart are alike, among pairs 3 to 36 semitones apart, the distance held fixed
    (to the third power). Chance relabels the pitch classes in each octave on its own.
    Of intervals too: those that are the same but for octaves.
``consonance``
    Two intervals from a note to one that sounds with it, both consonant or both dissonant, are alike, among pairs that
    are not the same but for octaves, the distance held fixed (to the third power). Consonant are unison, thirds,
    fourth, fifth, sixths and what is octaves from them (Helmholtz 1863). Chance deals anew which of twelve are.
``circle_of_fifths``
    Pitch classes are the more alike the fewer fifths lie between them (C–G 1, C–D 2, C–A 3, C–E 4, C–B 5, C–F♯ 6),
    among pairs of different classes 3 to 36 semitones apart, the distance held fixed. Similarity that was learnt in all
    keys depends on the interval alone, so there are six numbers to explain and not thousands: chance is the 720 orders
    of the six interval classes. Two classes k fifths apart share 7 − k major scales (the tritone 2), so this is at
    once the test of key membership by similarity; :mod:`styleprint.generation.probe_tones` asks predictions.
``size``
    Durations whose ratio is near 1 are alike. Chance relabels the durations.
``halves_and_doubles``
    Durations in the ratio 1 : 2 are alike, among pairs whose ratio is from 3 : 4 to 1 : 3, beyond what nearness in size
    explains (log ratio to the third power). Chance relabels the durations.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

__all__ = ["RELATIONS", "UNISON", "Pairs", "Relation", "pairs_of"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

UNISON = 24
"""Intervals are told as so many semitones more than they have, so that none is negative."""

_CONSONANT = (0, 3, 4, 5, 7, 8, 9)
_NEAREST, _FARTHEST = 3, 36
_NEAREST_RATIO, _FARTHEST_RATIO = 0.4, 1.6
"""In octaves of the ratio."""

_FIFTHS = np.array([0, 5, 2, 3, 4, 1, 6])
"""Steps on the circle of fifths of interval classes 0 to 6."""


@dataclass(frozen=True, eq=False, slots=True)
class Pairs:
    """Pairs of tokens, and what each test needs of them.

    Attributes
    ----------
    first, second : ndarray of int, shape (n_pairs,)
        Tokens, by their place among those compared.
    values : ndarray, shape (n_tokens,)
        Pitch, duration in ticks, or semitones of an interval and `UNISON`.
    log_count : ndarray, shape (n_tokens,)
        Logarithm of how often each occurs in the training music.
    """

    first: IntArray
    second: IntArray
    values: FloatArray
    log_count: FloatArray

    @property
    def distance(self) -> FloatArray:
        """How far the values of each pair are apart."""
        apart: FloatArray = np.abs(self.values[self.first] - self.values[self.second])
        return apart

    @property
    def octaves_of_ratio(self) -> FloatArray:
        """Of durations: the absolute logarithm of the ratio, to base 2."""
        found: FloatArray = np.abs(np.log2(self.values[self.first]) - np.log2(self.values[self.second]))
        return found

    def chosen(self, rows: npt.NDArray[np.bool_]) -> "Pairs":
        """Those pairs alone."""
        return Pairs(self.first[rows], self.second[rows], self.values, self.log_count)


def pairs_of(values: FloatArray, counts: FloatArray) -> Pairs:
    """Every pair of tokens once.

    Parameters
    ----------
    values, counts : ndarray, shape (n_tokens,)
        Counts are positive.
    """
    first, second = np.triu_indices(len(values), 1)
    return Pairs(first, second, np.asarray(values, np.float64), np.log(np.asarray(counts, np.float64)))


@dataclass(frozen=True)
class Relation:
    """A claim about which tokens are alike.

    Attributes
    ----------
    name : str
    fields : tuple of str
        Of which fields of events it may be asked.
    claim : str
        What it would mean to know it, after "that".
    select : callable
        Pairs → mask of those that are compared.
    expected : callable
        Pairs → what theory says of each.
    controls : callable
        Pairs → columns that are held fixed.
    by_chance : callable
        (Pairs, random source, number) → as many vectors like `expected`, under relabelling.
    """

    name: str
    fields: tuple[str, ...]
    claim: str
    select: Callable[[Pairs], npt.NDArray[np.bool_]]
    expected: Callable[[Pairs], FloatArray]
    controls: Callable[[Pairs], FloatArray]
    by_chance: Callable[[Pairs, np.random.Generator, int], Iterator[FloatArray]]


def _all(pairs: Pairs) -> npt.NDArray[np.bool_]:
    return np.ones(len(pairs.first), dtype=bool)


def _within_reach(pairs: Pairs) -> npt.NDArray[np.bool_]:
    return (pairs.distance >= _NEAREST) & (pairs.distance <= _FARTHEST)


def _about_double(pairs: Pairs) -> npt.NDArray[np.bool_]:
    return (pairs.octaves_of_ratio >= _NEAREST_RATIO) & (pairs.octaves_of_ratio <= _FARTHEST_RATIO)


def _other_class(pairs: Pairs) -> npt.NDArray[np.bool_]:
    chosen: npt.NDArray[np.bool_] = _within_reach(pairs) & (pairs.distance % 12 != 0)
    return chosen


def _frequency(pairs: Pairs) -> FloatArray:
    one, other = pairs.log_count[pairs.first], pairs.log_count[pairs.second]
    return np.stack([one + other, np.abs(one - other)], axis=1)


def _powers(distance: FloatArray) -> FloatArray:
    scaled = distance / max(float(distance.max(initial=0.0)), 1.0)
    return np.stack([scaled, scaled**2, scaled**3], axis=1)


def _pitch_controls(pairs: Pairs) -> FloatArray:
    return np.hstack([_frequency(pairs), _powers(pairs.distance)])


def _size_controls(pairs: Pairs) -> FloatArray:
    return np.hstack([_frequency(pairs), _powers(pairs.octaves_of_ratio)])


def _relabelled(
    expected: Callable[[Pairs], FloatArray],
) -> Callable[[Pairs, np.random.Generator, int], Iterator[FloatArray]]:
    """Theory about tokens whose values were dealt out anew."""

    def deal(pairs: Pairs, rng: np.random.Generator, number: int) -> Iterator[FloatArray]:
        for _ in range(number):
            values = pairs.values[rng.permutation(len(pairs.values))]
            yield expected(Pairs(pairs.first, pairs.second, values, pairs.log_count))

    return deal


def _both_consonant(pairs: Pairs) -> FloatArray:
    return _one_kind(pairs, np.isin(np.arange(12), _CONSONANT))


def _one_kind(pairs: Pairs, is_consonant: npt.NDArray[np.bool_]) -> FloatArray:
    """Whether both intervals are consonant, or both are not; an interval down is as one up."""
    kind = is_consonant[np.abs(pairs.values - UNISON).astype(np.int64) % 12]
    found: FloatArray = (kind[pairs.first] == kind[pairs.second]).astype(np.float64)
    return found


def _consonance_dealt(pairs: Pairs, rng: np.random.Generator, number: int) -> Iterator[FloatArray]:
    for _ in range(number):
        yield _one_kind(pairs, np.isin(rng.permutation(12), _CONSONANT))


def _same_class(pairs: Pairs) -> FloatArray:
    found: FloatArray = (pairs.distance % 12 == 0).astype(np.float64)
    return found


def _classes_dealt_by_octave(pairs: Pairs, rng: np.random.Generator, number: int) -> Iterator[FloatArray]:
    pitch = pairs.values.astype(np.int64)
    for _ in range(number):
        labels = np.array([rng.permutation(12) for _ in range(int(pitch.max()) // 12 + 1)])
        dealt = labels[pitch // 12, pitch % 12]
        yield (dealt[pairs.first] == dealt[pairs.second]).astype(np.float64)


def _fifths(pairs: Pairs) -> FloatArray:
    found: FloatArray = np.negative(_FIFTHS[_interval_class(pairs)], dtype=np.float64)
    return found


def _interval_class(pairs: Pairs) -> IntArray:
    interval = pairs.distance.astype(np.int64) % 12
    return np.minimum(interval, 12 - interval)


def _orders_of_intervals(pairs: Pairs, _rng: np.random.Generator, _number: int) -> Iterator[FloatArray]:
    """All 720, whatever number is asked for; the true one is among them."""
    interval = _interval_class(pairs)
    for order in permutations(range(1, 7)):
        yield -np.array([0, *order], dtype=np.float64)[interval]


def _is_double(pairs: Pairs) -> FloatArray:
    return (np.abs(pairs.octaves_of_ratio - 1.0) < 1e-9).astype(np.float64)


RELATIONS = (
    Relation(
        "pitch_height",
        ("pitch",),
        "pitches near each other are alike",
        _all,
        lambda pairs: -pairs.distance,
        _frequency,
        _relabelled(lambda pairs: -pairs.distance),
    ),
    Relation(
        "octave",
        ("pitch", "interval"),
        "what lies octaves apart is alike",
        _within_reach,
        _same_class,
        _pitch_controls,
        _classes_dealt_by_octave,
    ),
    Relation(
        "consonance",
        ("interval",),
        "consonant intervals are alike, and dissonant ones",
        _other_class,
        _both_consonant,
        _pitch_controls,
        _consonance_dealt,
    ),
    Relation(
        "circle_of_fifths",
        ("pitch",),
        "pitch classes are the more alike the nearer they lie on the circle of fifths",
        _other_class,
        _fifths,
        _pitch_controls,
        _orders_of_intervals,
    ),
    Relation(
        "size",
        ("duration", "shift"),
        "times of about one length are alike",
        _all,
        lambda pairs: -pairs.octaves_of_ratio,
        _frequency,
        _relabelled(lambda pairs: -pairs.octaves_of_ratio),
    ),
    Relation(
        "halves_and_doubles",
        ("duration", "shift"),
        "times in the ratio 1 : 2 are alike beyond their nearness in length",
        _about_double,
        _is_double,
        _size_controls,
        _relabelled(_is_double),
    ),
)
"""In the order in which they are told."""
