"""Logistic regression."""

from typing import Any, ClassVar

from sklearn.linear_model import LogisticRegression

from styleprint.models.lesson import Lesson
from styleprint.models.linear_machine import LinearMachine
from styleprint.models.search_space import Real
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["LogisticModel"]


class LogisticModel(TableModel):
    """Multinomial logistic regression with a ridge penalty.

    Parameters
    ----------
    strength : float
        What an error costs against the size of the coefficients (scikit-learn's C).
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {"strength": Real(1e-3, 100.0, log=True), "preparation": PREPARATIONS}
    machine_type: ClassVar = LinearMachine

    def __init__(
        self,
        strength: float = 0.1,
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
        learner: Any = LogisticRegression(C=self.strength, solver="newton-cg")  # lbfgs may not arrive
        learner.fit(lesson.rows, lesson.y, sample_weight=lesson.weight)
        return LinearMachine.of(learner.coef_, learner.intercept_)
