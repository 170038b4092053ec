"""The two machines of the standard model, side by side: what they see of rows, and what they decide.

What rows look like (the space of n-grams, the ranks of features) is learnt once from all training rows, without
labels; the machines are fitted on any part of them, so that inner folds cost no second look at the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from styleprint.models.base import FloatArray, IndexArray, Inputs, Training
from styleprint.models.held_out import Splits
from styleprint.models.kernel import KernelRidge, RankNormal, fit_kernel
from styleprint.models.neighbours import sketch
from styleprint.models.ngram_svm import NgramSvm, Units, fit_units, learn_units
from styleprint.models.ngrams import Space
from styleprint.models.views import View, choose_views

__all__ = ["Learner", "Machines", "Seen"]


@dataclass(frozen=True, eq=False)
class Seen:
    """Rows as the machines see them; None where there is no such machine.

    Attributes
    ----------
    weighed : sparse matrix, shape (n_rows, n_columns), or None
    scores : ndarray, shape (n_rows, n_features), or None
    """

    weighed: sp.csr_matrix | None
    scores: FloatArray | None

    def take(self, rows: IndexArray) -> "Seen":
        """Some rows."""
        return Seen(
            None if self.weighed is None else self.weighed[rows], None if self.scores is None else self.scores[rows]
        )


@dataclass(frozen=True, eq=False)
class Machines:
    """Fitted machines, at least one."""

    ngrams: NgramSvm | None
    kernel: KernelRidge | None

    def see(self, inputs: Inputs) -> Seen:
        """Rows as these machines see them."""
        return Seen(
            None if self.ngrams is None else self.ngrams.weigh(inputs),
            None if self.kernel is None else self.kernel.ranks.apply(inputs.features),
        )

    def decide(self, seen: Seen) -> list[FloatArray]:
        """Decision values, shape (n_rows, n_classes), one array a machine."""
        found = []
        if self.ngrams is not None and seen.weighed is not None:
            found.append(self.ngrams.decide(seen.weighed))
        if self.kernel is not None and seen.scores is not None:
            found.append(self.kernel.decide(seen.scores))
        return found

    def vectors(self, seen: Seen) -> list[Any]:
        """What likeness between rows is measured on, one array a machine."""
        found: list[Any] = []
        if self.ngrams is not None and seen.weighed is not None:
            found.append(sketch(seen.weighed, self.ngrams.space.hashes))
        if seen.scores is not None:
            found.append(seen.scores)
        return found

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        state: dict[str, Any] = {"has_ngrams": self.ngrams is not None, "has_kernel": self.kernel is not None}
        for machine in (self.ngrams, self.kernel):
            state |= machine.to_state() if machine is not None else {}
        return state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Machines":
        """The machines that :meth:`to_state` described."""
        machines = cls(
            NgramSvm.from_state(state) if state["has_ngrams"] else None,
            KernelRidge.from_state(state) if state["has_kernel"] else None,
        )
        if machines.ngrams is None and machines.kernel is None:
            raise ValueError("a model must have at least one machine")
        return machines


@dataclass(frozen=True, eq=False)
class Learner:
    """Training rows as machines learn from them.

    Attributes
    ----------
    seen : Seen
        The rows, whole.
    training : Training
    views : tuple of View
    space, units : Space and Units, or None
    ranks : RankNormal, or None
    """

    seen: Seen
    training: Training
    views: tuple[View, ...]
    space: Space | None
    units: Units | None
    ranks: RankNormal | None

    @classmethod
    def look(cls, inputs: Inputs, training: Training) -> "Learner":
        """Learn what rows look like; labels are not looked at."""
        views = choose_views(inputs.streams)
        space, units = learn_units(inputs, views, training.teaching) if views else (None, None)
        if space is not None and not len(space.idf):
            space, units = None, None
        varies = inputs.features.shape[1] > 0
        ranks = RankNormal.learn(inputs.features, training.teaching) if varies or space is None else None
        scores = None if ranks is None else ranks.apply(inputs.features)
        seen = Seen(None if units is None else units.whole(), scores)
        return cls(seen, training, views if space else (), space, units, ranks)

    def fit(self, rows: IndexArray, *, seed: int) -> Machines:
        """Fit machines on some of the rows."""
        training, ngrams, kernel = self.training, None, None
        n_classes = len(training.classes)
        if self.space is not None and self.units is not None:
            ngrams = fit_units(self.space, self.units, rows, training.y, training.teaching, n_classes, seed=seed)
        if self.ranks is not None and self.seen.scores is not None:
            own = self.seen.scores[rows]
            kernel = fit_kernel(self.ranks, own, training.y[rows], training.teaching[rows], n_classes, seed=seed)
        return Machines(ngrams, kernel)

    def held_out(self, splits: Splits, *, seed: int) -> tuple[list[FloatArray], Any]:
        """Decisions about rows by machines that have not seen them.

        Returns
        -------
        decisions : list of ndarray, shape (n_rows, n_classes)
            NaN for rows that were never held out.
        is_answered : ndarray of bool, shape (n_rows,)
            Whether a row was held out from machines that knew its class.
        """
        y, n_classes = self.training.y, len(self.training.classes)
        count = (self.space is not None) + (self.ranks is not None)
        decisions = [np.full((len(y), n_classes), np.nan) for _ in range(count)]
        is_answered = np.zeros(len(y), dtype=bool)
        for train, test in splits:
            for own, found in zip(decisions, self.fit(train, seed=seed).decide(self.seen.take(test)), strict=True):
                own[test] = found
            is_answered[test] = np.isin(y[test], y[train])
        return decisions, is_answered
