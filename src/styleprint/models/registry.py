"""The models that can be trained, by name."""

from typing import Any

from styleprint.support.registry import Registry

__all__ = ["MODELS", "load_model", "make_model"]

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
