"""The models that can be trained, by name."""

from collections.abc import Mapping
from typing import Any

from styleprint.support.errors import UsageError
from styleprint.support.registry import Registry

__all__ = ["MODELS", "load_model", "make_model", "make_with"]

MODELS = Registry(
    "model",
    {
        "standard": "styleprint.models.standard:StandardModel",
        "dummy": "styleprint.models.dummy:DummyModel",
    },
)


def load_model(name: str) -> Any:
    """The class of that name.

    Raises
    ------
    UsageError
        U101, where there is no such model.
    """
    return MODELS.load(name)


def make_model(name: str, *, seed: int) -> Any:
    """A new estimator of that name, with its defaults."""
    return load_model(name)(random_state=seed)


def make_with(name: str, parameters: Mapping[str, Any], *, seed: int) -> Any:
    """A new estimator of that name, with these parameters, the others at their defaults.

    Raises
    ------
    UsageError
        U134, where the model has no such parameter.
    """
    kind = load_model(name)
    known = kind._get_param_names()
    unknown = [each for each in parameters if each not in known]
    if unknown:
        raise UsageError(
            "U134",
            f"model {name!r} has no parameter named {', '.join(unknown)}.",
            remedy=f"It has: {', '.join(known)}.",
        )
    return kind(**{"random_state": seed, **parameters})
