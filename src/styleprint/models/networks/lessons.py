"""What networks are shown, how long and how fast: plain records, without torch."""

from dataclasses import dataclass

import numpy as np

from styleprint.models.base import FloatArray, IndexArray
from styleprint.models.networks.encoding import Encoded

__all__ = ["Curve", "Lessons", "Settings"]

Curve = list[dict[str, float]]
"""Of each epoch: loss, and loss and accuracy of the rows held out; first, with ``rounds``, of a hybrid's branches."""


@dataclass(frozen=True)
class Settings:
    """How long and how fast.

    Attributes
    ----------
    window : int
        Tokens of a window.
    crop : int
        Windows of a piece that are seen in an epoch, at most.
    epochs, batch : int
    rate, decay, smoothing, focal : float
    seed : int
    curriculum : bool
        Whether to begin with what is clear.
    mixed_precision : bool
        Whether to compute in bfloat16 where a CUDA device can.
    rounds : int
        How often a hybrid's branches see each piece by themselves, before the first epoch; what they are then counts
        as an epoch more, the first.
    round_rate : float
        Largest step in these rounds.
    held_windows : int
        Windows of a held-out piece that are answered after an epoch, at most, the first; 0 for all. How the piece is
        answered in the end, once, is always by all of them.
    """

    window: int
    crop: int
    epochs: int
    batch: int
    rate: float
    decay: float
    smoothing: float
    focal: float
    seed: int
    curriculum: bool = False
    mixed_precision: bool = False
    rounds: int = 0
    round_rate: float = 0.0
    held_windows: int = 0


@dataclass(frozen=True, eq=False)
class Lessons:
    """Rows as networks learn from them.

    Attributes
    ----------
    encoded : Encoded
    y : ndarray of int, shape (n_rows,)
    weight : ndarray of float, shape (n_rows,)
        Of the piece.
    n_classes : int
    tabular : ndarray, shape (n_rows, n_features)
        Features as normal scores; without columns where only sequences are learnt from.
    forms_of : ndarray of int, shape (n_rows,), or None
        The row of the piece that each row is a form of; a piece is its own. None: all rows are pieces.
    """

    encoded: Encoded
    y: IndexArray
    weight: FloatArray
    n_classes: int
    tabular: FloatArray
    forms_of: IndexArray | None = None

    @property
    def piece(self) -> IndexArray:
        """The row of the piece of each row."""
        return np.arange(len(self.y), dtype=np.intp) if self.forms_of is None else self.forms_of
