"""Random files: what most publications report. Copies and movements stand on both sides.

Reported for comparison only: it rewards remembering.
"""

import numpy as np

from styleprint.evaluation.pieces import IndexArray, Pieces
from styleprint.evaluation.splitting import Protocol, divide_units

__all__ = ["PROTOCOL"]


def _units(pieces: Pieces) -> IndexArray:
    return np.arange(len(pieces), dtype=np.intp)


PROTOCOL = Protocol(
    name="random",
    summary="Files are divided at random, as others report it; copies and movements may be on both sides.",
    units=_units,
    split=divide_units,
    copies_count_once=False,
)
