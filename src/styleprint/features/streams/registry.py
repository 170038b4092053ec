"""The streams that a recipe may name, and the vocabularies of sequences that files bring."""

from collections.abc import Mapping

from styleprint.features.streams.stream import Field, Levels, Stream
from styleprint.support.registry import Registry

__all__ = [
    "STREAMS",
    "VOCABULARIES",
    "absolute_fields",
    "load_stream",
    "stream_fields",
    "stream_levels",
    "stream_names",
]

STREAMS = Registry(
    "stream",
    {
        "frames": "styleprint.features.streams.frames:STREAM",
        "notes": "styleprint.features.streams.notes:STREAM",
        "degrees": "styleprint.features.streams.degrees:STREAM",
        "events": "styleprint.features.streams.events:STREAM",
        "mel_spectrogram": "styleprint.features.streams.mel_spectrogram:STREAM",
    },
)

VOCABULARIES = Registry("vocabulary", {"chords": "styleprint.features.streams.chord_sequence:VOCABULARY"})


def stream_names(kind: str) -> tuple[str, ...]:
    """The streams that are made from records of a kind."""
    return tuple(name for name in STREAMS if load_stream(name).kind == kind)


def stream_levels(column: str) -> Levels | None:
    """The levels of a column named ``stream.field``; None where it holds something else."""
    name, _, found = column.rpartition(".")
    return load_stream(name).levels.get(found) if name in STREAMS else None


def stream_fields(name: str) -> Mapping[str, Field]:
    """The fields of a stream or of a vocabulary; none where there is no such name."""
    if name in STREAMS:
        return load_stream(name).fields
    fields: Mapping[str, Field] = VOCABULARIES.load(name).fields if name in VOCABULARIES else {}
    return fields


def absolute_fields(name: str) -> tuple[str, ...] | None:
    """The fields that a transposition changes; None where that is not known."""
    if name in STREAMS:
        stream = load_stream(name)
        return () if "transposition" in stream.unchanged_by else tuple(stream.fields)
    fields: tuple[str, ...] | None = VOCABULARIES.load(name).absolute if name in VOCABULARIES else None
    return fields


def load_stream(name: str) -> Stream:
    """The stream of that name.

    Raises
    ------
    UsageError
        U101, where there is no such stream.
    """
    stream: Stream = STREAMS.load(name)
    return stream
