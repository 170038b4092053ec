"""Which pairs of recordings may share sound: those that share rare landmarks at one distance in time.

Of every ten seconds of a recording a hundred landmarks count: fifty drawn by a hash of their names, and fifty so
drawn whose names are rare in the corpus. Hash and rarity are the same for all, so of the same sound mostly the same
ones are taken, in a copy as in an excerpt or a long mix; and as a corpus grows the rare ones stay rare while the
common ones, which tell little, would cost the square of its size. Landmarks of one name are paired with each other
where recordings are few, else with their next neighbours alone: so a recording that is there a thousand times, which
makes its own names common, is one chain. Pairs are counted a block of recordings at a time; memory grows with the
recordings, not with their pairs.

A candidate is no finding: the whole recordings are then compared (:mod:`styleprint.corpus.audio_copies`).
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from styleprint.sound.landmarks import landmark_frames, landmark_names

__all__ = ["FEWEST_RARE", "landmark_candidates", "shift_counts"]

FEWEST_RARE = 3
"""Rare landmarks that must lie at one distance in time."""

_WINDOW_FRAMES = 430
_RARE_IN_A_WINDOW = 50
_ANY_IN_A_WINDOW = 50
_MOST_OWNERS = 64
_NEIGHBOURS = 4
_PAIRS_IN_BLOCK = 1 << 22
_NAMES = 1 << 23
_NO_TIME = 1 << 19
"""Stands for no time apart, in pairs of frames: recordings may be six hours long, and there may be a million."""

Landmarks = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]


def landmark_candidates(landmarks: Sequence[Landmarks]) -> list[tuple[int, int]]:
    """Pairs (a, b), a < b, that may share sound, in order.

    Parameters
    ----------
    landmarks : sequence of ndarray
        Of each recording, sorted.
    """
    name, piece, frame = _rare_ones(landmarks)
    partners = _partners(name)
    found: list[Integers] = [np.empty(0, np.int64)]
    for rows in _blocks(piece, partners, len(landmarks)):
        own = np.repeat(rows, partners[rows])
        starts = np.cumsum(partners[rows]) - partners[rows]
        other = own + 1 + np.arange(len(own)) - np.repeat(starts, partners[rows])
        between = piece[own] != piece[other]
        own, other = own[between], other[between]
        pair = piece[own] * len(landmarks) + piece[other]
        pairs, counts = shift_counts(pair, frame[other] - frame[own])
        found.append(pairs[counts >= FEWEST_RARE])
    a, b = np.divmod(np.sort(np.concatenate(found)), max(len(landmarks), 1))
    return list(zip(a.tolist(), b.tolist(), strict=True))


def shift_counts(pair: Integers, apart: Integers) -> tuple[Integers, Integers]:
    """How many landmarks lie at one distance in time, for each pair, at the best distance within four frames.

    Parameters
    ----------
    pair, apart : ndarray of int64
        What pair two landmarks of one name belong to, and how many frames lie between them.

    Returns
    -------
    pairs, counts : ndarray of int64
        Pairs are rising.
    """
    key, count = np.unique(pair * (2 * _NO_TIME) + apart // 2 + _NO_TIME, return_counts=True)
    if not len(key):
        return key, count
    beside = np.append(np.where(np.diff(key) == 1, count[1:], 0), 0)
    pairs, start = np.unique(key // (2 * _NO_TIME), return_index=True)
    return pairs, np.maximum.reduceat(count + beside, start)


def _rare_ones(landmarks: Sequence[Landmarks]) -> tuple[npt.NDArray[np.uint32], Integers, Integers]:
    """Name, recording and frame of the landmarks that count, by name and then by recording."""
    owners = np.zeros(_NAMES, np.int64)
    for one in landmarks:
        owners[np.unique(landmark_names(one))] += 1
    kept = [_rare_of(one, owners) for one in landmarks]
    joined = np.concatenate([np.empty(0, np.uint64), *kept])
    piece = np.repeat(np.arange(len(kept)), [len(one) for one in kept])
    name = landmark_names(joined)
    order = np.argsort(name, kind="stable")
    return name[order], piece[order], landmark_frames(joined)[order]


def _rare_of(landmarks: Landmarks, owners: Integers) -> Landmarks:
    """Those of each window that count, of names that another recording has too."""
    shared = landmarks[owners[landmark_names(landmarks)] > 1]
    name, window = landmark_names(shared), landmark_frames(shared) // _WINDOW_FRAMES
    drawn = name * np.uint32(2_654_435_761)
    rarity = np.ceil(np.log2(np.maximum(owners[name], _MOST_OWNERS)))
    rare = np.lexsort((drawn, rarity, window))
    anyhow = np.lexsort((drawn, window))
    kept = np.zeros(len(shared), dtype=bool)
    for order, most in ((rare, _RARE_IN_A_WINDOW), (anyhow, _ANY_IN_A_WINDOW)):
        rank = np.arange(len(order)) - np.searchsorted(window[order], window[order])
        kept[order[rank < most]] = True
    return shared[kept]


def _partners(name: npt.NDArray[np.uint32]) -> Integers:
    """With how many of those that follow it each landmark is paired."""
    last = np.searchsorted(name, name, "right")
    owners = last - np.searchsorted(name, name, "left")
    following = last - 1 - np.arange(len(name))
    partners: Integers = np.minimum(following, np.where(owners <= _MOST_OWNERS, _MOST_OWNERS, _NEIGHBOURS))
    return partners


def _blocks(piece: Integers, partners: Integers, n_pieces: int) -> list[Integers]:
    """Landmarks that have partners, in blocks of whole recordings with about so many pairs each."""
    rows = np.flatnonzero(partners)
    rows = rows[np.argsort(piece[rows], kind="stable")]
    pairs = np.bincount(piece[rows], partners[rows], n_pieces)
    block = (np.cumsum(pairs) // _PAIRS_IN_BLOCK).astype(np.int64)[piece[rows]]
    return np.split(rows, np.flatnonzero(np.diff(block)) + 1)
