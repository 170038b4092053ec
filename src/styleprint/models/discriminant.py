"""Linear discriminant analysis with a shrunken covariance."""

from typing import ClassVar

import numpy as np
import scipy.linalg

from styleprint.models.base import FloatArray, IndexArray
from styleprint.models.lesson import Lesson
from styleprint.models.linear_machine import LinearMachine
from styleprint.models.search_space import Real
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["DiscriminantModel", "fit_discriminant"]


class DiscriminantModel(TableModel):
    """Classes as normal clouds of one shape, its covariance shrunk towards that of unrelated features.

    Parameters
    ----------
    shrinkage : float
        From 0 (the covariance as it is) to 1 (its diagonal alone).
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {"shrinkage": Real(0.001, 1.0, log=True), "preparation": PREPARATIONS}
    machine_type: ClassVar = LinearMachine

    def __init__(
        self,
        shrinkage: float = 0.05,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.shrinkage = shrinkage
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> LinearMachine:
        return fit_discriminant(lesson.rows, lesson.y, lesson.weight, lesson.n_classes, self.shrinkage)


def fit_discriminant(
    rows: FloatArray, y: IndexArray, weight: FloatArray, n_classes: int, shrinkage: float
) -> LinearMachine:
    """Fisher's discriminants (*Annals of Eugenics* 7, 1936), each row weighing `weight`.

    Log-densities of normal clouds with one covariance, but for what all classes share, and the logarithm of the
    classes' shares. Shrinkage mixes the covariance with its own diagonal.
    """
    share = weight / weight.sum()
    marks = np.zeros((len(y), n_classes))
    marks[np.arange(len(y)), y] = share
    total = marks.sum(axis=0)
    means = (marks.T @ rows) / total[:, None]
    rest = rows - means[y]
    covariance = (share[:, None] * rest).T @ rest
    diagonal = np.diag(covariance).copy()
    covariance *= 1.0 - shrinkage
    covariance[np.diag_indices_from(covariance)] = diagonal + 1e-9 * max(float(diagonal.mean()), 1e-9)
    coefficients = scipy.linalg.solve(covariance, means.T, assume_a="sym")
    intercepts = np.log(total) - 0.5 * (means.T * coefficients).sum(axis=0)
    return LinearMachine(np.asarray(coefficients), intercepts)
