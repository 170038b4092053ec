"""The protocols, by name, and which of those that were run is the headline."""

from collections.abc import Iterable

from styleprint.support.registry import Registry

__all__ = ["PROTOCOLS", "headline_of"]

PROTOCOLS = Registry(
    "protocol",
    {
        "work": "styleprint.evaluation.protocols.work:PROTOCOL",
        "distinct": "styleprint.evaluation.protocols.distinct:PROTOCOL",
        "random": "styleprint.evaluation.protocols.random:PROTOCOL",
        "given": "styleprint.evaluation.protocols.given:PROTOCOL",
    },
)


def headline_of(names: Iterable[str]) -> str:
    """The protocol whose figure may be quoted and whose folds all tests take: by work where it was run, else the first.

    Parameters
    ----------
    names : iterable of str
        Protocols that were run, at least one.
    """
    run = list(names)
    return "work" if "work" in run else run[0]
