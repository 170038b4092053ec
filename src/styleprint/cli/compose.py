"""``styleprint compose``: new music from a model of language."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Json, Seed, answer

__all__ = ["compose"]


def compose(
    bundle: Annotated[Path, typer.Argument(help="What 'train --model language-…' wrote.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The MIDI file; a page to see and hear it comes beside.")
    ],
    seconds: Annotated[float | None, typer.Option(help="Length; 30 by default, or that of the melody.")] = None,
    measures: Annotated[float | None, typer.Option(help="Length in measures, of 4/4 or as the given file has.")] = None,
    count: Annotated[int, typer.Option(help="How many pieces: OUT-1.mid, OUT-2.mid …")] = 1,
    seed: Seed = 0,
    temperature: Annotated[float, typer.Option(help="Under 1 the likely becomes likelier.")] = 1.0,
    top_p: Annotated[float, typer.Option(help="Draw among the likeliest that have this mass together.")] = 0.95,
    primer: Annotated[Path | None, typer.Option(help="A score to continue.")] = None,
    melody: Annotated[
        Path | None, typer.Option(help="A score to accompany: its parts stand, others are drawn.")
    ] = None,
    parts: Annotated[str, typer.Option(help="Draw these parts alone, such as 1,3.")] = "",
    key: Annotated[
        str, typer.Option(help="Pull pitches towards a key, such as 'D minor'; move the primer there.")
    ] = "",
    chords: Annotated[str, typer.Option(help="Write over chords, such as 'Dm7 | G7 | Cmaj7'.")] = "",
    avoid_runs: Annotated[
        int, typer.Option(metavar="N", help="No passage over N notes may stand in the training music; 8 or more.")
    ] = 0,
    json: Json = None,
) -> None:
    """Write new music, and say how much of it stands in what the model has learnt from."""
    from styleprint.generation.drawing import Sampling
    from styleprint.workflows.compose import ComposeOptions, compose, read_parts

    options = ComposeOptions(
        seconds=seconds,
        measures=measures,
        count=count,
        sampling=Sampling(temperature, top_p, seed),
        primer=primer,
        melody=melody,
        parts=read_parts(parts),
        key=key,
        chords=chords,
        avoid_notes=avoid_runs,
    )
    answer(compose(bundle, output, options), json)
