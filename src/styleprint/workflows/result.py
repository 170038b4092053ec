"""What a use case returns to a door: a text for people, the same as JSON, and how many pieces failed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from styleprint.evaluation.requirements import Requirement

__all__ = ["MeasuredResult", "TextResult"]


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


class _Record(Protocol):
    """What an evaluation, a comparison and a tuning have in common."""

    @property
    def text(self) -> str: ...

    def to_json(self) -> dict[str, Any]: ...

    def check(self, requirements: "Iterable[Requirement]") -> None: ...


Measured = TypeVar("Measured", bound=_Record)


@dataclass(frozen=True)
class MeasuredResult(Generic[Measured]):
    """A record of figures and what was asked of it.

    Attributes
    ----------
    record : Evaluation, Comparison or Tuning
    requirements : tuple of Requirement
    failed : int
        Files that could not be read.
    draw : callable
        Makes pictures, as SVG by name, of the record's JSON.
    """

    record: Measured
    requirements: "tuple[Requirement, ...]"
    failed: int
    draw: Callable[[Mapping[str, Any]], Mapping[str, str]]

    @property
    def text(self) -> str:
        """For people."""
        return self.record.text

    @property
    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return self.record.to_json()

    @property
    def figures(self) -> Mapping[str, str]:
        """SVG by name."""
        return self.draw(self.as_json)

    def check_requirements(self) -> None:
        """Raise RequirementError where a figure was missed."""
        self.record.check(self.requirements)
