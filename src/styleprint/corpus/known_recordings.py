"""Recordings that are known, kept small, and asked fast whether a recording is one of them.

Of each recording those landmarks are kept whose names have the smallest hashes, at most 2,000 (16 kB), so that of the
same sound the same ones are kept. How many agree is scaled up to all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.corpus.audio_copies import FEWEST, LEAST_SHARE, agree
from styleprint.corpus.fingerprints import Fingerprint
from styleprint.corpus.landmark_index import FEWEST_RARE, shift_counts
from styleprint.corpus.matching import Match
from styleprint.sound.landmarks import landmark_frames, landmark_names

__all__ = ["KnownRecordings"]

LANDMARKS_KEPT = 2_000
"""Of a known recording."""

_FEWEST_KEPT = 20
"""Kept landmarks that must agree."""

_MOST_LOOKED_UP = 1 << 18
"""Known landmarks that are looked up for one question, those of the rarest names first."""

_MOST_COMPARED = 50
"""Known recordings that are compared as a whole."""

_MULTIPLIER = np.uint32(2_654_435_761)
_KEYS = {"landmarks": np.uint64, "offsets": np.int64, "counts": np.int64}


@dataclass(frozen=True, eq=False)
class KnownRecordings:
    """Recordings that are known.

    Attributes
    ----------
    landmarks : ndarray of uint64
        Those kept of all recordings, one recording after the other.
    offsets : ndarray of int64, shape (n_recordings + 1,)
    counts : ndarray of int64, shape (n_recordings,)
        Landmarks that each had before some were left out.
    """

    landmarks: npt.NDArray[np.uint64]
    offsets: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.counts)

    @classmethod
    def of(cls, fingerprints: Sequence[Fingerprint]) -> "KnownRecordings":
        """Know these."""
        kept = [_sample(one.shingles) for one in fingerprints]
        return cls(
            np.concatenate([np.empty(0, np.uint64), *kept]),
            np.cumsum([0, *map(len, kept)]).astype(np.int64),
            np.array([len(one.shingles) for one in fingerprints], dtype=np.int64),
        )

    def query(self, asked: Fingerprint) -> list[Match]:
        """The known recordings that hold the same sound: copies first, best first.

        Parameters
        ----------
        asked : Fingerprint

        Returns
        -------
        list of Match
            `index` counts known recordings as they were given; `coverage` and `reverse` are what agrees of the
            landmarks of each, which coding lowers.
        """
        own = asked.shingles
        found = [self._match(piece, own) for piece in self._candidates(own)]
        matches = [match for match in found if match is not None]
        return sorted(matches, key=lambda m: (m.kind != "copy", -(m.coverage + m.reverse), m.index))

    @cached_property
    def _index(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Name, frame and recording of every landmark, by name."""
        order = np.argsort(landmark_names(self.landmarks), kind="stable")
        piece = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        return landmark_names(self.landmarks)[order], landmark_frames(self.landmarks)[order], piece[order]

    def _candidates(self, asked: npt.NDArray[np.uint64]) -> list[int]:
        """Known recordings that share rare landmarks with the one asked about, those that share most first."""
        name, frame, piece = self._index
        low = np.searchsorted(name, landmark_names(asked), "left")
        owners = np.searchsorted(name, landmark_names(asked), "right") - low
        rare = np.argsort(owners, kind="stable")
        rare = rare[np.cumsum(owners[rare]) <= _MOST_LOOKED_UP]
        own = np.repeat(rare, owners[rare])
        starts = np.cumsum(owners[rare]) - owners[rare]
        at = low[own] + np.arange(len(own)) - np.repeat(starts, owners[rare])
        pieces, counts = shift_counts(piece[at], frame[at] - landmark_frames(asked)[own])
        enough = counts >= FEWEST_RARE
        best = np.argsort(-counts[enough], kind="stable")[:_MOST_COMPARED]
        return [int(number) for number in pieces[enough][best]]

    def _match(self, piece: int, asked: npt.NDArray[np.uint64]) -> Match | None:
        known = self.landmarks[self.offsets[piece] : self.offsets[piece + 1]]
        found = agree(known, asked)
        whole = found.count * int(self.counts[piece]) / len(known)
        fewer = min(len(asked), int(self.counts[piece]))
        if found.count < min(_FEWEST_KEPT, len(known)) or whole < max(FEWEST, LEAST_SHARE * fewer):
            return None
        return Match(
            index=piece,
            coverage=min(1.0, whole / len(asked)),
            reverse=min(1.0, whole / int(self.counts[piece])),
            transposition=0,
            kind="copy" if found.is_copy else "excerpt",
        )

    def to_state(self) -> dict[str, Any]:
        """Arrays that hold all of it."""
        return {name: getattr(self, name) for name in _KEYS}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "KnownRecordings":
        """What :meth:`to_state` gave.

        Raises
        ------
        ValueError
            Where arrays are missing or do not fit each other.
        """
        if set(state) != set(_KEYS):
            raise ValueError(f"known recordings must have the arrays {', '.join(_KEYS)}, but have {', '.join(state)}")
        for name, kind in _KEYS.items():
            if state[name].ndim != 1 or state[name].dtype != kind:
                raise ValueError(f"{name} of known recordings must be a column of {kind.__name__}")
        offsets, counts = state["offsets"], state["counts"]
        if (
            not len(offsets)
            or offsets[0] != 0
            or offsets[-1] != len(state["landmarks"])
            or (np.diff(offsets) < 0).any()
        ):
            raise ValueError("offsets of known recordings must rise from 0 to the number of landmarks")
        if len(offsets) - 1 != len(counts) or (counts < np.diff(offsets)).any():
            raise ValueError("known recordings must have a count each, no smaller than what is kept")
        return cls(**{name: np.array(state[name]) for name in _KEYS})


def _sample(landmarks: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Those whose names have the smallest hashes."""
    rank = np.argsort(landmark_names(landmarks) * _MULTIPLIER, kind="stable")
    return np.sort(landmarks[rank[:LANDMARKS_KEPT]])
