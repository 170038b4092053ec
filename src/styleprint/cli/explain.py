"""``styleprint explain``: why a bundle says what it says of a piece."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Json, Lenient, Limit, Quiet, answer

__all__ = ["explain"]


def explain(
    bundle: Annotated[Path, typer.Argument(help="What 'train' wrote.")],
    file: Annotated[Path, typer.Argument(help="A score or a recording.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Write this page.")],
    prior: Annotated[
        str, typer.Option(metavar="corpus|equal|FILE", help="How likely each class is before the music is seen.")
    ] = "corpus",
    engraved: Annotated[
        bool, typer.Option("--engraved", help="Also draw the passages as printed, where the file is notation.")
    ] = False,
    lenient: Lenient = False,
    limit: Limit = None,
    quiet: Quiet = False,
    json: Json = None,
) -> None:
    """Say whose a piece may be, and show why: evidence, ranges of each class, passages, the nearest pieces."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.explain import explain
    from styleprint.workflows.options import RunOptions

    with show_progress(quiet=quiet) as progress:
        run = RunOptions(progress=progress)
        result = explain(
            bundle,
            file,
            output,
            prior=prior,
            engraved=engraved,
            lenient=lenient,
            limits=limit or (),
            run=run,
        )
    answer(result, json, strict=True)
