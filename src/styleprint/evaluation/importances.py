"""Which parameters of a model mattered in a search: functional analysis of variance.

A forest of regression trees learns the score from the parameters of the trials; the importance of a parameter is the
share of the forest's variance that it explains alone (Hutter, Hoos and Leyton-Brown, *An efficient approach for
assessing hyperparameter importance*, ICML 2014), as Optuna computes it.
"""

from collections.abc import Mapping
from typing import Any

from styleprint.evaluation.search import SearchResult, Space, distribution, load_optuna
from styleprint.support.errors import UsageError

__all__ = ["parameter_importances"]

_LEAST_TRIALS = 6


def parameter_importances(result: SearchResult, space: Space, *, seed: int) -> dict[str, Any]:
    """Importance of each parameter of a search, the largest first.

    Parameters
    ----------
    result : SearchResult
    space : mapping of str to Dimension
    seed : int

    Returns
    -------
    dict
        ``applies`` and ``values`` (shares that sum to 1), or ``reason``.
    """
    complete = [
        trial
        for trial in result.trials
        if trial.state == "complete" and all(trial.parameters[name] in space[name] for name in space)
    ]
    if len(complete) < _LEAST_TRIALS:
        return _does_not_apply(f"Fewer than {_LEAST_TRIALS} trials were completed inside the space.")
    if len({trial.value for trial in complete}) == 1:
        return _does_not_apply("All trials did alike.")
    try:
        optuna = load_optuna()
    except UsageError as error:
        return _does_not_apply(f"It needs Optuna. {error.remedy}")
    study = optuna.create_study(direction="maximize")
    distributions = {name: distribution(optuna, dimension) for name, dimension in space.items()}
    for trial in complete:
        study.add_trial(
            optuna.trial.create_trial(params=dict(trial.parameters), distributions=distributions, value=trial.value)
        )
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=seed)
    found: Mapping[str, float] = optuna.importance.get_param_importances(study, evaluator=evaluator)
    values = {name: float(found.get(name, 0.0)) for name in space}
    return {"applies": True, "values": dict(sorted(values.items(), key=lambda item: -item[1]))}


def _does_not_apply(reason: str) -> dict[str, Any]:
    return {"applies": False, "reason": reason}
