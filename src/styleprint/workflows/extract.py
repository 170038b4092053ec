"""A folder becomes a table."""

import shutil
from dataclasses import replace
from pathlib import Path

from styleprint.extraction.recipe import Recipe
from styleprint.extraction.table import write_table
from styleprint.features.registry import feature_names
from styleprint.features.streams.registry import STREAMS
from styleprint.workflows.options import CorpusOptions, RunOptions
from styleprint.workflows.prepare import prepare
from styleprint.workflows.result import TextResult

__all__ = ["extract"]


def extract(
    source: Path,
    output: Path,
    *,
    resume: bool = False,
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> TextResult:
    """Write every feature and stream of every piece as one row of a Parquet table.

    Parameters
    ----------
    source : Path
        A folder with one sub-folder a label.
    output : Path
    resume : bool
        Take up what an interrupted run to the same output had done: the rows lie in a hidden folder beside it
        until the table is whole.
    corpus, run : optional

    Returns
    -------
    TextResult
    """
    run = run or RunOptions()
    recipe = Recipe.of(feature_names(), tuple(STREAMS), with_make=True)
    state = output.with_name(f".{output.name}.state")
    if not resume:
        shutil.rmtree(state, ignore_errors=True)
    kept = run if run.cache else replace(run, cache=state)
    prepared = prepare(source, recipe, corpus=corpus or CorpusOptions(), run=kept)
    write_table(prepared.table, output)
    shutil.rmtree(state, ignore_errors=True)
    table = prepared.table
    found = {
        "rows": len(table),
        "features": len(table.names("feature")),
        "streams": len(recipe.streams),
        "failed": prepared.failed,
        "table": str(output),
        "notes": list(table.notes),
    }
    text = f"{found['rows']} rows, {found['features']} feature columns, {found['streams']} streams: {output}"
    if prepared.failed:
        text += f"\n{prepared.failed} files could not be read; 'styleprint scan' says why."
    return TextResult("\n".join([text, *table.notes]), found, prepared.failed)
