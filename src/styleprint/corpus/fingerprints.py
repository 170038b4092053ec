"""What of a piece is kept so that the same music can be recognised in another file.

Notes are united into *frames* (what is attacked together, :mod:`styleprint.features.context`). Kept are, for each
frame, its pitch classes as 12 bits; and *shingles*, hashed runs of intervals, of which those with the
smallest hashes are a fair sample (Broder 1997, "On the resemblance and containment of documents"):

- skyline: 6 successive intervals of the highest line,
- bass: 6 successive intervals of the lowest line,
- harmony: 4 successive frames as pitch classes above their bass, with the bass motion between them.

Intervals do not know the key, frames know neither tempo nor note-offs, instruments, parts nor loudness.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styleprint.features.context import ScoreContext
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.sound.landmarks import find_landmarks

__all__ = ["Fingerprint", "fingerprint"]

MAX_SHINGLES = 1024
"""Of a piece: those with the smallest hashes."""

_LINE_LENGTH = 6
_HARMONY_LENGTH = 4
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Masks = npt.NDArray[np.uint16]
Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False, slots=True)
class Fingerprint:
    """What is kept of a piece.

    Attributes
    ----------
    frames : ndarray of uint16, shape (n_frames,)
        Pitch classes of each frame: C is 1, C♯ 2, … B 2048.
    shingles : ndarray of uint64, shape (n_shingles,)
        Sorted, each once.
    """

    frames: Masks
    shingles: Hashes


def fingerprint(record: Score | Recording) -> Fingerprint:
    """The fingerprint of a score, empty for one without pitched notes; or of a recording.

    That of a recording has no frames, and its landmarks (:mod:`styleprint.sound.landmarks`) for shingles.
    """
    if isinstance(record, Recording):
        return Fingerprint(np.empty(0, np.uint16), find_landmarks(record))
    context = ScoreContext(record)
    masks = context.pitch_class_masks
    bass, skyline = context.bass.astype(np.int64), context.skyline.astype(np.int64)
    chords = _above_bass(masks, bass)
    harmony = np.diff(bass, prepend=bass[:1]) % 12 * 4096 + chords
    shingles = np.concatenate(
        [
            _hash_runs(np.diff(skyline) + 128, _LINE_LENGTH, 1),
            _hash_runs(np.diff(bass) + 128, _LINE_LENGTH, 2),
            _hash_runs(harmony, _HARMONY_LENGTH, 3),
        ]
    )
    return Fingerprint(masks.astype(np.uint16), np.unique(shingles)[:MAX_SHINGLES])


def _above_bass(masks: npt.NDArray[np.int64], bass: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Pitch classes of each frame counted from its bass."""
    root = bass % 12
    return ((masks >> root) | (masks << (12 - root))) & 4095


def _hash_runs(tokens: npt.NDArray[np.int64], length: int, kind: int) -> Hashes:
    """A hash of each run of `length` tokens; runs of one repeated token say nothing and are left out."""
    count = len(tokens) - length + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    values = tokens.astype(np.uint64)
    hashes = np.full(count, kind, dtype=np.uint64)
    for offset in range(length):
        hashes = (hashes ^ values[offset : offset + count]) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(31)
    changes = np.concatenate([[0], np.cumsum(tokens[1:] != tokens[:-1])])
    return hashes[changes[length - 1 :] > changes[:count]]
