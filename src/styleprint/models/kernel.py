"""The part of the standard model that reads features: kernel ridge regression on ranks.

Each feature becomes normal by its ranks among the training rows (so that outliers and units do not count),
NaN becomes the median; a Gaussian kernel compares rows; ridge regression on ±1 for each class, classes
weighing the same, tells them apart (Saunders, Gammerman and Vovk, ICML 1998). Beyond `MAX_LANDMARKS` rows
the kernel is spanned by a draw of them (Nyström).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.linalg
from scipy.special import ndtri

from styleprint.models.base import FloatArray, IndexArray
from styleprint.models.linear import balance

__all__ = ["KernelRidge", "RankNormal", "fit_kernel"]

MAX_LANDMARKS = 3000
_QUANTILES = 200
_FARTHEST = 3.0
_FEW = 8
WIDTH = 0.1
RIDGE = 0.1


@dataclass(frozen=True, eq=False)
class RankNormal:
    """Features to normal scores by their ranks among the training rows.

    Attributes
    ----------
    quantiles : ndarray of float32, shape (n_quantiles, n_features)
    """

    quantiles: npt.NDArray[np.float32]

    @classmethod
    def learn(cls, features: FloatArray, weight: FloatArray) -> "RankNormal":
        """Quantiles of each feature by weight, NaN left out; a feature that is NaN throughout counts as 0.

        Parameters
        ----------
        features : ndarray, shape (n_rows, n_features)
        weight : ndarray of float, shape (n_rows,)
        """
        count = int(np.clip(round(weight.sum()), 2, _QUANTILES))
        quantiles = np.zeros((count, features.shape[1]), dtype=np.float32)
        for j, column in enumerate(features.T):
            known = ~np.isnan(column)
            if known.any():
                quantiles[:, j] = _weighted_quantiles(column[known], weight[known], count)
        return cls(quantiles)

    def apply(self, features: FloatArray) -> FloatArray:
        """Normal scores within ±3; 0 for NaN and for a feature that never varied."""
        if len(features) <= _FEW:
            return np.array([self._apply_to_row(row) for row in features]).reshape(features.shape)
        shares = np.linspace(0, 1, len(self.quantiles))
        scores = np.zeros(features.shape)
        for j in range(features.shape[1]):
            values, known = self.quantiles[:, j].astype(np.float64), ~np.isnan(features[:, j])
            if values[0] == values[-1]:
                continue
            column = features[known, j].astype(np.float32).astype(np.float64)
            # the mean of both sides, so that a value that many rows share has the middle of their ranks
            low = np.interp(column, values, shares)
            high = 1.0 - np.interp(-column, -values[::-1], shares)
            scores[known, j] = ndtri((low + high) / 2)
        return np.clip(scores, -_FARTHEST, _FARTHEST)

    def _apply_to_row(self, row: FloatArray) -> FloatArray:
        """The same scores of one row, all features at once: many times faster where there are few rows."""
        values = self.quantiles.astype(np.float64)
        scores = np.zeros(len(row))
        known = np.flatnonzero(~np.isnan(row) & (values[0] != values[-1]))
        values, asked = values[:, known], row[known].astype(np.float32).astype(np.float64)
        shares = np.linspace(0, 1, len(values))
        low = _interpolate(asked, values, shares)
        high = 1.0 - _interpolate(-asked, -values[::-1], shares)
        scores[known] = np.clip(ndtri((low + high) / 2), -_FARTHEST, _FARTHEST)
        return scores


def _interpolate(asked: FloatArray, values: FloatArray, shares: FloatArray) -> FloatArray:
    """What ``np.interp(asked[j], values[:, j], shares)`` gives, for all j.

    Parameters
    ----------
    asked : ndarray, shape (n,)
    values : ndarray, shape (n_quantiles, n)
        Each column rises.
    shares : ndarray, shape (n_quantiles,)
    """
    place = (values <= asked).sum(axis=0) - 1
    left = np.clip(place, 0, len(shares) - 2)
    column = np.arange(len(asked))
    before, after = values[left, column], values[left + 1, column]
    with np.errstate(invalid="ignore", divide="ignore"):  # where two are equal the last of them is exactly asked for
        between = (shares[left + 1] - shares[left]) / (after - before) * (asked - before) + shares[left]
    found: FloatArray = np.where(asked == before, shares[left], between)
    found[place < 0] = shares[0]
    found[place >= len(shares) - 1] = shares[-1]
    return found


def _weighted_quantiles(values: FloatArray, weight: FloatArray, count: int) -> FloatArray:
    """Evenly spaced quantiles, from the least value to the greatest: the inverse of the distribution by weight.

    A copy that shares the weight of a row changes nothing.
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    asked = np.linspace(0, 1, count) * reached[-1]
    place = np.searchsorted(np.round(reached, 9), np.round(asked, 9))
    found: FloatArray = values[order][np.minimum(place, len(values) - 1)]
    return found


@dataclass(frozen=True, eq=False)
class KernelRidge:
    """Landmarks and what each says for each class.

    Attributes
    ----------
    ranks : RankNormal
    landmarks : ndarray of float32, shape (n_landmarks, n_features)
        Normal scores.
    coefficients : ndarray of float64, shape (n_landmarks, n_classes)
    intercepts : ndarray of float64, shape (n_classes,)
    """

    ranks: RankNormal
    landmarks: npt.NDArray[np.float32]
    coefficients: FloatArray
    intercepts: FloatArray

    def decide(self, scores: FloatArray) -> FloatArray:
        """Decision values of normal scores, shape (n_rows, n_classes)."""
        decided: FloatArray = gaussian(scores, self.landmarks) @ self.coefficients + self.intercepts
        return decided

    def to_state(self) -> dict[str, Any]:
        """Arrays; landmarks are kept to a part in two thousand."""
        return {
            "kernel_quantiles": self.ranks.quantiles,
            "kernel_landmarks": self.landmarks.astype(np.float16),
            "kernel_coefficients": self.coefficients,
            "kernel_intercepts": self.intercepts,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "KernelRidge":
        """The machine that :meth:`to_state` described."""
        machine = cls(
            RankNormal(np.asarray(state["kernel_quantiles"], dtype=np.float32)),
            np.asarray(state["kernel_landmarks"]).astype(np.float32),
            np.asarray(state["kernel_coefficients"], dtype=np.float64),
            np.asarray(state["kernel_intercepts"], dtype=np.float64),
        )
        n_landmarks, n_features = machine.landmarks.shape
        fits = machine.ranks.quantiles.shape[1] == n_features and len(machine.ranks.quantiles) > 1
        if not fits or machine.coefficients.shape != (n_landmarks, len(machine.intercepts)):
            raise ValueError("landmarks, quantiles and coefficients must fit together")
        return machine


def gaussian(scores: npt.NDArray[Any], landmarks: npt.NDArray[Any]) -> FloatArray:
    """Kernel exp(−WIDTH · mean squared difference), shape (n_rows, n_landmarks)."""
    rows, others = scores.astype(np.float64), landmarks.astype(np.float64)
    square = (rows**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * rows @ others.T
    kernel: FloatArray = np.exp(-WIDTH / max(1, scores.shape[1]) * np.maximum(square, 0.0))
    return kernel


def fit_kernel(
    ranks: RankNormal, scores: FloatArray, y: IndexArray, weight: FloatArray, n_classes: int, *, seed: int
) -> KernelRidge:
    """Fit on normal scores.

    Parameters
    ----------
    ranks : RankNormal
    scores : ndarray, shape (n_rows, n_features)
    y : ndarray of int, shape (n_rows,)
    weight : ndarray of float, shape (n_rows,)
    n_classes : int
    seed : int
        Of the draw of landmarks.
    """
    balanced = balance(y, weight, n_classes)
    stored = scores.astype(np.float16).astype(np.float32)
    target = np.where(y[:, None] == np.arange(n_classes), 1.0, -1.0)
    intercepts = (balanced[:, None] * target).sum(axis=0) / balanced.sum()
    if len(stored) <= MAX_LANDMARKS:
        landmarks = stored
        matrix = gaussian(stored, stored)
        matrix[np.diag_indices_from(matrix)] += RIDGE / balanced
        coefficients = scipy.linalg.solve(matrix, target - intercepts, assume_a="pos")
    else:
        chosen = np.sort(np.random.default_rng(seed).choice(len(stored), MAX_LANDMARKS, replace=False))
        landmarks = stored[chosen]
        across = gaussian(stored, landmarks)
        matrix = across.T @ (balanced[:, None] * across) + RIDGE * gaussian(landmarks, landmarks)
        matrix[np.diag_indices_from(matrix)] += 1e-6 * len(stored)
        coefficients = scipy.linalg.solve(
            matrix, across.T @ (balanced[:, None] * (target - intercepts)), assume_a="pos"
        )
    return KernelRidge(ranks, landmarks, np.asarray(coefficients), intercepts)
