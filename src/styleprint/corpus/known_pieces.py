"""Pieces that are known, kept small, and asked fast whether a piece is one of them.

Of each piece its frames are kept, and of its shingles 32 bits of the smallest ones: about 3 kB a piece.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.corpus.alignment import Masks
from styleprint.corpus.candidates import Index
from styleprint.corpus.fingerprints import Fingerprint
from styleprint.corpus.matching import Match, compare

__all__ = ["KnownPieces"]

SHINGLES_KEPT = 512
"""Of a known piece."""

_KEYS = {"frames": np.uint16, "frame_offsets": np.int64, "shingles": np.uint32, "shingle_offsets": np.int64}
_LAST_MASK = 4095


@dataclass(frozen=True, eq=False)
class KnownPieces:
    """Pieces that are known, ready to be asked whether a piece is one of them.

    Attributes
    ----------
    frames : ndarray of uint16, shape (n_frames,)
        Those of all pieces, one piece after the other.
    frame_offsets : ndarray of int64, shape (n_pieces + 1,)
        Piece i has ``frames[frame_offsets[i]:frame_offsets[i + 1]]``.
    shingles : ndarray of uint32, shape (n_shingles,)
    shingle_offsets : ndarray of int64, shape (n_pieces + 1,)
    index : Index
        Made of the shingles.
    """

    frames: Masks
    frame_offsets: npt.NDArray[np.int64]
    shingles: npt.NDArray[np.uint32]
    shingle_offsets: npt.NDArray[np.int64]
    index: Index

    def __len__(self) -> int:
        return len(self.frame_offsets) - 1

    @classmethod
    def of(cls, fingerprints: Sequence[Fingerprint]) -> "KnownPieces":
        """Know these."""
        frames = [f.frames for f in fingerprints]
        shingles = [_shorten(f.shingles[:SHINGLES_KEPT]) for f in fingerprints]
        return cls._made_of(
            np.concatenate([np.empty(0, np.uint16), *frames]),
            np.cumsum([0, *map(len, frames)]).astype(np.int64),
            np.concatenate([np.empty(0, np.uint32), *shingles]),
            np.cumsum([0, *map(len, shingles)]).astype(np.int64),
        )

    @classmethod
    def _made_of(
        cls,
        frames: Masks,
        frame_offsets: npt.NDArray[np.int64],
        shingles: npt.NDArray[np.uint32],
        shingle_offsets: npt.NDArray[np.int64],
    ) -> "KnownPieces":
        index = Index.of(shingles, np.diff(shingle_offsets))
        return cls(frames, frame_offsets, shingles, shingle_offsets, index)

    def query(self, asked: Fingerprint) -> list[Match]:
        """The known pieces that hold the same music: copies first, best first.

        Parameters
        ----------
        asked : Fingerprint

        Returns
        -------
        list of Match
            `index` counts known pieces as they were given; empty where the music is not known.
        """
        found = [compare(asked.frames, self._frames_of(i), index=i) for i in self.index.query(_shorten(asked.shingles))]
        matches = [match for match in found if match is not None]
        return sorted(matches, key=lambda m: (m.kind != "copy", -(m.coverage + m.reverse), m.index))

    def _frames_of(self, piece: int) -> Masks:
        return self.frames[self.frame_offsets[piece] : self.frame_offsets[piece + 1]]

    def to_state(self) -> dict[str, Any]:
        """Arrays that hold all of it."""
        return {name: getattr(self, name) for name in _KEYS}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "KnownPieces":
        """What :meth:`to_state` gave.

        Raises
        ------
        ValueError
            Where arrays are missing or do not fit each other.
        """
        if set(state) != set(_KEYS):
            raise ValueError(f"known pieces must have the arrays {', '.join(_KEYS)}, but have {', '.join(state)}")
        for name, kind in _KEYS.items():
            if state[name].ndim != 1 or state[name].dtype != kind:
                raise ValueError(f"{name} of known pieces must be a column of {kind.__name__}")
        _check_offsets(state["frame_offsets"], len(state["frames"]))
        _check_offsets(state["shingle_offsets"], len(state["shingles"]))
        if len(state["frame_offsets"]) != len(state["shingle_offsets"]):
            raise ValueError("known pieces must have as many frame offsets as shingle offsets")
        if len(state["frames"]) and int(state["frames"].max()) > _LAST_MASK:
            raise ValueError("frames of known pieces must have 12 pitch classes")
        return cls._made_of(**{name: np.array(state[name]) for name in _KEYS})


def _check_offsets(offsets: npt.NDArray[np.int64], end: int) -> None:
    if not len(offsets) or offsets[0] != 0 or offsets[-1] != end or (np.diff(offsets) < 0).any():
        raise ValueError("offsets of known pieces must rise from 0 to the length of what they cut")


def _shorten(shingles: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """The lower 32 bits, each value once: the upper ones are alike among the smallest hashes."""
    return np.unique((shingles & np.uint64(0xFFFFFFFF)).astype(np.uint32))
