"""``styleprint demo``: the whole way, on real pieces."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Quiet, Workers
from styleprint.cli.serve import check_serving, serve_bundle

__all__ = ["demo"]


def demo(
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for what the demo leaves.")] = Path(
        "demo-output"
    ),
    serve: Annotated[bool, typer.Option("--serve", help="Then serve what was learnt to a browser.")] = False,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Learn from pieces that come with music21, evaluate by work, and identify pieces not seen before."""
    from styleprint.support.progress import show_progress
    from styleprint.support.text import show_text
    from styleprint.workflows.demo import run_demo
    from styleprint.workflows.options import RunOptions

    if serve:
        check_serving()
    with show_progress(quiet=quiet) as progress:
        run = RunOptions(workers=workers, progress=progress)
        result = run_demo(output, run=run, say=lambda line: typer.echo(show_text(line)))
    typer.echo(show_text(f"report: {result.report}"))
    if serve:
        serve_bundle(result.bundle, host="127.0.0.1", port=8000, workers=workers or None, quiet=quiet)
