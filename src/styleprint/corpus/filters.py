"""Filters: what is left out of a corpus on request, each with a status, a reason and a count.

They run in the order of :class:`Filters`' attributes, each over what the ones before it left. `cap` comes last,
so that it draws from files that can serve; its draw within a label depends on the seed and the files of that
label alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.corpus.corpus import Removed
from styleprint.corpus.selection import select_rows
from styleprint.music.score import FloatArray
from styleprint.support.errors import CorpusError
from styleprint.support.hashing import hash_bytes

__all__ = ["Filters", "apply_filters", "check_only"]

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Filters:
    """What to leave out.

    Attributes
    ----------
    only : tuple of str
        Keep these labels alone; empty keeps all.
    min_notes : int
        Shorter pieces get the status ``too_short``.
    min_seconds : float
        The same, by duration at the file's own tempo (120 quarters a minute where it names none).
    min_key_confidence : float
        Pieces whose best key correlates less with its profile get ``ambiguous_key``.
    cap : int or None
        At most so many usable files of a label, drawn by seed; the others get ``left_out``.
    """

    only: tuple[str, ...] = ()
    min_notes: int = 1
    min_seconds: float = 0.0
    min_key_confidence: float = 0.0
    cap: int | None = None


def check_only(only: tuple[str, ...], labels: set[str]) -> None:
    """Every label that is asked for must exist.

    Raises
    ------
    CorpusError
        C120, with the labels that there are.
    """
    unknown = sorted(set(only) - labels)
    if unknown:
        there = ", ".join(sorted(label for label in labels if label)) or "none"
        raise CorpusError(
            "C120",
            f"labels to keep must be labels of the corpus, but there is no {', '.join(map(repr, unknown))}.",
            remedy=f"Its labels: {there}.",
        )


def apply_filters(
    table: pd.DataFrame, filters: Filters, *, seconds: list[float], key_confidence: list[float], seed: int
) -> tuple[Removed, ...]:
    """Set status and reason of what the filters leave out, in place; `only` has been applied before reading.

    Parameters
    ----------
    table : DataFrame
        A corpus table with index 0 … n − 1.
    seconds, key_confidence : lists of float, one a row
        NaN where a row has none.
    """
    removed = []
    if filters.min_notes > 1:
        removed.append(_too_few(table, filters.min_notes))
    if filters.min_seconds > 0:
        removed.append(_too_short(table, np.asarray(seconds), filters.min_seconds))
    if filters.min_key_confidence > 0:
        removed.append(_too_vague(table, np.asarray(key_confidence), filters.min_key_confidence))
    if filters.cap is not None:
        removed.append(_too_many(table, filters.cap, seed))
    return tuple(removed)


def _too_few(table: pd.DataFrame, fewest: int) -> Removed:
    notes = table["notes"].to_numpy()
    return _remove(
        table, "min_notes", notes < fewest, "too_short", lambda row: f"it has {notes[row]} notes, fewer than {fewest}"
    )


def _too_short(table: pd.DataFrame, seconds: FloatArray, shortest: float) -> Removed:
    return _remove(
        table,
        "min_seconds",
        ~(seconds >= shortest),
        "too_short",
        lambda row: f"it lasts {seconds[row]:.1f} s, less than {shortest:g} s",
    )


def _too_vague(table: pd.DataFrame, confidence: FloatArray, lowest: float) -> Removed:
    def reason(row: int) -> str:
        if np.isnan(confidence[row]):
            return "it has no pitches that tell a key"
        return f"its clearest key correlates at {confidence[row]:.2f}, less than {lowest:g}"

    return _remove(table, "min_key_confidence", ~(confidence >= lowest), "ambiguous_key", reason)


def _too_many(table: pd.DataFrame, cap: int, seed: int) -> Removed:
    reason = f"the label has more than {cap} files, and this one was not drawn"
    return _remove(table, "cap", _beyond_cap(table, cap, seed), "left_out", lambda _: reason)


def _remove(table: pd.DataFrame, name: str, chosen: np.ndarray, status: str, reason: Callable[[int], str]) -> Removed:
    """Mark the chosen rows that are still ``ok``."""
    rows = np.flatnonzero(chosen & (table["status"] == "ok").to_numpy())
    table.loc[rows, "status"] = status
    table.loc[rows, "reason"] = [reason(int(row)) for row in rows]
    return Removed(name, len(rows))


def _beyond_cap(table: pd.DataFrame, cap: int, seed: int) -> BoolArray:
    usable = select_rows(table).rows
    labels = table["label"].to_numpy()
    excess = np.zeros(len(table), dtype=bool)
    unlabelled = np.flatnonzero((labels == "") & (table["status"] == "ok").to_numpy())
    for label in sorted({"", *labels[usable]}):
        rows = usable[labels[usable] == label] if label else unlabelled
        own = int(hash_bytes(str(label).encode("utf-8", "backslashreplace"))[:8], 16)
        excess[np.random.default_rng([seed, own]).permutation(rows)[cap:]] = True
    return excess
