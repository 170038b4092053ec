"""How many bits a note costs a model of language on works that it has not seen, against n-grams."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from styleprint.corpus.splits import grouped_splits
from styleprint.evaluation.bits import LanguageEvaluation, compare_bits
from styleprint.models.language.registry import LANGUAGE_BASELINES, make_language_model
from styleprint.models.language.rows import FIELDS, EventRows
from styleprint.reports.language_page import language_figures, render_language
from styleprint.support.atomic import check_page, write_text
from styleprint.support.progress import Progress, silent
from styleprint.support.text import show_json
from styleprint.workflows.language_rows import read_language_rows
from styleprint.workflows.options import CorpusOptions, EvaluateOptions, RunOptions
from styleprint.workflows.parameters import read_parameters
from styleprint.workflows.result import MeasuredResult
from styleprint.workflows.train_language import refuse_options

__all__ = ["evaluate_language", "held_out_bits"]

_NOTE = (
    "Intervals are 95 % percentiles of 2,000 bootstraps of whole works, the same for all models; they leave out the "
    "variation of training."
)


def evaluate_language(
    source: Path,
    options: EvaluateOptions,
    *,
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> MeasuredResult[LanguageEvaluation]:
    """Score every piece by a model that has seen none of its work, beside n-grams that learnt from the same music.

    Parameters
    ----------
    source : Path
        A folder of scores; labels are not looked at.
    options : EvaluateOptions
        Of them model, folds, parameters, report and json; no other may be asked for.
    corpus, run : optional

    Raises
    ------
    UsageError
        U115, for what belongs to models that identify.
    """
    run, model, folds = run or RunOptions(), options.model, options.folds
    refuse_options(
        protocols=options.protocols,
        repeats=options.repeats > 1,
        optimise=options.optimise != "accuracy",
        augment=options.augment.names,
        metric=options.metrics,
        predictions=options.predictions,
        require=options.require,
    )
    if options.report is not None:
        check_page(options.report)
    chosen = read_parameters(options.parameters, model)
    found = read_language_rows(source, corpus or CorpusOptions(), run)
    start = time.monotonic()
    makers: dict[str, Callable[[], Any]] = {model: lambda: make_language_model(model, chosen, seed=run.seed)}
    makers |= {name: _baseline(name, run.seed) for name in LANGUAGE_BASELINES}
    with replace(run, progress=silent).learning():  # folds are told, not the epochs of each
        bits, curves = held_out_bits(
            found.rows, found.groups, makers, folds=folds, seed=run.seed, progress=run.progress
        )
    record = compare_bits(
        bits, model=model, group=found.groups, offsets=found.rows.offsets, fields=FIELDS, folds=folds, seed=run.seed
    )
    record = replace(record, curves=tuple(curves[model]), notes=(*found.notes, _NOTE), seconds=time.monotonic() - start)
    if options.json is not None:
        write_text(options.json, show_json(record.to_json(), indent=1))
    if options.report is not None:
        title = f"{source.resolve().name}: what {model} has learnt to expect"
        write_text(options.report, render_language(record.to_json(), title=title))
    return MeasuredResult(record, (), found.failed, language_figures)


def _baseline(name: str, seed: int) -> Callable[[], Any]:
    return lambda: LANGUAGE_BASELINES.load(name)(random_state=seed)


def held_out_bits(
    rows: EventRows,
    groups: tuple[str, ...],
    makers: Mapping[str, Callable[[], Any]],
    *,
    folds: int,
    seed: int,
    only: int | None = None,
    progress: Progress = silent,
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Bits of each event by models that had not seen its group, and what the models say of their learning.

    Parameters
    ----------
    rows : EventRows
    groups : tuple of str, one a row
    makers : mapping of str to callable
    folds, seed : int
    only : int, optional
        One fold alone; the bits of events of other folds are NaN.
    progress : Progress
    """
    splits = grouped_splits([""] * len(rows), groups, folds=folds, seed=seed, weight=np.diff(rows.offsets))
    bits = {name: np.full((len(rows.events), len(FIELDS)), np.nan) for name in makers}
    curves: dict[str, list[Any]] = {name: [] for name in makers}
    for k, (learn, test) in enumerate(splits):
        if only is not None and k != only:
            continue
        place = np.flatnonzero(np.isin(rows.owner, test))
        held = rows.take(np.sort(test))
        for i, (name, make) in enumerate(makers.items()):
            progress("folds", k * len(makers) + i, folds * len(makers))
            fitted = make().fit(rows.take(learn), groups=[groups[j] for j in learn])
            bits[name][place] = fitted.bits(held)
            curves[name].append(getattr(fitted, "curve_", None))
    progress("folds", folds * len(makers), folds * len(makers))
    return bits, curves
