"""A folder becomes a table."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from styleprint.corpus.corpus import Corpus
from styleprint.corpus.corpus_csv import write_cells
from styleprint.corpus.scan import scan_scores
from styleprint.extraction.assembly import assemble_table
from styleprint.extraction.batches import Batches, Digester
from styleprint.extraction.cache import RowCache
from styleprint.extraction.division import SECTIONS
from styleprint.extraction.parts import Parts
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import row_columns
from styleprint.support.errors import UsageError
from styleprint.support.hashing import hash_json
from styleprint.support.kept_arrays import trim_cache
from styleprint.version import __version__
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.recipes import source_kind, whole_recipe
from styleprint.workflows.result import TextResult
from styleprint.workflows.scan import count_failed, scan_options

__all__ = ["extract"]

FILES_A_TASK = 200


def extract(
    source: Path,
    output: Path,
    *,
    resume: bool = False,
    cluster: str = "",
    files_a_task: int = FILES_A_TASK,
    beats_per_row: int = 0,
    sections: bool = False,
    models: Sequence[str] = (),
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> TextResult:
    """Write every feature and stream of every piece as one row of a Parquet table.

    Rows are written in parts to a hidden folder beside the table until it is whole, so memory does not grow with
    them. Every file that is not in the table is named in a ledger beside it, with the reason.

    Parameters
    ----------
    source : Path
        A folder with one sub-folder a label.
    output : Path
        The table. ``four.parquet`` has the ledger ``four.ledger.csv``, where a file was left out.
    resume : bool
        Take up what an interrupted run to the same output had done: files whose content it had read with the same
        features are not read again.
    cluster : str
        Address of a Dask scheduler whose workers see the folder under the same path; empty stays here.
    files_a_task : int
        Files that a worker of the cluster takes at a time.
    beats_per_row : int
        Of recordings: a row for each run of so many beats, with features and no streams; 0 makes one row of each.
    sections : bool
        Of recordings: a row for each section, with its letter.
    models : sequence of str
        Whose needs the rows must serve besides: spectrograms of recordings are made only where one asks for them.
    corpus, run : optional

    Returns
    -------
    TextResult

    Raises
    ------
    UsageError
        U197, where scores are to be divided, or recordings both ways.
    """
    run, options = run or RunOptions(), corpus or CorpusOptions()
    recipe = _recipe_of(source, beats_per_row, sections, models)
    state = output.with_name(f".{output.name}.state")
    if not resume:
        shutil.rmtree(state, ignore_errors=True)
    cache = RowCache(run.cache.resolve() / "rows") if run.cache else None
    parts = Parts(state, hash_json([__version__, recipe.to_json(), options.lenient, list(options.limits)]))
    given = scan_options(options, run)
    batches = Batches(recipe, parts, resume, given["workers"], cluster, files_a_task, run.progress)
    found, _ = scan_scores(source.resolve() if cluster else source, Digester(recipe, cache), read=batches, **given)
    if run.cache:
        trim_cache(run.cache)
    if recipe.division:
        found = _without_undivided(found, parts, recipe)
    rows = assemble_table(found, parts, recipe, output)
    ledger = _write_ledger(found, output)
    shutil.rmtree(state, ignore_errors=True)
    return _describe(found, rows, recipe, output, ledger)


def _recipe_of(source: Path, beats_per_row: int, sections: bool, models: Sequence[str]) -> Recipe:
    kind = source_kind(source)
    if beats_per_row and sections:
        raise UsageError(
            "U197",
            "rows are of runs of beats or of sections, but both are asked for.",
            remedy="Extract twice, with --beats-per-row and with --sections.",
        )
    division = f"beats:{beats_per_row}" if beats_per_row else SECTIONS if sections else ""
    if division and kind == "score":
        raise UsageError(
            "U197",
            "rows of beats and of sections are of recordings, but these are scores.",
            remedy="The metre of a MIDI file is often a default, so its beats are not divided into rows. Extract whole "
            "pieces: their streams keep the onset of every token.",
            place=str(source),
        )
    return replace(whole_recipe(kind, with_streams=not division, models=() if division else models), division=division)


def _without_undivided(corpus: Corpus, parts: Parts, recipe: Recipe) -> Corpus:
    """Recordings that are too short to have a row of a division say so."""
    places = [parts.find(sha256) for sha256 in corpus.table["sha256"]]
    is_ok = corpus.table["status"] == "ok"
    none = np.array([place is not None and not place.count for place in places], dtype=bool) & is_ok
    table = corpus.table.copy()
    table.loc[none, "status"] = "too_short"
    table.loc[none, "reason"] = f"it has no part as {recipe.division} divides recordings"
    return replace(corpus, table=table)


def _write_ledger(corpus: Corpus, output: Path) -> Path | None:
    """Name each file that is not in the table, and why; None where all are."""
    path = output.with_name(f"{output.stem}.ledger.csv")
    out = corpus.table[corpus.table["status"] != "ok"]
    if out.empty:
        path.unlink(missing_ok=True)
        return None
    write_cells(path, ("path", "status", "reason"), out[["path", "status", "reason"]].to_numpy().tolist())
    return path


def _describe(corpus: Corpus, rows: int, recipe: Recipe, output: Path, ledger: Path | None) -> TextResult:
    failed = count_failed(corpus)
    features = sum(column.role == "feature" for column in row_columns(recipe).values())
    found = {
        "rows": rows,
        "features": features,
        "streams": len(recipe.streams),
        "failed": failed,
        "table": str(output),
        "ledger": str(ledger) if ledger else None,
        "notes": list(corpus.notes),
    }
    lines = [f"{rows} rows, {features} feature columns, {len(recipe.streams)} streams: {output}"]
    if ledger:
        left = len(corpus.table) - rows
        lines.append(f"{left} files are not in the table, {failed} of them failed; {ledger} says why.")
    return TextResult("\n".join([*lines, *corpus.notes]), found, failed)
