"""``styleprint convert``: any score becomes MIDI, any recording a mel-spectrogram or a page of its sections."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Lenient

__all__ = ["convert"]


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A score or a recording in any format that we read.")],
    output: Annotated[
        Path, typer.Argument(metavar="OUT.mid", help="The MIDI file; of a recording OUT.png, .npy or .html.")
    ],
    lenient: Lenient = False,
    seconds: Annotated[
        float, typer.Option(min=0.1, help="Of a recording: longer ones are cut, shorter ones padded.")
    ] = 30.0,
) -> None:
    """Write a score as MIDI, or a recording's mel-spectrogram or sections, and say what was mended on the way."""
    from styleprint.music.score import Score
    from styleprint.support.text import show_text
    from styleprint.workflows.convert import convert

    record = convert(source, output, lenient=lenient, seconds=seconds)
    if isinstance(record, Score):
        told = f"{len(record)} notes, {record.end_quarters:g} quarters, {len(record.parts.name)} parts: {output}"
    elif output.suffix.lower() == ".html":
        told = f"sections of {record.seconds:.1f} s: {output}"
    else:
        told = f"{seconds:g} s of {record.seconds:.1f} s, 128 mel bands: {output}"
    typer.echo(show_text(told))
    for warning in record.warnings:
        typer.echo(show_text(f"warning: {warning}"), err=True)
