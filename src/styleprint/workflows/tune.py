"""Search for the parameters of a model, and say what tuning is worth."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from styleprint.evaluation.metrics import named_metric
from styleprint.evaluation.requirements import parse_requirement
from styleprint.evaluation.tuning import TuneSettings, tune_model
from styleprint.evaluation.tuning_record import Tuning
from styleprint.models.registry import load_model, make_with
from styleprint.reports.tuning_page import render_tuning, tuning_figures
from styleprint.support.atomic import check_page, write_text
from styleprint.support.errors import UsageError
from styleprint.support.measure import Meter
from styleprint.support.workers import count_workers
from styleprint.workflows.augment import prepare_augmented
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions
from styleprint.workflows.parameters import parameters_text
from styleprint.workflows.recipes import recipe_for, source_kind
from styleprint.workflows.result import MeasuredResult

__all__ = ["TuneOptions", "tune"]


@dataclass(frozen=True)
class TuneOptions:
    """What is tuned, and how.

    Attributes
    ----------
    model : str
    method : str
        ``grid``, ``random`` or ``bayesian``.
    trials : int
        Of each search.
    only : tuple of str
        Search these parameters alone; empty searches all that the model names.
    protocol : str
    folds, repeats, inner_folds : int
    optimise : str
    output : Path or None
        Where to write the best parameters, as TOML.
    report : Path or None
        Where to write the page.
    require : tuple of str
        ``[tuned.|default.]METRIC=VALUE``.
    augment : AugmentOptions
        Variants for training sides; none are scored.
    """

    model: str
    method: str = "random"
    trials: int = 20
    only: tuple[str, ...] = ()
    protocol: str = "work"
    folds: int = 5
    repeats: int = 1
    inner_folds: int = 3
    optimise: str = "accuracy"
    output: Path | None = None
    report: Path | None = None
    require: tuple[str, ...] = ()
    augment: AugmentOptions = field(default_factory=AugmentOptions)


def tune(
    source: Path,
    options: TuneOptions,
    *,
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> MeasuredResult[Tuning]:
    """Search for the parameters of a model inside the training rows, and hold the tuned model against the default.

    Parameters
    ----------
    source : Path
        A folder with one sub-folder a label, or a table.
    options : TuneOptions
    corpus, run : optional

    Raises
    ------
    StyleprintError
        Where the source, the model or the search cannot serve.
    """
    run = run or RunOptions()
    if options.report is not None:
        check_page(options.report)
    space = space_of(options.model, options.only)
    requirements = tuple(parse_requirement(text, ("tuned", "default"), "side") for text in options.require)
    defaults = make_with(options.model, {}, seed=run.seed).get_params(deep=False)
    settings = TuneSettings(
        method=options.method,
        trials=options.trials,
        protocol=options.protocol,
        folds=options.folds,
        repeats=options.repeats,
        inner_folds=options.inner_folds,
        metric=named_metric(options.optimise),
        seed=run.seed,
        workers=count_workers(run.workers),
    )
    with Meter() as meter:
        recipe = recipe_for([options.model], source_kind(source))
        corpus = corpus or CorpusOptions()
        prepared = prepare_augmented(source, recipe, options.augment, corpus=corpus, run=run)
        with run.learning():
            tuning = tune_model(
                prepared.table,
                functools.partial(make_with, options.model, seed=run.seed, optimise=options.optimise),
                space,
                {name: defaults[name] for name in space},
                model=options.model,
                settings=settings,
                augmented=prepared.augmented,
                progress=run.progress,
            )
    tuning = replace(tuning, seconds=meter.seconds, peak_memory_mb=meter.peak_memory_mb)
    if options.output is not None:
        write_text(options.output, _parameters(tuning))
    if options.report is not None:
        page = render_tuning(json.loads(json.dumps(tuning.to_json())), title=f"What is tuning {options.model} worth?")
        write_text(options.report, page)
    return MeasuredResult(tuning, requirements, prepared.failed, tuning_figures)


def space_of(model: str, only: tuple[str, ...]) -> Mapping[str, Any]:
    """What may be searched of a model.

    Raises
    ------
    UsageError
        U135, where it names nothing, or lacks a parameter that is asked for.
    """
    space: Mapping[str, Any] = getattr(load_model(model), "search_space", {})
    if not space:
        raise UsageError(
            "U135",
            f"model {model!r} has nothing that a search may change: it is used as it comes.",
            remedy="Search the parameters of another model, such as rbf_svm, lightgbm or vote; "
            "'styleprint models' lists them.",
        )
    missing = [name for name in only if name not in space]
    if missing:
        raise UsageError(
            "U135",
            f"model {model!r} names {', '.join(space)} for a search, and not {', '.join(missing)}.",
            remedy="Choose among those.",
        )
    return {name: space[name] for name in (only or tuple(space))}


def _parameters(tuning: Tuning) -> str:
    comment = (
        f"The best of {len(tuning.trials)} trials ({tuning.method}) by {tuning.metric} in inner folds.\n"
        f"The figure to expect of a model tuned like this: {tuning.tuned[tuning.metric]['value']:.4f}."
    )
    return parameters_text(tuning.model, tuning.best, comment=comment)
