"""``styleprint train``: a folder or table becomes a bundle."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import (
    Augment,
    AugmentTo,
    Given,
    Optimise,
    Parameters,
    Source,
    augment_options,
    corpus_command,
)

__all__ = ["train"]


@corpus_command
def train(
    source: Source,
    given: Given,
    output: Annotated[Path, typer.Option("-o", "--output", help="The bundle, as NAME.styleprint.")],
    model: Annotated[str, typer.Option(help="Which model; 'styleprint models' lists them.")] = "standard",
    optimise: Optimise = "accuracy",
    parameters: Parameters = None,
    evaluation: Annotated[
        Path | None, typer.Option(help="The JSON of 'evaluate', to stand in the bundle and its card.")
    ] = None,
    augment: Augment = "",
    augment_to: AugmentTo = None,
) -> None:
    """Learn from labelled pieces and write what was learnt as one file."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.train import train

    with show_progress(quiet=given.quiet) as progress:
        run = given.run(progress)
        result = train(
            source,
            output,
            model=model,
            optimise=optimise,
            parameters=parameters,
            evaluation=evaluation,
            augment_by=augment_options(augment, augment_to),
            corpus=given.corpus,
            run=run,
        )
    given.answer(result)
