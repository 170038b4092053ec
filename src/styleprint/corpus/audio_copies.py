"""Finding the same sound in a corpus of recordings: sets of copies, and excerpts.

Two recordings share sound where many of their landmarks (:mod:`styleprint.sound.landmarks`) have the same name and lie
the same time apart, within two frames. Copies are about as long; otherwise one is an excerpt of the other, or both
share a part. Another coding, level, or a cut is found; another speed, pitch or performance is not. Loops that
two recordings have in common at one tempo count as a shared part.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from styleprint.corpus.copies import CopyFindings
from styleprint.corpus.groups import connected
from styleprint.sound.landmarks import landmark_frames, landmark_names

__all__ = ["ALIKE_IN_LENGTH", "FEWEST", "LEAST_SHARE", "find_audio_copies"]

FEWEST = 40
"""Landmarks that must agree: a second or two of the same sound."""

LEAST_SHARE = 0.05
"""Of the landmarks of the one that has fewer."""

ALIKE_IN_LENGTH = 0.8
"""Copies are no shorter than so much of each other."""

_MOST_OF_A_NAME = 40
"""Landmarks of one name that are compared with each other: what is heard everywhere tells nothing."""

_NO_TIME = 1 << 19
"""Stands for no time apart, in pairs of frames: recordings may be six hours long, and there may be a million."""

Landmarks = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]


def find_audio_copies(
    landmarks: Sequence[Landmarks], *, hashes: Sequence[str], seconds: Sequence[float]
) -> CopyFindings:
    """Find sets of copies and pairs that share a part. Labels play no part in it.

    Parameters
    ----------
    landmarks : sequence of ndarray
    hashes : sequence of str
        Of each file: equal bytes are copies whatever they hold.
    seconds : sequence of float
        Length of each recording.
    """
    pairs, agreed = _agreeing(landmarks)
    fewest = np.array([min(len(landmarks[a]), len(landmarks[b])) for a, b in pairs], dtype=np.float64)
    found = pairs[(agreed >= FEWEST) & (agreed >= LEAST_SHARE * fewest)]
    copies = [[a, b] for a, b in found.tolist() if _alike(seconds[a], seconds[b])]
    excerpts = [(a, b) for a, b in found.tolist() if not _alike(seconds[a], seconds[b])]
    first: dict[str, int] = {}
    copies += [[first[name], row] for row, name in enumerate(hashes) if first.setdefault(name, row) != row]
    members: dict[int, list[int]] = {}
    for row, root in enumerate(connected(len(landmarks), copies)):
        members.setdefault(root, []).append(row)
    sets = tuple(tuple(rows) for rows in members.values() if len(rows) > 1)
    return CopyFindings(sets=sets, excerpts=tuple(sorted(excerpts)))


def _alike(one: float, other: float) -> bool:
    return min(one, other) >= ALIKE_IN_LENGTH * max(one, other)


def _agreeing(landmarks: Sequence[Landmarks]) -> tuple[Integers, Integers]:
    """Pairs of recordings with landmarks of one name, and how many lie the same time apart, for the best such time."""
    sizes = [len(one) for one in landmarks]
    joined = np.concatenate([np.empty(0, np.uint64), *landmarks])
    piece, frame, name = np.repeat(np.arange(len(sizes)), sizes), landmark_frames(joined), landmark_names(joined)
    order = np.lexsort((piece, name))
    piece, frame, name = piece[order], frame[order], name[order]
    keys = []
    for ahead in range(1, _MOST_OF_A_NAME):
        same = (name[ahead:] == name[:-ahead]) & (piece[ahead:] != piece[:-ahead])
        first = np.flatnonzero(same)
        if not len(first):
            continue
        apart = (frame[first + ahead] - frame[first]) // 2 + _NO_TIME
        keys.append((piece[first] * len(sizes) + piece[first + ahead]) * (2 * _NO_TIME) + apart)
    if not keys:
        return np.empty((0, 2), np.int64), np.empty(0, np.int64)
    key, count = np.unique(np.concatenate(keys), return_counts=True)
    beside = np.append(np.where(np.diff(key) == 1, count[1:], 0), 0)
    pair, start = np.unique(key // (2 * _NO_TIME), return_index=True)
    agreed = np.maximum.reduceat(count + beside, start)
    return np.column_stack(np.divmod(pair, len(sizes))), agreed
