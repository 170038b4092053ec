"""Bach's four-part chorales as they come with music21, and which of them are on one tune.

Bach set many a melody several times, and a model that has heard one setting knows the melody of the next. Two pieces
are on one tune where the first notes of their sopranos can be made equal, in any key and octave, by few changes (edit
distance, Levenshtein 1966), or where music21's lists of chorales give them one title. Chains of such pairs are one
tune: joining too much costs a little to learn from, joining too little gives away what is asked for.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from styleprint.features.streams.events import events_of
from styleprint.models.language.rows import PITCH, EventRows
from styleprint.music.score import Score
from styleprint.reading import read_score
from styleprint.support.errors import StyleprintError

__all__ = ["PARTS", "chorale_scores", "read_chorales", "tune_distances", "tunes_of"]

PARTS = ("soprano", "alto", "tenor", "bass")
NOTES = 16
"""The first notes of a soprano that are compared."""

CHANGES = 5
"""At most so many of them differ in one tune."""


def read_chorales(kept: Path) -> tuple[EventRows, tuple[str, ...]]:
    """Every chorale of four parts, and its tune as a name; what was read is kept in a file.

    Parameters
    ----------
    kept : Path
        An ``.npz``; read where it is there.
    """
    if not kept.exists():
        _keep(kept)
    found = np.load(kept)
    rows = EventRows(found["events"], found["offsets"])
    tune = tunes_of([rows.row(i) for i in range(len(rows))], _titles(found["works"].tolist()))
    return rows, tuple(f"tune {number}" for number in tune)


def chorale_scores(cache: Path | None = None) -> Iterator[tuple[str, Score]]:
    """Number in the catalogue and score of each, in the order of the rows; a cache keeps what was read."""
    from music21.corpus import getComposer

    for path in sorted(str(one) for one in getComposer("bach")):
        if (work := re.search(r"bwv([\d.]+[a-z]?)\.(mxl|xml)$", path)) is None:
            continue
        try:
            score = read_score(path, cache=cache)
        except StyleprintError as error:
            print(f"left out: {error}", flush=True)
            continue
        if len(score.parts.name) == len(PARTS) and len(events_of(score)):
            yield work[1], score


def _keep(place: Path) -> None:
    found = [(work, events_of(score)) for work, score in chorale_scores()]
    rows = EventRows.of([events for _, events in found])
    works = np.array([work for work, _ in found])
    np.savez_compressed(place, events=rows.events, offsets=rows.offsets, works=works)


def tune_distances(sopranos: list[np.ndarray]) -> np.ndarray:
    """How many changes make the pitch classes of two beginnings equal, at best of twelve keys: shape (n, n)."""
    length = max(map(len, sopranos))
    notes = np.full((len(sopranos), length), -1)
    for row, one in enumerate(sopranos):
        notes[row, : len(one)] = one % 12
    count = np.array([len(one) for one in sopranos])
    best = np.full((len(sopranos), len(sopranos)), np.inf)
    for key in range(12):
        moved = np.where(notes >= 0, (notes + key) % 12, -2)
        best = np.minimum(best, _edits(notes, moved, count))
    return best


def _edits(left: np.ndarray, right: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Edit distance of each row of one with each row of the other."""
    n, length = left.shape
    table = np.zeros((length + 1, length + 1, n, n), dtype=np.int16)
    table[0] = np.arange(length + 1)[:, None, None]
    table[:, 0] = np.arange(length + 1)[:, None, None]
    for i in range(length):
        for j in range(length):
            change = table[i, j] + (left[:, i, None] != right[None, :, j])
            table[i + 1, j + 1] = np.minimum(change, np.minimum(table[i, j + 1], table[i + 1, j]) + 1)
    row = np.arange(n)
    return table[count[:, None], count[None, :], row[:, None], row[None, :]]


def tunes_of(pieces: list[np.ndarray], titles: list[str]) -> np.ndarray:
    """The number of the tune of each piece."""
    distance = tune_distances([piece[piece[:, 1] == 0, PITCH][:NOTES] for piece in pieces])
    names = np.array(titles)
    is_one = (distance <= CHANGES) | ((names[:, None] == names[None, :]) & (names[:, None] != ""))
    return connected_components(sparse.coo_array(is_one), directed=False)[1]


def _titles(works: list[str]) -> list[str]:
    """The title of each number in the catalogue by the lists of Riemenschneider and of Budapest, in plain words."""
    from music21.corpus.chorales import ChoraleList, ChoraleListRKBWV

    listed: dict[str, str] = {}
    for chorale in (*ChoraleListRKBWV().byRiemenschneider.values(), *ChoraleList().byBudapest.values()):
        listed.setdefault(str(chorale["bwv"]), re.sub(r"\W+", " ", chorale["title"].lower()).strip())
    return [listed.get(work, "") for work in works]
