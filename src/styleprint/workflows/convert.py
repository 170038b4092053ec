"""Any score that we read becomes MIDI."""

from pathlib import Path

from styleprint.music.score import Score
from styleprint.reading import read_score, write_midi
from styleprint.support.errors import UsageError

__all__ = ["convert"]


def convert(source: Path, output: Path, *, lenient: bool = False) -> Score:
    """Read a score and write it as MIDI.

    Parameters
    ----------
    source : Path
        In any format that :func:`styleprint.read_score` reads.
    output : Path
        Must end in ``.mid`` or ``.midi``.
    lenient : bool
        Read damaged notation as far as it goes.

    Returns
    -------
    Score
        What was read, with the warnings of reading.

    Raises
    ------
    UsageError
        U110, where the output is no MIDI file by its name.
    ReadError, WriteError
    """
    if output.suffix.lower() not in (".mid", ".midi"):
        raise UsageError(
            "U110",
            f"the output must end in .mid or .midi, but is {output.name!r}.",
            remedy="MIDI is the one format that is written.",
        )
    score = read_score(source, lenient=lenient)
    write_midi(score, output)
    return score
