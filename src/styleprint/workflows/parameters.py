"""What ``tune`` writes and other use cases read: the parameters of a model, as TOML."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from styleprint.models.language.registry import LANGUAGE_MODELS, make_language_model
from styleprint.models.registry import MODELS, make_with
from styleprint.support.errors import UsageError
from styleprint.support.toml import to_toml

__all__ = ["is_language_model", "parameters_text", "read_parameters"]


def is_language_model(name: str) -> bool:
    """Whether a model continues music, in place of naming whose it is.

    Raises
    ------
    UsageError
        U101, where there is no such model of either kind.
    """
    if name not in MODELS and name not in LANGUAGE_MODELS:
        remedy = f"Choose one of: {', '.join((*MODELS, *LANGUAGE_MODELS))}."
        raise UsageError("U101", f"there is no model named {name!r}.", remedy=remedy)
    return name in LANGUAGE_MODELS


def parameters_text(model: str, parameters: Mapping[str, Any], *, comment: str) -> str:
    """The file, as text."""
    return to_toml({"model": model, "parameters": dict(parameters)}, comment=comment)


def read_parameters(path: Path | None, model: str) -> dict[str, Any]:
    """The parameters that a file gives for a model; none without a file.

    Parameters
    ----------
    path : Path or None
    model : str
        For which they must be.

    Raises
    ------
    UsageError
        U136, where the file cannot be read or is for another model; U134, for a parameter that the model lacks.
    """
    if path is None:
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError("U136", f"parameters must be a readable TOML file: {error}.", place=str(path)) from error
    if found.get("model") != model or not isinstance(found.get("parameters"), dict):
        raise UsageError(
            "U136",
            f"the file must give the parameters of model {model!r}, but is for {found.get('model')!r}.",
            remedy="Name that model with --model, or make the file with 'styleprint tune'.",
            place=str(path),
        )
    make = make_language_model if model in LANGUAGE_MODELS else make_with
    make(model, found["parameters"], seed=0)
    return dict(found["parameters"])
