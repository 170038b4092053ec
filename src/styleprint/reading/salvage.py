"""What was wrong with a MIDI file and what became of it, in sentences.

The walk over the bytes (:mod:`styleprint.reading.midi_walk`) mends what it can; here its tallies become the
warnings of a Score. A file of which damage left no music is refused.
"""

from collections.abc import Sequence

from styleprint.reading import midi_walk as walk
from styleprint.support.errors import ReadError

__all__ = ["describe_damage", "refuse_without_music"]

_SENTENCES = (
    (walk.ORPHANS, "{n} data bytes without a status were skipped"),
    (walk.BAD_VALUES, "{n} events had a value above 127, which was taken as 127; notes of such a pitch are left out"),
    (walk.STRAYS, "{n} events that a file may not hold were skipped"),
    (walk.LONG_TEXTS, "{n} texts claimed bytes of the events that follow and were cut"),
)


def describe_damage(tallies: walk.Ints, faults: Sequence[str]) -> list[str]:
    """One sentence for each fault of the file's form, and for each kind of damage in each track."""
    sentences = [f"{fault[0].upper()}{fault[1:]}." for fault in faults]
    damaged = (tallies[:, walk.PLACE] >= 0) | (tallies[:, walk.ENDED] == 0)
    for track in damaged.nonzero()[0].tolist():
        row = tallies[track].tolist()
        where = f"Track {track + 1}"
        if row[walk.PLACE] >= 0:
            where += f", byte {row[walk.PLACE]}"
        sentences += [f"{where}: {text.format(n=row[column])}." for column, text in _SENTENCES if row[column]]
        if row[walk.TRUNCATED]:
            sentences.append(f"{where}: the track breaks off in the middle of an event; what came before is kept.")
        elif not row[walk.ENDED]:
            sentences.append(f"{where}: the track has no end marker; it is read as far as it goes.")
    return sentences


def refuse_without_music(damage: Sequence[str], place: str) -> None:
    """Refuse a damaged file that holds no note.

    Raises
    ------
    ReadError
        R112.
    """
    if damage:
        raise ReadError(
            "R112",
            f"the file is damaged and no note could be saved. {damage[0]}",
            remedy="Fetch the file again.",
            place=place,
        )
