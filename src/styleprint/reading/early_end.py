"""Whether a sound file ends before its own header, or its last page, says that it should.

libsndfile takes the size of a file for true where a header states more, and reads what is there; that something is
missing is then for us to say. WAV, AIFF and AU state their length in bytes; the last page of an Ogg stream is marked as
the last. Of MP3 and FLAC the decoder itself tells how much was stated.
"""

import struct
from typing import IO

__all__ = ["early_end"]

_UNKNOWN = (0, 0x7FFFFFFF, 0xFFFFFFFF)
"""What recorders write that do not know how long a file will be; also all within 64 kB below the last."""

_LAST_PAGE_BYTES = 1 << 17
_IS_LAST = 4


def early_end(file: IO[bytes]) -> str:
    """What is missing at the end, in words; empty where nothing is, or where the format does not tell.

    Parameters
    ----------
    file : binary file
        Its place is changed.
    """
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(12)
    if len(head) < 12:
        return ""
    if head[:4] == b"OggS":
        return "" if _has_last_page(file, size) else "its last page is missing"
    stated = _stated_bytes(head)
    return f"its header states {stated:,} bytes, the file has {size:,}" if stated > size + 1 else ""


def _stated_bytes(head: bytes) -> int:
    """How long the file should be; 0 where it does not say."""
    (little,) = struct.unpack_from("<I", head, 4)
    big, second = struct.unpack_from(">II", head, 4)
    if head[:4] == b"RIFF":
        body, beside = little, 8
    elif head[:4] == b"FORM":
        body, beside = big, 8
    elif head[:4] == b".snd":
        body, beside = second, big
    else:
        return 0
    return 0 if body in _UNKNOWN or body > _UNKNOWN[-1] - (1 << 16) else body + beside


def _has_last_page(file: IO[bytes], size: int) -> bool:
    """Whether the last page that begins in the file is marked as the last, and is whole."""
    start = max(size - _LAST_PAGE_BYTES, 0)
    file.seek(start)
    tail = file.read(_LAST_PAGE_BYTES)
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) < at + 27:
        return False
    lengths = tail[at + 27 : at + 27 + tail[at + 26]]
    end = at + 27 + tail[at + 26] + sum(lengths)
    return bool(tail[at + 5] & _IS_LAST) and len(lengths) == tail[at + 26] and end <= len(tail)
