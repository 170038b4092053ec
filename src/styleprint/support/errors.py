"""Errors that speak: what must hold, what came, what to do now.

Every error that is the user's to mend descends from :class:`StyleprintError`; anything else that
escapes is our fault and keeps its traceback. A code is stable: it may be searched for, and the
service answers with the same one. The first letter of a code names the room (R reading, C corpus,
T table, M model, E evaluation, B bundle, S service, U usage). What an error says is harmless to a terminal and can be
written in every encoding, wherever its names come from.
"""

from styleprint.support.text import show_name, show_text

__all__ = [
    "BundleError",
    "CorpusError",
    "EvaluationError",
    "InternalError",
    "LimitError",
    "ModelError",
    "ReadError",
    "RequirementError",
    "StyleprintError",
    "TableError",
    "UsageError",
    "WriteError",
]


class StyleprintError(Exception):
    """What a user can mend.

    Parameters
    ----------
    code : str
        Stable code such as ``"R112"``.
    message : str
        What must hold and what came, in one sentence.
    remedy : str, optional
        What to do now.
    place : str, optional
        The file and the place in it (``"Op76/n3.mid, track 2, byte 214"``).
    """

    exit_code = 3
    """What the command line exits with: 2 usage, 3 input that cannot serve, 4 a requirement missed."""

    def __init__(self, code: str, message: str, *, remedy: str = "", place: str = "") -> None:
        super().__init__(code, message, remedy, place)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.place = place

    def __str__(self) -> str:
        head = f"{type(self).__name__} [{self.code}]"
        head = f"{head} {show_name(self.place)}:" if self.place else f"{head}:"
        lines = [head, show_text(self.message)]
        if self.remedy:
            lines.append(show_text(self.remedy))
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel from workers to the parent with all that they say."""
        return _rebuild, (type(self), self.code, self.message, self.remedy, self.place)


def _rebuild(kind: type[StyleprintError], code: str, message: str, remedy: str, place: str) -> StyleprintError:
    return kind(code, message, remedy=remedy, place=place)


class ReadError(StyleprintError):
    """A file cannot be read as music."""


class LimitError(ReadError):
    """A file would take more time or memory than the limits allow."""


class WriteError(StyleprintError):
    """A result cannot be written: a full disk, a folder without permission."""


class CorpusError(StyleprintError):
    """A folder or its labels cannot serve as a corpus."""


class TableError(StyleprintError):
    """A table lacks what is asked of it, or holds what it may not."""


class ModelError(StyleprintError, ValueError):
    """A model cannot learn from, or answer about, what it is given; a ValueError too, as scikit-learn expects."""


class EvaluationError(StyleprintError):
    """A protocol cannot be run on this data."""


class BundleError(StyleprintError):
    """A bundle is damaged, foreign, or of another version."""


class UsageError(StyleprintError):
    """A command or function was asked for something that does not exist."""

    exit_code = 2


class RequirementError(StyleprintError):
    """A figure that ``--require`` demands was missed."""

    exit_code = 4


class InternalError(StyleprintError):
    """Our own fault on one piece among many; the message carries the end of the traceback."""

    exit_code = 1
