"""``--require [PLACE.]METRIC=VALUE``: a figure that must be reached.

A place is a protocol where one model is evaluated, and a model (or ``nested``) where several are compared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from styleprint.evaluation.metrics import LOWER_IS_BETTER, METRICS
from styleprint.evaluation.registry import PROTOCOLS, headline_of
from styleprint.support.errors import RequirementError, UsageError

__all__ = ["Requirement", "check_requirements", "parse_requirement"]

_METRICS = (*METRICS, "train_accuracy")


@dataclass(frozen=True)
class Requirement:
    """A bound on a metric: at least `value`, or at most where lower is better.

    Attributes
    ----------
    protocol : str
        Or another place; empty for the headline.
    metric : str
    value : float
    """

    protocol: str
    metric: str
    value: float


def parse_requirement(text: str, places: Iterable[str] = PROTOCOLS, kind: str = "protocol") -> Requirement:
    """Read ``work.balanced_accuracy=0.88``.

    Parameters
    ----------
    text : str
    places : iterable of str
        What may stand before the metric.
    kind : str
        What a place is called, for messages.

    Raises
    ------
    UsageError
        U121, for another form, an unknown place or metric, or a value that is no number.
    """
    known = tuple(places)
    name, equals, value = text.partition("=")
    protocol, _, metric = name.strip().rpartition(".")
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not equals or number != number or metric not in _METRICS or (protocol and protocol not in known):
        raise UsageError(
            "U121",
            f"a requirement has the form [{kind.upper()}.]METRIC=VALUE, but this is {text!r}.",
            remedy=f"Each {kind} there is: {', '.join(known)}. Metrics: {', '.join(_METRICS)}.",
        )
    return Requirement(protocol, metric, number)


def check_requirements(protocols: Mapping[str, Mapping[str, Any]], requirements: Iterable[Requirement]) -> None:
    """Raise where a figure was missed.

    Raises
    ------
    UsageError
        U122, where a protocol was not run.
    RequirementError
        E190, naming each figure that was missed, its value and what was asked.
    """
    missed = []
    for requirement in requirements:
        protocol = requirement.protocol or headline_of(protocols)
        if protocol not in protocols:
            raise UsageError(
                "U122",
                f"a figure of protocol {protocol!r} is required, but it was not run.",
                remedy=f"Add it: --protocols {','.join([*protocols, protocol])}.",
            )
        figure = protocols[protocol][requirement.metric]
        value = figure["value"] if isinstance(figure, Mapping) else figure
        is_lower_better = requirement.metric in LOWER_IS_BETTER
        is_met = value <= requirement.value if is_lower_better else value >= requirement.value
        if not is_met:
            bound = "at most" if is_lower_better else "at least"
            missed.append(f"{protocol}.{requirement.metric} is {value:.4f}, {bound} {requirement.value:g} was required")
    if missed:
        raise RequirementError("E190", f"{'; '.join(missed)}.", remedy="The results were written all the same.")
