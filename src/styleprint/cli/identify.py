"""``styleprint identify``: whose music is this?"""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Cache, Json, Lenient, Limit, Quiet, Strict, Workers, answer

__all__ = ["identify"]


def identify(
    bundle: Annotated[Path, typer.Argument(help="What 'train' wrote.")],
    files: Annotated[list[Path], typer.Argument(help="Files, or folders of files.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write one row a file to this CSV.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Leave out the files that the CSV already has.")] = False,
    prior: Annotated[
        str, typer.Option(metavar="corpus|equal|FILE", help="How likely each class is before the music is seen.")
    ] = "corpus",
    lenient: Lenient = False,
    limit: Limit = None,
    workers: Workers = None,
    cache: Cache = None,
    quiet: Quiet = False,
    json: Json = None,
    strict: Strict = False,
) -> None:
    """Say whether each piece is known, whose it may be, how likely, and why."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.identify import identify
    from styleprint.workflows.options import RunOptions

    with show_progress(quiet=quiet) as progress:
        run = RunOptions(workers=workers, cache=cache, progress=progress)
        result = identify(
            bundle,
            files,
            output=output,
            resume=resume,
            prior=prior,
            lenient=lenient,
            limits=limit or (),
            run=run,
        )
    answer(result, json, strict=strict or result.failed == len(result.as_json))
