"""``styleprint explore``: what to look at before any model."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Given, Source, corpus_command

__all__ = ["explore"]


@corpus_command
def explore(
    source: Source,
    given: Given,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write a page.")] = None,
    figures: Annotated[Path | None, typer.Option(help="Folder for the figures as SVG files.")] = None,
) -> None:
    """Look at a corpus or a table: gaps, lengths, how labels differ, what goes together, in words and pictures."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.explore import ExploreOptions, explore

    what = ExploreOptions(output=output, figures=figures)
    with show_progress(quiet=given.quiet) as progress:
        result = explore(source, what, corpus=given.corpus, run=given.run(progress))
    given.answer(result)
