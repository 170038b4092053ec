"""Gaussian naive Bayes."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from styleprint.models.base import FloatArray, State
from styleprint.models.lesson import Lesson
from styleprint.models.search_space import Real
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["Gaussians", "NaiveBayesModel"]


@dataclass(frozen=True, eq=False)
class Gaussians:
    """One normal density for each class and feature.

    Attributes
    ----------
    means, variances : ndarray, shape (n_classes, n_features)
    shares : ndarray, shape (n_classes,)
    """

    means: FloatArray
    variances: FloatArray
    shares: FloatArray

    def decide(self, rows: FloatArray) -> FloatArray:
        """Logarithms of share times density, shape (n_rows, n_classes)."""
        found = np.empty((len(rows), len(self.means)))
        for k, (mean, variance) in enumerate(zip(self.means, self.variances, strict=True)):
            found[:, k] = -0.5 * (((rows - mean) ** 2 / variance).sum(axis=1) + np.log(2 * np.pi * variance).sum())
        return found + np.log(self.shares)

    def to_state(self) -> dict[str, Any]:
        """Arrays."""
        return {"means": self.means, "variances": self.variances, "shares": self.shares}

    @classmethod
    def from_state(cls, state: State) -> "Gaussians":
        """What :meth:`to_state` described."""
        machine = cls(*(np.asarray(state[name], dtype=np.float64) for name in ("means", "variances", "shares")))
        fits = machine.means.shape == machine.variances.shape and machine.means.ndim == 2
        if not fits or len(machine.shares) != len(machine.means) or not (machine.variances > 0).all():
            raise ValueError("means, variances and shares must fit together")
        return machine


class NaiveBayesModel(TableModel):
    """Features as independent normal variables in each class.

    Parameters
    ----------
    smoothing : float
        Added to each variance, times the largest variance of a feature.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {"smoothing": Real(1e-9, 1.0, log=True), "preparation": PREPARATIONS}
    machine_type: ClassVar = Gaussians

    def __init__(
        self,
        smoothing: float = 1e-2,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.smoothing = smoothing
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> Gaussians:
        rows, weight = lesson.rows, lesson.weight
        marks = np.zeros((len(rows), lesson.n_classes))
        marks[np.arange(len(rows)), lesson.y] = weight
        total = marks.sum(axis=0)
        means = (marks.T @ rows) / total[:, None]
        variances = (marks.T @ (rows - means[lesson.y]) ** 2) / total[:, None]
        return Gaussians(means, variances + self.smoothing * max(rows.var(axis=0).max(), 1e-12), total / total.sum())
