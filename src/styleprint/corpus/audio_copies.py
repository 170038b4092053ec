"""Finding the same sound in a corpus of recordings: sets of copies, and excerpts.

Two recordings share sound where many of their landmarks (:mod:`styleprint.sound.landmarks`) have the same name and lie
the same time apart, within two frames. Copies are about as long and share sound nearly throughout; otherwise one is an
excerpt of the other, or both share a part, such as a jingle. Another coding, level, or a cut is found; another speed,
pitch or performance is not. Loops that two recordings have in common at one tempo count as a shared part.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from styleprint.corpus.copies import CopyFindings
from styleprint.corpus.groups import connected
from styleprint.sound.landmarks import landmark_frames, landmark_names

__all__ = ["FEWEST", "LEAST_SHARE", "are_copies", "find_audio_copies"]

FEWEST = 40
"""Landmarks that must agree: a second or two of the same sound."""

LEAST_SHARE = 0.05
"""Of the landmarks of the one that has fewer."""

_ALIKE_IN_LENGTH = 0.8
"""Copies are no shorter than so much of each other."""

_PARTS = 7
"""The shorter of two copies has ten parts, of as many landmarks each; in so many of them ..."""

_IN_A_PART = 2
"""... at least so many agree: by chance some seven agree in all, in recordings of other sound."""

_MOST_OF_A_NAME = 40
"""Landmarks of one name that are compared with each other: what is heard everywhere tells nothing."""

_NO_TIME = 1 << 19
"""Stands for no time apart, in pairs of frames: recordings may be six hours long, and there may be a million."""

Landmarks = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]


def find_audio_copies(landmarks: Sequence[Landmarks], *, hashes: Sequence[str]) -> CopyFindings:
    """Find sets of copies and pairs that share a part. Labels play no part in it.

    Parameters
    ----------
    landmarks : sequence of ndarray
    hashes : sequence of str
        Of each file: equal bytes are copies whatever they hold.
    """
    pairs, agreed = _agreeing(landmarks)
    fewest = np.array([min(len(landmarks[a]), len(landmarks[b])) for a, b in pairs], dtype=np.float64)
    found = pairs[(agreed >= FEWEST) & (agreed >= LEAST_SHARE * fewest)]
    is_copy = np.array([are_copies(landmarks[a], landmarks[b]) for a, b in found], dtype=bool)
    copies: list[list[int]] = found[is_copy].tolist()
    excerpts = [(a, b) for a, b in found[~is_copy].tolist()]
    first: dict[str, int] = {}
    copies += [[first[name], row] for row, name in enumerate(hashes) if first.setdefault(name, row) != row]
    members: dict[int, list[int]] = {}
    for row, root in enumerate(connected(len(landmarks), copies)):
        members.setdefault(root, []).append(row)
    sets = tuple(tuple(rows) for rows in members.values() if len(rows) > 1)
    return CopyFindings(sets=sets, excerpts=tuple(sorted(excerpts)))


def are_copies(one: Landmarks, other: Landmarks) -> bool:
    """Whether two recordings are about as long, by their last landmarks, and share sound nearly throughout.

    Parameters
    ----------
    one, other : ndarray of uint64
        Landmarks; of either a sample by name serves.
    """
    shorter, longer = sorted((one, other), key=_last_frame)
    if _last_frame(shorter) < _ALIKE_IN_LENGTH * _last_frame(longer):
        return False
    order = np.argsort(landmark_names(longer), kind="stable")
    name, frame = landmark_names(longer)[order], landmark_frames(longer)[order]
    low = np.searchsorted(name, landmark_names(shorter), "left")
    high = np.minimum(np.searchsorted(name, landmark_names(shorter), "right"), low + _MOST_OF_A_NAME)
    own = np.repeat(np.arange(len(shorter)), high - low)
    place = np.arange(len(own)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[own]
    heard = landmark_frames(shorter)[own]
    apart = (frame[place] - heard) // 2
    shift, count = np.unique(apart, return_counts=True)
    if not len(shift):
        return False
    best = shift[np.argmax(count + np.append(np.where(np.diff(shift) == 1, count[1:], 0), 0))]
    agreeing = heard[(apart == best) | (apart == best + 1)]
    begins = np.sort(landmark_frames(shorter))
    agreed = np.bincount(np.searchsorted(begins, agreeing) * 10 // len(begins), minlength=10)
    return int((agreed >= _IN_A_PART).sum()) >= _PARTS


def _last_frame(landmarks: Landmarks) -> int:
    return int(landmark_frames(landmarks).max(initial=0))


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
