"""``styleprint extract``: a folder becomes a table."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Given, answer, corpus_command

__all__ = ["extract"]


@corpus_command
def extract(
    corpus: Annotated[Path, typer.Argument(help="A folder with one sub-folder a label.")],
    given: Given,
    output: Annotated[Path, typer.Option("-o", "--output", help="The table, as Parquet.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")] = False,
) -> None:
    """Read every piece once and write its features and streams as one row of a Parquet table."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.extract import extract

    with show_progress(quiet=given.quiet) as progress:
        result = extract(corpus, output, resume=resume, corpus=given.corpus, run=given.run(progress))
    answer(result, given.json, strict=given.strict)
