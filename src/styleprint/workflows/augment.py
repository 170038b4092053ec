"""Variants of the pieces of a folder or a table, for training sides; those of a folder are made in workers.

Files are read a second time, those of classes that need variants alone. Tables hold no music; of those whose sequences
are chords, variants are made by :mod:`styleprint.workflows.augment_sequences`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from styleprint.corpus.folder import Kind, scan_folder
from styleprint.corpus.selection import column_text
from styleprint.extraction.cache import RowCache
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import Row, extract_row, frame_of_rows
from styleprint.extraction.variants import Variants
from styleprint.features.kinds import KINDS
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.reading import read_record
from styleprint.reading.limits import WORK_OF_SOUND, Limits, raise_limits
from styleprint.support.deadline import allow_more
from styleprint.support.errors import LimitError
from styleprint.support.kept_arrays import trim_cache
from styleprint.support.workers import TIMEOUT_SECONDS, count_workers, map_supervised
from styleprint.workflows.augment_sequences import augment_sequences
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions
from styleprint.workflows.prepare import Prepared, prepare
from styleprint.workflows.variant_names import check_asked, read_names
from styleprint.workflows.variant_plan import Plan, say_augmented

__all__ = ["prepare_augmented"]


@dataclass(frozen=True)
class _Maker:
    """Makes the rows of variants in a worker."""

    recipe: Recipe
    kind: Kind
    lenient: bool
    limits: Limits
    scores: Path | None
    rows: RowCache | None

    def __call__(self, item: tuple[str, tuple[str, ...]]) -> dict[str, Row]:
        """Variant → its row, of one file; without those that would be the piece itself."""
        location, keys = item
        record = read_record(Path(location), self.kind, limits=self.limits, lenient=self.lenient, cache=self.scores)
        rows = {}
        for key in keys:
            # as long as a piece may take, once more
            allow_more(TIMEOUT_SECONDS + WORK_OF_SOUND * (record.seconds if isinstance(record, Recording) else 0.0))
            rows[key] = self._row(record, key)
        return {key: row for key, row in rows.items() if row is not None}

    def _row(self, record: Score | Recording, key: str) -> Row | None:
        place = self.rows.place(record.source.hash, self.recipe, key, None) if self.rows else None
        row = self.rows.read(place, self.recipe) if self.rows and place else None
        if row is None:
            changed = KINDS[self.kind].change(record, key)
            row = None if changed is record else extract_row(changed, self.recipe)
            if self.rows and place and row is not None:
                self.rows.write(place, row)
        return row


def prepare_augmented(
    source: Path,
    recipe: Recipe,
    options: AugmentOptions,
    *,
    corpus: CorpusOptions,
    run: RunOptions,
    variants: Sequence[str] = (),
) -> Prepared:
    """Read a folder or a table, and make variants of the pieces that teach where any are asked for.

    Parameters
    ----------
    source, recipe, corpus, run, variants
        As :func:`styleprint.workflows.prepare.prepare` takes them.
    options : AugmentOptions

    Returns
    -------
    Prepared
        The notes of its table say how many variants there are.

    Raises
    ------
    UsageError
        U168, where the names, the target or the source cannot serve: of a folder before anything is read.
    CorpusError, TableError
        Where the source cannot serve.
    """
    is_asked = check_asked(options)
    counts = read_names(options.names, KINDS[recipe.kind]) if is_asked and not source.is_file() else {}
    prepared = prepare(source, recipe, corpus=corpus, run=run, variants=variants)
    if not is_asked:
        return prepared
    if prepared.corpus is None:
        return augment_sequences(prepared, source, options, run)
    return _augment_folder(prepared, prepared.corpus.root, recipe, counts, options, corpus, run)


def _augment_folder(
    prepared: Prepared,
    root: Path,
    recipe: Recipe,
    counts: Mapping[str, int],
    options: AugmentOptions,
    corpus: CorpusOptions,
    run: RunOptions,
) -> Prepared:
    cache = run.cache
    kind: Kind = "recording" if recipe.kind == "recording" else "score"
    maker = _Maker(
        recipe=Recipe(kind, recipe.features, recipe.streams),
        kind=kind,
        lenient=corpus.lenient,
        limits=raise_limits(corpus.limits),
        scores=cache / "scores" if cache else None,
        rows=RowCache(cache / "rows") if cache else None,
    )
    hashes = dict(enumerate(column_text(prepared.table.frame, "sha256").tolist()))
    plan = Plan.of(prepared.table.frame, hashes, counts, options.to, run.seed)
    found = _make(prepared, root, plan.keys, maker, run)
    order = plan.in_turn(found)
    inputs = frame_of_rows([own[key] for row, key in order if (own := found[row])], maker.recipe)
    made_of = Variants(inputs, np.array([row for row, _ in order], dtype=np.intp), options.to)
    notes = [say_augmented(made_of, options)]
    if without := sum(row is None for row in found.values()):
        notes.append(f"{without} pieces have no variants: making them took too much time or memory.")
    table = replace(prepared.table, notes=(*prepared.table.notes, *notes))
    return replace(prepared, table=table, augmented=made_of)


def _make(
    prepared: Prepared, root: Path, plan: Mapping[int, tuple[str, ...]], maker: _Maker, run: RunOptions
) -> dict[int, dict[str, Row] | None]:
    """Row of the table → variant → its row; None where making them took too much time or memory."""
    place = {file.path: file.location for file in scan_folder(root, maker.kind).files}
    path, rows = column_text(prepared.table.frame, "path"), sorted(plan)
    items = [(place[path[row]], plan[row]) for row in rows]
    workers = count_workers(run.workers)
    made = map_supervised(maker, items, workers=workers, stage="variants", progress=run.progress)
    found = {
        row: None if isinstance(outcome.error, LimitError) else outcome.unwrap()
        for row, outcome in zip(rows, made, strict=True)
    }
    if run.cache:
        trim_cache(run.cache)
    return found
