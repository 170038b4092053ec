"""Evaluate a model on a table: the whole of it, from rows to the record.

Knows no model: it takes a callable that makes an estimator with scikit-learn's ``fit``, ``predict_proba`` and
``classes_``, and, where it has one, ``typicality(X)``, conformal p-values of shape (rows, classes).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from styleprint.evaluation.audit import audit, count_divided, reencoding
from styleprint.evaluation.breakdowns import breakdown, confused_pairs, each_work_once, hardest_works
from styleprint.evaluation.epochs import epochs_section
from styleprint.evaluation.evaluation import Evaluation
from styleprint.evaluation.folds import DataHandle, FoldJob, SharedData, run_fold
from styleprint.evaluation.mapping import RunMap, choose_map, open_data
from styleprint.evaluation.open_set import open_set
from styleprint.evaluation.outcomes import OutOfFold, pool
from styleprint.evaluation.permutation import PERMUTATIONS, permutation_test
from styleprint.evaluation.pieces import FloatArray, Pieces, collect_pieces
from styleprint.evaluation.probes import does_not_apply, probe, source_held_out
from styleprint.evaluation.registry import PROTOCOLS, headline_of
from styleprint.evaluation.splitting import Division, Protocol, divide, few_groups
from styleprint.evaluation.summary import baselines, summarise
from styleprint.extraction.table import Table
from styleprint.extraction.variants import Variants
from styleprint.support.errors import EvaluationError, UsageError
from styleprint.support.measure import Meter
from styleprint.support.progress import Progress, silent

__all__ = ["Extras", "Settings", "evaluate_table"]

_OWN_SECTIONS = ("permutation", "open_set")


@dataclass(frozen=True)
class Settings:
    """How an evaluation divides the pieces.

    Attributes
    ----------
    protocols : tuple of str
        By work, or else the first, is the headline: baselines, breakdowns and tests go with it.
    folds, repeats, seed : int
    workers : int
        Processes; 0 and 1 work in this one. No result depends on it.
    """

    protocols: tuple[str, ...] = ("work", "distinct", "random")
    folds: int = 5
    repeats: int = 1
    seed: int = 0
    workers: int = 0


@dataclass(frozen=True, eq=False)
class Extras:
    """What an evaluation looks at beyond the figures; empty parts are left out, and said so where they matter.

    Attributes
    ----------
    probes : mapping of str to tuple of str
        ``make`` and ``instrumentation`` → columns of the table that a probe may see. Empty columns say that
        the table has none.
    variants : mapping of str to inputs
        Re-encoding → the inputs of the same rows after it, aligned with the table row by row.
    augmented : Variants or None
        Variants of the table's rows, for training sides alone.
    breakdowns : tuple of str
        Columns of the table by which to break accuracy down.
    reference : ndarray, shape (n_rows, n_features), or None
        Numbers for the permutation test's reference model; None leaves the test out.
    permutations : int
    source_column : str
        Column that says where a file comes from, for the source held out; empty leaves it out.
    open_set : bool
        Whether to leave each label out.
    """

    probes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variants: Mapping[str, Any] = field(default_factory=dict)
    augmented: Variants | None = None
    breakdowns: tuple[str, ...] = ()
    reference: FloatArray | None = None
    permutations: int = PERMUTATIONS
    source_column: str = ""
    open_set: bool = False


@dataclass(frozen=True, eq=False)
class _Run:
    """What the steps of one evaluation share."""

    pieces: Pieces
    handle: DataHandle
    make_estimator: Callable[[], Any]
    settings: Settings
    extras: Extras
    run_map: RunMap


def evaluate_table(
    table: Table,
    make_estimator: Callable[[], Any],
    *,
    model: str,
    inputs: Any = None,
    settings: Settings | None = None,
    extras: Extras | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Test a model on rows that it has not seen.

    Parameters
    ----------
    table : Table
        With a label a row; group, copies, work, status, attribution and split are used where present.
    make_estimator : callable
        Makes a new estimator, without arguments; picklable where there is more than one worker.
    model : str
        The model's name, for the record.
    inputs : DataFrame, array or anything that rows can be taken from by position, optional
        What estimators see; ``table.inputs()`` by default. Each row must come from its piece alone.
    settings : Settings, optional
    extras : Extras, optional
    progress : Progress

    Raises
    ------
    EvaluationError
        Where the labels or groups do not allow a protocol (E101–E108).
    """
    settings, extras = settings or Settings(), extras or Extras()
    inputs = table.inputs() if inputs is None else inputs
    _check(table, inputs, settings, extras)
    with Meter() as meter:
        pieces = collect_pieces(table.frame)
        labels = np.asarray(table.frame["label"].fillna("").astype(str).to_numpy(dtype=str))
        run_map = choose_map(settings.workers, progress)
        data = SharedData(inputs, labels, pieces.classes, extras.variants, extras.augmented)
        with open_data(data, run_map) as handle:
            run = _Run(pieces, handle, make_estimator, settings, extras, run_map)
            divisions, outcomes, epochs = _run_protocols(run)
            protocols = {name: summarise(outcome, seed=settings.seed) for name, outcome in outcomes.items()}
            headline = outcomes[headline_of(settings.protocols)]
            tests = _run_tests(run, headline, divisions)
        baseline = baselines(headline)
        return Evaluation(
            model=model,
            classes=pieces.classes,
            rows=len(pieces),
            groups=len(np.unique(pieces.group)),
            protocols=protocols,
            baseline=baseline,
            audit=audit(_count(run, divisions), protocols, baseline, tests, pieces.classes),
            sections=_sections(run, headline) | epochs | {k: tests[k] for k in _OWN_SECTIONS if k in tests},
            notes=tuple(table.notes) + tuple(few_groups(pieces, headline.pieces.group, settings.folds)),
            seconds=meter.seconds,
            peak_memory_mb=meter.peak_memory_mb,
            predictions=pd.concat([outcome.to_frame() for outcome in outcomes.values()], ignore_index=True),
        )


def _check(table: Table, inputs: Any, settings: Settings, extras: Extras) -> None:
    if not settings.protocols or settings.folds < 2 or settings.repeats < 1:
        raise UsageError("U123", "an evaluation needs at least one protocol, two folds and one repeat.")
    for name, rows in {"inputs": inputs, "reference": extras.reference, **extras.variants}.items():
        n_rows = len(table) if rows is None else rows.shape[0]
        if n_rows != len(table):
            raise EvaluationError(
                "E109", f"{name} must have one row for each of the table's {len(table)}, but has {n_rows}."
            )
    missing = [column for column in extras.breakdowns if column not in table.frame]
    if missing:
        raise EvaluationError("E110", f"the table lacks the columns {', '.join(missing)} to break accuracy down by.")


def _run_protocols(run: _Run) -> tuple[dict[str, list[Division]], dict[str, OutOfFold], dict[str, Any]]:
    """The folds of all protocols, as one list of jobs, so that no worker waits between protocols.

    With them how networks of the headline learnt, a section of its own where there are any.
    """
    loaded: dict[str, Protocol] = {name: PROTOCOLS.load(name) for name in run.settings.protocols}
    divisions = {name: _divide(protocol, run) for name, protocol in loaded.items()}
    jobs = [_job(run, loaded[name], division) for name in loaded for division in divisions[name]]
    results = list(run.run_map(run_fold, jobs, "folds"))
    outcomes, start, epochs = {}, 0, None
    for name, protocol in loaded.items():
        end = start + len(divisions[name])
        weight = protocol.weight(run.pieces)
        outcomes[name] = pool(name, run.pieces, weight, divisions[name], results[start:end])
        epochs = epochs_section(results[start:end]) if name == headline_of(run.settings.protocols) else epochs
        start = end
    return divisions, outcomes, {"epochs": epochs} if epochs is not None else {}


def _divide(protocol: Protocol, run: _Run) -> list[Division]:
    settings = run.settings
    return divide(protocol, run.pieces, folds=settings.folds, repeats=settings.repeats, seed=settings.seed)


def _job(run: _Run, protocol: Protocol, division: Division) -> FoldJob:
    pieces, train = run.pieces, division.train
    return FoldJob(
        handle=run.handle,
        make_estimator=run.make_estimator,
        train=pieces.rows[train],
        test=pieces.rows[division.test],
        weight=protocol.weight(pieces)[train] if protocol.copies_count_once else None,
        groups=protocol.units(pieces)[train],
        with_training=True,
        variants=tuple(run.extras.variants) if protocol.name == headline_of(run.settings.protocols) else (),
    )


def _run_tests(run: _Run, headline: OutOfFold, divisions: dict[str, list[Division]]) -> dict[str, Any]:
    """The audit's tests that were asked for. Probes and open set take the headline's folds."""
    settings, extras, pieces = run.settings, run.extras, run.pieces
    own = divisions[headline.protocol]
    tests: dict[str, Any] = {"make_probe": does_not_apply("No columns were named for it.")}
    for name, columns in extras.probes.items():
        tests[f"{name}_probe"] = probe(columns, headline, own, seed=settings.seed)
    if extras.variants:
        tests["reencoding"] = reencoding(headline, seed=settings.seed)
    if extras.source_column:
        tests["source_held_out"] = source_held_out(
            extras.source_column,
            pieces,
            run.handle,
            run.make_estimator,
            run.run_map,
            folds=settings.folds,
            seed=settings.seed,
        )
    if extras.reference is not None:
        tests["permutation"] = asdict(
            permutation_test(
                extras.reference[pieces.rows],
                pieces.truth,
                pieces.group,
                pieces.weight,
                folds=settings.folds,
                permutations=extras.permutations,
                seed=settings.seed,
            )
        )
    if extras.open_set:
        tests["open_set"] = open_set(pieces, run.handle, run.make_estimator, own, run.run_map, seed=settings.seed)
    return tests


def _sections(run: _Run, headline: OutOfFold) -> dict[str, Any]:
    seed = run.settings.seed
    return {
        "each_work_once": each_work_once(headline, seed=seed),
        "breakdowns": {column: breakdown(headline, column, seed=seed) for column in run.extras.breakdowns},
        "hardest_works": hardest_works(headline),
        "confused_pairs": confused_pairs(headline),
    }


def _count(run: _Run, divisions: dict[str, list[Division]]) -> dict[str, Any]:
    """What a random split divides, whether or not protocol ``random`` was run."""
    return count_divided(run.pieces, divisions.get("random") or _divide(PROTOCOLS.load("random"), run))
