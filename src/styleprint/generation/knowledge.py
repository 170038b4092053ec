"""Tests of what a model has learnt of theory, by the similarity of its embeddings, with chance told.

The similarity of two tokens is the cosine of their vectors. A relation of :mod:`styleprint.generation.relations` says
which pairs should be alike; the effect is the partial correlation of similarity and relation over pairs, what else
could explain it held fixed (Smouse, Long and Sokal 1986: the partial Mantel statistic, with residuals).

Two nulls. *Permutation*: the relation with labels dealt anew; p is the share of deals that fit at least as well.
*Untrained*: vectors drawn from the normal distribution, as a network begins; where the relation fits them as well
within their 95 % range, learning has added nothing. The interval is of 500 bootstraps of tokens: it says how much
the effect rests on single tokens, not how other training runs would come out.

The rule of the sentences, over all tests of one model together: *it knows* where p after Holm is under .05, the
interval lies above 0, and the effect is at least .1 and above what untrained vectors reach; *it does not* where the
interval ends under .1, a correlation that explains 1 % of the variance; else *we cannot tell*. A token that occurs
under ten times in training is not compared: its vector has hardly moved.

The similarity of two random vectors of `width` numbers has a deviation of 1/√width; :func:`chance_similarity` says
that, and how large the largest of many would be. A single similarity is to be held against both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import stats

from styleprint.evaluation.paired import holm
from styleprint.generation.relations import RELATIONS, Pairs, Relation, pairs_of

__all__ = [
    "SMALLEST_EFFECT",
    "Finding",
    "Partial",
    "TokenVectors",
    "chance_similarity",
    "judge",
    "question_embeddings",
    "similarity_of",
]

FloatArray = npt.NDArray[np.float64]

SMALLEST_EFFECT = 0.1
"""The least correlation that counts as knowing."""

_ALPHA = 0.05
_DEALS = 999
_UNTRAINED = 400
_BOOTSTRAPS = 500
_LEAST_COUNT = 10
_LEAST_TOKENS = 8
_PERCENTILES = (2.5, 97.5)
_TIE = 1e-9


@dataclass(frozen=True, eq=False)
class TokenVectors:
    """The embedding of one field.

    Attributes
    ----------
    field : str
    vectors : ndarray, shape (n_tokens, width)
    values : ndarray, shape (n_tokens,)
        What each token stands for: MIDI pitch, or ticks; NaN for a token that is no number.
    counts : ndarray, shape (n_tokens,)
        How often each occurs in the training music.
    """

    field: str
    vectors: FloatArray
    values: FloatArray
    counts: FloatArray

    def compared(self) -> "TokenVectors":
        """The tokens that are numbers, positive where they are times, and occur often enough."""
        is_fit = np.isfinite(self.values) & (self.counts >= _LEAST_COUNT)
        if self.field != "pitch":
            is_fit &= np.nan_to_num(self.values) > 0
        rows = np.flatnonzero(is_fit)
        return TokenVectors(self.field, self.vectors[rows], self.values[rows], self.counts[rows])


@dataclass(frozen=True)
class Finding:
    """What a test found.

    Attributes
    ----------
    name, field, claim : str
    tokens : int
        How many were compared.
    effect, low, high : float
        Correlation with its interval.
    untrained_low, untrained_high : float
        Between which 95 % of untrained models lie.
    p_value : float
        By permutation.
    chance_low, chance_high : float
        Between which 95 % of the permutations lie.
    p_holm : float
    verdict : {'knows', 'does not', 'cannot tell'}
    """

    name: str
    field: str
    claim: str
    tokens: int
    effect: float
    low: float
    high: float
    untrained_low: float
    untrained_high: float
    p_value: float
    chance_low: float = float("nan")
    chance_high: float = float("nan")
    p_holm: float = float("nan")
    verdict: str = "cannot tell"

    @classmethod
    def of(
        cls,
        about: tuple[str, str, str, int],
        effect: float,
        *,
        deals: Sequence[float],
        draws: Sequence[float] | FloatArray,
        untrained: tuple[float, float],
        is_exact: bool = False,
    ) -> "Finding":
        """What a test found, not judged yet.

        Parameters
        ----------
        about : tuple
            Name, field, claim, tokens.
        effect : float
        deals : sequence of float
            Effects of permutations.
        draws : sequence of float
            Effects of bootstraps.
        untrained : tuple of float
            Between which untrained models lie.
        is_exact : bool
            Whether the permutations are all that there are, and the one that was found is among them.
        """
        name, field, claim, tokens = about
        as_good = float(np.sum(np.asarray(deals) >= effect - _TIE))
        low, high = np.percentile(draws, _PERCENTILES)
        chance_low, chance_high = np.percentile(deals, _PERCENTILES)
        return cls(
            name=name,
            field=field,
            claim=claim,
            tokens=tokens,
            effect=effect,
            low=min(float(low), effect),
            high=max(float(high), effect),
            untrained_low=untrained[0],
            untrained_high=untrained[1],
            p_value=as_good / len(deals) if is_exact else (1 + as_good) / (1 + len(deals)),
            chance_low=float(chance_low),
            chance_high=float(chance_high),
        )

    @property
    def sentence(self) -> str:
        """For people."""
        heads = {
            "knows": "It knows that",
            "does not": "It does not know that",
            "cannot tell": "We cannot tell whether it knows that",
        }
        if np.isnan(self.effect):
            return f"{heads[self.verdict]} {self.claim} ({self.field}): only {self.tokens} tokens are common enough."
        return (
            f"{heads[self.verdict]} {self.claim} ({self.field}): r = {self.effect:.2f} ({self.low:.2f} to "
            f"{self.high:.2f}), untrained {self.untrained_low:.2f} to {self.untrained_high:.2f}, "
            f"p = {self.p_holm:.3f} after Holm."
        )


def similarity_of(vectors: FloatArray) -> FloatArray:
    """Cosines of all pairs of vectors, shape (n, n); 0 for a vector of zeros."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(length > 0, length, 1.0)
    cosines: FloatArray = np.clip(unit @ unit.T, -1.0, 1.0)
    return cosines


def chance_similarity(width: int, others: int) -> tuple[float, float]:
    """Deviation of the cosine of two random vectors, and the expected largest of a vector with `others` more.

    The cosine of two directions drawn evenly in `width` dimensions has variance 1/width, and (cosine + 1)/2 follows the
    beta distribution with both parameters (width − 1)/2; the largest of m is expected at its quantile
    (m − 3/8)/(m + 1/4), to good approximation (Blom 1958).
    """
    half = (width - 1) / 2
    place = (others - 0.375) / (others + 0.25)
    largest = 2 * float(stats.beta.ppf(place, half, half)) - 1
    return 1 / float(np.sqrt(width)), largest


def question_embeddings(embeddings: Sequence[TokenVectors], *, seed: int = 0) -> tuple[Finding, ...]:
    """Hold every relation against the embeddings of its fields; not judged yet, see :func:`judge`.

    Parameters
    ----------
    embeddings : sequence of TokenVectors
    seed : int
        Of deals, untrained vectors and bootstraps.
    """
    by_field = {embedding.field: embedding.compared() for embedding in embeddings}
    return tuple(
        _test(relation, by_field[field], np.random.default_rng([seed, number]))
        for number, relation in enumerate(RELATIONS)
        for field in relation.fields
        if field in by_field
    )


def judge(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings of one model with p after Holm over all of them, and what follows."""
    known = {str(i): f.p_value for i, f in enumerate(findings) if np.isfinite(f.p_value)}
    adjusted: Mapping[str, float] = holm(known)
    judged = []
    for i, finding in enumerate(findings):
        p_holm = adjusted.get(str(i), float("nan"))
        judged.append(_with_verdict(finding, p_holm))
    return tuple(judged)


def _with_verdict(finding: Finding, p_holm: float) -> Finding:
    if p_holm < _ALPHA and finding.low > 0 and finding.effect > max(finding.untrained_high, SMALLEST_EFFECT):
        verdict = "knows"
    elif finding.high < SMALLEST_EFFECT:
        verdict = "does not"
    else:
        verdict = "cannot tell"
    return replace(finding, p_holm=p_holm, verdict=verdict)


def _test(relation: Relation, embedding: TokenVectors, rng: np.random.Generator) -> Finding:
    n = len(embedding.values)
    nan = float("nan")
    nothing = Finding(relation.name, embedding.field, relation.claim, n, nan, nan, nan, nan, nan, nan)
    if n < _LEAST_TOKENS:
        return nothing
    whole = pairs_of(embedding.values, embedding.counts)
    pairs = whole.chosen(relation.select(whole))
    expected = relation.expected(pairs)
    if len(pairs.first) <= 10 or np.ptp(expected) == 0:
        return nothing
    partial = Partial(relation.controls(pairs))
    similarity = _paired(similarity_of(embedding.vectors), pairs)
    effect = partial.correlation(similarity, expected)
    deals = [partial.correlation(similarity, deal) for deal in relation.by_chance(pairs, rng, _DEALS)]
    width = embedding.vectors.shape[1]
    untrained = [
        partial.correlation(_paired(similarity_of(rng.standard_normal((n, width))), pairs), expected)
        for _ in range(_UNTRAINED)
    ]
    low, high = np.percentile(untrained, _PERCENTILES)
    return Finding.of(
        (relation.name, embedding.field, relation.claim, n),
        effect,
        deals=deals,
        draws=_bootstraps(relation, pairs, similarity, n, rng),
        untrained=(float(low), float(high)),
        is_exact=len(deals) != _DEALS,
    )


def _paired(matrix: FloatArray, pairs: Pairs) -> FloatArray:
    values: FloatArray = matrix[pairs.first, pairs.second]
    return values


class Partial:
    """Correlations with controls held fixed, each observation with its weight.

    Parameters
    ----------
    controls : ndarray, shape (n, n_controls)
    weight : ndarray, shape (n,), optional
    """

    def __init__(self, controls: FloatArray, weight: FloatArray | None = None) -> None:
        self._root = np.ones(len(controls)) if weight is None else np.sqrt(weight)
        columns = np.column_stack([np.ones(len(controls)), controls]) * self._root[:, None]
        left, size, _ = np.linalg.svd(columns, full_matrices=False)
        self._basis = left[:, size > 1e-10 * size.max(initial=0.0)]

    def _rest(self, values: FloatArray) -> FloatArray:
        scaled = values * self._root
        rest: FloatArray = scaled - self._basis @ (self._basis.T @ scaled)
        return rest

    def correlation(self, one: FloatArray, other: FloatArray) -> float:
        """Of what the controls do not explain; 0 where nothing is left of either."""
        a, b = self._rest(one), self._rest(other)
        size = float(np.linalg.norm(a) * np.linalg.norm(b))
        return float(a @ b) / size if size > 1e-12 else 0.0


def _bootstraps(
    relation: Relation, pairs: Pairs, similarity: FloatArray, n: int, rng: np.random.Generator
) -> FloatArray:
    """Effects over tokens drawn with replacement: a pair counts as often as both its tokens were drawn together."""
    effects = np.empty(_BOOTSTRAPS)
    expected, controls = relation.expected(pairs), relation.controls(pairs)
    for i in range(_BOOTSTRAPS):
        times = np.bincount(rng.integers(n, size=n), minlength=n).astype(np.float64)
        weight = times[pairs.first] * times[pairs.second]
        drawn = weight > 0
        partial = Partial(controls[drawn], weight[drawn])
        effects[i] = partial.correlation(similarity[drawn], expected[drawn])
    return effects
