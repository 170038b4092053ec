"""Which variants each piece gets, and in which order a side that needs some of them takes them.

Both depend on the hashes of pieces, their classes and the seed alone, so they are the same for any number of workers
and in any order of files.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from styleprint.corpus.selection import column_text, select_rows
from styleprint.extraction.variants import Variants
from styleprint.features.kinds import variant_key
from styleprint.support.hashing import hash_json
from styleprint.workflows.options import AugmentOptions

__all__ = ["Plan", "say_augmented"]


@dataclass(frozen=True)
class Plan:
    """The variants of each piece that teaches.

    Attributes
    ----------
    keys : mapping of int to tuple of str
        Row of the table → its variants, in the order in which they are taken.
    hashes : mapping of int to str
        Of those rows.
    seed : int
    """

    keys: Mapping[int, tuple[str, ...]]
    hashes: Mapping[int, str]
    seed: int

    @classmethod
    def of(
        cls, frame: pd.DataFrame, hashes: Mapping[int, str], counts: Mapping[str, int], target: int | None, seed: int
    ) -> "Plan":
        """The variants that are asked for.

        With a target, each piece has enough of them for its class to reach it where half of its pieces train; names
        come in turn, from a place in the list that is drawn by the hash of the piece.

        Parameters
        ----------
        frame : DataFrame
            With ``label``.
        hashes : mapping of int to str
            Row → hash, of all rows that may teach.
        counts : mapping of str to int
            Name → how many.
        target : int or None
        seed : int
        """
        rows, labels = select_rows(frame).rows, column_text(frame, "label")
        turn = [(name, number) for name, count in counts.items() for number in range(count)]
        plan: dict[int, tuple[str, ...]] = {}
        if target is None:
            keys = tuple(variant_key(name, seed, number) for name, number in turn)
            plan = dict.fromkeys(rows.tolist(), keys)
        for label in () if target is None else np.unique(labels[rows]):
            own = rows[labels[rows] == label]
            each = max(0, math.ceil(2 * (target or 0) / len(own)) - 1)
            for row in own.tolist() if each else ():
                start = int(hash_json([hashes[row], seed]), 16) % len(turn)
                plan[row] = tuple(_key(turn, counts, start + k, seed) for k in range(each))
        return cls(plan, {row: hashes[row] for row in plan}, seed)

    def in_turn(self, made: Mapping[int, Mapping[str, Any] | None]) -> list[tuple[int, str]]:
        """Row and key of all first variants that were made, rows in an order drawn by their hashes, then the second."""
        own = {row: keys for row, keys in made.items() if keys}
        drawn = sorted(own, key=lambda row: (hash_json([self.seed, self.hashes[row]]), row))
        longest = max((len(keys) for keys in self.keys.values()), default=0)
        return [
            (row, self.keys[row][k])
            for k in range(longest)
            for row in drawn
            if k < len(self.keys[row]) and self.keys[row][k] in own[row]
        ]


def _key(turn: list[tuple[str, int]], counts: Mapping[str, int], k: int, seed: int) -> str:
    """The variant at a place of the list, which begins again with other draws."""
    again, place = divmod(k, len(turn))
    name, number = turn[place]
    return variant_key(name, seed, number + again * counts[name])


def say_augmented(variants: Variants, options: AugmentOptions) -> str:
    """What models learn from, in words."""
    return (
        f"Models learn from {len(variants)} variants ({options.text}) of {len(np.unique(variants.of))} pieces beside "
        "the pieces; a variant shares the weight of its piece, stands on its side of every split, and is never scored."
    )
