"""``styleprint compare``: which model is better."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import (
    Augment,
    AugmentTo,
    Given,
    Optimise,
    Source,
    augment_options,
    corpus_command,
    split_names,
)

__all__ = ["compare"]


@corpus_command
def compare(
    source: Source,
    given: Given,
    models: Annotated[str, typer.Option(help="Which models, as a,b,c; by default all.")] = "",
    reference: Annotated[str, typer.Option(help="Hold the others against this one; by default 'standard'.")] = "",
    protocol: Annotated[str, typer.Option(help="How pieces are divided: work, distinct, random or given.")] = "work",
    folds: Annotated[int, typer.Option(min=2, help="Parts; each piece is tested in one.")] = 5,
    repeats: Annotated[int, typer.Option(min=1, help="Divisions; tests need folds × repeats ≥ 10.")] = 2,
    optimise: Optimise = "accuracy",
    augment: Augment = "",
    augment_to: AugmentTo = None,
    inner_folds: Annotated[int, typer.Option(min=0, help="For the winner's nested figure; 0 leaves it out.")] = 3,
    report: Annotated[Path | None, typer.Option(help="Write a page.")] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(metavar="[MODEL.]METRIC=VALUE", help="Exit with 4 if lower; without a model, nested."),
    ] = None,
) -> None:
    """Run several models on the same folds and say which is better, with tests that hold."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.compare import CompareOptions, compare

    what = CompareOptions(
        models=split_names(models),
        reference=reference,
        protocol=protocol,
        folds=folds,
        repeats=repeats,
        optimise=optimise,
        inner_folds=inner_folds,
        report=report,
        require=tuple(require or ()),
        augment=augment_options(augment, augment_to),
    )
    with show_progress(quiet=given.quiet) as progress:
        result = compare(source, what, corpus=given.corpus, run=given.run(progress))
    given.answer(result)
    result.check_requirements()
