"""The outer form of a MIDI file: its header, and where each track lies.

Tracks are found even where lengths lie: where following the lengths finds fewer tracks than the header
promises, every ``MTrk`` begins one, and the file is read as damaged. What follows the promised tracks and
does not join on is ignored: some programs write a shorter file over a longer one and leave its tail.
"""

from dataclasses import dataclass

from styleprint.reading.limits import Limits, check_limit
from styleprint.support.errors import ReadError

__all__ = ["Chunks", "find_chunks", "find_header"]

_HEADER = b"MThd"
_TRACK = b"MTrk"
_HEADER_BYTES = 14
_RIFF_BYTES = 20
_MACBINARY_BYTES = 128
_SMPTE = 0x8000


@dataclass(frozen=True, slots=True)
class Chunks:
    """Format (0, 1, 2), ticks a quarter, the bounds of the tracks' events, and what is wrong with their form."""

    format: int
    resolution: int
    bounds: tuple[tuple[int, int], ...]
    faults: tuple[str, ...]


def find_header(data: bytes) -> int:
    """Where ``MThd`` begins: at 0, in a RIFF container, or behind a MacBinary header; -1 where there is none."""
    if data[:4] == _HEADER:
        return 0
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        return _RIFF_BYTES if data[_RIFF_BYTES : _RIFF_BYTES + 4] == _HEADER else -1
    return _MACBINARY_BYTES if data[_MACBINARY_BYTES : _MACBINARY_BYTES + 4] == _HEADER else -1


def find_chunks(data: bytes, place: str, limits: Limits) -> Chunks:
    """Read the header and find the tracks.

    Raises
    ------
    ReadError
        R110 for no header, R111 for SMPTE time, R113 for a resolution of zero, R114 for an unknown format.
    LimitError
        R102 for too many tracks.
    """
    start = find_header(data)
    if start < 0 or len(data) < start + _HEADER_BYTES:
        raise ReadError(
            "R110",
            f"a MIDI file must begin with a header of 14 bytes, but these {len(data):,} bytes hold none.",
            remedy="The file is cut off or of another format: fetch it again.",
            place=place,
        )
    length = int.from_bytes(data[start + 4 : start + 8], "big")
    form, declared, division = (int.from_bytes(data[start + i : start + i + 2], "big") for i in (8, 10, 12))
    _check_division(division, place)
    if form > 2:
        raise ReadError(
            "R114",
            f"the MIDI format must be 0, 1 or 2, but is {form}.",
            remedy="The header is damaged: fetch the file again.",
            place=place,
        )
    faults: list[str] = []
    after_header = start + 8 + length
    if length < _HEADER_BYTES - 8 or after_header > len(data):
        faults.append(f"the header claims a length of {length:,} bytes instead of 6")
        after_header = start + _HEADER_BYTES
    bounds = _find_tracks(data, after_header, declared, limits.parts + 1, faults)
    check_limit(len(bounds), limits.parts, "the number of tracks", "parts", place)
    if len(bounds) < declared:
        faults.append(f"the header promises {declared} tracks, and {len(bounds)} are there")
    return Chunks(form, division, tuple(bounds), tuple(faults))


def _check_division(division: int, place: str) -> None:
    if division & _SMPTE:
        frames = 256 - (division >> 8)
        raise ReadError(
            "R111",
            f"time must be counted in ticks a quarter, but this file counts SMPTE time ({frames} frames a second).",
            remedy="Save it again with musical time: such a file tells nothing of quarters and measures.",
            place=place,
        )
    if division == 0:
        raise ReadError(
            "R113",
            "the resolution must be at least 1 tick a quarter, but is 0.",
            remedy="The header is damaged: without a resolution no onset can be known.",
            place=place,
        )


def _find_tracks(data: bytes, position: int, declared: int, most: int, faults: list[str]) -> list[tuple[int, int]]:
    """The tracks by their lengths, by their names where lengths lie; `most` at most."""
    bounds, position = _follow_lengths(data, position, most)
    if len(bounds) < declared or position > len(data):
        found = _find_by_name(data, most)
        if len(found) > len(bounds):
            faults.append("lengths of tracks are wrong, so tracks were found by their names")
            return found
        if bounds and position > len(data):
            faults.append("the last track is shorter than its length says")
    elif bounds and position < len(data):
        tail = data.find(_TRACK, position)
        if tail >= 0:
            faults.append("what follows the last track is the tail of another file and was ignored")
        bounds[-1] = bounds[-1][0], tail if tail >= 0 else len(data)
    return bounds


def _follow_lengths(data: bytes, position: int, most: int) -> tuple[list[tuple[int, int]], int]:
    """Tracks that join on to each other, and where the last chunk claims to end."""
    bounds: list[tuple[int, int]] = []
    while position + 8 <= len(data) and len(bounds) < most:
        name = data[position : position + 4]
        if name != _TRACK and not (name.isascii() and name.isalnum()):
            break
        end = position + 8 + int.from_bytes(data[position + 4 : position + 8], "big")
        if name == _TRACK:
            bounds.append((position + 8, min(end, len(data))))
        position = end
    return bounds, position


def _find_by_name(data: bytes, most: int) -> list[tuple[int, int]]:
    starts: list[int] = []
    position = data.find(_TRACK)
    while position >= 0 and len(starts) < most:
        starts.append(position)
        position = data.find(_TRACK, position + 4)
    pairs = zip(starts, [*starts[1:], len(data)], strict=False)  # no start, no end
    return [(start + 8, end) for start, end in pairs if start + 8 <= end]
