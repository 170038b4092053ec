"""The readers: format → function, and which format bytes are, by their content.

A reader takes ``(data, name, limits)``; readers of notation also the format, ``lenient`` and ``cache``. The
name of a file plays no part: names lie. Readers of recordings take ``(file, name, limits)``, since what a recording
holds need not be in memory twice.
"""

import codecs

from styleprint.reading.midi_chunks import find_header
from styleprint.support.registry import Registry

__all__ = ["BOUNDED", "READERS", "RECORDING_READERS", "detect_format", "detect_recording"]

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

RECORDING_READERS = Registry(
    "format of recordings",
    dict.fromkeys(("wav", "flac", "ogg", "mp3", "aiff", "au"), "styleprint.reading.sound_file:read_sound"),
)

BOUNDED = frozenset({"midi"})
"""Formats whose reader is ours alone: the limits bound its time and memory, whatever the bytes are."""

LOOK_BYTES = 65_536
"""How much of a file tells its format."""

_BOM = b"\xef\xbb\xbf"


def detect_format(data: bytes) -> str:
    """The format of the bytes, a name of `READERS`; empty where it is none of them.

    Parameters
    ----------
    data : bytes
        The whole file.
    """
    if detect_recording(data[:LOOK_BYTES])[0]:
        return ""
    if find_header(data) >= 0 or data[:4] in (b"MThd", b"RIFF"):
        return "midi"
    if data[:4] == b"PK\x03\x04":
        return "mxl"
    head = data[:LOOK_BYTES]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", errors="replace").encode()
    head = head.removeprefix(_BOM).lstrip()
    if head.startswith(b"<"):
        return _detect_xml(head)
    return _detect_text(head)


def detect_recording(head: bytes) -> tuple[str, str]:
    """Which recording the bytes begin.

    Parameters
    ----------
    head : bytes
        The first `LOOK_BYTES` of the file, or all.

    Returns
    -------
    form : str
        A name of `RECORDING_READERS`; empty where it is none of them.
    foreign : str
        What it is instead, where it is a recording that we do not decode; empty otherwise.
    """
    if head[:4] in (b"RIFF", b"RIFX", b"RF64"):
        return ("wav", "") if head[8:12] == b"WAVE" else ("", "")
    if head[:4] == b"FORM":
        return ("aiff", "") if head[8:12] in (b"AIFF", b"AIFC") else ("", "")
    for magic, form in ((b"fLaC", "flac"), (b"OggS", "ogg"), (b".snd", "au")):
        if head.startswith(magic):
            return form, ""
    if head.startswith(b"ID3"):
        return ("flac" if head[_id3_bytes(head) :].startswith(b"fLaC") else "mp3"), ""
    if _is_mpeg_frame(head):
        return "mp3", ""
    return "", next((what for magic, at, what in _FOREIGN if head[at : at + len(magic)] == magic), "")


_FOREIGN = (
    (b"ftypM4P", 4, "AAC under digital rights management (M4P)"),
    (b"ftyp", 4, "an MPEG-4 file, whose sound is AAC or ALAC"),
    (b"\xff\xf1", 0, "AAC"),
    (b"\xff\xf9", 0, "AAC"),
    (b"\x30\x26\xb2\x75", 0, "Windows Media (WMA)"),
    (b"\x1a\x45\xdf\xa3", 0, "Matroska or WebM"),
    (b"MAC ", 0, "Monkey's Audio"),
    (b"wvpk", 0, "WavPack"),
    (b"DSD ", 0, "DSD"),
)
"""Magic bytes, their place, and what they begin."""


def _id3_bytes(head: bytes) -> int:
    """Size of an ID3v2 tag with its header."""
    return 10 + sum((byte & 127) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))


def _is_mpeg_frame(head: bytes) -> bool:
    """Whether the bytes begin with the header of an MPEG audio frame, layers I to III.

    The byte order mark of UTF-16 reads like one of layer I with a checksum, which nobody has: it begins a text.
    """
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or head.startswith(codecs.BOM_UTF16_LE):
        return False
    version, layer, bitrate, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer != 0 and bitrate != 15 and rate != 3


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
