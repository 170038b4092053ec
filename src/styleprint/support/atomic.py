"""Files appear whole or not at all.

A result is written beside its place under a temporary name, flushed to the disk, and moved there in
one step. So a crash, a full disk or Ctrl-C leaves the older file, never half a new one.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from styleprint.support.errors import UsageError, WriteError

__all__ = ["atomic_path", "check_page", "check_place", "write_bytes", "write_text"]

_PAGES = ("", ".htm", ".html", ".xhtml")


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary path in the same folder, moved to `path` when the block ends without error.

    Raises
    ------
    WriteError
        W101, where the folder does not exist or the disk is full or not writable.
    """
    temporary = _make_temporary(path)
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def check_place(path: Path) -> None:
    """Try whether a file can come to `path`: said before long work, not after.

    Raises
    ------
    WriteError
        W101.
    """
    if path.is_dir():
        raise _cannot_write(path, IsADirectoryError(0, "Is a directory"))
    _make_temporary(path).unlink(missing_ok=True)


def check_page(path: Path) -> None:
    """The same of a page, whose name must not say that it is something else.

    Raises
    ------
    UsageError
        U110.
    WriteError
        W101.
    """
    if path.suffix.lower() not in _PAGES:
        raise UsageError(
            "U110",
            f"a page must end in .html, but the output is {path.name!r}.",
            remedy="Name it so; a browser prints a page as PDF.",
        )
    check_place(path)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8, whole or not at all."""
    write_bytes(path, text.encode())


def _make_temporary(path: Path) -> Path:
    """An empty file beside `path`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
        os.close(handle)
    except OSError as error:
        raise _cannot_write(path, error) from error
    return Path(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _cannot_write(path: Path, error: OSError) -> WriteError:
    return WriteError(
        "W101",
        f"the file must be writable, but the system says: {error.strerror or error}.",
        remedy="Free some room or choose another place; nothing that was there before is lost.",
        place=str(path),
    )
