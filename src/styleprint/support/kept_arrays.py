"""Arrays kept on disk between runs: NumPy archives, no pickle, in a folder with a size limit.

An entry is only ever forgotten, never wrong: its name says all that it depends on. One that is not there or is
damaged reads as None, and whoever asks makes it again and writes over it. Safe for several processes.
"""

import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.support.atomic import write_bytes

__all__ = ["ENDING", "MAX_BYTES", "entry_path", "read_arrays", "trim_cache", "write_arrays"]

MAX_BYTES = 4 << 30
ENDING = ".npz"
_TRIM_TO = 0.8

_DAMAGED = (
    OSError,  # not there, or the disk cannot read it; bz2
    EOFError,
    ValueError,  # NumPy's header, or an array that would be a pickle
    KeyError,
    zipfile.BadZipFile,  # also a wrong check sum
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,  # a method of compression that zipfile does not know
    RuntimeError,  # a member that says it is encrypted
    MemoryError,  # a header that states an enormous array
    OverflowError,
)
"""What reading an archive raises whose bytes have changed."""

_Arrays = dict[str, npt.NDArray[Any]]


def entry_path(folder: Path, key: str) -> Path:
    """Where the entry of a hash lies, in one of 256 folders."""
    return folder / key[:2] / f"{key}{ENDING}"


def read_arrays(path: Path) -> _Arrays | None:
    """The arrays kept there; None where there are none that can be read."""
    try:
        data = path.read_bytes()
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        os.utime(path)
    except _DAMAGED:
        return None
    return arrays


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]], *, compress: bool = False) -> None:
    """Keep arrays, whole or not at all."""
    buffer = io.BytesIO()
    save = np.savez_compressed if compress else np.savez
    save(buffer, allow_pickle=False, **arrays)
    write_bytes(path, buffer.getvalue())


def trim_cache(folder: Path, max_bytes: int | None = None) -> int:
    """Forget what was used longest ago until all entries below the folder are well under its limit.

    Parameters
    ----------
    folder : Path
        What ``--cache`` names: entries lie in the 256 folders of each of its folders.
    max_bytes : int, optional
        `MAX_BYTES` by default.

    Returns
    -------
    int
        Number of entries forgotten.
    """
    limit = MAX_BYTES if max_bytes is None else max_bytes
    entries = []
    for path in folder.glob(f"*/??/*{ENDING}"):
        try:
            about = path.stat()
        except FileNotFoundError:  # another process was faster
            continue
        entries.append((about.st_mtime, about.st_size, path))
    total = sum(size for _, size, _ in entries)
    if total <= limit:
        return 0
    forgotten = 0
    for _, size, path in sorted(entries):
        if total <= _TRIM_TO * limit:
            break
        path.unlink(missing_ok=True)
        total -= size
        forgotten += 1
    return forgotten
