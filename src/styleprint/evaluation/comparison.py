"""Which model is better? Several models on the same folds, and what their differences are worth.

Every model learns from the same training rows and answers about the same test rows, fold by fold. One of them is
the *reference*, named before anything is run; each other is held against it (:mod:`styleprint.evaluation.paired`).

The best of many figures is too good: it was chosen by the rows that it is reported on. So the winner's figure is
*nested*: in each fold of the first repeat, the model is chosen by its score in inner folds of the training rows, made
from the same groups, and only then asked about the test rows.

Knows no model: it takes callables that make estimators, as :func:`styleprint.evaluation.evaluate.evaluate_table`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from styleprint.corpus.splits import grouped_splits
from styleprint.evaluation.comparison_record import Comparison
from styleprint.evaluation.comparison_sentences import comparison_sentences
from styleprint.evaluation.folds import DataHandle, FoldJob, FoldResult, SharedData, run_fold
from styleprint.evaluation.intervals import GroupBootstrap
from styleprint.evaluation.mapping import choose_map, open_data
from styleprint.evaluation.metrics import LOWER_IS_BETTER, OPTIMISED, Tally, named_metric
from styleprint.evaluation.outcomes import OutOfFold, pool
from styleprint.evaluation.paired import correlated_t, difference_interval, holm
from styleprint.evaluation.pieces import FloatArray, Pieces, collect_pieces
from styleprint.evaluation.registry import PROTOCOLS
from styleprint.evaluation.splitting import Division, Protocol, divide, few_groups
from styleprint.evaluation.summary import baselines, summarise
from styleprint.extraction.table import Table
from styleprint.extraction.variants import Variants
from styleprint.support.errors import EvaluationError, StyleprintError, UsageError
from styleprint.support.measure import Meter
from styleprint.support.progress import Progress, silent

__all__ = ["CompareSettings", "compare_models"]


@dataclass(frozen=True)
class CompareSettings:
    """How models are compared.

    Attributes
    ----------
    protocol : str
    folds, repeats, seed : int
    metric : str
        One of :data:`styleprint.evaluation.metrics.OPTIMISED`: what "better" is about.
    inner_folds : int
        Of the nested choice; 0 leaves it out.
    workers : int
        Processes; 0 and 1 work in this one. No result depends on it.
    """

    protocol: str = "work"
    folds: int = 5
    repeats: int = 2
    seed: int = 0
    metric: str = "accuracy"
    inner_folds: int = 3
    workers: int = 0


@dataclass(frozen=True)
class _Named:
    """A job of one model, and which of its folds it is; an inner one has the outer fold too."""

    model: str
    job: FoldJob = field(repr=False)
    outer: int = -1


@dataclass(frozen=True, eq=False)
class _Setting:
    """What all steps of one comparison share."""

    pieces: Pieces
    protocol: Protocol
    divisions: list[Division]
    handle: DataHandle
    settings: CompareSettings

    @property
    def sign(self) -> float:
        return -1.0 if self.settings.metric in LOWER_IS_BETTER else 1.0

    def job(self, make_estimator: Callable[[], Any], division: Division, *, with_training: bool) -> FoldJob:
        pieces, train = self.pieces, division.train
        return FoldJob(
            handle=self.handle,
            make_estimator=make_estimator,
            train=pieces.rows[train],
            test=pieces.rows[division.test],
            weight=self.protocol.weight(pieces)[train] if self.protocol.copies_count_once else None,
            groups=self.protocol.units(pieces)[train],
            with_training=with_training,
        )


def compare_models(
    table: Table,
    candidates: Mapping[str, Callable[[], Any]],
    *,
    reference: str,
    inputs: Any = None,
    settings: CompareSettings | None = None,
    augmented: Variants | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Run several models on the same folds and say which is better.

    Parameters
    ----------
    table : Table
        With a label a row; group, copies, work, status, attribution and split are used where present.
    candidates : mapping of str to callable
        Name → what makes a new estimator, without arguments; picklable where there is more than one worker.
    reference : str
        The model that all others are held against.
    inputs : optional
        What estimators see; ``table.inputs()`` by default.
    settings : CompareSettings, optional
    augmented : Variants, optional
        Of the table's rows, for training sides alone, inner ones too.
    progress : Progress

    Raises
    ------
    UsageError
        U130, where the reference or the metric is unknown, or there are fewer than two models.
    EvaluationError
        Where the labels or groups do not allow the protocol (E101–E108), or the reference cannot learn (E112).
    """
    settings = settings or CompareSettings()
    _check(candidates, reference, settings)
    inputs = table.inputs() if inputs is None else inputs
    with Meter() as meter:
        pieces = collect_pieces(table.frame)
        protocol: Protocol = PROTOCOLS.load(settings.protocol)
        divisions = divide(protocol, pieces, folds=settings.folds, repeats=settings.repeats, seed=settings.seed)
        labels = np.asarray(table.frame["label"].fillna("").astype(str).to_numpy(dtype=str))
        run_map = choose_map(settings.workers, progress)
        with open_data(SharedData(inputs, labels, pieces.classes, augmented=augmented), run_map) as handle:
            setting = _Setting(pieces, protocol, divisions, handle, settings)
            inner = _inner_divisions(setting)
            jobs = _all_jobs(setting, candidates, inner)
            results = list(run_map(_run_named, jobs, "fits"))
        outcomes, inner_scores, failed = _gather(setting, candidates, jobs, results)
        if reference in failed:
            raise EvaluationError("E112", f"the reference {reference} must learn in every fold: {failed[reference]}")
        return _record(setting, outcomes, inner_scores, failed, reference, table.notes, meter)


def _check(candidates: Mapping[str, Any], reference: str, settings: CompareSettings) -> None:
    if reference not in candidates or len(candidates) < 2:
        raise UsageError(
            "U130",
            f"a comparison needs two models or more, one of them the reference, but {reference!r} is asked for "
            f"among {', '.join(candidates) or 'none'}.",
            remedy="Name models with --models and one of them with --reference.",
        )
    named_metric(settings.metric)
    if settings.folds < 2 or settings.repeats < 1 or settings.inner_folds == 1:
        raise UsageError("U130", "a comparison needs at least two folds, inner ones too, and one repeat.")


def _inner_divisions(setting: _Setting) -> dict[int, list[Division]]:
    """Inner folds of the first repeat's training rows, by outer fold; empty where groups are too few."""
    pieces, settings = setting.pieces, setting.settings
    units = setting.protocol.units(pieces)
    found: dict[int, list[Division]] = {}
    for index, division in enumerate(setting.divisions):
        train = division.train
        if division.repeat > 0 or settings.inner_folds < 2:
            continue
        if len(np.unique(units[train])) < settings.inner_folds:
            return {}
        pairs = grouped_splits(
            pieces.labels[train].tolist(), units[train].tolist(), folds=settings.inner_folds, seed=settings.seed
        )
        found[index] = [Division(0, fold, train[own], train[held]) for fold, (own, held) in enumerate(pairs)]
    if any(len(np.unique(pieces.truth[own.train])) < 2 for parts in found.values() for own in parts):
        return {}
    return found


def _all_jobs(
    setting: _Setting, candidates: Mapping[str, Callable[[], Any]], inner: Mapping[int, list[Division]]
) -> list[_Named]:
    """Outer and inner fits of all models as one list, so that no worker waits between models."""
    jobs = []
    for name, make in candidates.items():
        jobs += [_Named(name, setting.job(make, d, with_training=True)) for d in setting.divisions]
        jobs += [
            _Named(name, setting.job(make, part, with_training=False), outer)
            for outer, parts in inner.items()
            for part in parts
        ]
    return jobs


def _run_named(named: _Named) -> FoldResult | StyleprintError:
    """A fit; a model that cannot serve on this table is told, and costs the comparison nothing else."""
    try:
        return run_fold(named.job)
    except StyleprintError as error:
        return error


def _gather(
    setting: _Setting,
    candidates: Mapping[str, Any],
    jobs: list[_Named],
    results: list[FoldResult | StyleprintError],
) -> tuple[dict[str, list[FoldResult]], dict[int, dict[str, float]], dict[str, str]]:
    """Results of outer folds by model, inner scores by outer fold and model, and why a model failed."""
    failed = {
        named.model: result.message
        for named, result in zip(jobs, results, strict=True)
        if isinstance(result, StyleprintError)
    }
    outer: dict[str, list[FoldResult]] = {name: [] for name in candidates if name not in failed}
    held: dict[tuple[int, str], list[tuple[FoldJob, FoldResult]]] = {}
    for named, result in zip(jobs, results, strict=True):
        if named.model in failed or isinstance(result, StyleprintError):
            continue
        if named.outer < 0:
            outer[named.model].append(result)
        else:
            held.setdefault((named.outer, named.model), []).append((named.job, result))
    scores: dict[int, dict[str, float]] = {}
    for (index, name), parts in held.items():
        scores.setdefault(index, {})[name] = _inner_score(setting, parts)
    return outer, scores, failed


def _inner_score(setting: _Setting, parts: list[tuple[FoldJob, FoldResult]]) -> float:
    """The metric over the rows that inner folds held out, pooled; higher is better."""
    pieces = setting.pieces
    place = np.full(int(pieces.rows.max()) + 1, -1, dtype=np.intp)
    place[pieces.rows] = np.arange(len(pieces))
    position = place[np.concatenate([job.test for job, _ in parts])]
    tally = Tally.count(
        pieces.truth[position],
        np.concatenate([result.probabilities for _, result in parts]),
        setting.protocol.weight(pieces)[position],
        np.zeros(len(position), dtype=np.intp),
    )
    return setting.sign * float(tally.values(np.ones((1, 1)))[0][setting.settings.metric][0])


def _fold_values(outcome: OutOfFold, metric: str) -> FloatArray:
    """The metric of each fit, repeat by repeat and fold by fold."""
    fit = np.unique(np.stack([outcome.repeat, outcome.fold]), axis=1, return_inverse=True)[1].reshape(-1)
    tally = Tally.count(outcome.truth, outcome.probabilities, outcome.weight, fit.astype(np.intp))
    return tally.values(np.eye(len(tally.sums)))[0][metric]


def _record(
    setting: _Setting,
    results: dict[str, list[FoldResult]],
    inner_scores: dict[int, dict[str, float]],
    failed: dict[str, str],
    reference: str,
    notes: tuple[str, ...],
    meter: Meter,
) -> Comparison:
    settings, pieces = setting.settings, setting.pieces
    weight = setting.protocol.weight(pieces)
    outcomes = {
        name: pool(settings.protocol, pieces, weight, setting.divisions, found) for name, found in results.items()
    }
    models = {name: _figures(setting, outcomes[name], results[name]) for name in outcomes}
    models = dict(sorted(models.items(), key=lambda item: -setting.sign * item[1][settings.metric]["value"]))
    paired = _paired(setting, outcomes, models, reference)
    nested = _nested(setting, results, inner_scores, models, weight)
    found = Comparison(
        metric=settings.metric,
        protocol=settings.protocol,
        folds=settings.folds if setting.protocol.is_random else 1,
        repeats=1 + max(division.repeat for division in setting.divisions),
        seed=settings.seed,
        reference=reference,
        classes=pieces.classes,
        rows=len(pieces),
        groups=len(np.unique(pieces.group)),
        baseline=baselines(outcomes[reference]),
        models=models,
        paired=paired,
        nested=nested,
        failed=failed,
        sentences=(),
        notes=tuple(notes) + tuple(few_groups(pieces, outcomes[reference].pieces.group, settings.folds)),
        seconds=meter.seconds,
        peak_memory_mb=meter.peak_memory_mb,
    )
    return found.with_sentences(comparison_sentences(found))


def _figures(setting: _Setting, outcome: OutOfFold, results: list[FoldResult]) -> dict[str, Any]:
    """Pooled figures with intervals, the spread over folds, and what it costs."""
    found = summarise(outcome, seed=setting.settings.seed)
    values = _fold_values(outcome, setting.settings.metric)
    answered = sum(len(result.probabilities) for result in results)
    predict = sum(result.predict_seconds for result in results)
    return found | {
        "fold_values": values.tolist(),
        "fold_mean": float(values.mean()),
        "fold_min": float(values.min()),
        "fold_max": float(values.max()),
        "fit_seconds": float(np.mean([result.fit_seconds for result in results])),
        "predictions_per_second": answered / predict if predict > 0 else float("nan"),
    }


def _paired(
    setting: _Setting, outcomes: Mapping[str, OutOfFold], models: Mapping[str, Any], reference: str
) -> dict[str, Any]:
    """Each model against the reference."""
    settings, other = setting.settings, outcomes[reference]
    bootstrap = GroupBootstrap.of(other.truth, other.group, seed=settings.seed)
    tallies = {name: Tally.count(o.truth, o.probabilities, o.weight, bootstrap.unit) for name, o in outcomes.items()}
    base = np.asarray(models[reference]["fold_values"])
    found: dict[str, Any] = {}
    for name in (name for name in models if name != reference):
        differences = setting.sign * (np.asarray(models[name]["fold_values"]) - base)
        folds = settings.folds if setting.protocol.is_random else 1
        test = correlated_t(differences, folds=folds)
        found[name] = {
            "difference": difference_interval(
                tallies[name], tallies[reference], bootstrap, settings.metric, sign=setting.sign
            ),
            "fold_differences": differences.tolist(),
            "test": test,
        }
    adjusted = holm({name: entry["test"].p_value for name, entry in found.items() if entry["test"] is not None})
    return {name: entry | {"p_holm": adjusted.get(name)} for name, entry in found.items()}


def _nested(
    setting: _Setting,
    results: Mapping[str, list[FoldResult]],
    inner_scores: Mapping[int, Mapping[str, float]],
    models: Mapping[str, Any],
    weight: FloatArray,
) -> dict[str, Any]:
    """The figure of choosing a model by inner folds and then asking it, with what it chose."""
    if not inner_scores:
        reason = (
            "A nested figure was not asked for."
            if setting.settings.inner_folds == 0
            else "Groups are too few for inner folds."
        )
        return {"applies": False, "reason": reason}
    metric = setting.settings.metric
    divisions, chosen_results, chosen = [], [], []
    for index, scores in inner_scores.items():
        name = max(scores, key=lambda name: scores[name])
        chosen.append(name)
        divisions.append(setting.divisions[index])
        chosen_results.append(results[name][index])
    found = summarise(
        pool(setting.settings.protocol, setting.pieces, weight, divisions, chosen_results), seed=setting.settings.seed
    )
    best = next(iter(models))
    return {
        "applies": True,
        "chosen": chosen,
        "inner_scores": [
            {name: setting.sign * value for name, value in inner_scores[index].items()} for index in inner_scores
        ],
        "best": best,
        "optimism": setting.sign * (models[best][metric]["value"] - found[metric]["value"]),
    } | {name: found[name] for name in OPTIMISED}
