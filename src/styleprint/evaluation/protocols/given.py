"""A given split: the column ``split`` says which rows learn (train, validation or valid) and which are tested.

Made for comparison with published figures on a fixed test set, so every file counts once.
"""

import numpy as np

from styleprint.corpus.splits import Split
from styleprint.evaluation.pieces import IndexArray, Pieces
from styleprint.evaluation.splitting import Protocol
from styleprint.support.errors import EvaluationError

__all__ = ["PROTOCOL"]

_LEARNS = ("train", "validation", "valid")


def _units(pieces: Pieces) -> IndexArray:
    return pieces.group


def _split(pieces: Pieces, units: IndexArray, folds: int, seed: int) -> list[Split]:  # noqa: ARG001  # a protocol's
    if "split" not in pieces.frame:
        raise EvaluationError("E105", "protocol 'given' needs a column 'split'.", remedy="Give it with --split.")
    side = pieces.frame["split"].astype(str).str.strip().str.lower()
    train = np.flatnonzero(side.isin(_LEARNS))
    test = np.flatnonzero(side == "test")
    if not len(test) or len(np.unique(pieces.truth[train])) < 2:
        raise EvaluationError(
            "E106",
            f"a given split needs rows marked 'test' and at least two labels among those marked "
            f"{', '.join(_LEARNS)}, but {len(test)} are for testing and {len(train)} for learning.",
            remedy="Correct the column 'split'.",
        )
    return [(train, test)]


PROTOCOL = Protocol(
    name="given",
    summary="The split that the table gives; the model learns from train and validation rows.",
    units=_units,
    split=_split,
    copies_count_once=False,
    is_random=False,
)
