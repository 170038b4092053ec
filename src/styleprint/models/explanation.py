"""What the standard model attends to: in one piece, and over the pieces of a class."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from styleprint.models.base import FloatArray, IndexArray, Inputs
from styleprint.models.contributions import (
    Pattern,
    contrast,
    describe_feature,
    find_run,
    kernel_contributions,
    ngram_contributions,
    strongest,
)
from styleprint.models.machines import Learner, Machines, Seen

__all__ = ["attend", "check_attention", "explain", "find_patterns"]

_AGAINST_SHARE = 4


def explain(
    machines: Machines,
    scales: FloatArray,
    inputs: Inputs,
    seen: Seen,
    probabilities: FloatArray,
    k: int,
    count: int,
) -> list[dict[str, Any]]:
    """Patterns of one row that speak for class k, the strongest first, then those most against it.

    Parameters
    ----------
    machines : Machines
    scales : ndarray, shape (n_machines,)
    inputs, seen : the row
    probabilities : ndarray, shape (n_classes,)
    k : int
    count : int
        At most so many; a quarter of them against.
    """
    direction, n_against = contrast(probabilities, k), count // _AGAINST_SHARE
    found = find_patterns(machines, scales, inputs, seen, range(1), direction, count, n_against)
    return [pattern.to_json() for pattern in found]


def find_patterns(
    machines: Machines,
    scales: FloatArray,
    inputs: Inputs,
    seen: Seen,
    rows: IndexArray | range,
    direction: FloatArray,
    count: int,
    n_against: int,
) -> list[Pattern]:
    """Patterns of these rows that speak for a direction of decisions, the strongest first, then those most against it.

    Parameters
    ----------
    machines : Machines
    scales : ndarray, shape (n_machines,)
    inputs : Inputs
    seen : Seen
        These rows alone.
    rows : ndarray of int or range
        Where they stand among the inputs.
    direction : ndarray, shape (n_classes,)
    count, n_against : int
        At most so many in all, and so many of them against.
    """
    weights = _weigh(machines, scales, seen, direction)
    speaking = _patterns(machines, weights, inputs, seen, rows, count - n_against, against=False)
    opposing = _patterns(machines, weights, inputs, seen, rows, n_against, against=True)
    return [*speaking, *opposing]


def attend(
    machines: Machines, scales: FloatArray, learner: Learner, inputs: Inputs, count: int
) -> dict[str, list[dict[str, Any]]]:
    """For each class the patterns of its training rows that speak most for it, against all others alike."""
    classes, y = learner.training.classes, learner.training.pieces.y
    even = np.full(len(classes), 1.0 / len(classes))
    found = {}
    for k, name in enumerate(classes):
        rows = np.flatnonzero(y == k)
        direction = contrast(even, k)
        patterns = find_patterns(machines, scales, inputs, learner.seen.take(rows), rows, direction, count, 0)
        found[str(name)] = [Pattern(pattern.name, pattern.weight).to_json() for pattern in patterns]
    return found


def check_attention(attention: Any, classes: list[str]) -> None:
    """Refuse what :func:`attend` never finds.

    Raises
    ------
    ValueError
        Where not each class has its patterns, each with a name and a weight.
    """
    if not isinstance(attention, dict) or sorted(attention) != sorted(classes):
        raise ValueError("attention must know each class")
    for patterns in attention.values():
        if not isinstance(patterns, list) or not all(map(_is_pattern, patterns)):
            raise ValueError("attention must be patterns with a name and a weight")


def _is_pattern(pattern: Any) -> bool:
    if not isinstance(pattern, dict) or not isinstance(pattern.get("name"), str):
        return False
    return type(pattern.get("weight")) in (int, float)


def _weigh(
    machines: Machines, scales: FloatArray, seen: Seen, direction: FloatArray
) -> tuple[FloatArray | None, FloatArray | None]:
    """Contributions of n-grams and of features to the direction; None where there is no such machine."""
    remaining = list(scales)
    of_ngrams = of_features = None
    if machines.ngrams is not None and seen.weighed is not None:
        of_ngrams = remaining.pop(0) * ngram_contributions(machines.ngrams, seen.weighed, direction)
    if machines.kernel is not None and seen.scores is not None:
        of_features = remaining.pop(0) * kernel_contributions(machines.kernel, seen.scores, direction)
    return of_ngrams, of_features


def _patterns(
    machines: Machines,
    weights: tuple[FloatArray | None, FloatArray | None],
    inputs: Inputs,
    seen: Seen,
    rows: IndexArray | range,
    count: int,
    *,
    against: bool,
) -> list[Pattern]:
    """The strongest patterns of both machines, over the rows seen."""
    found: list[Pattern] = []
    of_ngrams, of_features = weights
    if machines.ngrams is not None and of_ngrams is not None:
        for column in strongest(of_ngrams, count, against=against):
            named = find_run(machines.ngrams, column, inputs, rows)
            if named is not None:
                found.append(Pattern(named[0], float(of_ngrams[column]), named[1]))
    if of_features is not None and seen.scores is not None:
        means = seen.scores.mean(axis=0)
        found += [
            Pattern(_describe(inputs.feature_names, means, j), float(of_features[j]))
            for j in strongest(of_features, count, against=against)
        ]
    return sorted(found, key=lambda pattern: -abs(pattern.weight))[:count]


def _describe(names: Sequence[str], scores: FloatArray, j: int) -> str:
    return describe_feature(names[j], float(scores[j]))
