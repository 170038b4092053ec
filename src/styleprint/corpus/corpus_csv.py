"""A corpus as CSV that a spreadsheet opens without harm, and read back exactly.

UTF-8, commas, one row a file. A spreadsheet takes a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or
a carriage return for a formula and may run it; names of files and labels come from anywhere. Such a cell
is written with an apostrophe before it, which spreadsheets read as "text follows". A cell that begins with
apostrophes and then one of these characters gets one more, so that reading, which takes one away, gives
back every cell exactly.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from styleprint.corpus.corpus import COLUMNS, Corpus
from styleprint.support.atomic import write_text
from styleprint.support.errors import CorpusError

__all__ = [
    "escape_cell",
    "parse_cells",
    "read_cells",
    "read_corpus_csv",
    "restore_cell",
    "to_line",
    "write_cells",
    "write_corpus_csv",
]

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_NEEDS_QUOTES = re.compile(r'[,"\r\n]')


def escape_cell(text: str) -> str:
    """The cell as written."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restore_cell(text: str) -> str:
    """The cell as it was before :func:`escape_cell`."""
    return text[1:] if _ESCAPED.match(text) else text


def write_cells(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table of texts."""
    write_text(path, "".join(map(to_line, (header, *rows))))


def to_line(cells: Sequence[str]) -> str:
    """A row as written, with its line feed."""
    return ",".join(map(_quote, cells)) + "\n"


def read_cells(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV; blank lines are passed over.

    Raises
    ------
    CorpusError
        C110 the file cannot be read; C111 it is not UTF-8; C112 it is no CSV table.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CorpusError(
            "C110",
            f"the table must be readable, but the system says: {error.strerror or error}.",
            remedy="Check the path.",
            place=str(path),
        ) from error
    except UnicodeDecodeError as error:
        raise CorpusError(
            "C111",
            f"the table must be UTF-8, but byte {error.start} is {error.object[error.start]:#04x}.",
            remedy="Save it as 'CSV UTF-8'.",
            place=str(path),
        ) from error
    return parse_cells(text, path)


def parse_cells(text: str, path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the text of a CSV.

    Parameters
    ----------
    text : str
    path : Path
        The file's name, for messages.

    Raises
    ------
    CorpusError
        C112, where it is no CSV table.
    """
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise _no_table(path, f"cannot be read as CSV: {error}") from error
    if not lines:
        raise _no_table(path, "is empty")
    header = [restore_cell(name.strip()) for name in lines[0]]
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise _no_table(path, f"has two columns named {twice[0]!r}")
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            raise _no_table(path, f"has {len(header)} columns, but row {number} has {len(line)} cells")
    return header, [[restore_cell(cell) for cell in line] for line in lines[1:]]


def write_corpus_csv(corpus: Corpus, path: Path) -> None:
    """Write the table of a corpus.

    Raises
    ------
    WriteError
        W101, where the place is not writable.
    """
    columns = list(corpus.table.columns)
    write_cells(path, columns, ([str(cell) for cell in row] for row in corpus.table.itertuples(index=False, name=None)))


def read_corpus_csv(path: Path, root: Path | None = None) -> Corpus:
    """Read what :func:`write_corpus_csv` wrote.

    Parameters
    ----------
    path : Path
    root : Path, optional
        The corpus folder; by default the folder of the CSV.

    Raises
    ------
    CorpusError
        C110–C113, where it is no such table.
    """
    header, rows = read_cells(path)
    if lacking := [name for name in COLUMNS if name not in header]:
        raise CorpusError(
            "C113",
            f"the table must have the columns of a corpus, but lacks: {', '.join(lacking)}.",
            remedy="Give a table that 'styleprint scan -o' wrote.",
            place=str(path),
        )
    table = pd.DataFrame(rows, columns=header)
    try:
        table = table.astype({"notes": "int64", "quarters": "float64"})
    except ValueError as error:
        raise _no_table(path, "has a text where 'notes' or 'quarters' must be a number") from error
    return Corpus(root=root or path.parent, table=table)


def _quote(cell: str) -> str:
    """A harmless cell, quoted where needed; Python's writer leaves a lone carriage return bare before 3.13."""
    text = escape_cell(cell)
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if _NEEDS_QUOTES.search(text) else text


def _no_table(path: Path, what: str) -> CorpusError:
    return CorpusError(
        "C112",
        f"the file must be a table with a header and one row a file, but it {what}.",
        remedy="Separate cells by commas and put cells that hold commas in double quotes.",
        place=str(path),
    )
