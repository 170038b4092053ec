"""From typicality to a verdict: which classes remain, and what that means.

A class is excluded where its typicality, a conformal p-value, is at most α: of pieces that do belong to
the class, a share of at most α is excluded wrongly (Vovk, Gammerman and Shafer 2005, chapter 2).
One class left: ``identified``. Several: ``undecided``. None: ``none_of_these``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["ALPHA", "Verdict", "decide", "never_excluded"]

ALPHA = 0.05


@dataclass(frozen=True)
class Verdict:
    """What remains possible.

    Attributes
    ----------
    name : {"identified", "undecided", "none_of_these"}
    candidates : tuple of str
        The classes that are not excluded, most typical first.
    """

    name: Literal["identified", "undecided", "none_of_these"]
    candidates: tuple[str, ...]


def decide(typicality: Mapping[str, float], alpha: float = ALPHA) -> Verdict:
    """The verdict on one piece.

    Parameters
    ----------
    typicality : mapping of str to float
        Class → p-value.
    alpha : float

    Examples
    --------
    >>> decide({"Bach": 0.40, "Mozart": 0.05})
    Verdict(name='identified', candidates=('Bach',))
    """
    kept = [(value, name) for name, value in typicality.items() if value > alpha]
    candidates = tuple(name for _, name in sorted(kept, key=lambda pair: (-pair[0], pair[1])))
    if not candidates:
        return Verdict("none_of_these", ())
    return Verdict("identified" if len(candidates) == 1 else "undecided", candidates)


def never_excluded(groups: Mapping[str, int], alpha: float = ALPHA) -> list[str]:
    """Classes with too few groups for a p-value of α: even the least typical piece has 1 / (1 + groups).

    Parameters
    ----------
    groups : mapping of str to int
        Class → number of its groups.
    alpha : float

    Examples
    --------
    >>> never_excluded({"Bach": 19, "Josquin": 18})
    ['Josquin']
    """
    return sorted(name for name, count in groups.items() if 1 / (1 + count) > alpha)
