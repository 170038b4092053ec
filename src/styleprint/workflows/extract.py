"""A folder becomes a table."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from styleprint.corpus.corpus import Corpus
from styleprint.corpus.corpus_csv import write_cells
from styleprint.corpus.scan import scan_scores
from styleprint.extraction.assembly import assemble_table
from styleprint.extraction.batches import Batches, Digester
from styleprint.extraction.cache import RowCache
from styleprint.extraction.parts import Parts
from styleprint.extraction.recipe import Recipe
from styleprint.extraction.rows import row_columns
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
    models : sequence of str
        Whose needs the rows must serve besides: spectrograms of recordings are made only where one asks for them.
    corpus, run : optional

    Returns
    -------
    TextResult
    """
    run, options = run or RunOptions(), corpus or CorpusOptions()
    recipe = whole_recipe(source_kind(source), models=models)
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
    rows = assemble_table(found, parts, recipe, output)
    ledger = _write_ledger(found, output)
    shutil.rmtree(state, ignore_errors=True)
    return _describe(found, rows, recipe, output, ledger)


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
