"""``styleprint convert``: any score that we read becomes MIDI."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Lenient

__all__ = ["convert"]


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A score in any format that we read.")],
    output: Annotated[Path, typer.Argument(metavar="OUT.mid", help="Where the MIDI file goes.")],
    lenient: Lenient = False,
) -> None:
    """Write a score as MIDI, and say what was mended on the way."""
    from styleprint.support.text import show_text
    from styleprint.workflows.convert import convert

    score = convert(source, output, lenient=lenient)
    told = f"{len(score)} notes, {score.end_quarters:g} quarters, {len(score.parts.name)} parts: {output}"
    typer.echo(show_text(told))
    for warning in score.warnings:
        typer.echo(show_text(f"warning: {warning}"), err=True)
