"""Tonal centroids: where the pitch classes of a frame lie on three circles.

Harte, Sandler & Gasser 2006, "Detecting harmonic change in musical audio": pitch classes as points on the circle of
fifths, of minor thirds and of major thirds (the last half as wide), weighed by their strength; by librosa's angles
and order (``tonnetz``), from the chroma of the spectrum.
"""

import numpy as np
import numpy.typing as npt

__all__ = ["tonal_centroids"]


def tonal_centroids(chroma: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Two coordinates on each of three circles, shape (n_frames, 6); zeros for a silent frame.

    Parameters
    ----------
    chroma : ndarray, shape (n_frames, 12)
    """
    angle = np.multiply.outer([7 / 6, 7 / 6, 3 / 2, 3 / 2, 2 / 3, 2 / 3], np.arange(12.0))
    angle[::2] -= 0.5
    points = np.array([1, 1, 1, 1, 0.5, 0.5])[:, None] * np.cos(np.pi * angle)
    total = chroma.sum(axis=1, keepdims=True, dtype=np.float64)
    shares = chroma / np.where(total > 0, total, 1.0)
    centroids: npt.NDArray[np.float64] = shares @ points.T
    return centroids
