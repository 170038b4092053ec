"""Labels from a CSV: which files count, what they are called, and what is known of them.

``path`` (relative to the corpus) and ``label`` must be there. ``work``, ``collection``, ``group``, ``split`` and
``attribution`` are taken where given; an empty cell means "not known". Columns that a scan computes
(``status``, ``copies`` …) are passed over, so what a scan wrote may be edited and given back. All further
columns are kept.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from styleprint.corpus.corpus import COLUMNS
from styleprint.corpus.corpus_csv import read_cells
from styleprint.support.errors import CorpusError
from styleprint.support.text import show_name

__all__ = ["GivenLabel", "Labels", "read_labels"]

_TAKEN = ("path", "label", "work", "collection", "group", "split", "attribution")
_ATTRIBUTIONS = ("certain", "disputed", "spurious")
_SHOWN = 3


@dataclass(frozen=True)
class GivenLabel:
    """What the CSV says of one file; empty where it says nothing."""

    label: str
    work: str = ""
    collection: str = ""
    group: str = ""
    split: str = ""
    attribution: str = "certain"
    further: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Labels:
    """The rows of a labels file by path, and the names of its further columns."""

    rows: dict[str, GivenLabel]
    further: tuple[str, ...] = ()
    place: str = ""

    def match(self, paths: Sequence[str]) -> dict[str, GivenLabel]:
        """The rows by the paths of a scanned folder.

        Accents may be composed or not, and a backslash may stand for ``/``.

        Raises
        ------
        CorpusError
            C115, where a row names a file that is not among `paths`; C114, where two rows name the same.
        """
        known = set(paths)
        loose = {_loose(path): path for path in paths}
        matched: dict[str, GivenLabel] = {}
        missing = []
        for path, row in self.rows.items():
            real = path if path in known else loose.get(_loose(path))
            if real is None:
                missing.append(path)
            elif real in matched:
                raise _twice(real, self.place)
            else:
                matched[real] = row
        if missing:
            raise _missing(missing, self.place)
        return matched


def read_labels(path: Path) -> Labels:
    """Read a labels file.

    Raises
    ------
    CorpusError
        C110 it cannot be read; C111 it is not UTF-8; C112 it is no table; C113 it lacks a column; C114 it names a
        file twice; C116 it knows no such attribution.
    """
    header, cells = read_cells(path)
    if lacking := [name for name in ("path", "label") if name not in header]:
        raise CorpusError(
            "C113",
            f"a labels file must have the columns 'path' and 'label', but lacks {' and '.join(map(repr, lacking))}; "
            f"it has: {', '.join(header)}.",
            remedy="Name the columns in the first line, and separate them by commas.",
            place=str(path),
        )
    further = tuple(name for name in header if name not in COLUMNS)
    rows: dict[str, GivenLabel] = {}
    for number, line in enumerate(cells, start=2):
        row = dict(zip(header, line, strict=True))
        if row["path"] in rows:
            raise _twice(row["path"], f"{path}, row {number}")
        rows[row["path"]] = _given(row, further, f"{path}, row {number}")
    return Labels(rows, further, str(path))


def _given(row: dict[str, str], further: tuple[str, ...], place: str) -> GivenLabel:
    known = {
        name: show_name(unicodedata.normalize("NFC", row.get(name, "").strip())) for name in _TAKEN if name != "path"
    }
    known["attribution"] = known["attribution"] or "certain"
    if known["attribution"] not in _ATTRIBUTIONS:
        raise CorpusError(
            "C116",
            f"'attribution' must be one of {', '.join(_ATTRIBUTIONS)} or empty, but is {known['attribution']!r}.",
            remedy="Correct the cell.",
            place=place,
        )
    return GivenLabel(**known, further={name: row[name] for name in further})


def _loose(path: str) -> str:
    return unicodedata.normalize("NFC", path.strip().replace("\\", "/").removeprefix("./"))


def _twice(path: str, place: str) -> CorpusError:
    return CorpusError(
        "C114",
        f"each file may be named once, but {path!r} is named twice.",
        remedy="Remove one of the two rows.",
        place=place,
    )


def _missing(missing: list[str], place: str) -> CorpusError:
    shown = ", ".join(map(repr, missing[:_SHOWN])) + (" …" if len(missing) > _SHOWN else "")
    one = len(missing) == 1
    return CorpusError(
        "C115",
        f"every path must be a file of the corpus, but {len(missing)} {'is' if one else 'are'} not there: {shown}.",
        remedy="Paths are relative to the corpus folder; remove the rows of files that are gone.",
        place=place,
    )
