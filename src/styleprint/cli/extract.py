"""``styleprint extract``: a folder becomes a table."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Given, corpus_command, split_names

__all__ = ["extract"]


@corpus_command
def extract(
    corpus: Annotated[Path, typer.Argument(help="A folder with one sub-folder a label.")],
    given: Given,
    output: Annotated[Path, typer.Option("-o", "--output", help="The table, as Parquet.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted run stopped.")] = False,
    cluster: Annotated[str, typer.Option(metavar="ADDRESS", help="Read on a Dask cluster, as tcp://host:8786.")] = "",
    files_a_task: Annotated[
        int, typer.Option(min=1, max=1000, help="Files that the cluster's workers take at a time.")
    ] = 200,
    beats_per_row: Annotated[
        int, typer.Option(min=0, help="Of recordings: a row for each run of so many beats; 0 for one of each.")
    ] = 0,
    sections: Annotated[
        bool, typer.Option("--sections", help="Of recordings: a row for each section, with its letter.")
    ] = False,
    models: Annotated[
        str, typer.Option(help="What these need besides, as a,b,c: mel_convolutions, a spectrogram.")
    ] = "",
) -> None:
    """Read every piece once and write its features and streams as one row of a Parquet table."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.extract import extract

    with show_progress(quiet=given.quiet) as progress:
        result = extract(
            corpus,
            output,
            resume=resume,
            cluster=cluster,
            files_a_task=files_a_task,
            beats_per_row=beats_per_row,
            sections=sections,
            models=split_names(models),
            corpus=given.corpus,
            run=given.run(progress),
        )
    given.answer(result)
