"""Variants of the pieces of a folder, for training sides: how many of which, drawn by seed, made in workers.

Which variants a piece gets depends on its hash, its class and the seed alone, so the result is the same for any number
of workers and in any order of files. Files are read a second time, those of classes that need variants alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from styleprint.corpus.folder import Kind, scan_folder
from styleprint.corpus.selection import column_text, select_rows
from styleprint.extraction.cache import RowCache
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import Row, extract_row, frame_of_rows
from styleprint.extraction.variants import Variants
from styleprint.features.kinds import KINDS, RecordKind, variant_key
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.reading import read_record
from styleprint.reading.limits import WORK_OF_SOUND, Limits, raise_limits
from styleprint.sound.variants import Strength
from styleprint.support.deadline import allow_more
from styleprint.support.errors import LimitError, UsageError
from styleprint.support.hashing import hash_json
from styleprint.support.kept_arrays import trim_cache
from styleprint.support.workers import TIMEOUT_SECONDS, count_workers, map_supervised
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions
from styleprint.workflows.prepare import Prepared, prepare

__all__ = ["prepare_augmented"]

_MOST_OF_A_NAME = 100
_AS_IN = "A name may have a number, as in transposed=3, and for recordings a strength, as in noisy@20."


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
        U168, where the names, the target or the source cannot serve: before anything is read.
    CorpusError, TableError
        Where the source cannot serve.
    """
    counts = _read_names(options, recipe.kind, is_table=source.is_file())
    prepared = prepare(source, recipe, corpus=corpus, run=run, variants=variants)
    if not counts or prepared.corpus is None:
        return prepared
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
    plan = _plan(prepared, counts, options.to, run.seed)
    found = _make(prepared, prepared.corpus.root, plan, maker, run)
    made_of = _in_turn(found, plan, maker.recipe, prepared, options, run)
    notes = [
        f"Models learn from {len(made_of)} variants ({options.text}) of {len(np.unique(made_of.of))} pieces beside the "
        "pieces; a variant shares the weight of its piece, stands on its side of every split, and is never scored."
    ]
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


def _read_names(options: AugmentOptions, kind: str, *, is_table: bool) -> dict[str, int]:
    """Name → how many of it a piece gets, or, with a target, in a turn."""
    if not options.names:
        if options.to is not None:
            raise UsageError("U168", "--augment-to fills classes up with variants, and --augment names none.")
        return {}
    if is_table:
        raise UsageError(
            "U168",
            "variants are made of the music in a folder, and a single file was given.",
            remedy="Give the folder; of tables, a preparation with smote=N or noise=N makes more rows of rare classes.",
        )
    counts: dict[str, int] = {}
    for text in options.names:
        name, count = _read_name(text, KINDS[kind])
        if name in counts:
            raise UsageError("U168", f"each variant is named once, and {name!r} is named twice.", remedy=_AS_IN)
        counts[name] = count
    return counts


def _read_name(text: str, kind: RecordKind) -> tuple[str, int]:
    """``noisy@20=3`` → its name with its strength, and how many."""
    stated, has_count, number = text.partition("=")
    name, has_strength, strength = stated.partition("@")
    if name not in kind.variants:
        known = ", ".join(kind.variants)
        raise UsageError("U168", f"{text!r} is no variant.", remedy=f"Choose among {known}, each once. {_AS_IN}")
    if has_count and not (number.isdecimal() and 1 <= int(number) <= _MOST_OF_A_NAME):
        raise UsageError(
            "U168",
            f"{text!r} is no variant: after = stands how many of it, from 1 to {_MOST_OF_A_NAME}.",
            remedy=_AS_IN,
        )
    usual = kind.strengths.get(name)
    value = _read_strength(text, strength, usual) if has_strength else None
    is_usual = value is None or (usual is not None and value == usual.usual)
    return name if is_usual else f"{name}@{value:g}", int(number or 1)


def _read_strength(text: str, strength: str, about: Strength | None) -> float:
    if about is None:
        raise UsageError(
            "U168",
            f"{text!r} is no variant: this one has no strength to state.",
            remedy="Leave out @ and what follows it.",
        )
    try:
        value = float(strength)
    except ValueError:
        value = math.nan
    if not about.least <= value <= about.most:
        raise UsageError(
            "U168",
            f"{text!r} is no variant: after @ stands its strength, "
            f"from {about.least:g} to {about.most:g} {about.unit}.",
            remedy=f"State one, or leave it out: it is {about.usual:g} then.",
        )
    return value


def _plan(prepared: Prepared, counts: Mapping[str, int], target: int | None, seed: int) -> dict[int, tuple[str, ...]]:
    """Row of the table → its variants, in the order in which they are taken.

    With a target, each piece has enough of them for its class to reach it where half of its pieces train; names come in
    turn, from a place in the list that is drawn by the hash of the piece.
    """
    frame = prepared.table.frame
    rows = select_rows(frame).rows
    labels, hashes = column_text(frame, "label"), column_text(frame, "sha256")
    turn = [(name, number) for name, count in counts.items() for number in range(count)]
    if target is None:
        keys = tuple(variant_key(name, seed, number) for name, number in turn)
        return {int(row): keys for row in rows}
    plan = {}
    for label in np.unique(labels[rows]):
        own = rows[labels[rows] == label]
        each = max(0, math.ceil(2 * target / len(own)) - 1)
        for row in own.tolist() if each else ():
            start = int(hash_json([hashes[row], seed]), 16) % len(turn)
            plan[row] = tuple(_key(turn, counts, start + k, seed) for k in range(each))
    return plan


def _key(turn: Sequence[tuple[str, int]], counts: Mapping[str, int], k: int, seed: int) -> str:
    """The variant at a place of the list, which begins again with other draws."""
    again, place = divmod(k, len(turn))
    name, number = turn[place]
    return variant_key(name, seed, number + again * counts[name])


def _in_turn(
    found: Mapping[int, Mapping[str, Row] | None],
    plan: Mapping[int, tuple[str, ...]],
    recipe: Recipe,
    prepared: Prepared,
    options: AugmentOptions,
    run: RunOptions,
) -> Variants:
    """All first variants of pieces, in an order drawn by their hashes, then all second ones."""
    hashes = column_text(prepared.table.frame, "sha256")
    made = {row: own for row, own in found.items() if own}
    drawn = sorted(made, key=lambda row: (hash_json([run.seed, hashes[row]]), row))
    longest = max((len(keys) for keys in plan.values()), default=0)
    order = [
        (row, plan[row][k]) for k in range(longest) for row in drawn if k < len(plan[row]) and plan[row][k] in made[row]
    ]
    inputs = frame_of_rows([made[row][key] for row, key in order], recipe)
    return Variants(inputs, np.array([row for row, _ in order], dtype=np.intp), options.to)
