"""What a user should know of a table from elsewhere, in sentences."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from styleprint.corpus.selection import select_rows
from styleprint.extraction.sequences import TOKENS, Sequences
from styleprint.extraction.table_columns import DURATION, LEFT_OUT, Judged, shorten
from styleprint.features.streams.chord_sequence import LARGEST

__all__ = ["tell_columns", "tell_left_out", "tell_rows", "tell_sequences"]

Names = npt.NDArray[np.str_]


def tell_left_out(judged: Sequence[Judged]) -> str:
    """Columns left out and their kinds, for a message."""
    found = [f"{one.name} ({one.kind})" for one in judged if one.kind in LEFT_OUT]
    return shorten(found, 12) or "nothing"


def tell_columns(judged: Sequence[Judged], features: Sequence[Judged], values: npt.NDArray[np.float64]) -> list[str]:
    """Columns left out, lengths of pieces, constant and equal columns, gaps.

    Parameters
    ----------
    judged, features : sequence of Judged
        All columns, and those that are features.
    values : ndarray, shape (n_rows, n_features)
    """
    notes = []
    for kind, why in LEFT_OUT.items():
        names = [one.name for one in judged if one.kind == kind]
        if names:
            notes.append(f"Left out, {why}: {shorten(names)}.")
    if lengths := [one.name for one in features if one.kind == DURATION]:
        notes.append(f"Kept, though a length says nothing of the sound of a piece: {shorten(lengths)}.")
    varies = np.nanmax(values, axis=0) > np.nanmin(values, axis=0)
    if constant := [one.name for one, moves in zip(features, varies, strict=True) if not moves]:
        notes.append(f"{len(constant)} columns are constant and are left out inside the fold: {shorten(constant)}.")
    prints: dict[bytes, list[str]] = {}
    for one, column, moves in zip(features, values.T, varies, strict=True):
        if moves:
            prints.setdefault(np.ascontiguousarray(column).tobytes(), []).append(one.name)
    if twice := [" = ".join(names) for names in prints.values() if len(names) > 1]:
        notes.append(f"Equal columns, of which one is used: {shorten(twice)}.")
    if gaps := [one for one in features if one.missing]:
        count, where = sum(one.missing for one in gaps), shorten([one.name for one in gaps])
        notes.append(f"{count} values are missing, in {where}; models take the median.")
    if infinite := [one for one in features if one.infinite]:
        count, where = sum(one.infinite for one in infinite), shorten([one.name for one in infinite])
        notes.append(f"{count} values are infinite, in {where}; they count as missing.")
    return notes


def tell_sequences(name: str, given: Sequences, music: Sequences, *, is_guess: bool) -> list[str]:
    """How sequences were read, what was cut off them, and those that are empty.

    Parameters
    ----------
    name : str
        Of the vocabulary.
    given, music : Sequences
        Before and after padding was cut.
    is_guess : bool
        Whether neither the user nor names of chords say what the tokens are.
    """
    kinds = "plain categories" if name == TOKENS else "chords by root and quality"
    notes = [f"{len(music.tokens)} tokens in {len(music)} sequences, read as {kinds}."]
    if is_guess and name != TOKENS:
        notes.append(f"They were taken for chords because none exceeds {LARGEST}; --vocabulary tokens if they are not.")
    cut = len(given.tokens) - len(music.tokens)
    if cut:
        where = "" if name == TOKENS else " at the ends of sequences"
        notes.append(f"{cut} negative tokens{where} are padding or silence; nothing learns from them.")
    if empty := int((np.diff(music.offsets) == 0).sum()):
        notes.append(f"{empty} sequences are empty.")
    return notes


def tell_rows(copies: Names, labels: Names, what: str = "numbers") -> list[str]:
    """Rows that are the same throughout, under one label or several; `what` is what they have the same of."""
    sets = len(set(copies.tolist()) - {""})
    if not sets:
        return []
    conflicts = len(select_rows(pd.DataFrame({"label": labels, "copies": copies})).conflicts)
    rows = int((copies != "").sum())
    found = [f"{rows} rows in {sets} sets have the same {what} throughout; they count as copies."]
    if conflicts:
        found.append(f"{conflicts} of these sets stand under different labels: no protocol scores what none can tell.")
    return found
