"""How much of a piece is in the language of a class: the share of its short runs that works of the class know.

A run is *known* to a class if it stands in at least `MIN_WORKS` of its works (groups). The familiarity of a piece
is the share of its runs that are known, averaged over views: successions of three notes, of three steps
of the upper line, single contrapuntal modules and figured basses. Unlike a decision, it cannot be raised by
exaggeration: what is more like Chopin than Chopin himself is decided for him, but it is not familiar.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, Inputs, Training, read_count
from styleprint.models.held_out import Splits
from styleprint.models.ngrams import count_runs
from styleprint.models.passages import cut_rows
from styleprint.models.views import HashArray, View

__all__ = ["Familiarity", "learn_familiarity"]

MIN_WORKS = 2

Known = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Runs:
    """Runs of one view in whole rows: hash, how often, and in which row; rows rising."""

    hashes: HashArray
    counts: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]

    @classmethod
    def of(cls, inputs: Inputs, view: View) -> "_Runs":
        return cls(*count_runs(inputs, view, cut_rows(inputs, [view], moments=None)))

    def coverage(self, known: Known, n_rows: int) -> FloatArray:
        """Share of each row's runs that each class knows; 0 for a row without runs."""
        total = np.bincount(self.row, weights=self.counts, minlength=n_rows)
        covered = [np.bincount(self.row, weights=self.counts * column, minlength=n_rows) for column in known.T]
        share: FloatArray = np.stack(covered, axis=1) / np.maximum(total, 1.0)[:, None]
        return share


@dataclass(frozen=True, eq=False)
class Familiarity:
    """The runs that classes know.

    Attributes
    ----------
    views : tuple of View
        Each with one order.
    hashes : tuple of ndarray of uint64
        Sorted, one array a view.
    known : tuple of ndarray of bool, shape (n_hashes, n_classes)
    """

    views: tuple[View, ...]
    hashes: tuple[HashArray, ...]
    known: tuple[Known, ...]

    def measure(self, inputs: Inputs) -> FloatArray:
        """Mean share of known runs, shape (n_rows, n_classes)."""
        shares = []
        for view, hashes, known in zip(self.views, self.hashes, self.known, strict=True):
            runs = _Runs.of(inputs, view)
            place = np.minimum(np.searchsorted(hashes, runs.hashes), max(0, len(hashes) - 1))
            found = hashes[place] == runs.hashes if len(hashes) else np.zeros(len(runs.hashes), dtype=bool)
            is_known = known[place] & found[:, None] if len(hashes) else np.zeros((len(found), known.shape[1]), bool)
            shares.append(runs.coverage(is_known, inputs.n_rows))
        return np.asarray(np.mean(shares, axis=0), dtype=np.float64)

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "familiar_views": [view.to_json() for view in self.views],
            "familiar_counts": [len(hashes) for hashes in self.hashes],
            "familiar_hashes": np.concatenate(self.hashes),
            "familiar_classes": self.known[0].shape[1],
            "familiar_known": np.packbits(np.concatenate(self.known), axis=1),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Familiarity":
        """What :meth:`to_state` described."""
        views = tuple(View.from_json(view) for view in state["familiar_views"])
        hashes, packed = np.asarray(state["familiar_hashes"]).astype(np.uint64), state["familiar_known"]
        if packed.dtype != np.uint8 or packed.ndim != 2 or hashes.ndim != 1:
            raise ValueError("what is known must be bits, a row a run")
        n_classes = read_count(state["familiar_classes"], "classes that know runs", least=1, most=8 * packed.shape[1])
        counts = [read_count(n, "runs of a view", most=len(hashes)) for n in state["familiar_counts"]]
        fits = len(counts) == len(views) > 0 and sum(counts) == len(hashes) == len(packed)
        if not fits or packed.shape[1] != -(-n_classes // 8):
            raise ValueError("views, hashes and what is known must fit together")
        known = np.unpackbits(packed, axis=1, count=n_classes).astype(bool)
        cuts = np.cumsum(counts)[:-1]
        return cls(views, tuple(np.split(hashes, cuts)), tuple(np.split(known, cuts)))


def learn_familiarity(
    inputs: Inputs, views: Sequence[View], training: Training, splits: Splits
) -> tuple[Familiarity | None, FloatArray]:
    """Learn which runs classes know, and measure each row against what it has no part in.

    Parameters
    ----------
    inputs : Inputs
    views : sequence of View
        Those with `familiar` count.
    training : Training
    splits : sequence of (train, test)
        Inner folds; groups are whole.

    Returns
    -------
    familiarity : Familiarity, or None without such views
    held_out : ndarray, shape (n_rows, n_classes)
        Familiarity of each row to the training side of its fold; 0 for rows that no fold holds out.
    """
    chosen = [replace(view, orders=(view.familiar,)) for view in views if view.familiar]
    n_classes = len(training.classes)
    held_out = np.zeros((inputs.n_rows, n_classes))
    if not chosen:
        return None, held_out
    fold = np.full(inputs.n_rows, len(splits))
    for i, (_, test) in enumerate(splits):
        fold[test] = i
    hashes, known = [], []
    for view in chosen:
        runs = _Runs.of(inputs, view)
        different, index = np.unique(runs.hashes, return_inverse=True)
        works = _works_by_fold(index, runs.row, len(different), training, fold, len(splits) + 1)
        total = works.sum(axis=0)
        for i in range(len(splits)):
            share = runs.coverage((total - works[i] >= MIN_WORKS)[index], inputs.n_rows)
            held_out[fold == i] += share[fold == i] / len(chosen)
        enough = total >= MIN_WORKS
        kept = enough.any(axis=1)
        hashes.append(different[kept])
        known.append(enough[kept])
    return Familiarity(tuple(chosen), tuple(hashes), tuple(known)), held_out


def _works_by_fold(
    index: npt.NDArray[np.intp],
    row: npt.NDArray[np.int32],
    n_runs: int,
    training: Training,
    fold: npt.NDArray[np.intp],
    n_folds: int,
) -> npt.NDArray[np.int32]:
    """In how many works of each class, of each fold, each run stands: shape (n_folds, n_runs, n_classes)."""
    names, group = np.unique(training.groups, return_inverse=True)
    n_classes = len(training.classes)
    cell = (fold * n_classes + training.y) * len(names) + group
    cells, cell_of_row = np.unique(cell, return_inverse=True)
    pairs = np.unique(index.astype(np.int64) * len(cells) + cell_of_row[row])
    run, where = np.divmod(pairs, len(cells))
    fold_and_class = cells[where] // len(names)
    counts = np.bincount(
        fold_and_class // n_classes * (n_runs * n_classes) + run * n_classes + fold_and_class % n_classes,
        minlength=n_folds * n_runs * n_classes,
    )
    return counts.reshape(n_folds, n_runs, n_classes).astype(np.int32)
