"""One file, read once: everything that a scan wants to know of it.

:func:`read_piece` runs in a worker and sends back only what is small: numbers, titles, the fingerprint, and
whatever a hook makes of the Score or the Recording while it is at hand.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from styleprint.corpus.copies import Fingerprint, fingerprint
from styleprint.corpus.folder import Kind
from styleprint.music.recording import Recording
from styleprint.music.score import Score
from styleprint.music.time import duration_seconds
from styleprint.reading import read_record
from styleprint.reading.limits import DEFAULT_LIMITS, Limits
from styleprint.theory.global_key import estimate_global_key

__all__ = ["Piece", "PieceReader"]


@dataclass(frozen=True)
class Piece:
    """What a scan keeps of a file.

    Attributes
    ----------
    sha256 : str
    notes : int
    quarters, seconds : float
    key_confidence : float
        NaN where no key can be told.
    titles : tuple of str
    file_format : str
    fingerprint : Fingerprint
    artist, album : str
        Of a recording, as its tags have them.
    has_music : bool
        Whether it may serve: a score has notes; a recording that was read is heard.
    value : object
        What the hook returned; None without one.
    """

    sha256: str
    notes: int
    quarters: float
    seconds: float
    key_confidence: float
    titles: tuple[str, ...]
    file_format: str
    fingerprint: Fingerprint
    artist: str = ""
    album: str = ""
    has_music: bool = True
    value: Any = None


@dataclass(frozen=True)
class PieceReader:
    """Reads a file in a worker.

    Attributes
    ----------
    lenient : bool
        Read damaged notation as far as it goes.
    per_score : callable, optional
        A function at the top of a module, Score or Recording → what can travel between processes; called for pieces
        with music.
    cache : Path, optional
        Folder where slow formats are kept once read.
    limits : Limits
    kind : {'score', 'recording'}
    """

    lenient: bool = False
    per_score: Callable[[Any], Any] | None = None
    cache: Path | None = None
    limits: Limits = DEFAULT_LIMITS
    kind: Kind = "score"

    def __call__(self, location: str) -> Piece:
        """Read the file at `location`."""
        record = read_record(Path(location), self.kind, limits=self.limits, lenient=self.lenient, cache=self.cache)
        piece = _of_recording(record) if isinstance(record, Recording) else _of_score(record)
        return replace(piece, value=self.per_score(record)) if self.per_score and piece.has_music else piece


def _of_score(score: Score) -> Piece:
    key = estimate_global_key(score)
    return Piece(
        sha256=score.source.hash,
        notes=len(score),
        quarters=score.end_quarters,
        seconds=duration_seconds(score),
        key_confidence=key.confidence if key else float("nan"),
        titles=score.source.titles,
        file_format=score.source.format,
        fingerprint=fingerprint(score),
        has_music=len(score) > 0,
    )


def _of_recording(recording: Recording) -> Piece:
    source = recording.source
    return Piece(
        sha256=source.hash,
        notes=0,
        quarters=0.0,
        seconds=recording.seconds,
        key_confidence=float("nan"),
        titles=(source.title,) if source.title else (),
        file_format=source.format,
        fingerprint=fingerprint(recording),
        artist=source.artist,
        album=source.album,
    )
