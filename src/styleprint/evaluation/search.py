"""Search for the parameters of a model, judged by inner folds made from groups.

A trial is one set of parameters. It is judged on rows that inner folds hold out (:mod:`styleprint.corpus.splits`),
pooled over the folds. Trial 0 is always the model as it comes, so that a search never does worse on its own terms.
Three ways to choose the others:

``grid``
    Every combination of as many evenly spread values a parameter as fit into the number of trials, at least two;
    where even two are too many, combinations of the grid drawn by seed, without repetition.
``random``
    Values drawn by seed, each parameter alike over its space (Bergstra and Bengio, JMLR 13, 2012).
``bayesian``
    The tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011) of Optuna: where good trials are dense and bad
    ones are not. A trial is *pruned*, that is given up after an inner fold, where it stands below the median of
    earlier trials at that fold. Needs the extra ``tables``.

A trial at which the model fails is told and passed over. One search runs in one process, trial after trial, so that
its result depends on nothing but its seed.
"""

import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args

import numpy as np

from styleprint.corpus.splits import Split, grouped_splits
from styleprint.evaluation.folds import DataHandle, FoldJob, run_fold
from styleprint.evaluation.metrics import LOWER_IS_BETTER, Tally
from styleprint.evaluation.pieces import FloatArray, IndexArray
from styleprint.support.errors import EvaluationError, ModelError, UsageError

__all__ = ["METHODS", "Dimension", "Method", "SearchResult", "SearchTask", "Space", "Trial", "run_search"]

Method = Literal["grid", "random", "bayesian"]
METHODS: tuple[str, ...] = get_args(Method)

_STARTUP = 8
_MAX_GRID = 1_000_000


class Dimension(Protocol):
    """What a parameter may be (:mod:`styleprint.models.search_space`)."""

    def __contains__(self, value: object) -> bool: ...

    def at(self, share: float) -> Any: ...  # noqa: D102  # said by the class

    def grid(self, count: int) -> tuple[Any, ...]: ...  # noqa: D102

    def suggest(self, trial: Any, name: str) -> Any: ...  # noqa: D102


Space = Mapping[str, Dimension]


@dataclass(frozen=True)
class Trial:
    """One set of parameters and how it did.

    Attributes
    ----------
    number : int
        0 is the model as it comes.
    parameters : mapping of str to value
    state : str
        ``complete``, ``pruned`` or ``failed``.
    value : float
        The metric over the rows that inner folds held out; NaN unless complete.
    folds : tuple of float
        The metric of each inner fold that was run.
    seconds : float
    reason : str
        Why it failed.
    """

    number: int
    parameters: Mapping[str, Any]
    state: str
    value: float
    folds: tuple[float, ...]
    seconds: float
    reason: str = ""


@dataclass(frozen=True, eq=False)
class SearchTask:
    """What one search works on; it can travel to another process.

    Attributes
    ----------
    handle : DataHandle
    make_estimator : callable
        Parameters → a new estimator.
    space : mapping of str to Dimension
    defaults : mapping of str to value
        Of the parameters in `space`.
    rows : ndarray of int
        Positions in the inputs that may be looked at.
    truth, groups : ndarray of int, one a row
    weight : ndarray of float, one a row
    use_weight : bool
        Whether estimators are given the weights.
    method, trials, folds, metric, seed
    """

    handle: DataHandle
    make_estimator: Callable[[Mapping[str, Any]], Any]
    space: Space
    defaults: Mapping[str, Any]
    rows: IndexArray
    truth: IndexArray
    groups: IndexArray
    weight: FloatArray
    use_weight: bool = False
    method: str = "random"
    trials: int = 20
    folds: int = 3
    metric: str = "accuracy"
    seed: int = 0

    @property
    def sign(self) -> float:
        """−1 where lower is better."""
        return -1.0 if self.metric in LOWER_IS_BETTER else 1.0


@dataclass(frozen=True, eq=False)
class SearchResult:
    """All trials of a search.

    Attributes
    ----------
    trials : tuple of Trial
    best : int
        Number of the best complete trial, the first of equals.
    """

    trials: tuple[Trial, ...]
    best: int = field(default=0)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Of the best trial."""
        return self.trials[self.best].parameters


def run_search(task: SearchTask) -> SearchResult:
    """Try parameters and keep the best.

    Raises
    ------
    UsageError
        U132, for an unknown method, no trials or an empty space; U133, where Optuna is missing.
    EvaluationError
        E101 too few groups for inner folds; E113, where no trial could be completed.
    """
    _check(task)
    splits = _inner_splits(task)
    first = _run_trial(task, splits, 0, task.defaults)
    if task.method == "bayesian":
        trials = [first, *_bayesian(task, splits, first)]
    else:
        proposals = _grid(task) if task.method == "grid" else _random(task)
        trials = [first]
        trials += [_run_trial(task, splits, number, chosen) for number, chosen in enumerate(proposals, start=1)]
    complete = [trial for trial in trials if trial.state == "complete"]
    if not complete:
        raise EvaluationError("E113", f"no trial could be completed; the first failed: {first.reason}")
    best = max(complete, key=lambda trial: task.sign * trial.value)
    return SearchResult(tuple(trials), best.number)


def _check(task: SearchTask) -> None:
    if task.method not in METHODS:
        raise UsageError(
            "U132", f"there is no search named {task.method!r}.", remedy=f"Choose one of: {', '.join(METHODS)}."
        )
    if not task.space:
        raise UsageError("U132", "the model names no parameters to search.", remedy="Choose another model.")
    if task.trials < 2 or task.folds < 2:
        raise UsageError("U132", "a search needs at least two trials and two inner folds.")


def _inner_splits(task: SearchTask) -> list[Split]:
    """Inner folds, as positions in the task's rows; each must have two labels to learn from."""
    pairs = grouped_splits(task.truth.tolist(), task.groups.tolist(), folds=task.folds, seed=task.seed)
    kept = [(train, held) for train, held in pairs if len(np.unique(task.truth[train])) > 1 and len(held)]
    if not kept:
        raise EvaluationError("E113", "no inner fold has two labels to learn from.", remedy="Add groups.")
    return kept


def _run_trial(
    task: SearchTask,
    splits: list[Split],
    number: int,
    parameters: Mapping[str, Any],
    keep_on: Callable[[int, float], bool] = lambda fold, value: True,  # noqa: ARG005  # without pruning
) -> Trial:
    """Judge one set of parameters; `keep_on` hears the score so far and may prune."""
    start = time.perf_counter()
    held: list[IndexArray] = []
    found: list[FloatArray] = []
    folds: list[float] = []
    try:
        for fold, (train, test) in enumerate(splits):
            held.append(test)
            found.append(run_fold(_job(task, parameters, train, test)).probabilities)
            folds.append(_value(task, [test], found[-1:]))
            if fold + 1 < len(splits) and not keep_on(fold, task.sign * _value(task, held, found)):
                seconds = time.perf_counter() - start
                return Trial(number, parameters, "pruned", math.nan, tuple(folds), seconds)
    except (ModelError, UsageError, ValueError) as error:
        seconds = time.perf_counter() - start
        return Trial(number, parameters, "failed", math.nan, tuple(folds), seconds, str(error))
    value = _value(task, held, found)
    return Trial(number, parameters, "complete", value, tuple(folds), time.perf_counter() - start)


def _job(task: SearchTask, parameters: Mapping[str, Any], train: IndexArray, test: IndexArray) -> FoldJob:
    return FoldJob(
        handle=task.handle,
        make_estimator=lambda: task.make_estimator(parameters),
        train=task.rows[train],
        test=task.rows[test],
        weight=task.weight[train] if task.use_weight else None,
        groups=task.groups[train],
    )


def _value(task: SearchTask, held: list[IndexArray], found: list[FloatArray]) -> float:
    """The metric over these held-out rows, pooled."""
    rows = np.concatenate(held)
    one = np.zeros(len(rows), dtype=np.intp)
    tally = Tally.count(task.truth[rows], np.concatenate(found), task.weight[rows], one)
    return float(tally.values(np.ones((1, 1)))[0][task.metric][0])


def _grid(task: SearchTask) -> Iterator[dict[str, Any]]:
    """Combinations of evenly spread values, at most so many as trials remain."""
    room = task.trials - 1
    count = 2
    while math.prod(len(d.grid(count + 1)) for d in task.space.values()) <= room and count < room:
        count += 1
    values = {name: dimension.grid(count) for name, dimension in task.space.items()}
    size = math.prod(len(each) for each in values.values())
    if size <= room:
        yield from (dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values()))
        return
    random = np.random.default_rng(task.seed)
    drawn = random.choice(size, room, replace=False) if size <= _MAX_GRID else random.integers(0, size, room)
    shape = [len(each) for each in values.values()]
    for number in sorted(drawn.tolist()):
        places = np.unravel_index(number, shape)
        yield {name: each[int(place)] for (name, each), place in zip(values.items(), places, strict=True)}


def _random(task: SearchTask) -> Iterator[dict[str, Any]]:
    random = np.random.default_rng(task.seed)
    for _ in range(task.trials - 1):
        yield {name: dimension.at(float(random.random())) for name, dimension in task.space.items()}


def _bayesian(task: SearchTask, splits: list[Split], first: Trial) -> Iterator[Trial]:
    optuna = load_optuna()
    sampler = optuna.samplers.TPESampler(seed=task.seed, n_startup_trials=min(_STARTUP, task.trials // 2))
    pruner = optuna.pruners.MedianPruner(n_startup_trials=_STARTUP // 2)
    study = optuna.create_study(sampler=sampler, pruner=pruner, direction="maximize")
    _tell_default(optuna, study, task, first)
    for number in range(1, task.trials):
        asked = study.ask()
        chosen = {name: dimension.suggest(asked, name) for name, dimension in task.space.items()}

        def keep_on(fold: int, value: float, asked: Any = asked) -> bool:
            asked.report(value, fold)
            return not asked.should_prune()

        trial = _run_trial(task, splits, number, chosen, keep_on)
        states = optuna.trial.TrialState
        state = {"complete": states.COMPLETE, "pruned": states.PRUNED, "failed": states.FAIL}[trial.state]
        study.tell(asked, task.sign * trial.value if trial.state == "complete" else None, state=state)
        yield trial


def _tell_default(optuna: Any, study: Any, task: SearchTask, first: Trial) -> None:
    """Let the study know how the defaults did, where they lie in the space."""
    if first.state != "complete" or any(first.parameters[name] not in task.space[name] for name in task.space):
        return
    study.add_trial(
        optuna.trial.create_trial(
            params=dict(first.parameters),
            distributions={name: distribution(optuna, dimension) for name, dimension in task.space.items()},
            value=task.sign * first.value,
        )
    )


def distribution(optuna: Any, dimension: Dimension) -> Any:
    """What Optuna calls a dimension."""

    class _Names:
        def suggest_float(self, name: str, low: float, high: float, *, log: bool) -> Any:  # noqa: ARG002
            return optuna.distributions.FloatDistribution(low, high, log=log)

        def suggest_int(self, name: str, low: int, high: int, *, log: bool) -> Any:  # noqa: ARG002
            return optuna.distributions.IntDistribution(low, high, log=log)

        def suggest_categorical(self, name: str, choices: Any) -> Any:  # noqa: ARG002
            return optuna.distributions.CategoricalDistribution(choices)

    return dimension.suggest(_Names(), "")


def load_optuna() -> Any:
    """Optuna, quiet.

    Raises
    ------
    UsageError
        U133, where it is not installed.
    """
    try:
        import optuna
    except ImportError as error:
        raise UsageError(
            "U133",
            "a Bayesian search and importances of parameters need Optuna, which is not installed.",
            remedy="pip install 'styleprint[tables]'.",
        ) from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna
