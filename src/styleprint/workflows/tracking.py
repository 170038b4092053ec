"""The same as a run's folder, in MLflow: parameters, metrics, files. Needs the extra ``track``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from styleprint.support.errors import UsageError

__all__ = ["track_run"]

_LONGEST = 500
_SQLITE = "sqlite:///"


def track_run(store: str, command: str, options: Mapping[str, Any], metrics: Mapping[str, float], folder: Path) -> str:
    """Log one run.

    Parameters
    ----------
    store : str
        MLflow's tracking address: ``sqlite:///runs.db``, ``http://…``. With SQLite, files lie beside the database.
    command : str
        The experiment is ``styleprint COMMAND``.
    options : mapping of str to value
        Logged as parameters, each cut at 500 characters.
    metrics : mapping of str to float
    folder : Path
        Its files are logged as artifacts.

    Returns
    -------
    str
        The id of the run.

    Raises
    ------
    UsageError
        U151, where MLflow is not installed.
    """
    try:
        import mlflow
    except ImportError as error:
        raise UsageError(
            "U151", "--track needs MLflow, which is not installed.", remedy="pip install 'styleprint[track]'."
        ) from error
    client = mlflow.MlflowClient(tracking_uri=store)
    run = client.create_run(_experiment(client, store, f"styleprint {command}"))
    identity = str(run.info.run_id)
    for name, value in options.items():
        client.log_param(identity, name, str(value)[:_LONGEST])
    for name, value in metrics.items():
        client.log_metric(identity, _name(name), value)
    client.log_artifacts(identity, str(folder))
    client.set_terminated(identity)
    return identity


def _experiment(client: Any, store: str, name: str) -> str:
    known = client.get_experiment_by_name(name)
    if known is not None:
        return str(known.experiment_id)
    if not store.startswith(_SQLITE):
        return str(client.create_experiment(name))
    database = Path(store.removeprefix(_SQLITE)).absolute()
    return str(client.create_experiment(name, artifact_location=database.with_suffix(".files").as_uri()))


def _name(metric: str) -> str:
    """A name that MLflow takes: letters, figures, and ``_ - . space : /``."""
    return "".join(c if c.isalnum() or c in "_-. :/" else "_" for c in metric)
