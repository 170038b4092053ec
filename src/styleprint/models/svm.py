"""Support-vector machines: linear, Gaussian (RBF) and polynomial."""

import warnings
from typing import Any, ClassVar

from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import SVC, LinearSVC

from styleprint.models.lesson import Lesson, draw_rows
from styleprint.models.linear_machine import LinearMachine
from styleprint.models.search_space import Integer, Real
from styleprint.models.support_vectors import SupportVectors, check_pairs
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["LinearSvmModel", "PolynomialSvmModel", "RbfSvmModel"]

_STRENGTH = Real(1e-2, 1e3, log=True)
_CACHE_MB = 500
_ITERATIONS = 5000


class LinearSvmModel(TableModel):
    """A linear support-vector machine, one class against the rest (squared hinge, dual coordinate descent).

    Parameters
    ----------
    strength : float
        What an error costs against the size of the coefficients (C).
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {"strength": Real(1e-4, 10.0, log=True), "preparation": PREPARATIONS}
    machine_type: ClassVar = LinearMachine

    def __init__(
        self,
        strength: float = 0.01,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.strength = strength
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> LinearMachine:
        learner: Any = LinearSVC(C=self.strength, dual=True, max_iter=_ITERATIONS, random_state=self.random_state)
        with warnings.catch_warnings():
            # a machine that has not quite converged is a machine with a little more regularisation
            warnings.simplefilter("ignore", ConvergenceWarning)
            learner.fit(lesson.rows, lesson.y, sample_weight=lesson.weight)
        return LinearMachine.of(learner.coef_, learner.intercept_)


class RbfSvmModel(TableModel):
    """A support-vector machine with a Gaussian kernel, of at most 10,000 rows (a draw by seed of more).

    Parameters
    ----------
    strength : float
        What an error costs against a simple border (C).
    width : float
        The kernel is exp(−width · mean squared difference of the prepared features).
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "strength": _STRENGTH,
        "width": Real(0.01, 10.0, log=True),
        "preparation": PREPARATIONS,
    }
    machine_type: ClassVar = SupportVectors

    def __init__(
        self,
        strength: float = 5.0,
        width: float = 0.2,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.strength = strength
        self.width = width
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> SupportVectors:
        check_pairs(lesson.n_classes)
        lesson = draw_rows(lesson, self.random_state)
        width = self.width / max(1, lesson.rows.shape[1])
        learner: Any = SVC(C=self.strength, kernel="rbf", gamma=width, cache_size=_CACHE_MB)
        learner.fit(lesson.rows, lesson.y, sample_weight=lesson.weight)
        return SupportVectors.of(learner, "gauss", width, 0)


class PolynomialSvmModel(TableModel):
    """A support-vector machine with a polynomial kernel, of at most 10,000 rows (a draw by seed of more).

    Parameters
    ----------
    strength : float
        What an error costs against a simple border (C).
    degree : int
        The kernel is (1 + mean product of the prepared features) to that power.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "strength": _STRENGTH,
        "degree": Integer(2, 5),
        "preparation": PREPARATIONS,
    }
    machine_type: ClassVar = SupportVectors

    def __init__(
        self,
        strength: float = 1.0,
        degree: int = 3,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.strength = strength
        self.degree = degree
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> SupportVectors:
        check_pairs(lesson.n_classes)
        lesson = draw_rows(lesson, self.random_state)
        width = 1.0 / max(1, lesson.rows.shape[1])
        learner: Any = SVC(
            C=self.strength, kernel="poly", degree=self.degree, gamma=width, coef0=1.0, cache_size=_CACHE_MB
        )
        learner.fit(lesson.rows, lesson.y, sample_weight=lesson.weight)
        return SupportVectors.of(learner, "polynomial", width, self.degree)
