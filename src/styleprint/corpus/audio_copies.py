"""Finding the same sound in a corpus of recordings: sets of copies, and excerpts.

Two recordings share sound where many of their landmarks (:mod:`styleprint.sound.landmarks`) have the same name and lie
the same time apart, within two frames. Copies are about as long and share sound nearly throughout; otherwise one is an
excerpt of the other, or both share a part, such as a jingle. Another coding, level, or a cut is found; another speed,
pitch or performance is not. Loops that two recordings have in common at one tempo count as a shared part.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.corpus.copies import CopyFindings
from styleprint.corpus.groups import connected
from styleprint.corpus.landmark_index import landmark_candidates
from styleprint.sound.landmarks import landmark_frames, landmark_names

__all__ = ["FEWEST", "LEAST_SHARE", "Agreement", "agree", "find_audio_copies"]

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

_MOST_PAIRS = 1 << 24
"""Pairs of landmarks of one name that are looked at in two recordings; of very long ones not all of a common name."""

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
    copies: list[list[int]] = []
    excerpts: list[tuple[int, int]] = []
    for a, b in landmark_candidates(landmarks):
        found = agree(landmarks[a], landmarks[b])
        if found.count < max(FEWEST, LEAST_SHARE * min(len(landmarks[a]), len(landmarks[b]))):
            continue
        if found.is_copy:
            copies.append([a, b])
        else:
            excerpts.append((a, b))
    first: dict[str, int] = {}
    copies += [[first[name], row] for row, name in enumerate(hashes) if first.setdefault(name, row) != row]
    members: dict[int, list[int]] = {}
    for row, root in enumerate(connected(len(landmarks), copies)):
        members.setdefault(root, []).append(row)
    sets = tuple(tuple(rows) for rows in members.values() if len(rows) > 1)
    return CopyFindings(sets=sets, excerpts=tuple(sorted(excerpts)))


@dataclass(frozen=True)
class Agreement:
    """What two recordings have in common.

    Attributes
    ----------
    count : int
        Landmarks that lie at one distance in time, the best one, beyond as many as lie at any.
    is_copy : bool
        Whether the recordings are about as long, by their last landmarks, and share sound nearly throughout.
    """

    count: int
    is_copy: bool


def agree(one: Landmarks, other: Landmarks) -> Agreement:
    """Compare two recordings.

    Parameters
    ----------
    one, other : ndarray of uint64
        Landmarks; of either a sample by name serves.
    """
    shorter, longer = sorted((one, other), key=_last_frame)
    order = np.argsort(landmark_names(longer), kind="stable")
    name, frame = landmark_names(longer)[order], landmark_frames(longer)[order]
    low = np.searchsorted(name, landmark_names(shorter), "left")
    high = np.minimum(np.searchsorted(name, landmark_names(shorter), "right"), low + _MOST_PAIRS // max(len(low), 1))
    own = np.repeat(np.arange(len(shorter)), high - low)
    place = np.arange(len(own)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[own]
    heard = landmark_frames(shorter)[own]
    apart = (frame[place] - heard) // 2
    shift, count = np.unique(apart, return_counts=True)
    if not len(shift):
        return Agreement(0, False)
    together = count + np.append(np.where(np.diff(shift) == 1, count[1:], 0), 0)
    beyond = together - _by_chance(len(apart), 2 * shift, _last_frame(shorter) + 1, _last_frame(longer) + 1)
    best = shift[np.argmax(beyond)]
    alike = _last_frame(shorter) >= _ALIKE_IN_LENGTH * _last_frame(longer)
    agreeing = heard[(apart == best) | (apart == best + 1)]
    begins = np.sort(landmark_frames(shorter))
    agreed = np.bincount(np.searchsorted(begins, agreeing) * 10 // len(begins), minlength=10)
    return Agreement(int(beyond.max()), alike and int((agreed >= _IN_A_PART).sum()) >= _PARTS)


def _by_chance(pairs: int, shift: Integers, shorter: int, longer: int) -> npt.NDArray[np.float64]:
    """As many as would agree within four frames if names lay anywhere, and four deviations more."""
    overlap = np.minimum(shorter, longer - shift) - np.maximum(0, -shift)
    expected = 4.0 * pairs * np.maximum(overlap, 0) / (shorter * longer)
    return np.asarray(expected + 4.0 * np.sqrt(expected))


def _last_frame(landmarks: Landmarks) -> int:
    return int(landmark_frames(landmarks).max(initial=0))
