"""What a machine learns from: rows of numbers, their classes, groups and weights; and what it must be able to do.

A *machine* is what is left of an estimator once it has learnt: a frozen record of arrays that decides about rows. It
is told apart from the estimator so that a bundle can hold it without pickles, and so that inner folds, votes and
hierarchies can fit many of them under one rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np

from styleprint.corpus.splits import grouped_splits
from styleprint.models.base import FloatArray, IndexArray, State

__all__ = [
    "MANY_ROWS",
    "MOST_ROWS",
    "Lesson",
    "Machine",
    "draw_rows",
    "inner_splits",
    "nest",
    "nested",
    "spread_classes",
    "to_logarithms",
]

MANY_ROWS = 20_000
MOST_ROWS = 10_000

_SMALLEST = 1e-9


class Machine(Protocol):
    """What has learnt and can decide."""

    def decide(self, rows: FloatArray) -> FloatArray:
        """Decision values, shape (n_rows, n_classes): up to scale, logarithms of probabilities."""
        ...

    def to_state(self) -> dict[str, Any]:
        """Arrays, text and values that JSON can hold."""
        ...

    @classmethod
    def from_state(cls, state: State) -> Self:
        """What :meth:`to_state` described; ValueError, KeyError or TypeError where it is damaged."""
        ...


@dataclass(frozen=True, eq=False)
class Lesson:
    """Rows to learn from.

    Attributes
    ----------
    rows : ndarray of float, shape (n_rows, n_features)
        NaN where a feature does not apply.
    y : ndarray of int, shape (n_rows,)
        0 … n_classes − 1; a class may have no row.
    weight : ndarray of float, shape (n_rows,)
        Positive.
    groups : ndarray of str, shape (n_rows,)
        What inner folds keep whole.
    classes : tuple of str
        Names; levels joined by ``/``.
    share : ndarray of float, shape (n_rows,), or None
        What part of the weight a row teaches with; None for all of it.
    is_variant : ndarray of bool, shape (n_rows,), or None
        Rows that are variants of others of their group: they are never held out. None for none.
    """

    rows: FloatArray
    y: IndexArray
    weight: FloatArray
    groups: np.ndarray[Any, np.dtype[np.str_]]
    classes: tuple[str, ...]
    share: FloatArray | None = None
    is_variant: np.ndarray[Any, np.dtype[np.bool_]] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def taught(self) -> "Lesson":
        """The same rows as a machine learns from them: a piece and its variants share the weight of the piece."""
        return self if self.share is None else replace(self, weight=self.weight * self.share, share=None)

    @property
    def pieces(self) -> "Lesson":
        """The rows that are no variants."""
        return self if self.is_variant is None else self.take(np.flatnonzero(~self.is_variant))

    @property
    def n_classes(self) -> int:
        """How many classes there are, with rows or without."""
        return len(self.classes)

    def take(self, chosen: IndexArray) -> "Lesson":
        """Some of the rows; all classes keep their numbers."""
        return Lesson(
            rows=self.rows[chosen],
            y=self.y[chosen],
            weight=self.weight[chosen],
            groups=self.groups[chosen],
            classes=self.classes,
            share=None if self.share is None else self.share[chosen],
            is_variant=None if self.is_variant is None else self.is_variant[chosen],
        )

    def relabel(self, y: IndexArray, classes: tuple[str, ...]) -> "Lesson":
        """The same rows under other classes."""
        return replace(self, y=y, classes=classes)


def draw_rows(lesson: Lesson, seed: int, most: int = MOST_ROWS) -> Lesson:
    """At most so many rows, drawn by seed, each class keeping its share and one row at least."""
    if len(lesson) <= most:
        return lesson
    random, chosen = np.random.default_rng(seed), []
    for k in range(lesson.n_classes):
        own = np.flatnonzero(lesson.y == k)
        count = max(1, round(most * len(own) / len(lesson))) if len(own) else 0
        chosen.append(random.permutation(own)[:count])
    return lesson.take(np.sort(np.concatenate(chosen)))


def spread_classes(lesson: Lesson) -> tuple[Lesson, IndexArray]:
    """The lesson with the classes that have rows alone, numbered from 0, and their old numbers."""
    present, y = np.unique(lesson.y, return_inverse=True)
    names = tuple(lesson.classes[k] for k in present)
    return lesson.relabel(y.astype(np.intp), names), present.astype(np.intp)


def to_logarithms(probabilities: FloatArray, floor: float = _SMALLEST) -> FloatArray:
    """Logarithms of probabilities, none under that of `floor`."""
    found: FloatArray = np.log(np.maximum(probabilities, floor))
    return found


def nest(prefix: str, state: Mapping[str, Any]) -> dict[str, Any]:
    """A state as part of a larger one."""
    return {f"{prefix}.{name}": value for name, value in state.items()}


def nested(prefix: str, state: State) -> dict[str, Any]:
    """The part of a state that :func:`nest` put there."""
    start = f"{prefix}."
    return {name.removeprefix(start): value for name, value in state.items() if name.startswith(start)}


def inner_splits(lesson: Lesson, folds: int, seed: int) -> list[tuple[IndexArray, IndexArray]]:
    """Pairs of row numbers (train, test) from whole groups, each with at least two classes to learn.

    With fewer groups than folds there are as many folds as groups, and none with a single group. Beyond `MANY_ROWS`
    rows the first fold alone is held out: enough rows to calibrate on, and a third of the time. Variants change no
    fold: they stand on the side that trains, with their pieces, and are never held out.
    """
    pieces = lesson.pieces
    count = min(folds, len(np.unique(pieces.groups)))
    if count < 2:
        return []
    found = grouped_splits(pieces.y.tolist(), pieces.groups.tolist(), folds=count, seed=seed, weight=pieces.weight)
    found = [(train, test) for train, test in found if len(np.unique(pieces.y[train])) > 1]
    if lesson.is_variant is not None:
        place = np.flatnonzero(~lesson.is_variant)
        groups = lesson.groups
        found = [(np.flatnonzero(np.isin(groups, pieces.groups[train])), place[test]) for train, test in found]
    return found[:1] if len(pieces) > MANY_ROWS else found
