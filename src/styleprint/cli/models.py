"""``styleprint models``: what can be trained."""

from styleprint.cli.options import Json, answer

__all__ = ["models"]


def models(json: Json = None) -> None:
    """List the models that 'train' and 'evaluate' know by name."""
    from styleprint.workflows.catalogue import list_models

    result = list_models()
    answer(result, json)
