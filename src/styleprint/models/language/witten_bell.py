"""Counts of a field after its contexts, and probabilities that back off from long contexts to short ones.

Witten and Bell's method C (*The zero-frequency problem*, IEEE Transactions on Information Theory 37, 1991), as
interpolation (Chen and Goodman, *An empirical study of smoothing techniques*, 1999, section 2.4):

    p(w | c) = (n(c, w) + t(c) · p(w | c′)) / (n(c) + t(c))

where n counts, t(c) is how many different tokens followed c, and c′ is c without its farthest item; without any
context below stands the uniform distribution. A context is a list of *items*, each a field and how many events ago;
the items of a layout are ordered from the one that is kept longest. Contexts are 64-bit hashes, so that counting is
sorting.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray
from styleprint.models.language.rows import SIZES, EventRows

__all__ = ["Item", "Layout", "WittenBell", "items_of", "layouts_of"]

Item = tuple[int, int]
"""A field, and how many events ago; 0 is the event itself."""

Layout = tuple[Item, ...]
Hashes = npt.NDArray[np.uint64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SEED = np.uint64(0x94D049BB133111EB)
_FIELDS = len(SIZES)


def layouts_of(field: int, length: int) -> dict[str, Layout]:
    """The layouts for a field, each of so many items.

    Returns
    -------
    dict of str to tuple of items
        ``chain``: back along the chain of fields, as if all tokens stood in one line. ``voice``: the same field of the
        event before, the fields of this event that are chosen, the same field of four events before that, the rest of
        the event before.
    """
    chosen = tuple((f, 0) for f in reversed(range(field)))
    chain = chosen + tuple((f, lag) for lag in range(1, 1 + -(-length // _FIELDS)) for f in reversed(range(_FIELDS)))
    own = tuple((field, lag) for lag in range(2, 6))
    voice = ((field, 1), *chosen, *own, *((f, 1) for f in reversed(range(_FIELDS)) if f != field))
    return {"chain": chain[:length], "voice": voice[:length]}


def items_of(rows: EventRows, layout: Layout) -> list[npt.NDArray[np.int64]]:
    """Each item of a layout for each event, from 1; 0 where the piece has not begun."""
    place = np.arange(len(rows.events)) - rows.offsets[rows.owner]
    found = []
    for field, lag in layout:
        column = rows.events[:, field].astype(np.int64) + 1
        earlier = np.concatenate([np.zeros(min(lag, len(column)), np.int64), column[: max(0, len(column) - lag)]])
        found.append(np.where(place >= lag, earlier, 0))
    return found


def _mix(hashes: Hashes, symbols: npt.NDArray[np.int64]) -> Hashes:
    mixed = (hashes ^ (hashes >> np.uint64(29))) * _MIX + symbols.astype(np.uint64) + np.uint64(1)
    mixed = (mixed ^ (mixed >> np.uint64(31))) * _MULTIPLIER
    return mixed ^ (mixed >> np.uint64(30))


def _contexts(rows: EventRows, layout: Layout) -> list[Hashes]:
    """Hashes of the contexts of no item, of the first, of the first two …"""
    hashes = [np.full(len(rows.events), _SEED)]
    for symbols in items_of(rows, layout):
        hashes.append(_mix(hashes[-1], symbols))
    return hashes


@dataclass(frozen=True, eq=False)
class _Level:
    """Contexts of one length: sorted hashes with n(c) and t(c), and sorted hashes of pairs with n(c, w)."""

    contexts: Hashes
    totals: FloatArray
    types: FloatArray
    pairs: Hashes
    counts: FloatArray

    @classmethod
    def count(cls, contexts: Hashes, tokens: npt.NDArray[np.int64]) -> "_Level":
        pairs, first, counts = np.unique(_mix(contexts, tokens), return_index=True, return_counts=True)
        known, own = np.unique(contexts[first], return_inverse=True)
        types = np.bincount(own, minlength=len(known)).astype(np.float64)
        totals = np.bincount(own, weights=counts, minlength=len(known)).astype(np.float64)
        return cls(known, totals, types, pairs, counts.astype(np.float64))


@dataclass(frozen=True, eq=False)
class WittenBell:
    """A field and its counts.

    Attributes
    ----------
    field : int
    layout : tuple of items
    levels : tuple
        One a context length, from none.
    """

    field: int
    layout: Layout
    levels: tuple[_Level, ...]

    @classmethod
    def learn(cls, rows: EventRows, field: int, layout: Layout) -> "WittenBell":
        """Count."""
        tokens = rows.events[:, field].astype(np.int64)
        levels = tuple(_Level.count(contexts, tokens) for contexts in _contexts(rows, layout))
        return cls(field, layout, levels)

    def probabilities(self, rows: EventRows) -> FloatArray:
        """Of the token that came, by each context length: shape (1 + items, n_events)."""
        tokens = rows.events[:, self.field].astype(np.int64)
        found = np.empty((len(self.levels), len(tokens)))
        p = np.full(len(tokens), 1.0 / SIZES[self.field])
        for i, (level, contexts) in enumerate(zip(self.levels, _contexts(rows, self.layout), strict=True)):
            total, types = _look_up(level.contexts, contexts, level.totals, level.types)
            (count,) = _look_up(level.pairs, _mix(contexts, tokens), level.counts)
            is_known = total > 0
            p = np.where(is_known, (count + types * p) / np.where(is_known, total + types, 1.0), p)
            found[i] = p
        return found


def _look_up(known: Hashes, asked: Hashes, *values: FloatArray) -> list[FloatArray]:
    """The values of the known hashes; 0 for others."""
    if not len(known):
        return [np.zeros(len(asked)) for _ in values]
    place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    is_there = known[place] == asked
    return [np.where(is_there, value[place], 0.0) for value in values]
