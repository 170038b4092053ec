"""Which training pieces are most alike?

Likeness is the cosine of TF-IDF n-grams, or of the features' normal scores, or the mean of both where a model
has both. The n-grams of a piece are kept as a *sketch*: each run adds to one of `SKETCH` numbers, with a sign,
both drawn from its hash (Weinberger, Dasgupta, Langford, Smola and Attenberg, ICML 2009). A cosine of sketches
has the right mean, and a deviation of about 1 / sqrt(SKETCH).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from styleprint.models.base import FloatArray, IndexArray, read_count
from styleprint.models.views import HashArray

__all__ = ["Neighbours", "sketch"]

SKETCH = 1024
_STEPS = 127
_MOST_PARTS = 8


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Training rows as unit vectors in parts, each kept in 256 steps.

    Attributes
    ----------
    parts : tuple of ndarray of int8, shape (n_rows, n_columns)
    """

    parts: tuple[npt.NDArray[np.int8], ...]

    @classmethod
    def of(cls, vectors: list[npt.NDArray[Any]]) -> "Neighbours":
        """Keep these vectors, one array of rows a part."""
        return cls(tuple(_to_steps(part) for part in vectors))

    def __len__(self) -> int:
        return len(self.parts[0])

    def similarity(self, vectors: list[npt.NDArray[Any]]) -> FloatArray:
        """Mean cosine of rows with each training row, shape (n_rows, n_training_rows)."""
        cosines = [
            _unit(asked.astype(np.float32)) @ _unit(kept.astype(np.float32)).T
            for asked, kept in zip(vectors, self.parts, strict=True)
        ]
        return np.asarray(np.mean(cosines, axis=0), dtype=np.float64)

    def nearest(self, vectors: list[npt.NDArray[Any]], k: int) -> tuple[IndexArray, FloatArray]:
        """The k most similar training rows, the most similar first: indices and cosines, shape (n_rows, k)."""
        similarity = self.similarity(vectors)
        order = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
        return order, np.take_along_axis(similarity, order, axis=1)

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {"neighbour_parts": len(self.parts)} | {f"neighbours_{i}": part for i, part in enumerate(self.parts)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "Neighbours":
        """What :meth:`to_state` described."""
        n_parts = read_count(state["neighbour_parts"], "parts of neighbours", least=1, most=_MOST_PARTS)
        found = cls(tuple(state[f"neighbours_{i}"] for i in range(n_parts)))
        if any(part.dtype != np.int8 or part.ndim != 2 or len(part) != len(found) for part in found.parts):
            raise ValueError("each part of the neighbours must be a row of steps a piece")
        return found


def sketch(weighed: sp.csr_matrix, hashes: tuple[HashArray, ...]) -> npt.NDArray[np.float32]:
    """Sketches of rows, shape (n_rows, SKETCH).

    Parameters
    ----------
    weighed : sparse matrix, shape (n_rows, n_columns)
    hashes : tuple of ndarray of uint64
        Of the columns, view by view.
    """
    hashed = np.concatenate([np.empty(0, np.uint64), *hashes])
    place = (hashed >> np.uint64(40)) % np.uint64(SKETCH)
    sign = np.where(hashed >> np.uint64(39) & np.uint64(1), 1.0, -1.0).astype(np.float32)
    n_columns = len(hashed)
    spread = sp.csr_matrix((sign, place.astype(np.int32), np.arange(n_columns + 1)), shape=(n_columns, SKETCH))
    return np.asarray((weighed @ spread).toarray(), dtype=np.float32)


def _unit(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length > 0, length, 1.0), dtype=np.float32)


def _to_steps(rows: npt.NDArray[Any]) -> npt.NDArray[np.int8]:
    largest = np.abs(rows).max(axis=1, keepdims=True) if rows.shape[1] else np.ones((len(rows), 1))
    steps: npt.NDArray[np.int8] = np.rint(rows / np.where(largest > 0, largest, 1.0) * _STEPS).astype(np.int8)
    return steps
