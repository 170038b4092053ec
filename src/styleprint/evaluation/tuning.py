"""Tune a model and say what tuning is worth: the default beside the tuned model, on rows that chose nothing.

In each outer fold a whole search runs on the training rows alone; the best parameters and the defaults then learn
from the same training rows and answer about the same test rows. So the tuned figure is *nested*: it is what somebody
who tunes on such data may expect. One more search, on all rows, finds the parameters to use.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from styleprint.evaluation.folds import DataHandle, FoldJob, FoldResult, SharedData, run_fold
from styleprint.evaluation.importances import parameter_importances
from styleprint.evaluation.intervals import GroupBootstrap
from styleprint.evaluation.mapping import choose_map, open_data
from styleprint.evaluation.metrics import LOWER_IS_BETTER, Tally, named_metric
from styleprint.evaluation.outcomes import pool
from styleprint.evaluation.paired import correlated_t, difference_interval
from styleprint.evaluation.pieces import IndexArray, Pieces, collect_pieces
from styleprint.evaluation.registry import PROTOCOLS
from styleprint.evaluation.search import SearchResult, SearchTask, Space, run_search
from styleprint.evaluation.splitting import Division, Protocol, divide, few_groups
from styleprint.evaluation.summary import summarise
from styleprint.evaluation.tuning_record import Tuning
from styleprint.extraction.table import Table
from styleprint.extraction.variants import Variants
from styleprint.support.errors import StyleprintError
from styleprint.support.measure import Meter
from styleprint.support.progress import Progress, silent

__all__ = ["TuneSettings", "tune_model"]


@dataclass(frozen=True)
class TuneSettings:
    """How a model is tuned.

    Attributes
    ----------
    method : str
        ``grid``, ``random`` or ``bayesian``.
    trials : int
        Of each search, the defaults among them.
    protocol : str
    folds, repeats : int
        Outer ones: a search in each.
    inner_folds : int
    metric : str
    seed : int
    workers : int
        Processes; searches run side by side, and no result depends on it.
    """

    method: str = "random"
    trials: int = 20
    protocol: str = "work"
    folds: int = 5
    repeats: int = 1
    inner_folds: int = 3
    metric: str = "accuracy"
    seed: int = 0
    workers: int = 0


@dataclass(frozen=True, eq=False)
class _Outer:
    """A search on training rows and, where there are test rows, what its best and the defaults say of them."""

    task: SearchTask = field(repr=False)
    default: FoldJob | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class _Found:
    """A search and, of the test rows, what the defaults and what its best say."""

    search: SearchResult
    answers: tuple[FoldResult, ...] = ()


def tune_model(
    table: Table,
    make_estimator: Callable[[Mapping[str, Any]], Any],
    space: Space,
    defaults: Mapping[str, Any],
    *,
    model: str,
    inputs: Any = None,
    settings: TuneSettings | None = None,
    augmented: Variants | None = None,
    progress: Progress = silent,
) -> Tuning:
    """Search in each outer fold and once on all rows.

    Parameters
    ----------
    table : Table
        With a label a row; group, copies, work, status, attribution and split are used where present.
    make_estimator : callable
        Parameters → a new estimator; picklable where there is more than one worker.
    space : mapping of str to Dimension
        See :mod:`styleprint.models.search_space`.
    defaults : mapping of str to value
        Of the parameters in `space`: trial 0, and what the tuned model is held against.
    model : str
        Its name, for the record.
    inputs : optional
        What estimators see; ``table.inputs()`` by default.
    settings : TuneSettings, optional
    augmented : Variants, optional
        Of the table's rows, for training sides alone, inner ones too.
    progress : Progress

    Raises
    ------
    UsageError
        U124, U132, U133, where the metric, the method or the space cannot serve.
    EvaluationError
        Where the labels or groups do not allow the protocol or inner folds.
    """
    settings = settings or TuneSettings()
    named_metric(settings.metric)
    inputs = table.inputs() if inputs is None else inputs
    with Meter() as meter:
        pieces = collect_pieces(table.frame)
        protocol: Protocol = PROTOCOLS.load(settings.protocol)
        divisions = divide(protocol, pieces, folds=settings.folds, repeats=settings.repeats, seed=settings.seed)
        labels = np.asarray(table.frame["label"].fillna("").astype(str).to_numpy(dtype=str))
        run_map = choose_map(settings.workers, progress)
        with open_data(SharedData(inputs, labels, pieces.classes, augmented=augmented), run_map) as handle:
            base = _Base(handle, make_estimator, space, defaults, settings, pieces, protocol)
            whole = _Outer(base.task(np.arange(len(pieces), dtype=np.intp)))
            outer = [_Outer(base.task(division.train), base.default(division)) for division in divisions]
            found = list(run_map(_run_outer, [whole, *outer], "searches"))
        return _record(base, model, divisions, found[0].search, found[1:], table.notes, meter)


@dataclass(frozen=True, eq=False)
class _Base:
    """What all searches of one tuning share."""

    handle: DataHandle
    make_estimator: Callable[[Mapping[str, Any]], Any]
    space: Space
    defaults: Mapping[str, Any]
    settings: TuneSettings
    pieces: Pieces
    protocol: Protocol

    def task(self, positions: IndexArray) -> SearchTask:
        pieces, settings = self.pieces, self.settings
        return SearchTask(
            handle=self.handle,
            make_estimator=self.make_estimator,
            space=self.space,
            defaults=self.defaults,
            rows=pieces.rows[positions],
            truth=pieces.truth[positions],
            groups=self.protocol.units(pieces)[positions],
            weight=self.protocol.weight(pieces)[positions],
            use_weight=self.protocol.copies_count_once,
            method=settings.method,
            trials=settings.trials,
            folds=settings.inner_folds,
            metric=settings.metric,
            seed=settings.seed,
        )

    def default(self, division: Division) -> FoldJob:
        pieces, train = self.pieces, division.train
        return FoldJob(
            handle=self.handle,
            make_estimator=_Maker(self.make_estimator, self.defaults),
            train=pieces.rows[train],
            test=pieces.rows[division.test],
            weight=self.protocol.weight(pieces)[train] if self.protocol.copies_count_once else None,
            groups=self.protocol.units(pieces)[train],
            with_training=True,
        )


@dataclass(frozen=True, eq=False)
class _Maker:
    """Makes an estimator of fixed parameters; it can travel to another process."""

    make_estimator: Callable[[Mapping[str, Any]], Any]
    parameters: Mapping[str, Any]

    def __call__(self) -> Any:
        return self.make_estimator(self.parameters)


def _run_outer(outer: _Outer) -> _Found:
    search = run_search(outer.task)
    if outer.default is None:
        return _Found(search)
    default, maker = outer.default, _Maker(outer.task.make_estimator, search.parameters)
    tuned = FoldJob(
        default.handle, maker, default.train, default.test, default.weight, default.groups, default.with_training
    )
    plain = run_fold(default)
    if search.best == 0:
        return _Found(search, (plain, plain))
    try:
        return _Found(search, (plain, run_fold(tuned)))
    except StyleprintError as error:
        raise type(error)(
            error.code, f"with {dict(search.parameters)}: {error.message}", remedy=error.remedy, place=error.place
        ) from error


def _record(
    base: _Base,
    model: str,
    divisions: list[Division],
    whole: SearchResult,
    outer: list[_Found],
    notes: tuple[str, ...],
    meter: Meter,
) -> Tuning:
    settings, pieces = base.settings, base.pieces
    weight = base.protocol.weight(pieces)
    sides = {
        name: pool(settings.protocol, pieces, weight, divisions, [found.answers[side] for found in outer])
        for side, name in enumerate(("default", "tuned"))
    }
    figures = {name: summarise(outcome, seed=settings.seed) for name, outcome in sides.items()}
    bootstrap = GroupBootstrap.of(sides["default"].truth, sides["default"].group, seed=settings.seed)
    tallies = {n: Tally.count(o.truth, o.probabilities, o.weight, bootstrap.unit) for n, o in sides.items()}
    sign = -1.0 if settings.metric in LOWER_IS_BETTER else 1.0
    gain = difference_interval(tallies["tuned"], tallies["default"], bootstrap, settings.metric, sign=sign)
    by_fit = [_by_fit(base, division, found) for division, found in zip(divisions, outer, strict=True)]
    return Tuning(
        model=model,
        method=settings.method,
        metric=settings.metric,
        protocol=settings.protocol,
        folds=settings.folds if base.protocol.is_random else 1,
        repeats=1 + max(division.repeat for division in divisions),
        seed=settings.seed,
        classes=pieces.classes,
        rows=len(pieces),
        groups=len(np.unique(pieces.group)),
        best=dict(whole.parameters),
        defaults=dict(base.defaults),
        default=figures["default"],
        tuned=figures["tuned"],
        gain=gain,
        test=correlated_t([sign * (tuned - plain) for plain, tuned in by_fit], folds=settings.folds),
        chosen=tuple(dict(found.search.parameters) for found in outer),
        inner_best=whole.trials[whole.best].value,
        trials=whole.trials,
        importances=parameter_importances(whole, base.space, seed=settings.seed),
        notes=tuple(notes) + tuple(few_groups(pieces, pieces.group, settings.folds)),
        seconds=meter.seconds,
        peak_memory_mb=meter.peak_memory_mb,
    )


def _by_fit(base: _Base, division: Division, found: _Found) -> tuple[float, float]:
    """The metric of the default and the tuned model in one outer fold."""
    weight = base.protocol.weight(base.pieces)[division.test]
    one = np.zeros(len(division.test), dtype=np.intp)
    values = []
    for result in found.answers:
        tally = Tally.count(base.pieces.truth[division.test], result.probabilities, weight, one)
        values.append(float(tally.values(np.ones((1, 1)))[0][base.settings.metric][0]))
    return values[0], values[1]
