"""What a search may try: the values that a parameter of a model may take.

An estimator names its parameters in a class variable ``search_space``, a mapping from the name of a parameter, as
its ``__init__`` takes it, to a :class:`Real`, an :class:`Integer` or a :class:`Choice`. Every value of a space must
be one that the estimator accepts, and its default should lie in it: a test over all models holds that.

>>> Real(1.0, 4.0, log=True).at(0.5)
2.0
>>> Integer(1, 9).grid(3)
(1, 5, 9)
>>> Choice(("scale", "auto")).at(0.9)
'auto'
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from styleprint.support.errors import UsageError

__all__ = ["Choice", "Integer", "Real"]


class _Trial(Protocol):
    """What Optuna's trials offer (``optuna.trial.Trial``)."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool) -> float: ...

    def suggest_int(self, name: str, low: int, high: int, *, log: bool) -> int: ...

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any: ...


@dataclass(frozen=True)
class Real:
    """Real numbers between two bounds, both included.

    Attributes
    ----------
    low, high : float
    log : bool
        Whether ratios count, not differences; `low` must then be above 0.
    """

    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        _check_bounds(self.low, self.high, log=self.log)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high

    def at(self, share: float) -> float:
        """The value at that share of the way from `low` to `high`, from 0 to 1."""
        return _between(self.low, self.high, share, log=self.log)

    def grid(self, count: int) -> tuple[float, ...]:
        """So many values, evenly spread, both bounds among them."""
        return tuple(self.at(share) for share in _shares(count))

    def suggest(self, trial: _Trial, name: str) -> float:
        """Let a trial choose."""
        return trial.suggest_float(name, self.low, self.high, log=self.log)


@dataclass(frozen=True)
class Integer:
    """Whole numbers between two bounds, both included.

    Attributes
    ----------
    low, high : int
    log : bool
        Whether ratios count, not differences; `low` must then be above 0.
    """

    low: int
    high: int
    log: bool = False

    def __post_init__(self) -> None:
        if int(self.low) != self.low or int(self.high) != self.high:
            raise UsageError("U140", f"bounds of whole numbers must be whole, but are {self.low} and {self.high}.")
        _check_bounds(self.low, self.high, log=self.log)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high

    def at(self, share: float) -> int:
        """The value at that share of the way from `low` to `high`; each whole number has its part of the way."""
        low, high = (self.low, self.high + 1) if not self.log else (self.low - 0.5, self.high + 0.5)
        found = _between(low, high, share, log=self.log)
        whole = math.floor(found) if not self.log else round(found)
        return min(max(whole, self.low), self.high)

    def grid(self, count: int) -> tuple[int, ...]:
        """At most so many values, evenly spread, both bounds among them."""
        values = (round(_between(self.low, self.high, share, log=self.log)) for share in _shares(count))
        return tuple(dict.fromkeys(values))

    def suggest(self, trial: _Trial, name: str) -> int:
        """Let a trial choose."""
        return trial.suggest_int(name, self.low, self.high, log=self.log)


@dataclass(frozen=True)
class Choice:
    """A few values, without an order.

    Attributes
    ----------
    values : tuple
        At least one; strings, numbers, booleans or None.
    """

    values: tuple[Hashable, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))
        if not self.values or len(set(self.values)) < len(self.values):
            raise UsageError("U140", f"a choice must offer values that all differ, but offers {self.values}.")

    def __contains__(self, value: object) -> bool:
        return value in self.values

    def at(self, share: float) -> Any:
        """The value at that share of the list, from 0 to 1."""
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]

    def grid(self, count: int) -> tuple[Any, ...]:  # noqa: ARG002  # a choice has its own number
        """All values."""
        return self.values

    def suggest(self, trial: _Trial, name: str) -> Any:
        """Let a trial choose."""
        return trial.suggest_categorical(name, self.values)


def _check_bounds(low: float, high: float, *, log: bool) -> None:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise UsageError("U140", f"bounds must be finite, the lower one first, but are {low} and {high}.")
    if log and low <= 0:
        raise UsageError("U140", f"on a scale of ratios the lower bound must be above 0, but is {low}.")


def _between(low: float, high: float, share: float, *, log: bool) -> float:
    if not 0 <= share <= 1:
        raise UsageError("U140", f"a share must lie between 0 and 1, but is {share}.")
    found = low * (high / low) ** share if log else low + share * (high - low)
    return min(max(found, low), high)


def _shares(count: int) -> tuple[float, ...]:
    if count < 2:
        raise UsageError("U140", f"a grid needs at least two values a parameter, but {count} was asked for.")
    return tuple(i / (count - 1) for i in range(count))
