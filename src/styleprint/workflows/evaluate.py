"""Test a model on pieces that it has not seen."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from styleprint.evaluation.bits import LanguageEvaluation
from styleprint.evaluation.evaluate import Extras, Settings, evaluate_table
from styleprint.evaluation.evaluation import Evaluation
from styleprint.evaluation.further import beside_without, load_scorer, with_levels, with_scores
from styleprint.evaluation.registry import PROTOCOLS
from styleprint.evaluation.requirements import parse_requirement
from styleprint.explaining.insight import with_insight
from styleprint.explaining.table_facts import imbalance_notes
from styleprint.extraction.table import Table
from styleprint.extraction.table_columns import DURATION
from styleprint.features.make import INSTRUMENTATION_COLUMNS, MAKE_COLUMNS
from styleprint.features.sound_make import SOUND_MAKE_COLUMNS
from styleprint.models.inner_score import check_aim
from styleprint.models.registry import make_with
from styleprint.music.changes import REENCODINGS
from styleprint.reports.evaluation_page import evaluation_figures, render_evaluation
from styleprint.support.atomic import check_page, check_place, write_text
from styleprint.support.measure import Meter
from styleprint.support.text import show_json
from styleprint.support.workers import count_workers
from styleprint.version import __version__
from styleprint.workflows.augment import prepare_augmented
from styleprint.workflows.evaluate_language import evaluate_language
from styleprint.workflows.options import CorpusOptions, EvaluateOptions, RunOptions
from styleprint.workflows.parameters import is_language_model, read_parameters
from styleprint.workflows.prepare import Prepared
from styleprint.workflows.recipes import recipe_for, source_kind
from styleprint.workflows.result import MeasuredResult
from styleprint.workflows.training_rows import choose_training_rows

__all__ = ["evaluate"]

_BREAKDOWNS = {
    "score": ("quarters", "parts", "collection"),
    "recording": ("seconds", "collection"),
    "table": ("quarters", "parts", "collection"),
}
"""What figures are broken down by, by the kind of rows."""

_PATTERNS = 12
_TITLE_NAMES = 6


def evaluate(
    source: Path,
    options: EvaluateOptions | None = None,
    *,
    corpus: CorpusOptions | None = None,
    run: RunOptions | None = None,
) -> MeasuredResult[Evaluation] | MeasuredResult[LanguageEvaluation]:
    """Test a model on pieces that it has not seen, with intervals, baselines and an audit.

    A model of language is tested by :func:`styleprint.workflows.evaluate_language.evaluate_language`.

    Parameters
    ----------
    source : Path
        A folder with one sub-folder a label, or a table from :func:`styleprint.extract`.
    options, corpus, run : optional

    Raises
    ------
    StyleprintError
        Where the source, the model or the protocols cannot serve.
    """
    options, run = options or EvaluateOptions(), run or RunOptions()
    if is_language_model(options.model):
        return evaluate_language(source, options, corpus=corpus, run=run)
    requirements = tuple(parse_requirement(text) for text in options.require)
    _check_request(options)
    parameters = read_parameters(options.parameters, options.model)
    scorers = {name: load_scorer(name) for name in options.metrics}
    kind = source_kind(source)
    recipe = recipe_for([options.model], kind)
    variants = tuple(REENCODINGS) if options.report and kind == "score" else ()
    with Meter() as meter:
        corpus = corpus or CorpusOptions()
        prepared = prepare_augmented(source, recipe, options.augment, corpus=corpus, run=run, variants=variants)
        options = replace(options, protocols=options.protocols or _protocols(prepared.table))
        with run.learning():
            evaluation = _evaluate(prepared, options, run)
            if options.report is not None:
                evaluation = _with_insight(evaluation, prepared, options, run)
        evaluation = with_scores(with_levels(evaluation, level_names(prepared.table), seed=run.seed), scorers, run.seed)
    rare = imbalance_notes(prepared.table.frame)
    notes = (*options.notes, *evaluation.notes, *_say_untested(prepared, options), *rare)
    evaluation = replace(
        evaluation,
        notes=notes,
        seconds=meter.seconds,
        peak_memory_mb=meter.peak_memory_mb,
        optimise=options.optimise,
        parameters=parameters,
        augment=options.augment.text,
    )
    if options.predictions is not None:
        evaluation.write_predictions(options.predictions)
    if options.report is not None:
        write_text(options.report, _page(evaluation, prepared, source, options, run))
    if options.json is not None:
        write_text(options.json, show_json(evaluation.to_json(), indent=1))
    return MeasuredResult(evaluation, requirements, prepared.failed, evaluation_figures)


def _check_request(options: EvaluateOptions) -> None:
    """What is wrong is said before a long reading, not after."""
    check_aim(options.optimise)
    for name in options.protocols:
        PROTOCOLS.load(name)
    if options.report is not None:
        check_page(options.report)
    for output in (options.predictions, options.json):
        if output is not None:
            check_place(output)


def _say_untested(prepared: Prepared, options: EvaluateOptions) -> tuple[str, ...]:
    """What of the audit was not done, and why: silence must not read as a test that was passed."""
    if options.report is None:
        return (
            "Not tested here: other ways to write the same music down, exchanged labels, sources held out, labels "
            "never learnt. --report asks for these long tests.",
        )
    if prepared.corpus is None:
        return (
            "A table holds no scores: whether other ways to write the same music down change answers is not tested.",
        )
    return ()


def _protocols(table: Table) -> tuple[str, ...]:
    if table.recipe.get("kind") != "table":
        return ("work", "distinct", "random")
    return ("work", "random", "given") if "split" in table.frame else ("work", "random")


def _evaluate(prepared: Prepared, options: EvaluateOptions, run: RunOptions) -> Evaluation:
    whole = _evaluate_once(prepared, options, run)
    lengths = [name for name, about in prepared.table.columns.items() if about.unit == DURATION]
    if not lengths or len(lengths) == len(prepared.table.names("feature")):
        return whole
    without = replace(prepared, table=prepared.table.without(lengths))
    return beside_without(whole, _evaluate_once(without, replace(options, report=None), run), lengths)


def _evaluate_once(prepared: Prepared, options: EvaluateOptions, run: RunOptions) -> Evaluation:
    return evaluate_table(
        prepared.table,
        _maker(options, run),
        model=options.model,
        settings=_settings(options, run),
        extras=_extras(prepared, with_long_tests=options.report is not None),
        progress=run.progress,
    )


def _with_insight(evaluation: Evaluation, prepared: Prepared, options: EvaluateOptions, run: RunOptions) -> Evaluation:
    maker, settings = _maker(options, run), _settings(options, run)
    return with_insight(evaluation, prepared.table, maker, settings, run.progress, augmented=prepared.augmented)


def _maker(options: EvaluateOptions, run: RunOptions) -> Callable[[], Any]:
    """What makes the model: by its name, with the parameters of a file where one is given."""
    parameters = read_parameters(options.parameters, options.model)
    return functools.partial(make_with, options.model, parameters, seed=run.seed, optimise=options.optimise)


def _settings(options: EvaluateOptions, run: RunOptions) -> Settings:
    return Settings(
        protocols=options.protocols,
        folds=options.folds,
        repeats=options.repeats,
        seed=run.seed,
        workers=count_workers(run.workers),
    )


def level_names(table: Table) -> tuple[str, ...]:
    """Names of the levels of the labels; numbers where they have none."""
    depth = max((label.count("/") for label in set(table.frame["label"].astype(str))), default=0) + 1
    given = tuple(map(str, table.recipe.get("levels", ())))
    return given if len(given) == depth else tuple(f"level {i + 1}" for i in range(depth))


def _extras(prepared: Prepared, *, with_long_tests: bool) -> Extras:
    """What the table allows of the audit."""
    table = prepared.table
    has = set(table.frame.columns)
    kind = str(table.recipe.get("kind", "table"))
    probes = {"make": (*MAKE_COLUMNS, *SOUND_MAKE_COLUMNS), "instrumentation": INSTRUMENTATION_COLUMNS}
    features = table.names("feature")
    reference = table.frame[features].to_numpy(dtype=np.float64) if features and with_long_tests else None
    return Extras(
        probes={name: tuple(c for c in columns if c in has) for name, columns in probes.items()},
        variants=prepared.variants,
        augmented=prepared.augmented,
        breakdowns=tuple(c for c in _BREAKDOWNS[kind] if c in has),
        reference=reference,
        source_column="encoder" if with_long_tests and "encoder" in has else "",
        open_set=with_long_tests,
    )


def _page(evaluation: Evaluation, prepared: Prepared, source: Path, options: EvaluateOptions, run: RunOptions) -> str:
    found = evaluation.to_json()
    names = ", ".join(evaluation.classes[:_TITLE_NAMES]) + (" …" if len(evaluation.classes) > _TITLE_NAMES else "")
    made = {
        "Source": source.name,
        "Model": options.model,
        "Protocols": ", ".join(evaluation.protocols),
        "Folds and repeats": f"{options.folds} folds, {options.repeats} repeats, seed {run.seed}",
        "Version": f"styleprint {__version__}",
    }
    return render_evaluation(
        found,
        title=f"How well can {names} be told apart?",
        notes=found["notes"],
        attention=_attention(evaluation, prepared, _maker(options, run), run),
        made=made,
    )


def _attention(
    evaluation: Evaluation, prepared: Prepared, maker: Callable[[], Any], run: RunOptions
) -> Mapping[str, list[dict[str, Any]]] | None:
    """Per class, the patterns that speak most for it, from the model that training would make."""
    estimator = maker()
    if not hasattr(estimator, "attention"):
        return None
    with run.learning():
        choose_training_rows(prepared.table, prepared.augmented).teach(estimator)
    return {name: estimator.attention(name, _PATTERNS) for name in evaluation.classes}
