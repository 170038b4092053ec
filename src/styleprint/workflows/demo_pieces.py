"""Which of music21's pieces the demo uses: vocal polyphony by three composers, and two who stay unknown.

The files lie inside music21's package, so the demo needs no network. The choice is balanced: sections of masses
(Palestrina), madrigals (Monteverdi), chorales (Bach), all for voices. Each composer stands for a genre and a century of
his own, and the files of each come from a source and in a format of their own; so what the demo tells apart are these
as well, and its figures say little about composers of one time. One genre of one time would be fairer, but music21 has
too few works of any: of string quartets two by Haydn, four by Mozart and ten by Beethoven (music21 10).
"""

import importlib.util
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from styleprint.support.errors import UsageError

__all__ = ["CAVEAT", "DemoPieces", "lay_out_pieces"]

CAVEAT = (
    "Each composer stands for a genre, a century and a source of files of his own here (masses by Palestrina, "
    "madrigals by Monteverdi, chorales by Bach), so these are told apart as well as the composers: the figures are no "
    "measure of telling composers of one time apart."
)
"""What nobody should read into the demo's figures."""

PIECES_A_COMPOSER = 40
UNSEEN_A_COMPOSER = 2
SEED = 0

_PATTERNS = {
    "Bach": ("bach", re.compile(r"(?P<work>bwv\d+)(?:\.\d+)?\.mxl")),
    "Monteverdi": ("monteverdi", re.compile(r"(?P<work>madrigal\.\d\.\d+)\.mxl")),
    "Palestrina": ("palestrina", re.compile(r"(?:Kyrie|Gloria|Sanctus|Agnus)_(?P<work>\d\d)\.krn")),
}
_UNKNOWN = {
    "Ciconia": "trecento/PMFC_24_1-Gloria Ciconia 1.xml",
    "Josquin": "josquin/milleRegrets.abc",
}


@dataclass(frozen=True)
class DemoPieces:
    """Where the demo's pieces lie.

    Attributes
    ----------
    corpus : Path
        A folder with one sub-folder a composer, to learn from.
    unseen : tuple of (str, Path)
        Composer and file of works that the corpus does not hold.
    unknown : tuple of (str, Path)
        The same, by composers whom the corpus does not hold.
    """

    corpus: Path
    unseen: tuple[tuple[str, Path], ...]
    unknown: tuple[tuple[str, Path], ...]


def lay_out_pieces(folder: Path) -> DemoPieces:
    """Copy the demo's pieces into folders, the same ones in every run.

    Raises
    ------
    UsageError
        U120, where music21 is not installed.
    """
    source = _music21_corpus()
    random = np.random.default_rng(SEED)
    unseen: list[tuple[str, Path]] = []
    for label, (name, pattern) in _PATTERNS.items():
        works = list(_one_file_a_work(source / name, pattern))
        chosen = [works[i] for i in random.permutation(len(works))[: PIECES_A_COMPOSER + UNSEEN_A_COMPOSER]]
        for file in chosen[UNSEEN_A_COMPOSER:]:
            _copy(file, folder / "corpus" / label)
        unseen += [(label, _copy(file, folder / "unseen" / label)) for file in chosen[:UNSEEN_A_COMPOSER]]
    unknown = [(label, _copy(source / place, folder / "unseen" / label)) for label, place in _UNKNOWN.items()]
    return DemoPieces(folder / "corpus", tuple(unseen), tuple(unknown))


def _music21_corpus() -> Path:
    package = importlib.util.find_spec("music21")
    if package is None or package.origin is None:
        raise UsageError(
            "U120",
            "the demo uses the pieces that come with music21, and music21 is not installed.",
            remedy="Install it: pip install 'styleprint[scores]'.",
        )
    return Path(package.origin).parent / "corpus"


def _one_file_a_work(folder: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
    """The first file of each work, in order of the work's name."""
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        match = pattern.fullmatch(path.name)
        if match:
            files.setdefault(match["work"], path)
    for work in sorted(files):
        yield files[work]


def _copy(file: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / file.name
    if not target.exists():
        shutil.copyfile(file, target)
    return target
