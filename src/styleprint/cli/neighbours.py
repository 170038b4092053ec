"""``styleprint neighbours``: what a model of language has learnt."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Json, Seed, answer

__all__ = ["neighbours"]


def neighbours(
    bundle: Annotated[Path, typer.Argument(help="What 'train --model language-…' wrote.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write a page, with maps.")] = None,
    seed: Seed = 0,
    json: Json = None,
) -> None:
    """Show which pitches and durations a model of language holds for alike, and test what it knows of theory."""
    from styleprint.workflows.neighbours import neighbours

    answer(neighbours(bundle, output, seed=seed), json)
