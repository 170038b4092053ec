"""The streams that a recipe may name."""

from styleprint.features.streams.stream import Stream
from styleprint.support.registry import Registry

__all__ = ["STREAMS", "load_stream"]

STREAMS = Registry(
    "stream",
    {
        "frames": "styleprint.features.streams.frames:STREAM",
        "notes": "styleprint.features.streams.notes:STREAM",
        "degrees": "styleprint.features.streams.degrees:STREAM",
    },
)


def load_stream(name: str) -> Stream:
    """The stream of that name.

    Raises
    ------
    UsageError
        U101, where there is no such stream.
    """
    stream: Stream = STREAMS.load(name)
    return stream
