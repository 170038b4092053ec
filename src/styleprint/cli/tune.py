"""``styleprint tune``: which parameters are better, and what tuning is worth."""

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

__all__ = ["tune"]


@corpus_command
def tune(
    source: Source,
    given: Given,
    model: Annotated[str, typer.Option(help="Which model; 'styleprint models' lists them.")],
    method: Annotated[str, typer.Option(help="grid, random or bayesian (with pruning).")] = "random",
    trials: Annotated[int, typer.Option(min=2, help="Of each search; the first is the model as it comes.")] = 20,
    parameters: Annotated[str, typer.Option(help="Search these alone, as a,b; by default all.")] = "",
    protocol: Annotated[str, typer.Option(help="How pieces are divided: work, distinct, random or given.")] = "work",
    folds: Annotated[int, typer.Option(min=2, help="Outer parts: a search in each.")] = 5,
    repeats: Annotated[int, typer.Option(min=1, help="Divisions; the test needs folds × repeats ≥ 10.")] = 1,
    inner_folds: Annotated[int, typer.Option(min=2, help="In which trials are judged.")] = 3,
    optimise: Optimise = "accuracy",
    augment: Augment = "",
    augment_to: AugmentTo = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the best parameters as TOML.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write a page.")] = None,
    require: Annotated[
        list[str] | None, typer.Option(metavar="[SIDE.]METRIC=VALUE", help="Exit with 4 if lower: tuned or default.")
    ] = None,
) -> None:
    """Search for a model's parameters in inner folds, and hold the tuned model against the default."""
    from styleprint.support.progress import show_progress
    from styleprint.workflows.tune import TuneOptions, tune

    what = TuneOptions(
        model=model,
        method=method,
        trials=trials,
        only=split_names(parameters),
        protocol=protocol,
        folds=folds,
        repeats=repeats,
        inner_folds=inner_folds,
        optimise=optimise,
        output=output,
        report=report,
        require=tuple(require or ()),
        augment=augment_options(augment, augment_to),
    )
    with show_progress(quiet=given.quiet) as progress:
        result = tune(source, what, corpus=given.corpus, run=given.run(progress))
    given.answer(result)
    result.check_requirements()
