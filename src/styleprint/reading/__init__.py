"""Files become records: whatever is read, by whichever reader, is a Score or a Recording."""

import io
import os
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING

from styleprint.reading.limits import DEFAULT_LIMITS, Limits, check_limit
from styleprint.reading.registry import (
    BOUNDED,
    LOOK_BYTES,
    READERS,
    RECORDING_READERS,
    detect_format,
    detect_recording,
)
from styleprint.support.atomic import write_bytes
from styleprint.support.errors import ReadError
from styleprint.support.hashing import hash_open

if TYPE_CHECKING:
    from styleprint.music.recording import Recording
    from styleprint.music.score import Score

__all__ = [
    "DEFAULT_LIMITS",
    "Limits",
    "is_bounded",
    "read_record",
    "read_recording",
    "read_recording_bytes",
    "read_score",
    "read_score_bytes",
    "write_midi",
]


def read_score(
    path: str | os.PathLike[str],
    *,
    limits: Limits = DEFAULT_LIMITS,
    lenient: bool = False,
    cache: Path | None = None,
) -> "Score":
    """Read one score file; nothing outside it is touched.

    Parameters
    ----------
    path : path-like
        A regular file: MIDI, or with the extra ``scores`` MusicXML, MEI, kern or ABC. The format is known by
        content, not by name.
    limits : Limits
        What the file may cost.
    lenient : bool
        Read damaged notation as far as it goes. Damaged MIDI always is; the score's warnings say so.
    cache : Path, optional
        Folder where notation is kept once read, by content.

    Returns
    -------
    Score
        Possibly without notes.

    Raises
    ------
    ReadError
        R1xx.
    """
    place = os.fspath(path)
    return read_score_bytes(_read_bytes(Path(path), limits), place, limits=limits, lenient=lenient, cache=cache)


def read_score_bytes(
    data: bytes,
    name: str,
    *,
    limits: Limits = DEFAULT_LIMITS,
    lenient: bool = False,
    cache: Path | None = None,
) -> "Score":
    """Read a score from bytes; `name` is what messages and the score's source call it.

    See Also
    --------
    read_score
    """
    check_limit(len(data), limits.file_bytes, "the size of a file in bytes", "file_bytes", name)
    if not data:
        return _empty_score(name)
    form = detect_format(data)
    if not form and detect_recording(data[:LOOK_BYTES])[0]:
        raise ReadError(
            "R104",
            "a score must be MIDI, MusicXML, MEI, kern or ABC, but this is a recording.",
            remedy="Read it as a recording (in Python read_recording).",
            place=name,
        )
    if not form:
        raise ReadError(
            "R104",
            "a score must be MIDI, MusicXML, MEI, kern or ABC, but this content is none of them.",
            remedy="Convert it to one of these formats.",
            place=name,
        )
    reader = READERS.load(form)
    score: Score
    score = reader(data, name, limits) if form == "midi" else reader(data, name, limits, form, lenient, cache)
    return score


def read_recording(path: str | os.PathLike[str], *, limits: Limits = DEFAULT_LIMITS) -> "Recording":
    """Read one sound file: all channels, at its own sampling rate.

    Parameters
    ----------
    path : path-like
        A regular file: WAV, FLAC, Ogg (Vorbis, Opus), MP3, AIFF or AU. The format is known by content, not by name.
    limits : Limits
        What the file may cost; checked by what its header states, then by what really comes.

    Returns
    -------
    Recording
        At least a second of audible sound. A damaged file keeps what could be decoded, and its warnings say so.

    Raises
    ------
    ReadError
        R101, R102, R14x.
    """
    with _open_regular(Path(path)) as file:
        return _recording_of(file, os.fspath(path), _size(file), limits)


def read_recording_bytes(data: bytes, name: str, *, limits: Limits = DEFAULT_LIMITS) -> "Recording":
    """Read a recording from bytes; `name` is what messages and the recording's source call it.

    See Also
    --------
    read_recording
    """
    return _recording_of(io.BytesIO(data), name, len(data), limits)


def _recording_of(file: IO[bytes], place: str, size: int, limits: Limits) -> "Recording":
    check_limit(size, limits.recording_bytes, "the size of a recording in bytes", "recording_bytes", place)
    try:
        form, foreign = detect_recording(file.read(LOOK_BYTES))
        file.seek(0)
        digest = hash_open(file)
        file.seek(0)
    except OSError as error:
        raise _unreadable(place, error) from error
    if not form:
        what = f"this is {foreign}" if foreign else "this content is none of them" if size else "it is empty"
        raise ReadError(
            "R144",
            f"a recording must be WAV, FLAC, Ogg, MP3, AIFF or AU, but {what}.",
            remedy="Convert it to FLAC or WAV.",
            place=place,
        )
    recording: Recording = RECORDING_READERS.load(form)(file, place, limits, digest)
    return recording


def read_record(
    path: str | os.PathLike[str],
    kind: str,
    *,
    limits: Limits = DEFAULT_LIMITS,
    lenient: bool = False,
    cache: Path | None = None,
) -> "Score | Recording":
    """Read one file of a kind: a score or a recording.

    See Also
    --------
    read_score, read_recording
    """
    if kind == "recording":
        return read_recording(path, limits=limits)
    return read_score(path, limits=limits, lenient=lenient, cache=cache)


def is_bounded(path: str | os.PathLike[str], *, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether the limits alone bound what reading this file costs, so that it needs no supervised worker.

    True for MIDI and for what is refused before any reader sees it; False for notation, whose reader (music21)
    may take any time on bytes that are made to hold it up, and for recordings, whose decoder may not survive them.
    Known by content, not by name.

    Parameters
    ----------
    path : path-like
    limits : Limits
    """
    try:
        with _open_regular(Path(path)) as file:
            if detect_recording(file.read(LOOK_BYTES))[0]:
                return False
        form = detect_format(_read_bytes(Path(path), limits))
    except (ReadError, OSError):
        return True
    return not form or form in BOUNDED


def write_midi(score: "Score", path: str | os.PathLike[str]) -> None:
    """Write a score as a MIDI file, whole or not at all.

    See Also
    --------
    styleprint.reading.midi_writer.midi_bytes : what is kept and what is lost.
    """
    from styleprint.reading.midi_writer import midi_bytes

    write_bytes(Path(path), midi_bytes(score))


def _empty_score(name: str) -> "Score":
    """The score of a file without a byte: no notes, and a warning."""
    from styleprint.music.changes import empty_score

    return empty_score(name, "The file is empty.")


def _read_bytes(path: Path, limits: Limits) -> bytes:
    place = os.fspath(path)
    with _open_regular(path) as file:
        check_limit(_size(file), limits.file_bytes, "the size of a file in bytes", "file_bytes", place)
        try:
            return file.read(limits.file_bytes + 1)
        except OSError as error:
            raise _unreadable(place, error) from error


def _open_regular(path: Path) -> IO[bytes]:
    """The file, open for reading.

    Raises
    ------
    ReadError
        R101, where it is no regular file or the system lets nobody read it.
    """
    place = os.fspath(path)
    try:
        file = open(path, "rb", opener=_open_at_once)  # noqa: SIM115  # closed by whoever asked; needs an opener
    except (OSError, ValueError) as error:
        raise _unreadable(place, error) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise ReadError("R101", "music must be a regular file, but this is none.", remedy="Name a file.", place=place)
    return file


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size


def _unreadable(place: str, error: Exception) -> ReadError:
    return ReadError(
        "R101",
        f"the file must be readable, but the system says: {getattr(error, 'strerror', None) or error}.",
        remedy="Check the name and the permissions.",
        place=place,
    )


def _open_at_once(name: str, flags: int) -> int:
    """Open without waiting: a named pipe must not hold us up."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
