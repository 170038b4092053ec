"""One file, read once: everything that a scan wants to know of it.

:func:`read_piece` runs in a worker and sends back only what is small: numbers, titles, the fingerprint, and
whatever a hook makes of the Score while it is at hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from styleprint.corpus.copies import Fingerprint, fingerprint
from styleprint.music.score import Score
from styleprint.music.time import duration_seconds
from styleprint.reading import read_score
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
    value: Any = None


@dataclass(frozen=True)
class PieceReader:
    """Reads a file in a worker.

    Attributes
    ----------
    lenient : bool
        Read damaged notation as far as it goes.
    per_score : callable, optional
        A function at the top of a module, Score → what can travel between processes; called for pieces with notes.
    cache : Path, optional
        Folder where slow formats are kept once read.
    limits : Limits
    """

    lenient: bool = False
    per_score: Callable[[Score], Any] | None = None
    cache: Path | None = None
    limits: Limits = DEFAULT_LIMITS

    def __call__(self, location: str) -> Piece:
        """Read the file at `location`."""
        score = read_score(Path(location), limits=self.limits, lenient=self.lenient, cache=self.cache)
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
            value=self.per_score(score) if self.per_score and len(score) else None,
        )
