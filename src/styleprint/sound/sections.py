"""Sections: where a recording begins to sound otherwise, and which of its sections sound alike.

Foote 2000, "Automatic audio segmentation using a measure of audio novelty": every quarter of a second is a vector
(mean chroma, and MFCC 2 to 20), vectors are compared by the cosine of their angle, and a checkerboard with a Gaussian
taper is moved along the diagonal of that self-similarity. It asks how alike the eight seconds before are among
themselves, and the eight after, and how unlike each other; where that peaks, a section begins.

With a taper that is a product of one over each side, and cosines that are products of unit vectors, the sum over the
checkerboard is the squared distance between the weighted means of both sides (0 to 4), so the matrix is never made.
At both ends the sides are as long as there is sound.

Chroma and MFCC are each measured from the mean of the recording, in units of their spread, so that what is heard
throughout tells nothing. Level is not looked at: the same music, louder, is the same section.

Sections are then joined by how far the means of their vectors lie apart, nearest first (average linkage), up to the
distance at which a boundary would be heard. Those that are joined have one letter: A is the first. Neighbours of one
letter are one section.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from styleprint.sound.rhythm import FRAMES_A_SECOND, Floats32

__all__ = ["STEP_FRAMES", "Section", "find_sections", "novelty", "section_vectors"]

STEP_FRAMES = 11
"""Frames of a vector: a quarter of a second."""

_SIDE_STEPS = 31
_SHORTEST_STEPS = 16
_BOUNDARY = 0.5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Section:
    """A section.

    Attributes
    ----------
    start_seconds, end_seconds : float
    letter : str
        Equal for sections that sound alike.
    """

    start_seconds: float
    end_seconds: float
    letter: str


def find_sections(chroma: Floats32, mfcc: Floats, seconds: float) -> list[Section]:
    """The sections of a recording, from its beginning to its end; at least one.

    Parameters
    ----------
    chroma : ndarray, shape (n_frames, 12)
    mfcc : ndarray, shape (n_frames, 20)
    seconds : float
        Length of the recording.
    """
    vectors = section_vectors(chroma, mfcc)
    cuts = [0, *_boundaries(novelty(vectors)), len(vectors)]
    letters = _letters(np.array([vectors[a:b].mean(axis=0) for a, b in pairwise(cuts)]))
    begins = [i for i in range(len(letters)) if i == 0 or letters[i] != letters[i - 1]]
    starts = [cuts[i] * STEP_FRAMES / FRAMES_A_SECOND for i in begins]
    ends = [*starts[1:], seconds]
    return [Section(start, end, letters[i]) for start, end, i in zip(starts, ends, begins, strict=True)]


def section_vectors(chroma: Floats32, mfcc: Floats) -> Floats:
    """A unit vector for each quarter of a second, shape (n_steps, 31); zeros where it is the mean of all."""
    parts = [_spread_one(_means(chroma.astype(np.float64))), _spread_one(_means(mfcc[:, 1:]))]
    joined = np.concatenate(parts, axis=1)
    length = np.linalg.norm(joined, axis=1, keepdims=True)
    return joined / np.where(length > 0, length, 1.0)


def _means(frames: Floats) -> Floats:
    starts = np.arange(0, len(frames), STEP_FRAMES)
    counts = np.diff(np.append(starts, len(frames)))
    means: Floats = np.add.reduceat(frames, starts, axis=0) / counts[:, None]
    return means


def _spread_one(values: Floats) -> Floats:
    away = values - values.mean(axis=0)
    spread = np.sqrt((away**2).sum(axis=1).mean())
    return away / spread if spread > 1e-9 else np.zeros_like(away)


def novelty(vectors: Floats) -> Floats:
    """How unlike the sides of each step are, those that begin with it and those before, shape (n_steps,).

    0 at the first step, before which there is nothing.
    """
    taper = np.exp(-0.5 * (2.0 * (np.arange(_SIDE_STEPS) + 0.5) / _SIDE_STEPS) ** 2)
    count = len(vectors)
    padded = np.pad(vectors, ((_SIDE_STEPS, _SIDE_STEPS), (0, 0)))
    here = np.pad(np.ones(count), _SIDE_STEPS)
    (after, before), (weight_after, weight_before) = np.zeros((2, *vectors.shape)), np.zeros((2, count))
    for step, weight in enumerate(taper.tolist()):
        ahead, behind = _SIDE_STEPS + step, _SIDE_STEPS - 1 - step
        after += weight * padded[ahead:][:count]
        before += weight * padded[behind:][:count]
        weight_after += weight * here[ahead:][:count]
        weight_before += weight * here[behind:][:count]
    sides = after / weight_after[:, None] - before / np.maximum(weight_before, 1e-12)[:, None]
    found: Floats = (sides**2).sum(axis=1)
    found[:1] = 0.0
    return found


def _boundaries(found: Floats) -> list[int]:
    """Steps at which a section begins: highest first, none within four seconds of another or of an end."""
    free = found.copy()
    free[:_SHORTEST_STEPS] = free[max(len(free) - _SHORTEST_STEPS + 1, 0) :] = 0.0
    peaks: list[int] = []
    rises = np.concatenate([[False], found[1:] >= found[:-1]]) & np.concatenate([found[:-1] > found[1:], [False]])
    free[~rises] = 0.0
    while free.any() and free.max() >= _BOUNDARY:
        peak = int(free.argmax())
        peaks.append(peak)
        free[max(peak - _SHORTEST_STEPS + 1, 0) : peak + _SHORTEST_STEPS] = 0.0
    return sorted(peaks)


def _letters(means: Floats) -> list[str]:
    """The letter of each section, from the mean of its vectors."""
    if len(means) == 1:
        return ["A"]
    from scipy.cluster.hierarchy import fcluster, linkage

    cluster = fcluster(linkage(means, "average", metric="sqeuclidean"), _BOUNDARY, "distance")
    names: dict[int, str] = {}
    return [names.setdefault(number, _letter(len(names))) for number in cluster.tolist()]


def _letter(number: int) -> str:
    """A to Z, then AA."""
    rest, place = divmod(number, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + place)
