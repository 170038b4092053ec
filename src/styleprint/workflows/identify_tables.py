"""Rows of tables from elsewhere as the pieces that are asked about."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from styleprint.bundle.bundle import Bundle
from styleprint.bundle.identification import Identification, identify_row
from styleprint.extraction.foreign import read_inputs_of
from styleprint.reading.registry import LOOK_BYTES, detect_format, detect_recording
from styleprint.support.errors import TableError
from styleprint.support.progress import Progress
from styleprint.support.text import show_name

__all__ = ["identify_tables"]

_NO_MUSIC = (
    "this is a file of music, and the bundle was learnt from a table: it answers about rows of CSV or Parquet files"
)


def identify_tables(
    bundle: Bundle,
    files: Sequence[Path],
    *,
    prior: str,
    shares: Mapping[str, float] | None,
    done: Collection[str] = (),
    progress: Progress,
) -> Iterator[Identification]:
    """An answer for each row of each table; its path is the table's, ``#``, and the row's name.

    Parameters
    ----------
    bundle : Bundle
        From a table.
    files : sequence of Path
        CSV or Parquet files with the columns that the model learnt from; other columns are passed over.
    prior, shares : as :func:`styleprint.identify` has them
    done : collection of str
        Paths of rows that need no answer.
    progress : Progress

    Yields
    ------
    Identification
        A table that cannot be read, or lacks a column, is one answer with its reason.
    """
    for path in files:
        try:
            inputs, names = read_inputs_of(path, bundle.recipe)
        except TableError as error:
            reason = _NO_MUSIC if _is_music(path) else str(error)
            yield Identification(show_name(str(path)), status="unreadable", reason=reason)
            continue
        for row, name in enumerate(names):
            progress("identifying", row, len(names))
            start = time.perf_counter()
            told = f"{show_name(str(path))}#{show_name(name)}"
            if told not in done:
                found = identify_row(bundle, inputs.iloc[[row]], None, path=told, prior=prior, prior_shares=shares)
                yield replace(found, seconds=time.perf_counter() - start)
        progress("identifying", len(names), len(names))


def _is_music(path: Path) -> bool:
    """Whether the file begins as a score or a recording does."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(LOOK_BYTES)
    return bool(detect_recording(head)[0]) or detect_format(head) not in ("", "mxl")  # arrays come in archives as well
