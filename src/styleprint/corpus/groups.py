"""Groups: what no split may divide.

Two files share a group if they are of one work (inside one label), if one is a copy of the other, if one is
an excerpt of the other, or if a given group joins them; and so on along the chain. A given group only ever
joins. On request whole collections (an opus, a cycle, a notebook) are kept together as well.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

import pandas as pd

__all__ = ["connected", "find_groups"]


def connected(n: int, joined: Iterable[Sequence[int]]) -> list[int]:
    """For each of `n` items the smallest item that it is connected with.

    Parameters
    ----------
    n : int
    joined : iterable of sequences of int
        Items that belong together.
    """
    parent = list(range(n))

    def find(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for items in joined:
        for other in items[1:]:
            low, high = sorted((find(items[0]), find(other)))
            parent[high] = low
    return [find(item) for item in range(n)]


def find_groups(
    table: pd.DataFrame,
    *,
    copies: Iterable[Sequence[int]] = (),
    excerpts: Iterable[Sequence[int]] = (),
    rivals: Sequence[str] = (),
    makers: Sequence[str] = (),
    keep_collections: bool = False,
) -> list[str]:
    """The group of each row, named after its first row's label and work.

    Parameters
    ----------
    table : DataFrame
        With ``label``, ``work``, ``collection`` and the given ``group`` (empty for none).
    copies, excerpts : iterables of sequences of row numbers
    rivals : sequence of str, one a row
        A second work that the row may be of; empty for none.
    makers : sequence of str, one a row
        Who made it, kept whole across labels; empty where nobody is known.
    keep_collections : bool
        Keep each collection of a label whole.
    """
    label, work = list(table["label"]), list(table["work"])
    joined = [*copies, *excerpts]
    works = list(zip(label, work, strict=True))
    joined += _alike(works)
    joined += _rivals(works, rivals)
    joined += _alike(maker or None for maker in makers)
    joined += _alike(group or None for group in table["group"])
    if keep_collections:
        pairs = zip(label, table["collection"], strict=True)
        joined += _alike((name, collection) if collection else None for name, collection in pairs)
    return [f"{label[first]}: {work[first]}" for first in connected(len(table), joined)]


def _rivals(works: Sequence[tuple[str, str]], rivals: Sequence[str]) -> list[list[int]]:
    """Each row with a rival, and the first row of that work; rows with the same rival stay apart without one."""
    first = {work: row for row, work in reversed(list(enumerate(works)))}
    pairs = [(row, first.get((works[row][0], rival))) for row, rival in enumerate(rivals) if rival]
    return [[row, other] for row, other in pairs if other is not None]


def _alike(keys: Iterable[Hashable | None]) -> list[list[int]]:
    """Row numbers that share a key, where there are several; None shares with nothing."""
    rows: dict[Hashable, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        if key is not None:
            rows[key].append(row)
    return [members for members in rows.values() if len(members) > 1]
