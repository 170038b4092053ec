"""The model that is used where none is named.

It looks at what the rows hold and lets one of two recipes learn: where there are streams, n-grams and features of
pieces (:mod:`styleprint.models.piece_model`); where there are features alone, as in tables from elsewhere, a pool of
models that err differently, each weighing what makes held-out rows likeliest (:data:`TABLE_MEMBERS`,
:mod:`styleprint.models.vote`).

Only what is `encoding_safe` is asked for, all of it: nothing that an encoder decides, and no key.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from styleprint.features.registry import feature_names
from styleprint.models.base import FloatArray, IndexArray, Needs, holds_streams
from styleprint.models.estimator import Estimator
from styleprint.models.inner_score import check_aim
from styleprint.models.lesson import nest, nested
from styleprint.models.piece_model import PieceModel
from styleprint.models.support_vectors import MOST_CLASSES
from styleprint.support.errors import ModelError

__all__ = ["MANY_CLASSES_MEMBERS", "TABLE_MEMBERS", "StandardModel"]

TABLE_MEMBERS = "discriminant,rbf_svm,kernel_ridge,laplace_ridge,lightgbm"
"""Who is pooled where there are features alone."""

MANY_CLASSES_MEMBERS = "discriminant,kernel_ridge,laplace_ridge"
"""The same for more than 60 classes, which are too many to be told apart pair by pair, or by a tree a class."""

_PIECES, _TABLES = "pieces", "tables"


class StandardModel(Estimator):
    """The best recipe for what the rows hold, calibrated, open to "none of these".

    Parameters
    ----------
    inner_folds : int
        Folds, made from groups, in which training rows are held out for calibration and typicality. With fewer
        groups than that there are as many as groups; with a single group, probabilities stay uncalibrated and
        nothing is ever called atypical.
    random_state : int
        Of inner folds and of the order in which rows are visited.
    optimise : str
        ``balanced`` gives probabilities that hold where all classes are equally frequent
        (:mod:`styleprint.models.inner_score`).

    Attributes
    ----------
    recipe_ : str
        ``pieces`` or ``tables``.
    inner_ : PieceModel or VoteModel
        What answers.
    classes_ : ndarray, shape (n_classes,)
    """

    needs: ClassVar[Needs] = Needs(feature_names(encoding_safe=True), ("frames", "notes"))

    def __init__(self, inner_folds: int = 3, random_state: int = 0, optimise: str = "accuracy") -> None:
        self.inner_folds = inner_folds
        self.random_state = random_state
        self.optimise = optimise

    def fit(
        self, X: Any, y: Any, groups: Any = None, sample_weight: Any = None, variants: Any = None
    ) -> "StandardModel":
        """Learn from rows.

        Parameters
        ----------
        X : DataFrame of features and streams, or array of features, shape (n_rows, n_columns)
        y : array, shape (n_rows,)
        groups : array, shape (n_rows,), optional
            What inner folds keep whole; each row by itself where missing.
        sample_weight : array of float, shape (n_rows,), optional
        variants : Variants, optional
            Further rows to learn from, each of one of these (:mod:`styleprint.extraction.variants`).

        Raises
        ------
        ModelError
            M101–M103, M110–M112 and M122, where the inputs cannot serve.
        """
        recipe = _PIECES if holds_streams(X) else _TABLES
        inner = _load(recipe)(**self.get_params())
        if recipe == _TABLES:
            many = len(np.unique(np.asarray(y).astype(str))) > MOST_CLASSES
            inner.set_params(members=MANY_CLASSES_MEMBERS if many else TABLE_MEMBERS, pooling="product")
        return self._take(recipe, inner.fit(X, y, groups=groups, sample_weight=sample_weight, variants=variants))

    def _take(self, recipe: str, inner: Any) -> "StandardModel":
        self.recipe_, self.inner_ = recipe, inner
        self.classes_, self.n_features_in_ = inner.classes_, inner.n_features_in_
        return self

    def look(self, X: Any) -> Any:
        """Look at rows once; what it returns may stand in place of X in every question."""
        inner = self._fitted()
        return inner.look(X) if self.recipe_ == _PIECES else X

    def predict_proba(self, X: Any) -> FloatArray:
        """Calibrated probabilities, shape (n_rows, n_classes), where classes are as frequent as in training.

        With ``optimise="balanced"``: where all classes are equally frequent.
        """
        found: FloatArray = self._fitted().predict_proba(X)
        return found

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The likeliest class of each row."""
        chosen: npt.NDArray[Any] = self._fitted().predict(X)
        return chosen

    def typicality(self, X: Any) -> FloatArray:
        """Conformal p-values, shape (n_rows, n_classes): how rare so little likeness is among the class's own."""
        found: FloatArray = self._fitted().typicality(X)
        return found

    def nearest(self, X: Any, k: int) -> tuple[IndexArray, FloatArray]:
        """The k training rows most alike: indices and similarities (−1 … 1), shape (n_rows, k)."""
        found: tuple[IndexArray, FloatArray] = self._fitted().nearest(X, k)
        return found

    def evidence(self, X: Any, label: str, count: int) -> list[dict[str, Any]]:
        """What in one row speaks for a label, the strongest first, then what speaks most against it.

        Parameters
        ----------
        X : DataFrame, one row
        label : str
        count : int
            At most so many patterns.

        Returns
        -------
        list of dict
            ``name``, ``weight`` (change of log-odds) and, of n-grams, ``onset_quarters`` of their first places.
        """
        found: list[dict[str, Any]] = self._fitted().evidence(X, label, count)
        return found

    def attention(self, label: str, count: int) -> list[dict[str, Any]]:
        """Patterns by which the model knows a class, from its training rows: ``name`` and ``weight``."""
        found: list[dict[str, Any]] = self._fitted().attention(label, count)
        return found

    def to_state(self) -> dict[str, Any]:
        """The fitted model as arrays, text and values that JSON can hold."""
        inner = self._fitted()
        return {**self.get_params(), "recipe": self.recipe_, **nest("inner", inner.to_state())}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "StandardModel":
        """The model that :meth:`to_state` described.

        Raises
        ------
        ValueError, KeyError, TypeError
            Where the state is not of a model.
        """
        model = cls(int(state["inner_folds"]), int(state["random_state"]), check_aim(str(state["optimise"])))
        recipe = str(state["recipe"])
        return model._take(recipe, _load(recipe).from_state(nested("inner", state)))

    @property
    def n_rows_(self) -> int:
        """How many rows it learnt from."""
        count: int = self._fitted().n_rows_
        return count

    def _fitted(self) -> Any:
        if not hasattr(self, "inner_"):
            raise ModelError("M104", "a model must be fitted before it is asked.", remedy="Call fit first.")
        return self.inner_


def _load(recipe: str) -> Any:
    """The class of a recipe; that for tables imports scikit-learn, which takes a second."""
    if recipe == _PIECES:
        return PieceModel
    if recipe == _TABLES:
        from styleprint.models.vote import VoteModel

        return VoteModel
    raise ValueError(f"a recipe must be {_PIECES} or {_TABLES}")
