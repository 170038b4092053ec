"""A decision tree, a random forest, and extremely randomised trees."""

from typing import Any, ClassVar

from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from styleprint.models.ensemble import Trees
from styleprint.models.lesson import Lesson
from styleprint.models.search_space import Integer, Real
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["ExtraTreesModel", "ForestModel", "TreeModel"]

_ROWS_A_LEAF = 10_000


class TreeModel(TableModel):
    """One decision tree (CART, Gini impurity).

    Parameters
    ----------
    depth : int
        At most so many questions in a row.
    least_leaf : int
        A leaf has at least so many training rows.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "depth": Integer(2, 30, log=True),
        "least_leaf": Integer(1, 50, log=True),
        "preparation": PREPARATIONS,
    }
    machine_type: ClassVar = Trees

    def __init__(
        self,
        depth: int = 10,
        least_leaf: int = 5,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.depth = depth
        self.least_leaf = least_leaf
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> Trees:
        learner: Any = DecisionTreeClassifier(
            max_depth=self.depth, min_samples_leaf=self.least_leaf, random_state=self.random_state
        )
        return Trees.of([learner.fit(lesson.rows, lesson.y, sample_weight=lesson.weight)])


class ForestModel(TableModel):
    """A random forest (Breiman, *Machine Learning* 45, 2001).

    Parameters
    ----------
    trees : int
    features : float
        Share of the features that each question is chosen from.
    least_leaf : int
        A leaf has at least so many training rows; with many rows, one in 10,000 of them.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "trees": Integer(100, 600, log=True),
        "features": Real(0.05, 1.0, log=True),
        "least_leaf": Integer(1, 20, log=True),
        "preparation": PREPARATIONS,
    }
    machine_type: ClassVar = Trees
    forest_type: ClassVar[Any] = RandomForestClassifier

    def __init__(
        self,
        trees: int = 300,
        features: float = 0.15,
        least_leaf: int = 1,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.trees = trees
        self.features = features
        self.least_leaf = least_leaf
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> Trees:
        learner: Any = self.forest_type(
            self.trees,
            max_features=self.features,
            min_samples_leaf=max(self.least_leaf, len(lesson) // _ROWS_A_LEAF),
            random_state=self.random_state,
            n_jobs=1,
        )
        return Trees.of(learner.fit(lesson.rows, lesson.y, sample_weight=lesson.weight).estimators_)


class ExtraTreesModel(ForestModel):
    """Extremely randomised trees (Geurts, Ernst and Wehenkel, *Machine Learning* 63, 2006).

    Parameters
    ----------
    trees : int
    features : float
        Share of the features that each question is chosen from.
    least_leaf : int
        A leaf has at least so many training rows; with many rows, one in 10,000 of them.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    forest_type: ClassVar[Any] = ExtraTreesClassifier

    def __init__(
        self,
        trees: int = 300,
        features: float = 0.3,
        least_leaf: int = 1,
        preparation: str = "quantile",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        super().__init__(trees, features, least_leaf, preparation, optimise, inner_folds, random_state)
