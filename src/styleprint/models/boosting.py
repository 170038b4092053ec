"""Gradient boosting by LightGBM."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from styleprint.models.base import FloatArray, State
from styleprint.models.lesson import Lesson
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.table_model import PREPARATIONS, TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["Boosted", "LightgbmModel"]

_MANY_CLASSES = 50


@dataclass(frozen=True, eq=False)
class Boosted:
    """The trees in LightGBM's own text.

    Attributes
    ----------
    text : str
    n_classes : int
    booster : object
        ``lightgbm.Booster`` of that text.
    """

    text: str
    n_classes: int
    booster: Any

    @classmethod
    def of(cls, text: str, n_classes: int) -> "Boosted":
        """From the text."""
        import lightgbm

        booster = lightgbm.Booster(model_str=text)
        if booster.num_model_per_iteration() != n_classes:
            raise ValueError("boosted trees must decide about each class")
        return cls(text, n_classes, booster)

    def decide(self, rows: FloatArray) -> FloatArray:
        """Sums of leaves, shape (n_rows, n_classes)."""
        if not len(rows):
            return np.empty((0, self.n_classes))
        return np.asarray(self.booster.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)

    def to_state(self) -> dict[str, Any]:
        """Text and values."""
        return {"text": self.text, "n_classes": self.n_classes}

    @classmethod
    def from_state(cls, state: State) -> "Boosted":
        """What :meth:`to_state` described."""
        return cls.of(str(state["text"]), int(state["n_classes"]))


class LightgbmModel(TableModel):
    """Gradient-boosted trees (Ke and others, *LightGBM*, NeurIPS 2017), softmax.

    Parameters
    ----------
    rounds : int
        Trees a class; with more than 50 classes half of them.
    rate : float
        What each tree counts.
    leaves : int
        Of a tree, at most.
    least_leaf : int
        A leaf has at least so many training rows.
    features : float
        Share of the features that each tree is grown from.
    rows : float
        Share of the rows that each tree is grown from.
    preparation, optimise, inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "rounds": Integer(30, 300, log=True),
        "rate": Real(0.02, 0.3, log=True),
        "leaves": Integer(4, 31, log=True),
        "least_leaf": Integer(3, 40, log=True),
        "features": Real(0.1, 1.0),
        "rows": Real(0.5, 1.0),
        "preparation": Choice(("raw", *PREPARATIONS.values)),
    }
    machine_type: ClassVar = Boosted

    def __init__(
        self,
        rounds: int = 200,
        rate: float = 0.05,
        leaves: int = 7,
        least_leaf: int = 10,
        features: float = 0.2,
        rows: float = 0.7,
        preparation: str = "raw",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.rounds = rounds
        self.rate = rate
        self.leaves = leaves
        self.least_leaf = least_leaf
        self.features = features
        self.rows = rows
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def _learn(self, lesson: Lesson) -> Boosted:
        import lightgbm

        n_classes = lesson.n_classes
        data = lightgbm.Dataset(
            lesson.rows, lesson.y, weight=lesson.weight, params={"verbosity": -1}, free_raw_data=True
        )
        rounds = self.rounds if n_classes <= _MANY_CLASSES else max(1, self.rounds // 2)
        booster = lightgbm.train(self._settings(n_classes), data, num_boost_round=rounds)
        return Boosted.of(booster.model_to_string(), n_classes)

    def _settings(self, n_classes: int) -> dict[str, Any]:
        return {
            "objective": "multiclass",
            "num_class": n_classes,
            "learning_rate": self.rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.least_leaf,
            "feature_fraction": self.features,
            "bagging_fraction": self.rows,
            "bagging_freq": 1 if self.rows < 1 else 0,
            "seed": self.random_state,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
