r"""What a folder holds: its music files in one order, and what was passed over.

A corpus is of one kind, scores or recordings. Where a folder holds both, the kind with more files is the corpus (scores
where there are as many), and the others are passed over and counted.

Order is by path, the same on every machine. Hidden files and folders and files that are no music are
counted and passed over. Links to folders are never followed: a folder inside is scanned at its own place,
one outside is not the corpus (so cycles cannot arise). A link to a file counts as a file if its target lies
inside.

A path in the table is text with ``/``. A name that the file system does not give as valid text appears
with ``\x..`` escapes, and so do control characters, which could disturb a terminal or a page; the file is
read by its true name all the same. Labels are put in Unicode's
composed form (NFC), so a folder named on one system is the same label on another.
"""

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from styleprint.support.errors import CorpusError
from styleprint.support.text import show_name

__all__ = ["MUSIC_SUFFIXES", "RECORDING_SUFFIXES", "Folder", "FoundFile", "Kind", "label_of", "scan_folder"]

Kind = Literal["score", "recording"]

MUSIC_SUFFIXES = (".mid", ".midi", ".kar", ".rmi", ".krn", ".xml", ".musicxml", ".mxl", ".mei", ".abc")
RECORDING_SUFFIXES = (
    *(".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".snd"),
    *(".m4a", ".m4p", ".aac", ".wma"),
)
"""Those of the last line cannot be decoded, which the table should say of each."""


@dataclass(frozen=True)
class FoundFile:
    """A file: its path in the table, and where it is."""

    path: str
    location: str


@dataclass(frozen=True)
class Folder:
    """What was found.

    Attributes
    ----------
    files : tuple of FoundFile
        Music, sorted by path.
    others : tuple of FoundFile
        Files that are no music by their suffix.
    hidden : int
        Number of hidden files and folders.
    links_out : tuple of str
        Links that were not followed.
    closed : tuple of (str, str)
        Folders that could not be opened, and why.
    kind : {'score', 'recording'}
        Of `files`.
    of_other_kind : int
        Music files of the other kind, which are among the others.
    """

    files: tuple[FoundFile, ...]
    others: tuple[FoundFile, ...] = ()
    hidden: int = 0
    links_out: tuple[str, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()
    kind: Kind = "score"
    of_other_kind: int = 0


@dataclass
class _Finds:
    scores: list[FoundFile] = field(default_factory=list)
    recordings: list[FoundFile] = field(default_factory=list)
    others: list[FoundFile] = field(default_factory=list)
    hidden: int = 0
    links_out: list[str] = field(default_factory=list)
    closed: list[tuple[str, str]] = field(default_factory=list)


def scan_folder(root: Path, kind: Kind | None = None) -> Folder:
    """Every file below a folder.

    Parameters
    ----------
    root : Path
    kind : {'score', 'recording'}, optional
        Which music is wanted; without it that with more files.

    Raises
    ------
    CorpusError
        C101, where `root` is no folder; C102, where it cannot be opened.
    """
    if not root.is_dir():
        raise CorpusError(
            "C101",
            f"a corpus must be a folder, but {'this is a file' if root.exists() else 'there is none of this name'}.",
            remedy="Give the folder that holds one sub-folder a label.",
            place=show_name(str(root)),
        )
    finds = _Finds()
    inside = os.path.realpath(root)
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            if folder == str(root):
                raise _closed(root, error) from error
            finds.closed.append((_relative(folder, root), error.strerror or str(error)))
            continue
        for entry in listed:
            _take(entry, root, inside, finds, waiting)
    if kind is None:
        kind = "recording" if len(finds.recordings) > len(finds.scores) else "score"
    files, passed = (finds.scores, finds.recordings)[:: 1 if kind == "score" else -1]
    return Folder(
        kind=kind,
        of_other_kind=len(passed),
        files=tuple(sorted(files, key=lambda file: file.path)),
        others=tuple(sorted((*finds.others, *passed), key=lambda file: file.path)),
        hidden=finds.hidden,
        links_out=tuple(sorted(finds.links_out)),
        closed=tuple(sorted(finds.closed)),
    )


def label_of(path: str, levels: Sequence[str] = ()) -> str:
    """The label that the folders of a path tell: the first, or as many as `levels` names, joined by ``/``."""
    folders = path.split("/")[:-1][: max(1, len(levels))]
    return unicodedata.normalize("NFC", "/".join(folders))


def _take(entry: os.DirEntry[str], root: Path, inside: str, finds: _Finds, waiting: list[str]) -> None:
    path = _relative(entry.path, root)
    if entry.name.startswith("."):
        finds.hidden += 1
    elif entry.is_symlink() and not _leads_inside(entry, inside):
        finds.links_out.append(path)
    elif entry.is_dir(follow_symlinks=False):
        waiting.append(entry.path)
    elif entry.is_symlink() and Path(entry.path).is_dir():
        finds.links_out.append(path)
    else:
        name = entry.name.lower()
        music = finds.scores if name.endswith(MUSIC_SUFFIXES) else finds.others
        found = finds.recordings if name.endswith(RECORDING_SUFFIXES) else music
        found.append(FoundFile(path, entry.path))


def _leads_inside(entry: os.DirEntry[str], inside: str) -> bool:
    target = os.path.realpath(entry.path)
    return target == inside or target.startswith(inside + os.sep)


def _relative(location: str, root: Path) -> str:
    return show_name(os.path.relpath(location, root).replace(os.sep, "/"))


def _closed(root: Path, error: OSError) -> CorpusError:
    return CorpusError(
        "C102",
        f"the folder must be readable, but the system says: {error.strerror or error}.",
        remedy="Give yourself permission to read it.",
        place=show_name(str(root)),
    )
