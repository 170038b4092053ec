"""``styleprint evaluate``: figures that hold."""

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
    split_names,
)

__all__ = ["evaluate"]


@corpus_command
def evaluate(
    source: Source,
    given: Given,
    model: Annotated[str, typer.Option(help="Which model; 'styleprint models' lists them.")] = "standard",
    protocols: Annotated[
        str, typer.Option(help="How pieces are divided: work, distinct, random, given; by default all that apply.")
    ] = "",
    folds: Annotated[int, typer.Option(min=2, help="Parts; each piece is tested in one.")] = 5,
    repeats: Annotated[int, typer.Option(min=1, help="Divisions, each by another seed.")] = 1,
    optimise: Optimise = "accuracy",
    augment: Augment = "",
    augment_to: AugmentTo = None,
    parameters: Parameters = None,
    metric: Annotated[
        list[str] | None, typer.Option(metavar="MODULE:FUNCTION", help="Also report this figure of labels, answers.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write a page; adds the long tests of the audit.")] = None,
    predictions: Annotated[Path | None, typer.Option(help="Write the out-of-fold predictions as Parquet.")] = None,
    require: Annotated[
        list[str] | None, typer.Option(metavar="[PROTOCOL.]METRIC=VALUE", help="Exit with 4 if a figure is lower.")
    ] = None,
) -> None:
    """Test a model on pieces that it has not seen, with intervals, baselines and an audit."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.evaluate import evaluate
    from styleprint.workflows.options import EvaluateOptions

    what = EvaluateOptions(
        model=model,
        protocols=split_names(protocols),
        folds=folds,
        repeats=repeats,
        optimise=optimise,
        parameters=parameters,
        metrics=tuple(metric or ()),
        report=report,
        predictions=predictions,
        require=tuple(require or ()),
        augment=augment_options(augment, augment_to),
    )
    with show_progress(quiet=given.quiet) as progress:
        result = evaluate(source, what, corpus=given.corpus, run=given.run(progress))
    given.answer(result)
    result.check_requirements()
