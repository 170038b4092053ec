"""Rows as points on a plane, and features in an order that shows which go together."""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # comes with scikit-learn, without types

from styleprint.evaluation.pieces import FloatArray, IndexArray

__all__ = ["RowMap", "correlations", "map_rows", "same_label_nearby"]

_MOST_ROWS = 1_500
_LEAST_ROWS = 12
_COMPONENTS = 30


@dataclass(frozen=True, eq=False)
class RowMap:
    """A map of rows.

    Attributes
    ----------
    rows : ndarray of int, shape (n,)
        Which rows stand on it; drawn by seed where there are many.
    principal : ndarray, shape (n, 3)
        The first three principal components of the standardised features.
    explained : tuple of float
        Share of the variance of each of the three.
    neighbours : ndarray, shape (n, 2)
        t-SNE (van der Maaten and Hinton, JMLR 9, 2008): who is near whom counts; distances and sizes do not.
    """

    rows: IndexArray
    principal: FloatArray
    explained: tuple[float, ...]
    neighbours: FloatArray


def map_rows(values: FloatArray, *, seed: int) -> RowMap | None:
    """Map the rows of a matrix.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_features)
        NaN becomes the median of its feature.
    seed : int
        Of the choice among many rows, and of t-SNE.

    Returns
    -------
    RowMap or None
        None with fewer than 12 rows or 3 features.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    rng = np.random.default_rng(seed)
    rows = np.arange(len(values), dtype=np.intp)
    if len(rows) > _MOST_ROWS:
        rows = np.sort(rng.choice(rows, _MOST_ROWS, replace=False))
    scaled = _standardise(values[rows])
    if len(rows) < _LEAST_ROWS or scaled.shape[1] < 3:
        return None
    with threadpool_limits(1):
        components = min(_COMPONENTS, scaled.shape[1], len(rows) - 1)
        principal = PCA(components, svd_solver="full").fit(scaled)
        projected = principal.transform(scaled)
        perplexity = min(30.0, (len(rows) - 1) / 4)
        near = TSNE(2, perplexity=perplexity, init="pca", random_state=seed, n_jobs=1).fit_transform(projected)
    return RowMap(
        rows,
        projected[:, :3],
        tuple(float(share) for share in principal.explained_variance_ratio_[:3]),
        np.asarray(near, dtype=np.float64),
    )


def same_label_nearby(points: FloatArray, truth: IndexArray, group: IndexArray) -> tuple[float, float]:
    """How often the nearest point of another group has the same label, and how often that would be by chance.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
    truth, group : ndarray of int, shape (n,)

    Returns
    -------
    share, chance : float
        Chance is the mean share of a point's own label among the points of other groups. NaN without such points.
    """
    distance = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    is_other = group[:, None] != group[None, :]
    has_other = is_other.any(axis=1)
    if not has_other.any():
        return float("nan"), float("nan")
    nearest = np.where(is_other, distance, np.inf).argmin(axis=1)
    same = truth[:, None] == truth[None, :]
    chance = (same & is_other).sum(axis=1)[has_other] / is_other.sum(axis=1)[has_other]
    return float((truth[nearest] == truth)[has_other].mean()), float(chance.mean())


def correlations(values: FloatArray) -> tuple[FloatArray, IndexArray]:
    """Spearman's rank correlations of features, and an order in which those that go together stand together.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_features)
        NaN becomes the median of its feature.

    Returns
    -------
    correlation : ndarray, shape (n_features, n_features)
        0 where a feature does not vary.
    order : ndarray of int, shape (n_features,)
        Leaves of average-linkage clustering on 1 − |ρ|.
    """
    filled = _fill(values)
    ranks = np.apply_along_axis(stats.rankdata, 0, filled)
    centred = ranks - ranks.mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    unit = centred / np.where(length > 0, length, 1.0)
    correlation = np.clip(unit.T @ unit, -1.0, 1.0)
    if len(correlation) < 3:
        return correlation, np.arange(len(correlation), dtype=np.intp)
    apart = 1.0 - np.abs(correlation)
    np.fill_diagonal(apart, 0.0)
    links = hierarchy.linkage(squareform((apart + apart.T) / 2, checks=False), "average", optimal_ordering=True)
    return correlation, hierarchy.leaves_list(links).astype(np.intp)


def _fill(values: FloatArray) -> FloatArray:
    known = ~np.isnan(values)
    middle = np.array([np.median(v[k]) if k.any() else 0.0 for v, k in zip(values.T, known.T, strict=True)])
    return np.where(known, values, middle)


def _standardise(values: FloatArray) -> FloatArray:
    """Mean 0 and variance 1; features that do not vary are left out."""
    filled = _fill(values)
    deviation = filled.std(axis=0)
    varies = deviation > 0
    scaled: FloatArray = (filled[:, varies] - filled[:, varies].mean(axis=0)) / deviation[varies]
    return scaled
