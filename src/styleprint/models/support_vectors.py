"""A support-vector machine with a kernel, as arrays: support vectors, and for each pair of classes what each weighs.

scikit-learn (libsvm) trains it, one machine a pair of classes. From the pairs' decisions d_kj (above 0 where the row
is rather k than j) a class gets Σ_j ln σ(SLOPE · d_kj): the logarithm of the product of what the pairs would say as
probabilities, but for the temperature, which is fitted on held-out rows.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import log_expit

from styleprint.models.base import FloatArray, IndexArray, State
from styleprint.support.errors import ModelError

__all__ = ["MOST_CLASSES", "SupportVectors", "check_pairs"]

MOST_CLASSES = 60
"""With more, machines that work pair by pair are no longer worth their time."""

SLOPE = 4.0
_KINDS = ("gauss", "polynomial")
_BLOCK = 2048


@dataclass(frozen=True, eq=False)
class SupportVectors:
    """What remains of training.

    Attributes
    ----------
    kind : str
        ``gauss``, exp(−width · squared distance), or ``polynomial``, (width · product + 1)^degree.
    width : float
    degree : int
    vectors : ndarray, shape (n_vectors, n_features)
        Class by class.
    counts : ndarray of int, shape (n_classes,)
        Vectors of each class.
    weights : ndarray, shape (n_classes − 1, n_vectors)
        Row j − 1 for the pairs with a later class j, row i for those with an earlier class i.
    offsets : ndarray, shape (n_classes · (n_classes − 1) / 2,)
    """

    kind: str
    width: float
    degree: int
    vectors: FloatArray
    counts: IndexArray
    weights: FloatArray
    offsets: FloatArray

    @classmethod
    def of(cls, learner: Any, kind: str, width: float, degree: int) -> "SupportVectors":
        """From a fitted ``sklearn.svm.SVC``."""
        # with two classes scikit-learn turns the sign around
        sign = -1.0 if len(learner.classes_) == 2 else 1.0
        weights, offsets = sign * np.asarray(learner.dual_coef_), sign * np.asarray(learner.intercept_)
        counts = np.asarray(learner.n_support_, dtype=np.intp)
        return cls(kind, width, degree, np.asarray(learner.support_vectors_), counts, weights, offsets)

    def pairs(self, rows: FloatArray) -> FloatArray:
        """Decisions of all pairs (0, 1), (0, 2) … (1, 2) …, shape (n_rows, n_pairs)."""
        found = [self._kernel(rows[i : i + _BLOCK]) @ self._pair_weights() for i in range(0, len(rows), _BLOCK)]
        joined: FloatArray = np.concatenate([np.empty((0, len(self.offsets))), *found]) + self.offsets
        return joined

    def decide(self, rows: FloatArray) -> FloatArray:
        """Decision values, shape (n_rows, n_classes)."""
        decided, total = self.pairs(rows), np.zeros((len(rows), len(self.counts)))
        first, second = np.triu_indices(len(self.counts), 1)
        for p, (i, j) in enumerate(zip(first, second, strict=True)):
            total[:, i] += log_expit(SLOPE * decided[:, p])
            total[:, j] += log_expit(-SLOPE * decided[:, p])
        return total

    def _kernel(self, rows: FloatArray) -> FloatArray:
        product = rows @ self.vectors.T
        if self.kind == "polynomial":
            powered: FloatArray = (self.width * product + 1.0) ** self.degree
            return powered
        square = (rows**2).sum(axis=1)[:, None] + (self.vectors**2).sum(axis=1) - 2 * product
        kernel: FloatArray = np.exp(-self.width * np.maximum(square, 0.0))
        return kernel

    def _pair_weights(self) -> FloatArray:
        n_classes, ends = len(self.counts), np.cumsum(self.counts)
        starts = ends - self.counts
        found = np.zeros((len(self.vectors), len(self.offsets)))
        for p, (i, j) in enumerate(zip(*np.triu_indices(n_classes, 1), strict=True)):
            found[starts[i] : ends[i], p] = self.weights[j - 1, starts[i] : ends[i]]
            found[starts[j] : ends[j], p] = self.weights[i, starts[j] : ends[j]]
        return found

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "kind": self.kind,
            "width": self.width,
            "degree": self.degree,
            "vectors": self.vectors,
            "counts": self.counts.astype(np.int32),
            "weights": self.weights,
            "offsets": self.offsets,
        }

    @classmethod
    def from_state(cls, state: State) -> "SupportVectors":
        """What :meth:`to_state` described."""
        vectors, weights, offsets = (np.asarray(state[name], np.float64) for name in ("vectors", "weights", "offsets"))
        counts, kind = np.asarray(state["counts"], dtype=np.intp), str(state["kind"])
        n_classes = len(counts)
        fits = kind in _KINDS and vectors.ndim == 2 and (counts >= 0).all() and counts.sum() == len(vectors)
        fits = fits and weights.shape == (n_classes - 1, len(vectors)) and n_classes > 1
        if not fits or offsets.shape != (n_classes * (n_classes - 1) // 2,):
            raise ValueError("support vectors, weights and classes must fit together")
        return cls(kind, float(state["width"]), int(state["degree"]), vectors, counts, weights, offsets)


def check_pairs(n_classes: int) -> None:
    """Refuse more classes than can be told apart pair by pair.

    Raises
    ------
    ModelError
        M121.
    """
    if n_classes > MOST_CLASSES:
        raise ModelError(
            "M121",
            f"a support-vector machine with a kernel tells up to {MOST_CLASSES} classes apart, pair by pair, and there "
            f"are {n_classes}.",
            remedy="Use --model standard, discriminant or kernel_ridge.",
        )
