"""All commands, one file each."""

from typing import Annotated

import typer

from styleprint.cli import (
    card,
    compare,
    compose,
    convert,
    demo,
    evaluate,
    explain,
    explore,
    extract,
    features,
    identify,
    models,
    neighbours,
    scan,
    serve,
    train,
    tune,
)
from styleprint.version import __version__

__all__ = ["app"]

app = typer.Typer(
    help="Names the composer or genre of a piece of music, says how sure one can be, and shows why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"styleprint {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Names the composer or genre of a piece of music, says how sure one can be, and shows why."""


app.command()(demo.demo)
app.command()(scan.scan)
app.command()(extract.extract)
app.command()(explore.explore)
app.command()(train.train)
app.command()(evaluate.evaluate)
app.command()(compare.compare)
app.command()(tune.tune)
app.command()(identify.identify)
app.command()(explain.explain)
app.command()(compose.compose)
app.command()(neighbours.neighbours)
app.command()(card.card)
app.command()(convert.convert)
app.command()(serve.serve)
app.command()(features.features)
app.command()(models.models)
