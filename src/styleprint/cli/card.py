"""``styleprint card``: what a bundle is."""

from pathlib import Path
from typing import Annotated

import typer

from styleprint.cli.options import Json, answer

__all__ = ["card"]


def card(
    bundle: Annotated[Path, typer.Argument(help="What 'train' wrote.")],
    json: Json = None,
) -> None:
    """Show what a bundle was trained on, how well it does, and what it must not be used for."""
    from styleprint.workflows.card import read_card

    result = read_card(bundle)
    answer(result, json)
