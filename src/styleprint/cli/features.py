"""``styleprint features``: the catalogue."""

from typing import Annotated, Literal

import typer

from styleprint.cli.options import Json, answer

__all__ = ["features"]


def features(
    kind: Annotated[Literal["score", "recording"], typer.Option(help="Of what.")] = "score",
    json: Json = None,
) -> None:
    """List every feature with its unit, what leaves it unchanged, and its source."""
    from styleprint.workflows.catalogue import list_features

    result = list_features(kind)
    answer(result, json)
