"""The readers: format → function, and which format bytes are, by their content.

A reader takes ``(data, name, limits)``; readers of notation also the format, ``lenient`` and ``cache``. The
name of a file plays no part: names lie.
"""

from styleprint.reading.midi_chunks import find_header
from styleprint.support.registry import Registry

__all__ = ["BOUNDED", "READERS", "detect_format"]

READERS = Registry(
    "format of scores",
    {
        "midi": "styleprint.reading.midi:read_midi",
        "musicxml": "styleprint.reading.music21_reader:read_notation",
        "mxl": "styleprint.reading.music21_reader:read_notation",
        "mei": "styleprint.reading.music21_reader:read_notation",
        "kern": "styleprint.reading.music21_reader:read_notation",
        "abc": "styleprint.reading.music21_reader:read_notation",
    },
)

BOUNDED = frozenset({"midi"})
"""Formats whose reader is ours alone: the limits bound its time and memory, whatever the bytes are."""

_LOOK_BYTES = 65_536
_BOM = b"\xef\xbb\xbf"


def detect_format(data: bytes) -> str:
    """The format of the bytes, a name of `READERS`; empty where it is none of them.

    Parameters
    ----------
    data : bytes
        The whole file.
    """
    if find_header(data) >= 0 or data[:4] in (b"MThd", b"RIFF"):
        return "midi"
    if data[:4] == b"PK\x03\x04":
        return "mxl"
    head = data[:_LOOK_BYTES]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", errors="replace").encode()
    head = head.removeprefix(_BOM).lstrip()
    if head.startswith(b"<"):
        return _detect_xml(head)
    return _detect_text(head)


def _detect_xml(head: bytes) -> str:
    if b"score-partwise" in head or b"score-timewise" in head:
        return "musicxml"
    return "mei" if b"<mei" in head or b"www.music-encoding.org" in head else ""


def _detect_text(head: bytes) -> str:
    lines = [line.strip() for line in head.splitlines()]
    if any(line.startswith(b"**kern") or b"\t**kern" in line for line in lines):
        return "kern"
    starts = [line[:2] for line in lines]
    return "abc" if b"X:" in starts and b"K:" in starts else ""
