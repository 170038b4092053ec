"""What speaks for a class in a row of features: how much its log-odds fall where a feature is as in the median row.

One feature at a time is set to its median (an occlusion, Zeiler and Fergus, ECCV 2014, of features in place of
pixels). It serves any machine, at the price of one answer a feature; features that say the same thing share the
credit badly, since each is seen as if the others stayed.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, IndexArray
from styleprint.models.contributions import Pattern, describe_feature
from styleprint.models.lesson import Lesson

__all__ = ["attend", "choose_samples", "occlude"]

_SAMPLES = 10
_AGAINST_SHARE = 4
_SMALLEST = 1e-12


def occlude(
    probabilities: Callable[[FloatArray], FloatArray], rows: FloatArray, medians: FloatArray, k: int
) -> FloatArray:
    """Mean fall of the log-odds of class k without each feature, shape (n_features,).

    Parameters
    ----------
    probabilities : callable
        Rows → probabilities, shape (n_rows, n_classes).
    rows : ndarray, shape (n_rows, n_features)
    medians : ndarray, shape (n_features,)
    k : int
    """
    n_rows, n_features = rows.shape
    if not n_rows:
        return np.zeros(n_features)
    changed = np.repeat(rows[None], n_features, axis=0)
    changed[np.arange(n_features), :, np.arange(n_features)] = medians[:, None]
    without = _log_odds(probabilities(changed.reshape(-1, n_features))[:, k]).reshape(n_features, n_rows)
    fall: FloatArray = (_log_odds(probabilities(rows)[:, k]) - without).mean(axis=1)
    return fall


def attend(
    weights: FloatArray, scores: FloatArray, names: Sequence[str], count: int, *, with_against: bool
) -> list[dict[str, Any]]:
    """The features that weigh most for a class, and, where asked, a quarter of the count against it.

    Parameters
    ----------
    weights : ndarray, shape (n_features,)
    scores : ndarray, shape (n_rows, n_features)
        Normal scores, which say whether a feature is high or low.
    names : sequence of str
    count : int
    with_against : bool
    """
    n_against = count // _AGAINST_SHARE if with_against else 0
    order = np.argsort(-weights, kind="stable")
    speaking = [j for j in order[: count - n_against] if weights[j] > 0]
    opposing = [j for j in order[::-1][:n_against] if weights[j] < 0]
    means = scores.mean(axis=0) if len(scores) else np.zeros(len(names))
    return [
        Pattern(describe_feature(names[j], float(means[j])), float(weights[j])).to_json()
        for j in (*speaking, *opposing)
    ]


def choose_samples(lesson: Lesson, seed: int) -> tuple[npt.NDArray[np.float32], IndexArray]:
    """A few training rows of each class, drawn by seed, and their classes."""
    random = np.random.default_rng(seed)
    chosen = []
    for k in range(lesson.n_classes):
        own = np.flatnonzero(lesson.y == k)
        chosen.append(np.sort(random.permutation(own)[:_SAMPLES]))
    rows = np.concatenate(chosen)
    return lesson.rows[rows].astype(np.float32), lesson.y[rows]


def _log_odds(probability: FloatArray) -> FloatArray:
    found: FloatArray = np.log(np.maximum(probability, _SMALLEST)) - np.log(np.maximum(1 - probability, _SMALLEST))
    return found
