"""What training and evaluating start from: a table and, where it came from a folder, its corpus.

A folder is read once: rows, re-encoded rows and fingerprints are made while a score is at hand. A table is one that
:func:`styleprint.extract` wrote, of which a model sees what it needs, or a CSV or Parquet file from elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from styleprint.corpus.copies import Fingerprint, fingerprint
from styleprint.corpus.corpus import Corpus
from styleprint.corpus.scan import scan_scores
from styleprint.corpus.summary import say_left_out
from styleprint.extraction.assembly import ROLES
from styleprint.extraction.cache import RowCache, cached_row
from styleprint.extraction.foreign import TableOptions, read_foreign
from styleprint.extraction.parts import Digest
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import Row, frame_of_rows, row_columns
from styleprint.extraction.table import Column, Table, is_table, read_table
from styleprint.extraction.variants import Variants
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.support.errors import CorpusError, TableError, UsageError
from styleprint.support.kept_arrays import trim_cache
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.scan import scan_options

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A table, and what else is known of its pieces.

    Attributes
    ----------
    table : Table
        The pieces that were read, one row each.
    corpus : Corpus or None
        Where the source was a folder.
    fingerprints : tuple of Fingerprint
        One a row of the table; empty where the source was a table.
    variants : dict of str to DataFrame
        Re-encoding → inputs of the same rows after it.
    failed : int
        Files that could not be read.
    augmented : Variants or None
        Further rows for training sides (:mod:`styleprint.workflows.augment`).
    """

    table: Table
    corpus: Corpus | None = None
    fingerprints: tuple[Fingerprint, ...] = ()
    variants: dict[str, pd.DataFrame] = field(default_factory=dict)
    failed: int = 0
    augmented: Variants | None = None


@dataclass(frozen=True)
class _Digest:
    """What is kept of a piece once it has been read."""

    row: Row
    variants: dict[str, Row]
    fingerprint: Fingerprint
    parts: int
    encoder: str


@dataclass(frozen=True)
class _Digester:
    """Makes rows in a worker, while the record is at hand."""

    recipe: Recipe
    variants: tuple[str, ...] = ()
    cache: RowCache | None = None

    def __call__(self, record: Score | Recording) -> _Digest:
        inputs = Recipe(self.recipe.kind, self.recipe.features, self.recipe.streams)
        digest = Digest.of(record, [], [cached_row(record, self.recipe, self.cache)])
        return _Digest(
            row=digest.rows[0],
            variants={name: cached_row(record, inputs, self.cache, variant=name) for name in self.variants},
            fingerprint=fingerprint(record),
            parts=digest.parts,
            encoder=digest.encoder,
        )


def prepare(
    source: Path, recipe: Recipe, *, corpus: CorpusOptions, run: RunOptions, variants: Sequence[str] = ()
) -> Prepared:
    """Read a folder or a table.

    Parameters
    ----------
    source : Path
        A folder, a table that was extracted, or a CSV or Parquet file from elsewhere.
    recipe : Recipe
        What the rows of a folder hold; what an extracted table must hold, and all that a model sees of it. A table
        from elsewhere has its own.
    corpus, run
    variants : sequence of str
        Re-encodings to make of every piece; a table has none.

    Raises
    ------
    CorpusError, TableError
        Where the source cannot serve.
    """
    if source.is_file():
        return Prepared(_read_file(source, recipe, corpus, run))
    _refuse_table_options(source, corpus)
    cache = RowCache(run.cache / "rows") if run.cache else None
    found, digests = scan_scores(source, _Digester(recipe, tuple(variants), cache), **scan_options(corpus, run))
    if run.cache:
        trim_cache(run.cache)
    return _assemble(found, digests, recipe, tuple(variants))


def _read_file(path: Path, recipe: Recipe, corpus: CorpusOptions, run: RunOptions) -> Table:
    _refuse_folder_options(path, corpus, is_foreign=not is_table(path))
    if is_table(path):
        _refuse_table_options(path, corpus)
        return _read_checked(path, recipe)
    options = TableOptions(
        target=corpus.target,
        groups=corpus.groups,
        split=corpus.split,
        leave_out=corpus.leave_out,
        keep=corpus.keep,
        only=corpus.only,
        cap=corpus.cap,
        seed=run.seed,
        stream=corpus.stream,
        vocabulary=corpus.vocabulary,
    )
    return read_foreign(path, options)


def _refuse_table_options(source: Path, corpus: CorpusOptions) -> None:
    """What only a table from elsewhere has.

    Raises
    ------
    UsageError
        U165.
    """
    names = ("target", "split", "leave_out", "keep", "stream", "vocabulary")
    given = {name.replace("_", "-"): getattr(corpus, name) for name in names}
    if wrong := [f"--{name}" for name, value in given.items() if value]:
        raise UsageError(
            "U165",
            f"{', '.join(wrong)} belongs to a CSV, Parquet or .npz file from elsewhere, and this is none.",
            remedy="Labels, groups and splits of a folder come from --labels.",
            place=str(source),
        )


def _refuse_folder_options(source: Path, corpus: CorpusOptions, *, is_foreign: bool) -> None:
    """What a table cannot honour: its rows were made, and its labels and groups given, before.

    Raises
    ------
    UsageError
        U166.
    """
    plain = CorpusOptions()
    names = ["labels", "levels", "min_seconds", "min_notes", "min_key_confidence", "lenient", "limits"]
    names += [] if is_foreign else ["only", "cap", "groups"]
    if wrong := [f"--{name.replace('_', '-')}" for name in names if getattr(corpus, name) != getattr(plain, name)]:
        raise UsageError(
            "U166",
            f"{', '.join(wrong)} belongs to a folder of music, and this is a table.",
            remedy="Give it where the table is made: styleprint extract FOLDER.",
            place=str(source),
        )


def _assemble(corpus: Corpus, digests: Sequence[_Digest | None], recipe: Recipe, variants: tuple[str, ...]) -> Prepared:
    """Put the rows of all pieces that were read, and that no filter left out, beside what is known of them."""
    is_kept = [
        digest is not None and status == "ok" for digest, status in zip(digests, corpus.table["status"], strict=True)
    ]
    kept = [digest for digest, keep in zip(digests, is_kept, strict=True) if keep and digest is not None]
    if not kept:
        raise CorpusError(
            "C104",
            "a corpus must hold pieces that can serve, but every file was left out.",
            remedy="'styleprint scan' says why, file by file.",
            place=str(corpus.root),
        )
    about = corpus.table[is_kept].reset_index(drop=True)
    about = about.assign(parts=[d.parts for d in kept], encoder=[d.encoder for d in kept])
    frame = pd.concat([about, frame_of_rows([d.row for d in kept], recipe)], axis=1)
    columns = {name: Column(ROLES.get(name, "identity")) for name in about.columns} | row_columns(recipe)
    table = Table(frame, columns, recipe.to_json(), (*say_left_out(corpus), *corpus.notes))
    inputs = Recipe(recipe.kind, recipe.features, recipe.streams)
    changed = {name: frame_of_rows([d.variants[name] for d in kept], inputs) for name in variants}
    failed = int(corpus.table["status"].isin(["unreadable", "over_limit", "failed"]).sum())
    return Prepared(table, corpus, tuple(d.fingerprint for d in kept), changed, failed)


def _read_checked(path: Path, recipe: Recipe) -> Table:
    """A table that holds all that the recipe asks for, in the same versions, and no other features and streams.

    A table that was made from one from elsewhere is its own recipe.
    """
    table = read_table(path)
    if table.recipe and table.recipe.get("kind") == "table":
        return table
    has: Mapping[str, Any] = table.recipe or {"features": {}, "streams": {}}
    missing = [
        name
        for wanted, there in ((recipe.features, has["features"]), (recipe.streams, has["streams"]))
        for name, version in wanted.items()
        if there.get(name) != version
    ]
    if missing:
        raise TableError(
            "T112",
            f"the table must hold what the model needs, but lacks (or has in another version): {', '.join(missing)}.",
            remedy="Extract the table again with this version of styleprint (a spectrogram: extract --models MODEL).",
            place=str(path),
        )
    wanted = row_columns(recipe)
    return table.without(name for name in table.names("feature", "stream") if name not in wanted)
