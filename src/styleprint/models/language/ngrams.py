"""n-grams over events: what a network must beat.

Each field has its own context (:mod:`styleprint.models.language.witten_bell`). Its layout, its length and whether
transposed pieces teach beside the pieces are chosen by the bits of whole groups held out, then counted again from all
pieces. What is transposed is what networks see: every piece by each of −5 … +5 semitones.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from styleprint.corpus.splits import Split, grouped_splits
from styleprint.models.base import FloatArray
from styleprint.models.estimator import Estimator
from styleprint.models.language.rows import SIZES, EventRows, transposed
from styleprint.models.language.witten_bell import Layout, WittenBell, layouts_of
from styleprint.support.errors import ModelError

__all__ = ["BackoffModel", "BigramModel", "NgramLanguageModel", "UnigramModel", "inner_groups"]


@dataclass(frozen=True)
class _Choice:
    """How a field is predicted: which layout, how many of its items, and from transposed pieces too or not."""

    layout: str
    length: int
    is_transposed: bool


class NgramLanguageModel(Estimator):
    """The base of the baselines.

    Parameters
    ----------
    semitones : int
        Pieces teach transposed by up to so many semitones up and down, where that helps.
    inner_folds : int
        So many parts of the groups are held out in turn to choose by.
    random_state : int

    Attributes
    ----------
    choices_ : tuple
        Of each field: layout, length, and whether transposed pieces teach.
    """

    lengths: ClassVar[tuple[tuple[str, tuple[int, ...]], ...]]
    """Layouts, and how many of their items may be chosen."""

    def __init__(self, semitones: int = 5, inner_folds: int = 3, random_state: int = 0) -> None:
        self.semitones = semitones
        self.inner_folds = inner_folds
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None, groups: Any = None) -> Self:  # noqa: ARG002  # labels are not looked at
        """Learn from rows of events.

        Raises
        ------
        ModelError
            M131, without events.
        """
        rows = X if isinstance(X, EventRows) else EventRows.read(X)
        if not len(rows.events):
            raise ModelError("M131", "a model of language must have events to learn from, but there are none.")
        splits = inner_groups(rows, groups, folds=self.inner_folds, seed=self.random_state)
        self.choices_ = self._choose(rows, splits)
        moved = self._transposed(rows)
        self.machines_ = tuple(
            WittenBell.learn(moved if choice.is_transposed else rows, field, _cut(field, choice.layout, choice.length))
            for field, choice in enumerate(self.choices_)
        )
        return self

    def bits(self, X: Any) -> FloatArray:
        """What each field of each event costs, in bits: shape (n_events, 4)."""
        rows = X if isinstance(X, EventRows) else EventRows.read(X)
        return np.stack([-np.log2(machine.probabilities(rows)[-1]) for machine in self.machines_], axis=1)

    def _transposed(self, rows: EventRows) -> EventRows:
        moves = range(-self.semitones, self.semitones + 1)
        return EventRows.of([transposed(rows.row(i), by) for by in moves for i in range(len(rows))])

    def _choose(self, rows: EventRows, splits: list[Split]) -> tuple[_Choice, ...]:
        """Of each field what costs the fewest bits on the groups held out; the first and shortest among equals."""
        total: list[dict[_Choice, float]] = [{} for _ in SIZES]
        for learn, hold in splits:
            own, held = rows.take(learn), rows.take(hold)
            for is_transposed in (False, True)[: 2 if self.semitones else 1]:
                taught = self._transposed(own) if is_transposed else own
                for field, found in enumerate(total):
                    for layout, lengths in self.lengths:
                        machine = WittenBell.learn(taught, field, _cut(field, layout, max(lengths)))
                        bits = -np.log2(machine.probabilities(held)).sum(axis=1)
                        for length in lengths:
                            choice = _Choice(layout, length, is_transposed)
                            found[choice] = found.get(choice, 0.0) + float(bits[min(length, len(bits) - 1)])
        return tuple(min(found, key=found.__getitem__) for found in total)


class UnigramModel(NgramLanguageModel):
    """Each field by itself: how frequent its tokens are."""

    lengths = (("voice", (0,)),)


class BigramModel(NgramLanguageModel):
    """Each field given the same field of the event before."""

    lengths = (("voice", (1,)),)


class BackoffModel(NgramLanguageModel):
    """Each field given up to eight items before it, backing off from long contexts to short ones."""

    lengths = (("chain", tuple(range(9))), ("voice", tuple(range(9))))


def _cut(field: int, layout: str, length: int) -> Layout:
    return layouts_of(field, length)[layout]


def inner_groups(rows: EventRows, groups: Any, *, folds: int, seed: int) -> list[Split]:
    """Pairs of rows to learn from and rows to choose by, of other groups; with a single group both are all rows."""
    names = [str(i) for i in range(len(rows))] if groups is None else [str(name) for name in groups]
    if len(names) != len(rows):
        raise ModelError("M102", f"rows and groups must be as many, but are {len(rows)} and {len(names)}.")
    count = min(folds, len(set(names)))
    if count < 2:
        every = np.arange(len(rows), dtype=np.intp)
        return [(every, every)]
    events = np.maximum(np.diff(rows.offsets), 1)
    return grouped_splits([""] * len(rows), names, folds=count, seed=seed, weight=events)
