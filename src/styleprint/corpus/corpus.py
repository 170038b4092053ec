"""A corpus: one row a file, with its label, its work, its copies and its group.

The table's columns, in order:

``path``
    Relative to the corpus folder, with ``/``.
``label``
    Levels joined by ``/``; may be empty.
``status``, ``reason``
    ``ok``, or why the file cannot serve (``empty``, ``unreadable``, ``too_short``, ``over_limit``,
    ``ambiguous_key``, ``left_out`` …) and the sentence that says it.
``work``, ``work_source``
    The composition, an identity inside one label, and where its name comes from (``given``, ``file``,
    ``catalogue``, ``name``, ``stem``).
``collection``
    Opus, cycle, album or notebook; empty where there is none.
``copies``
    Id of the set of copies (the same music); empty where a piece has no copy.
``attribution``
    ``certain`` (the default), ``disputed`` or ``spurious``. Only certain pieces train and count.
``group``
    What no split may divide: works joined with copies, with excerpts, and with a given group.
``split``
    As given by the labels file; empty otherwise.
``sha256``, ``notes``, ``quarters``
    Hash of the bytes; number of notes and length in quarters of a readable file, else 0.

Further columns of a labels file are kept after these.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from styleprint.corpus.selection import select_rows

__all__ = ["COLUMNS", "Corpus", "Removed"]

COLUMNS = (
    "path",
    "label",
    "status",
    "reason",
    "work",
    "work_source",
    "collection",
    "copies",
    "attribution",
    "group",
    "split",
    "sha256",
    "notes",
    "quarters",
)


@dataclass(frozen=True)
class Removed:
    """A filter and the number of files that it left out."""

    filter: str
    files: int


@dataclass(frozen=True, eq=False)
class Corpus:
    """The pieces of a folder.

    Attributes
    ----------
    root : Path
        The folder.
    table : DataFrame
        One row a file, columns as the module says, sorted by path.
    removed : tuple of Removed
        What each filter left out, in the order in which the filters ran.
    notes : tuple of str
        What a user should know (label conflicts, files that a labels file does not name), in sentences.
    """

    root: Path
    table: pd.DataFrame
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def usable(self) -> pd.DataFrame:
        """The rows that teach and count (:func:`styleprint.corpus.selection.select_rows`)."""
        return self.table.iloc[select_rows(self.table).rows]
