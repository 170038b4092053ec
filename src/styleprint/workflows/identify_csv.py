"""Answers as a CSV that grows while they come, and that a later run takes up.

Each row says which bundle and which prior it is of. A run goes on with a file only if its header and all its rows are
of the same; any other file stays as it is.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from styleprint.bundle.bundle import Bundle
from styleprint.bundle.identification import Identification
from styleprint.corpus.corpus_csv import parse_cells, to_line
from styleprint.support.errors import CorpusError, UsageError, WriteError
from styleprint.support.text import show_name

__all__ = ["ResultsFile"]

_FIRST = ("path", "status", "copy_of", "copy_kind", "label", "probability", "verdict", "candidates")
_LAST = ("warnings", "reason", "prior", "bundle")
_SHOWN_DIGITS = 16


@dataclass(frozen=True)
class ResultsFile:
    """A CSV of answers.

    Attributes
    ----------
    path : Path
    classes : tuple of str
    prior : str
    bundle : str
        The first digits of the SHA-256 of the bundle's file.
    """

    path: Path
    classes: tuple[str, ...]
    prior: str
    bundle: str

    @classmethod
    def of(cls, path: Path, bundle: Bundle, prior: str) -> "ResultsFile":
        """The CSV at `path` of what this bundle answers under this prior."""
        return cls(path, bundle.classes, show_name(prior), bundle.identity[:_SHOWN_DIGITS])

    @property
    def header(self) -> list[str]:
        """Names of the columns."""
        columns = [f"{kind}.{show_name(name)}" for kind in ("probability", "typicality") for name in self.classes]
        return [*_FIRST, *columns, *_LAST]

    def text(self, answers: Iterable[Identification]) -> str:
        """The whole CSV of these answers, for those who keep no file."""
        return to_line(self.header) + "".join(to_line(self._cells(answer)) for answer in answers)

    def take_up(self) -> set[str]:
        """Paths that an earlier run answered; a last line that was cut off is taken away.

        Raises
        ------
        UsageError
            U195, where the file is none of this bundle's and prior's; it is then left as it is.
        """
        try:
            data = self.path.read_bytes() if self.path.exists() else b""
        except OSError as error:
            raise self._not_writable(error) from error
        if not data:
            return set()
        first, whole = to_line(self.header).encode(), data[: data.rfind(b"\n") + 1]
        if not whole.startswith(first):
            raise self._foreign("it has other columns")
        try:
            header, rows = parse_cells(whole.decode("utf-8"), self.path)
        except (UnicodeDecodeError, CorpusError) as error:
            raise self._foreign("it cannot be read as a table") from error
        for name, own in (("bundle", self.bundle), ("prior", self.prior)):
            if other := sorted({row[header.index(name)] for row in rows} - {own}):
                raise self._foreign(f"it has answers of {name} {other[0]}, and this is {name} {own}")
        if whole != data:
            with self.path.open("r+b") as file:
                file.truncate(len(whole))
        return {row[header.index("path")] for row in rows}

    def append(self, answers: Iterator[Identification], *, resume: bool) -> Iterator[Identification]:
        """Pass the answers on, and write each at once, so that nothing is lost.

        Parameters
        ----------
        answers : iterator
        resume : bool
            Go on with the file as :meth:`take_up` left it; else it is written anew.

        Raises
        ------
        WriteError
            W101, where the file is not writable.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a" if resume else "w", encoding="utf-8", newline="") as file:
                if file.tell() == 0:
                    file.write(to_line(self.header))
                for answer in answers:
                    file.write(to_line(self._cells(answer)))
                    file.flush()
                    yield answer
        except OSError as error:
            raise self._not_writable(error) from error

    def _cells(self, answer: Identification) -> list[str]:
        cells = dict.fromkeys(self.header, "") | {"path": answer.path, "status": answer.status}
        cells |= {"reason": answer.reason.replace("\n", " "), "prior": self.prior, "bundle": self.bundle}
        if answer.status == "ok":
            cells |= {"label": answer.label, "probability": f"{answer.probability:.6f}", "verdict": answer.verdict}
            cells["warnings"] = " ".join(answer.warnings)
            cells["candidates"] = json.dumps(list(answer.candidates), ensure_ascii=False)
            for kind, values in (("probability", answer.probabilities), ("typicality", answer.typicality)):
                cells |= {f"{kind}.{show_name(name)}": f"{value:.6f}" for name, value in (values or {}).items()}
        if answer.copy_of:
            cells |= {"copy_of": answer.copy_of["path"], "copy_kind": answer.copy_of["kind"]}
        return [show_name(cell) for cell in cells.values()]

    def _foreign(self, why: str) -> UsageError:
        return UsageError(
            "U195",
            f"to go on with a file of results it must be of this bundle and this prior, but {why}.",
            remedy="Give another file with -o, or leave --resume away: the file is then written anew.",
            place=str(self.path),
        )

    def _not_writable(self, error: OSError) -> WriteError:
        return WriteError(
            "W101",
            f"the results must be writable, but the system says: {error.strerror or error}.",
            remedy="Free some room and run again with --resume; what is in the file is kept.",
            place=str(self.path),
        )
