"""Run several models on the same folds and say which is better."""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from styleprint.evaluation.comparison import CompareSettings, compare_models
from styleprint.evaluation.comparison_record import Comparison
from styleprint.evaluation.metrics import named_metric
from styleprint.evaluation.requirements import parse_requirement
from styleprint.explaining.table_facts import imbalance_notes
from styleprint.models.registry import make_model, usual_models
from styleprint.reports.comparison_page import comparison_figures, render_comparison
from styleprint.support.atomic import check_page, write_text
from styleprint.support.errors import UsageError
from styleprint.support.measure import Meter
from styleprint.support.workers import count_workers
from styleprint.workflows.augment import prepare_augmented
from styleprint.workflows.options import AugmentOptions, CorpusOptions, RunOptions
from styleprint.workflows.recipes import recipe_for, source_kind
from styleprint.workflows.result import MeasuredResult

__all__ = ["CompareOptions", "compare"]


@dataclass(frozen=True)
class CompareOptions:
    """What is compared, and how.

    Attributes
    ----------
    models : tuple of str
        Empty for all that the rows serve, but for networks, which take long to learn.
    reference : str
        The model that all others are held against; empty for ``standard`` where it is among them, else the first.
    protocol : str
    folds, repeats : int
        At least ten fits (folds × repeats) are needed for the tests of differences.
    optimise : str
        What "better" is about.
    inner_folds : int
        In which the winner is chosen anew, for the nested figure; 0 leaves it out.
    report : Path or None
        Where to write the page.
    require : tuple of str
        ``[MODEL.]METRIC=VALUE``; without a model, the nested figure.
    augment : AugmentOptions
        Variants for training sides; none are scored.
    """

    models: tuple[str, ...] = ()
    reference: str = ""
    protocol: str = "work"
    folds: int = 5
    repeats: int = 2
    optimise: str = "accuracy"
    inner_folds: int = 3
    report: Path | None = None
    require: tuple[str, ...] = ()
    augment: AugmentOptions = field(default_factory=AugmentOptions)


def compare(
    source: Path,
    options: CompareOptions | None = None,
    *,
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> MeasuredResult[Comparison]:
    """Run several models on the same folds and say which is better, and by how much one may believe it.

    Parameters
    ----------
    source : Path
        A folder with one sub-folder a label, or a table.
    options, corpus, run : optional

    Raises
    ------
    StyleprintError
        Where the source, the models or the protocol cannot serve.
    """
    options, run = options or CompareOptions(), run or RunOptions()
    if options.report is not None:
        check_page(options.report)
    kind = source_kind(source)
    names = options.models or usual_models(features=True, streams=kind == "score")
    choose_reference(names, options.reference)  # a wrong name is said before a long reading, not after
    requirements = tuple(parse_requirement(text, ("nested", *names), "model") for text in options.require)
    settings = CompareSettings(
        protocol=options.protocol,
        folds=options.folds,
        repeats=options.repeats,
        seed=run.seed,
        metric=named_metric(options.optimise),
        inner_folds=options.inner_folds,
        workers=count_workers(run.workers),
    )
    with Meter() as meter:
        corpus = corpus or CorpusOptions()
        prepared = prepare_augmented(source, recipe_for(names, kind), options.augment, corpus=corpus, run=run)
        has = {"features": bool(prepared.table.names("feature")), "streams": bool(prepared.table.names("stream"))}
        names = options.models or usual_models(**has)
        reference = choose_reference(names, options.reference)
        with run.learning():
            comparison = compare_models(
                prepared.table,
                {name: functools.partial(make_model, name, seed=run.seed, optimise=options.optimise) for name in names},
                reference=reference,
                settings=settings,
                augmented=prepared.augmented,
                progress=run.progress,
            )
    notes = (*comparison.notes, *imbalance_notes(prepared.table.frame))
    comparison = replace(comparison, notes=notes, seconds=meter.seconds, peak_memory_mb=meter.peak_memory_mb)
    if options.report is not None:
        page = render_comparison(json.loads(json.dumps(comparison.to_json())), title=f"Which model for {source.name}?")
        write_text(options.report, page)
    return MeasuredResult(comparison, requirements, prepared.failed, comparison_figures)


def choose_reference(names: Sequence[str], asked: str) -> str:
    """The reference: the one asked for, else ``standard``, else the first.

    Raises
    ------
    UsageError
        U131, where names repeat or the reference is not among them.
    """
    if len(set(names)) < len(names):
        raise UsageError("U131", f"each model is compared once, but these are named: {', '.join(names)}.")
    if asked and asked not in names:
        raise UsageError(
            "U131",
            f"the reference must be among the models that are compared, but {asked!r} is not.",
            remedy=f"Choose one of: {', '.join(names)}.",
        )
    return asked or ("standard" if "standard" in names else names[0])
