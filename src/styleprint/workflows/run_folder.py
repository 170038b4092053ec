"""What a run leaves behind: a folder from which it can be repeated, read and compared.

``run.toml``
    The command and its options; ``styleprint COMMAND --config run.toml`` repeats the run.
``environment.toml``
    Python, system, and the versions of all that a figure may hang on.
``result.json``, ``result.txt``
    What the command found, for programs and for people.
``metrics.json``
    The single numbers in it, by path: ``protocols.work.accuracy.value``.
``figures/``
    Figures as SVG, where the result has some.
"""

import importlib.metadata
import json
import platform
import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from styleprint.reports.figures import write_figures
from styleprint.support.atomic import write_text
from styleprint.support.errors import UsageError
from styleprint.support.toml import to_toml
from styleprint.version import __version__

__all__ = ["Recorded", "collect_metrics", "read_config", "record_run"]

_PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "numba",
    "scikit-learn",
    "lightgbm",
    "symusic",
    "music21",
    "imbalanced-learn",
    "optuna",
    "torch",
)
_MOST_METRICS = 2_000
_MAY_BE_FILES = ("groups", "split")
_NOT_FIGURES = ("rows", "classes", "confusion", "trials", "roc", "reliability", "fold_values")


class Recorded(Protocol):
    """What a workflow returns."""

    @property
    def text(self) -> str: ...  # noqa: D102  # said by the class

    @property
    def as_json(self) -> Any: ...  # noqa: D102


def record_run(folder: Path, command: str, options: Mapping[str, Any], result: Recorded) -> dict[str, float]:
    """Write the folder of a run.

    Parameters
    ----------
    folder : Path
        Made where it is missing; files of an earlier run are replaced.
    command : str
    options : mapping of str to value
        As typed; paths are made absolute, so that the run can be repeated from anywhere.
    result : Recorded
        Its ``figures``, where it has such a mapping of names to SVG, become files.

    Returns
    -------
    dict of str to float
        The metrics.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = result.as_json
    metrics = collect_metrics(found)
    comment = f"styleprint {__version__}. To run it again: styleprint {command} --config run.toml"
    write_text(folder / "run.toml", to_toml({"command": command, "options": _plain(options)}, comment=comment))
    write_text(folder / "environment.toml", to_toml(_environment()))
    write_text(folder / "result.json", json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    write_text(folder / "result.txt", result.text + "\n")
    write_text(folder / "metrics.json", json.dumps(metrics, indent=1) + "\n")
    figures = getattr(result, "figures", None)
    if figures:
        write_figures(folder / "figures", figures)
    return metrics


def read_config(path: Path, command: str) -> dict[str, Any]:
    """The options of a ``run.toml``.

    Raises
    ------
    UsageError
        U150, where it cannot be read, or is of another command.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError("U150", f"a configuration must be a readable TOML file: {error}.", place=str(path)) from error
    if found.get("command") != command or not isinstance(found.get("options"), dict):
        raise UsageError(
            "U150",
            f"a configuration for '{command}' must say command = \"{command}\" and have a table [options], but this is "
            f"for {found.get('command')!r}.",
            place=str(path),
        )
    return dict(found["options"])


def collect_metrics(found: Any, path: str = "") -> dict[str, float]:
    """Every single number of a result, by its path; lists are left out.

    Parameters
    ----------
    found : value that JSON can hold
    path : str
        Of `found` itself.
    """
    if isinstance(found, bool) or found is None:
        return {}
    if isinstance(found, int | float):
        return {path: float(found)}
    metrics: dict[str, float] = {}
    if isinstance(found, Mapping):
        for key, value in found.items():
            if key not in _NOT_FIGURES or isinstance(value, int | float):
                metrics |= collect_metrics(value, f"{path}.{key}" if path else str(key))
    return dict(list(metrics.items())[:_MOST_METRICS])


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _absolute(name, value) for name, value in options.items() if value is not None}


def _absolute(name: str, value: Any) -> Any:
    """An option as TOML holds it; what names a file does so from anywhere."""
    if isinstance(value, Path) or (name in _MAY_BE_FILES and value and Path(value).is_file()):
        return str(Path(value).absolute())
    return list(value) if isinstance(value, tuple) else value


def _environment() -> dict[str, Any]:
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:  # an extra that is not installed
            continue
    return {
        "styleprint": __version__,
        "python": sys.version.split()[0],
        "system": platform.platform(),
        "machine": platform.machine(),
        "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "packages": versions,
    }
