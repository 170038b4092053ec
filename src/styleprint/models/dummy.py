"""The baseline: the shares of the classes, whatever the piece."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from styleprint.models.base import MOST_STORED, FloatArray, IndexArray, Needs, check_training, read_classes, read_count
from styleprint.models.estimator import Estimator
from styleprint.models.inner_score import check_aim
from styleprint.support.errors import ModelError

__all__ = ["DummyModel"]


class DummyModel(Estimator):
    """The commonest class, with the shares of all classes: what a model must beat.

    Parameters
    ----------
    random_state : int
        Unused: nothing in it is drawn. Every model has one.
    optimise : str
        With ``balanced`` all classes get the same share.

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_classes,)
    shares_ : ndarray, shape (n_classes,)
    n_rows_ : int
    """

    needs: ClassVar[Needs] = Needs()

    def __init__(self, random_state: int = 0, optimise: str = "accuracy") -> None:
        self.random_state = random_state
        self.optimise = optimise

    def fit(
        self,
        X: Any,
        y: Any,
        groups: Any = None,
        sample_weight: Any = None,
        variants: Any = None,  # noqa: ARG002  # every model has it
    ) -> "DummyModel":
        """Learn the shares of the classes; variants of pieces change none."""
        check_aim(self.optimise)
        training = check_training(y, groups, sample_weight, X.shape[0])
        total = np.bincount(training.y, weights=training.weight)
        if self.optimise == "balanced":
            total = np.ones_like(total)
        self.classes_ = training.classes
        self.shares_ = total / total.sum()
        self.n_rows_ = int(X.shape[0])
        return self

    def predict_proba(self, X: Any) -> FloatArray:
        """The shares, for every row."""
        if not hasattr(self, "shares_"):
            raise ModelError("M104", "a model must be fitted before it is asked.", remedy="Call fit first.")
        return np.tile(self.shares_, (X.shape[0], 1))

    def predict(self, X: Any) -> npt.NDArray[np.str_]:
        """The commonest class, for every row."""
        chosen: npt.NDArray[np.str_] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return chosen

    def typicality(self, X: Any) -> FloatArray:
        """1 throughout: it excludes nothing."""
        return np.ones_like(self.predict_proba(X))

    def nearest(self, X: Any, k: int) -> tuple[IndexArray, FloatArray]:
        """The first training rows, as alike as any: similarity 0."""
        k = min(k, self.n_rows_)
        return np.tile(np.arange(k), (X.shape[0], 1)), np.zeros((X.shape[0], k))

    def evidence(self, X: Any, label: str, count: int) -> list[dict[str, Any]]:  # noqa: ARG002  # every model has it
        """Nothing: it looks at no piece."""
        return []

    def attention(self, label: str, count: int) -> list[dict[str, Any]]:  # noqa: ARG002  # every model has it
        """Nothing: it looks at no piece."""
        return []

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "random_state": self.random_state,
            "optimise": self.optimise,
            "classes": self.classes_.tolist(),
            "shares": self.shares_,
            "n_rows": self.n_rows_,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "DummyModel":
        """The model that :meth:`to_state` described."""
        model = cls(random_state=int(state["random_state"]), optimise=check_aim(str(state["optimise"])))
        model.classes_ = read_classes(state["classes"])
        model.shares_ = np.asarray(state["shares"], dtype=np.float64)
        model.n_rows_ = read_count(state["n_rows"], "rows", least=1, most=MOST_STORED)
        if model.shares_.shape != model.classes_.shape or not (model.shares_ > 0).all():
            raise ValueError("each class must have a share")
        return model
