"""``styleprint neighbours``: what a model of language has learnt."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Cache, Json, Quiet, Seed, Workers, answer

__all__ = ["neighbours"]


def neighbours(
    bundle: Annotated[Path, typer.Argument(help="What 'train --model language-…' wrote.")],
    music: Annotated[
        list[Path] | None, typer.Argument(help="Scores, or folders of them: which training pieces are near.")
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write a page, with maps.")] = None,
    workers: Workers = None,
    seed: Seed = 0,
    cache: Cache = None,
    quiet: Quiet = False,
    json: Json = None,
) -> None:
    """Show which pitches, durations and pieces a model of language holds for alike, and test what it knows."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.neighbours import neighbours
    from styleprint.workflows.options import RunOptions

    with show_progress(quiet=quiet) as progress:
        run = RunOptions(workers=workers, seed=seed, cache=cache, progress=progress)
        result = neighbours(bundle, music or (), output, run=run)
    answer(result, json)
