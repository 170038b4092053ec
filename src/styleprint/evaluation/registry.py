"""The protocols, by name."""

from styleprint.support.registry import Registry

__all__ = ["PROTOCOLS"]

PROTOCOLS = Registry(
    "protocol",
    {
        "work": "styleprint.evaluation.protocols.work:PROTOCOL",
        "distinct": "styleprint.evaluation.protocols.distinct:PROTOCOL",
        "random": "styleprint.evaluation.protocols.random:PROTOCOL",
        "given": "styleprint.evaluation.protocols.given:PROTOCOL",
    },
)
