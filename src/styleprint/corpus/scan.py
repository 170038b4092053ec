"""A folder becomes a corpus: every file is read once, in supervised workers.

A corpus is of one kind, scores or recordings (:mod:`styleprint.corpus.folder`). Of recordings the artist stands for
the work and the album for the collection, an artist is kept whole across labels too, and the table has the columns
``seconds``, ``artist``, ``album`` and ``title`` after the others.

The result depends on the files, the labels file, the options and the seed; not on the number of workers,
nor on the order in which the file system lists names.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from styleprint.corpus.artists import find_artist
from styleprint.corpus.audio_copies import find_audio_copies
from styleprint.corpus.copies import find_copies
from styleprint.corpus.corpus import COLUMNS, Corpus, Removed
from styleprint.corpus.filters import Filters, apply_filters, check_only
from styleprint.corpus.folder import Folder, FoundFile, Kind, label_of, scan_folder
from styleprint.corpus.groups import find_groups
from styleprint.corpus.labels import GivenLabel, Labels, read_labels
from styleprint.corpus.pieces import Piece, PieceReader
from styleprint.corpus.selection import select_rows
from styleprint.corpus.works import Work, find_work
from styleprint.reading.limits import DEFAULT_LIMITS, Limits
from styleprint.support.errors import CorpusError, InternalError, LimitError, StyleprintError, UsageError
from styleprint.support.progress import Progress, silent
from styleprint.support.workers import Outcome, map_supervised

__all__ = ["ReadAll", "scan_corpus", "scan_scores"]

ReadAll = Callable[[Sequence[str], PieceReader], Iterable[Outcome[Piece]]]
"""Reads files, given by their locations: one outcome each, in order."""

_OTHERS = {"score": "recordings beside the scores", "recording": "scores beside the recordings"}
_CLOSED = "the folder cannot be opened: {}"


@dataclass
class _Row:
    """One file on its way through a scan."""

    file: FoundFile
    given: GivenLabel
    status: str = "ok"
    reason: str = ""
    piece: Piece | None = None


def scan_corpus(
    root: Path,
    *,
    labels: Path | None = None,
    levels: Sequence[str] = (),
    filters: Filters | None = None,
    keep_collections: bool = False,
    lenient: bool = False,
    cache: Path | None = None,
    limits: Limits = DEFAULT_LIMITS,
    workers: int = 1,
    seed: int = 0,
    progress: Progress = silent,
) -> Corpus:
    """Find labels, works, copies, groups and faults in a folder.

    Parameters
    ----------
    root : Path
        The folder.
    labels : Path, optional
        A CSV of labels (:mod:`styleprint.corpus.labels`); without it labels come from folders.
    levels : sequence of str
        Names of the folder levels that make a label; empty takes the first folder alone.
    filters : Filters, optional
        What to leave out.
    keep_collections : bool
        Let groups keep each opus, cycle or notebook whole.
    lenient : bool
        Read damaged notation as far as it goes.
    cache : Path, optional
        Folder where slow formats are kept once read.
    limits : Limits
        What a file may cost.
    workers : int
        Number of processes; 0 reads in this one, without supervision.
    seed : int
        Of `filters.cap`.
    progress : Progress

    Raises
    ------
    CorpusError
        C101–C103 for a folder that cannot serve; C110–C116 for the labels file; C120 for unknown labels.
    """
    return scan_scores(
        root,
        None,
        labels=labels,
        levels=levels,
        filters=filters,
        keep_collections=keep_collections,
        lenient=lenient,
        cache=cache,
        limits=limits,
        workers=workers,
        seed=seed,
        progress=progress,
    )[0]


def scan_scores(
    root: Path,
    per_score: Callable[[Any], Any] | None,
    *,
    labels: Path | None = None,
    levels: Sequence[str] = (),
    filters: Filters | None = None,
    keep_collections: bool = False,
    lenient: bool = False,
    cache: Path | None = None,
    limits: Limits = DEFAULT_LIMITS,
    workers: int = 1,
    seed: int = 0,
    progress: Progress = silent,
    read: ReadAll | None = None,
) -> tuple[Corpus, list[Any]]:
    """As :func:`scan_corpus`, and call a function on each Score, or Recording, while it is at hand.

    So no file is read twice.

    Parameters
    ----------
    per_score : callable or None
        Defined at the top of a module; what it returns travels between processes. Called for every piece
        with music that is read, also for one that a filter leaves out later.
    read : callable, optional
        How files are read; by default in supervised workers of this machine.

    Returns
    -------
    corpus : Corpus
    values : list
        What `per_score` returned, one entry a row of the corpus; None for files without notes or unread.
    """
    filters = filters or Filters()
    folder = scan_folder(root)
    rows, removed, notes = _collect(folder, read_labels(labels) if labels else None, levels)
    _check_not_empty(root, folder, rows)
    _check_filters(filters, folder.kind)
    if filters.only:
        removed.append(_keep_only(rows, filters.only))
    _read(
        rows,
        PieceReader(lenient, per_score, cache, limits, folder.kind),
        read or partial(_read_here, workers, progress),
    )
    progress("copies", 0, 1)
    table = _make_table(rows, keep_collections, folder.kind, workers)
    progress("copies", 1, 1)
    nan = float("nan")
    removed += apply_filters(
        table,
        filters,
        seconds=[row.piece.seconds if row.piece else nan for row in rows],
        key_confidence=[row.piece.key_confidence if row.piece else nan for row in rows],
        seed=seed,
    )
    notes += _sentences(table, folder)
    corpus = Corpus(root=root, table=table, removed=tuple(removed), notes=tuple(notes))
    return corpus, [row.piece.value if row.piece else None for row in rows]


def _collect(
    folder: Folder, labels: Labels | None, levels: Sequence[str]
) -> tuple[list[_Row], list[Removed], list[str]]:
    """A row for each file, with its label; files that a labels file does not name are marked as left out."""
    closed = [
        _Row(FoundFile(f"{path}/", ""), GivenLabel(label_of(f"{path}/", levels)), "unreadable", _CLOSED.format(reason))
        for path, reason in folder.closed
    ]
    if labels is None:
        rows = [_Row(file, GivenLabel(label_of(file.path, levels))) for file in folder.files]
        return _sorted(rows + closed), [], []
    matched = labels.match([file.path for file in (*folder.files, *folder.others)])
    rows = [_Row(file, matched[file.path]) for file in (*folder.files, *folder.others) if file.path in matched]
    unnamed = [file for file in folder.files if file.path not in matched]
    nothing = GivenLabel("", further=dict.fromkeys(labels.further, ""))
    rows += [_Row(file, nothing, "left_out", "the labels file does not name it") for file in unnamed]
    for row in closed:
        row.given = nothing
    if not unnamed:
        return _sorted(rows + closed), [], []
    note = f"The labels file does not name {_files(len(unnamed))}: left out."
    return _sorted(rows + closed), [Removed("labels", len(unnamed))], [note]


def _sorted(rows: list[_Row]) -> list[_Row]:
    return sorted(rows, key=lambda row: row.file.path)


def _check_not_empty(root: Path, folder: Folder, rows: list[_Row]) -> None:
    if rows:
        return
    raise CorpusError(
        "C103",
        f"a corpus must hold music files, but there are none; {len(folder.others)} other files, {folder.hidden} hidden "
        f"and {len(folder.links_out)} links were passed over.",
        remedy="Give a folder with one sub-folder a label, with MIDI, notation or sound files in them.",
        place=str(root),
    )


def _check_filters(filters: Filters, kind: Kind) -> None:
    """Filters by notes and by their key are of scores.

    Raises
    ------
    UsageError
        U113.
    """
    if kind == "recording" and (filters.min_notes > 1 or filters.min_key_confidence > 0):
        raise UsageError(
            "U113",
            "--min-notes and --min-key-confidence look at notes, and recordings have none.",
            remedy="Use --min-seconds.",
        )


def _keep_only(rows: list[_Row], only: tuple[str, ...]) -> Removed:
    check_only(only, {row.given.label for row in rows})
    left = [row for row in rows if row.status == "ok" and row.given.label not in only]
    for row in left:
        row.status, row.reason = "left_out", "its label is not among those asked for"
    return Removed("only", len(left))


def _read_here(
    workers: int, progress: Progress, locations: Sequence[str], reader: PieceReader
) -> Iterable[Outcome[Piece]]:
    return map_supervised(reader, locations, workers=workers, stage="reading", progress=progress)


def _read(rows: list[_Row], reader: PieceReader, read: ReadAll) -> None:
    waiting = [row for row in rows if row.status == "ok"]
    for row, outcome in zip(waiting, read([row.file.location for row in waiting], reader), strict=True):
        _take_outcome(row, outcome)


def _take_outcome(row: _Row, outcome: Outcome[Piece]) -> None:
    if outcome.error is not None:
        row.status = _status_of(outcome.error)
        row.reason = f"[{outcome.error.code}] {outcome.error.message}"
        return
    row.piece = outcome.unwrap()
    if not row.piece.has_music:
        row.status, row.reason = "empty", "it has no notes"


def _status_of(error: StyleprintError) -> str:
    if isinstance(error, LimitError):
        return "over_limit"
    return "failed" if isinstance(error, InternalError) else "unreadable"


def _make_table(rows: list[_Row], keep_collections: bool, kind: Kind, workers: int) -> pd.DataFrame:
    """The table, complete but for the filters."""
    works = [_work_of(row, kind) for row in rows]
    table = pd.DataFrame(
        {
            "path": [row.file.path for row in rows],
            "label": [row.given.label for row in rows],
            "status": [row.status for row in rows],
            "reason": [row.reason for row in rows],
            "work": [work.work for work in works],
            "work_source": [work.source for work in works],
            "collection": [work.collection for work in works],
            "copies": "",
            "attribution": [row.given.attribution for row in rows],
            "group": [row.given.group for row in rows],
            "split": [row.given.split for row in rows],
            "sha256": [row.piece.sha256 if row.piece else "" for row in rows],
            "notes": [row.piece.notes if row.piece else 0 for row in rows],
            "quarters": [row.piece.quarters if row.piece else 0.0 for row in rows],
        },
        columns=list(COLUMNS),
    )
    copies, excerpts = _find_copies(rows, table, kind, workers)
    names = {member: f"copies-{number}" for number, members in enumerate(copies, start=1) for member in members}
    table["copies"] = [names.get(place, "") for place in range(len(rows))]
    table["group"] = find_groups(
        table,
        copies=copies,
        excerpts=excerpts,
        rivals=[work.rival for work in works],
        makers=[_maker_of(work) if kind == "recording" else "" for work in works],
        keep_collections=keep_collections,
    )
    if kind == "recording":
        table["seconds"] = [row.piece.seconds if row.piece else 0.0 for row in rows]
        for name in ("artist", "album"):
            table[name] = [str(getattr(row.piece, name)) if row.piece else "" for row in rows]
        table["title"] = [row.piece.titles[0] if row.piece and row.piece.titles else "" for row in rows]
    for name in rows[0].given.further:
        table[name] = [row.given.further.get(name, "") for row in rows]
    return table


def _find_copies(
    rows: list[_Row], table: pd.DataFrame, kind: Kind, workers: int
) -> tuple[list[list[int]], list[list[int]]]:
    """Sets of copies and pairs of excerpts as row numbers, among the files with music."""
    places = [place for place, row in enumerate(rows) if row.piece is not None and row.piece.has_music]
    pieces = [rows[place].piece for place in places]
    prints = [piece.fingerprint for piece in pieces if piece is not None]
    hashes = [table["sha256"][place] for place in places]
    if kind == "recording":
        found = find_audio_copies([one.shingles for one in prints], hashes=hashes)
    else:
        works = [f"{table['label'][place]}: {table['work'][place]}" for place in places]
        found = find_copies(prints, works=works, hashes=hashes, workers=workers)
    sets = sorted(sorted(places[member] for member in members) for members in found.sets)
    return sets, sorted(sorted(places[member] for member in pair) for pair in found.excerpts)


def _work_of(row: _Row, kind: Kind) -> Work:
    if kind == "recording":
        artist, album = (row.piece.artist, row.piece.album) if row.piece else ("", "")
        found = find_artist(row.file.path, label=row.given.label, artist=artist, album=album)
        collection = row.given.collection or found.collection
        return Work(row.given.work or found.work, "given" if row.given.work else found.source, collection)
    found = find_work(
        row.file.path,
        label=row.given.label,
        titles=row.piece.titles if row.piece else (),
        file_format=row.piece.file_format if row.piece else "",
    )
    collection = row.given.collection or found.collection
    if row.given.work:
        return Work(row.given.work, "given", collection)
    return Work(found.work, found.source, collection, found.rival)


def _maker_of(work: Work) -> str:
    """The artist that tags or a file name tell; empty for albums and for works that a labels file gives."""
    return work.work if work.source in ("file", "name") and work.work.startswith("artist-") else ""


def _sentences(table: pd.DataFrame, folder: Folder) -> list[str]:
    """What a user should know."""
    sentences = []
    passed = [
        f"{count} {name}"
        for count, name in (
            (len(folder.others) - folder.of_other_kind, "files that are no music"),
            (folder.of_other_kind, _OTHERS[folder.kind]),
            (folder.hidden, "hidden"),
            (len(folder.links_out), "links not followed"),
        )
        if count
    ]
    if passed:
        sentences.append(f"Passed over: {', '.join(passed)}.")
    if folder.closed:
        sentences.append(f"{len(folder.closed)} folders could not be opened.")
    unlabelled = int(((table["label"] == "") & (table["status"] == "ok")).sum())
    if unlabelled:
        sentences.append(f"{_files(unlabelled)} without a label: they neither train nor count.")
    chosen = select_rows(table)
    if chosen.conflicts:
        sets = "set" if len(chosen.conflicts) == 1 else "sets"
        sentences.append(
            f"{len(chosen.conflicts)} {sets} of copies ({_files(len(chosen.conflict_rows))}) under different labels: "
            "they neither train nor count."
        )
    usable = table["label"].iloc[chosen.rows].nunique()
    if usable < 2:
        sentences.append(f"There {'is one label' if usable else 'is no label'} that can serve; a model needs two.")
    return sentences


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"
