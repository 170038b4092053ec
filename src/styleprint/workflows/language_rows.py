"""The pieces that a model of language learns from or is scored on: of any folder of scores, labelled or not."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from styleprint.corpus.selection import column_text
from styleprint.extraction.recipe import Recipe
from styleprint.models.language.rows import STREAMS, EventRows
from styleprint.support.errors import CorpusError, UsageError
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare
from styleprint.workflows.recipes import source_kind

__all__ = ["LanguageRows", "read_language_rows"]


@dataclass(frozen=True, eq=False)
class LanguageRows:
    """Pieces as events.

    Attributes
    ----------
    rows : EventRows
        Without pieces that have no pitched notes.
    paths, groups : tuple of str
        One a row. Works and copies have one group.
    recipe : Recipe
    notes : tuple of str
        What a reader should know of them.
    failed : int
        Files that could not be read.
    """

    rows: EventRows
    paths: tuple[str, ...]
    groups: tuple[str, ...]
    recipe: Recipe
    notes: tuple[str, ...]
    failed: int


def read_language_rows(source: Path, corpus: CorpusOptions, run: RunOptions) -> LanguageRows:
    """Read a folder of scores, or the table extracted from one; each set of copies counts once.

    Raises
    ------
    UsageError
        U114, where the source is of recordings.
    CorpusError
        C104, where no piece has notes.
    """
    if source_kind(source) == "recording":
        raise UsageError("U114", "a model of language reads notes, and recordings have none.", remedy="Give scores.")
    recipe = Recipe.of((), STREAMS)
    prepared = prepare(source, recipe, corpus=corpus, run=run)
    frame = prepared.table.frame
    every = EventRows.read(prepared.table.inputs())
    kept = np.flatnonzero((np.diff(every.offsets) > 0) & _is_first_copy(column_text(frame, "copies")))
    if not len(kept):
        raise CorpusError("C104", "a corpus must hold pieces that can serve, but none has pitched notes.")
    path, group = column_text(frame, "path")[kept], column_text(frame, "group")[kept]
    dropped = len(frame) - len(kept)
    notes = (f"{dropped} pieces are copies of others or have no pitched notes: left out.",) if dropped else ()
    return LanguageRows(
        rows=every.take(kept),
        paths=tuple(str(one) or f"row {row}" for one, row in zip(path, kept, strict=True)),
        groups=tuple(str(one) or f"row {row}" for one, row in zip(group, kept, strict=True)),
        recipe=recipe,
        notes=notes,
        failed=prepared.failed,
    )


def _is_first_copy(copies: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    _, first = np.unique(copies, return_index=True)
    is_first: npt.NDArray[np.bool_] = copies == ""
    is_first[first] = True
    return is_first
