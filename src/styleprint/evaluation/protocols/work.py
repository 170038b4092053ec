"""By work: the headline. No group is divided, and each set of copies counts once.

This is what one may expect for works that the model has never seen in any encoding.
"""

from styleprint.evaluation.pieces import IndexArray, Pieces
from styleprint.evaluation.splitting import Protocol, divide_units

__all__ = ["PROTOCOL"]


def _units(pieces: Pieces) -> IndexArray:
    return pieces.group


PROTOCOL = Protocol(
    name="work",
    summary="Works are never divided between learning and testing, and copies of a piece count once.",
    units=_units,
    split=divide_units,
    copies_count_once=True,
)
