"""How much a file may cost: checked before memory is spent, and each limit can be raised."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from styleprint.support.errors import LimitError, UsageError

__all__ = ["DEFAULT_LIMITS", "WORK_OF_SOUND", "Limits", "check_limit", "raise_limits"]

WORK_OF_SOUND = 1 / 6
"""Seconds that a piece may take in a worker for each second of its sound, beyond what any piece may take."""

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper limits for one file: of scores first, of recordings below.

    Attributes
    ----------
    file_bytes : int
        Size of the file.
    unpacked_bytes, unpacked_ratio : int
        Size of an archive's content, and how many times larger than the archive it may be.
    xml_depth : int
        Nesting of XML elements.
    notes : int
        Notes in the piece, before any are joined.
    length_quarters : int
        When the last note may end, in quarters.
    parts : int
        Parts, and tracks of a MIDI file.
    events : int
        Events of a MIDI file that are no notes: texts, tempos, signatures, programmes.
    measures : int
        Measures; a piece that has more is read without its measures, and a warning says so.
    recording_bytes : int
        Size of the file of a recording.
    seconds : int
        Length of a recording.
    samples : int
        Samples of all its channels.
    channels : int
    lowest_rate_hz, highest_rate_hz : int
        Samples a second.
    """

    file_bytes: int = 50 * _MB
    unpacked_bytes: int = 200 * _MB
    unpacked_ratio: int = 200
    xml_depth: int = 200
    notes: int = 1_000_000
    length_quarters: int = 100_000
    parts: int = 1_000
    events: int = 200_000
    measures: int = 200_000
    recording_bytes: int = 2_000 * _MB
    seconds: int = 7_200
    samples: int = 800 * _MB
    channels: int = 8
    lowest_rate_hz: int = 8_000
    highest_rate_hz: int = 192_000


DEFAULT_LIMITS = Limits()


def check_limit(value: float, limit: float, what: str, name: str, place: str) -> None:
    """Refuse what is larger than its limit.

    Parameters
    ----------
    value, limit : float
        In the same unit.
    what : str
        The thing and its unit, as the subject of a sentence: ``"the number of notes"``.
    name : str
        The field of :class:`Limits` that raises it.
    place : str
        The file.

    Raises
    ------
    LimitError
        R102.
    """
    if value > limit:
        raise LimitError(
            "R102",
            f"{what} may be at most {limit:,}, but is {value:,.0f}.",
            remedy=f"Leave the file out, or raise the limit: --limit {name}=… (in Python Limits({name}=…)).",
            place=place,
        )


def raise_limits(settings: Iterable[str], limits: Limits = DEFAULT_LIMITS) -> Limits:
    """Limits as a user states them.

    Parameters
    ----------
    settings : iterable of str
        ``"notes=2000000"``, by the names of :class:`Limits`.
    limits : Limits
        What holds for the others.

    Raises
    ------
    UsageError
        U105, where there is no such limit, or the value is no whole number above 0.
    """
    names = [field.name for field in fields(Limits)]
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in names or not value.isdecimal() or int(value) < 1:
            raise UsageError(
                "U105",
                f"a limit is stated as NAME=NUMBER, but came as {setting!r}.",
                remedy=f"Names: {', '.join(names)}.",
            )
        limits = replace(limits, **{name: int(value)})
    return limits
