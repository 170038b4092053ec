"""What a use case returns to a door: a text for people, the same as JSON, and how many pieces failed."""

from dataclasses import dataclass
from typing import Any

__all__ = ["TextResult"]


@dataclass(frozen=True)
class TextResult:
    """A result that is only told.

    Attributes
    ----------
    text : str
        For people.
    as_json : object
        The same, for programs.
    failed : int
        Number of pieces that could not serve.
    """

    text: str
    as_json: Any
    failed: int = 0
