"""A bundle's container: a zip whose every byte is accounted for, read as if it came from an enemy.

The zip's comment is the SHA-256 of all bytes before it, so a changed byte anywhere (a directory entry, a
timestamp, padding) is refused before anything is unpacked. That guards against accidents; whoever forges a
hash as well meets the limits: plain names, no duplicates, sizes and ratios checked before memory is spent.
Equal members give equal bytes on one machine: order and timestamps are fixed.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from styleprint.support.errors import BundleError

__all__ = ["MAX_BYTES", "pack", "read_bytes", "unpack"]

MAX_BYTES = 256 << 20
"""Of the file, and of all members unpacked."""

MAX_RATIO = 200
MAX_MEMBERS = 4096
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,127}(?:/[a-z0-9][a-z0-9_.-]{0,127}){0,2}")
_HASH = re.compile(rb"sha256:[0-9a-f]{64}")
_HASH_BYTES = 71
_TIMESTAMP = (1980, 1, 1, 0, 0, 0)


def pack(members: Mapping[str, bytes]) -> bytes:
    """The members as the bytes of a container.

    Parameters
    ----------
    members : mapping of str to bytes
        Names of small letters, digits, ``_ . -``, at most two folders deep.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.comment = b"0" * _HASH_BYTES
        for name in sorted(members):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no name of a member")
            info = zipfile.ZipInfo(name, _TIMESTAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, members[name])
    body = buffer.getvalue()[:-_HASH_BYTES]
    return body + b"sha256:" + hashlib.sha256(body).hexdigest().encode()


def unpack(data: bytes, place: str) -> dict[str, bytes]:
    """The members of a container.

    Parameters
    ----------
    data : bytes
    place : str
        The file's name, for messages.

    Raises
    ------
    BundleError
        B101 it is no bundle; B102 a byte was changed; B103 it holds what no bundle holds; B104 it is too large.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(place, f"the file has {len(data)} bytes")
    if len(data) < _HASH_BYTES + 22 or not data.startswith(b"PK") or not _HASH.fullmatch(data[-_HASH_BYTES:]):
        raise BundleError(
            "B101",
            "a bundle must be a file that 'styleprint train' wrote, and this is none, or not the whole of one.",
            remedy="Name another file; where it was a bundle, copy it again from where it came.",
            place=place,
        )
    body, stated = data[:-_HASH_BYTES], data[-_HASH_BYTES + len(b"sha256:") :]
    if hashlib.sha256(body).hexdigest().encode() != stated:
        raise BundleError(
            "B102",
            "the bundle's bytes must be as they were written, but some were changed.",
            remedy="Copy it again from where it came, or train it again.",
            place=place,
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _check_directory(infos, place)
            return {info.filename: _read(archive, info, place) for info in infos}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        raise _foreign(place, f"it cannot be unpacked ({error})") from error


def read_bytes(path: Path) -> bytes:
    """The bytes of a bundle file.

    Raises
    ------
    BundleError
        B100, where it cannot be read; B104, where it is too large.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(str(path), f"the file has {path.stat().st_size} bytes")
        return path.read_bytes()
    except OSError as error:
        raise BundleError("B100", f"the bundle cannot be read: {error.strerror}.", place=str(path)) from error


def _check_directory(infos: list[zipfile.ZipInfo], place: str) -> None:
    names = [info.filename for info in infos]
    if len(infos) > MAX_MEMBERS or len(set(names)) != len(names):
        raise _foreign(place, "its directory names a member twice, or too many")
    for info in infos:
        if not _NAME.fullmatch(info.filename) or info.flag_bits & 1 or info.filename.endswith("/"):
            raise _foreign(place, f"it has a member {info.filename[:80]!r}")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _foreign(place, f"{info.filename!r} is packed in a way that is not used")
        if info.file_size > MAX_RATIO * max(info.compress_size, 64):
            raise _too_large(place, f"{info.filename!r} would unpack to {info.file_size} bytes")
    if sum(info.file_size for info in infos) > MAX_BYTES:
        raise _too_large(place, "its members would unpack to more")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str) -> bytes:
    """One member; never more bytes than its directory entry says."""
    with archive.open(info) as member:
        data = member.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise _foreign(place, f"{info.filename!r} has not the size that it states")
    return data


def _foreign(place: str, why: str) -> BundleError:
    return BundleError(
        "B103",
        f"a bundle must hold what 'styleprint train' writes, but {why}.",
        remedy="Do not use it: it was damaged, or made to do harm.",
        place=place,
    )


def _too_large(place: str, why: str) -> BundleError:
    return BundleError("B104", f"a bundle may have {MAX_BYTES} bytes, but {why}.", place=place)
