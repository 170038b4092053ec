"""``styleprint scan``: what a folder holds."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Given, corpus_command

__all__ = ["scan"]


@corpus_command
def scan(
    corpus: Annotated[Path, typer.Argument(help="A folder with one sub-folder a label.")],
    given: Given,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write one row a file to this CSV.")] = None,
) -> None:
    """Find labels, works, copies and faults in a folder, and say what was left out and why."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.scan import describe_scan, scan

    with show_progress(quiet=given.quiet) as progress:
        result = scan(corpus, output=output, corpus=given.corpus, run=given.run(progress))
    given.answer(describe_scan(result))
