"""How a recording is divided into parts, each of which becomes a row.

``beats:4``
    Each run of four beats (:mod:`styleprint.sound.beats`), from the first beat on. What sounds before the first beat
    and after the last whole run is in no row.
``sections``
    Each section (:mod:`styleprint.sound.sections`), from the beginning to the end, with its letter.
"""

from dataclasses import dataclass
from itertools import pairwise

from styleprint.features.sound_context import SoundContext
from styleprint.sound.rhythm import FRAMES_A_SECOND
from styleprint.support.errors import TableError

__all__ = ["SECTIONS", "Span", "divide", "span_columns"]

SECTIONS = "sections"


@dataclass(frozen=True)
class Span:
    """A part of a recording.

    Attributes
    ----------
    start_seconds, end_seconds : float
    section : str
        The letter of its section; empty where parts are runs of beats.
    """

    start_seconds: float
    end_seconds: float
    section: str = ""


def span_columns(division: str) -> tuple[str, ...]:
    """Columns that say of what part a row is: its number in the piece, where it lies, and its section."""
    return ("row", "start_seconds", "end_seconds", *(("section",) if division == SECTIONS else ())) if division else ()


def divide(context: SoundContext, division: str) -> list[Span]:
    """The parts of a recording, in order.

    Parameters
    ----------
    context : SoundContext
    division : str
        ``beats:N`` or ``sections``.

    Raises
    ------
    TableError
        T110, where there is no such division.
    """
    way, _, count = division.partition(":")
    if way == "beats" and count.isdecimal() and int(count):
        return _runs_of_beats(context, int(count))
    if division == SECTIONS:
        return [Span(one.start_seconds, one.end_seconds, one.letter) for one in context.sections]
    raise TableError("T110", f"a recording is divided as 'beats:4' or 'sections', but the recipe says {division!r}.")


def _runs_of_beats(context: SoundContext, count: int) -> list[Span]:
    seconds = (context.beats[::count] / FRAMES_A_SECOND).tolist()
    return [Span(start, end) for start, end in pairwise(seconds)]
