"""Distinct pieces: copies are never on both sides and count once, but movements of a work may be.

The step between this figure and the one by work is what knowing other movements of a work is worth.
"""

from styleprint.evaluation.pieces import IndexArray, Pieces
from styleprint.evaluation.splitting import Protocol, divide_units

__all__ = ["PROTOCOL"]


def _units(pieces: Pieces) -> IndexArray:
    return pieces.copies


PROTOCOL = Protocol(
    name="distinct",
    summary="Copies of a piece are kept together and count once; movements of one work may be on both sides.",
    units=_units,
    split=divide_units,
    copies_count_once=True,
)
