"""What a MIDI file says in words: titles, names of parts, the encoder, and all other texts.

The first track's name is the title of the sequence (Standard MIDI Files 1.0, sequence/track name); names
of other tracks with notes name parts. Copyright notices, and texts such as "Sequenced by …", name the
encoder. Everything else is a comment. Lyrics are left out.
"""

import re
from dataclasses import dataclass, field

__all__ = ["Texts", "decode_text", "sort_texts"]

_TEXT, _COPYRIGHT, _NAME, _INSTRUMENT, _LYRIC = 1, 2, 3, 4, 5
_MOST_TEXTS = 1_000
_MOST_CHARACTERS = 1_000
_MADE_BY = re.compile(r"(?:sequenc|encod|transcri|arrang|engrav)\w*\s*(?:by|:)\s*(.+)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(slots=True)
class Texts:
    """Texts by what they are for; `names` are those of tracks, by track index."""

    titles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    encoder: str = ""
    left_out: int = 0


def sort_texts(data: bytes, rows: list[list[int]], with_notes: frozenset[int]) -> Texts:
    """Sort the texts of a file.

    Parameters
    ----------
    data : bytes
        The file.
    rows : list of [kind, track, tick, offset, length]
        Text events in the order of the file.
    with_notes : frozenset of int
        Tracks that hold notes: their names name parts.
    """
    texts = Texts()
    kept = 0
    for kind, track, _, offset, length in rows:
        if kind == _LYRIC:
            continue
        if kept == _MOST_TEXTS:
            texts.left_out += 1
            continue
        text = decode_text(data[offset : offset + min(length, 4 * _MOST_CHARACTERS)])
        if not text:
            continue
        kept += 1
        if kind == _NAME and track not in texts.names:
            texts.names[track] = text
            if track == 0:
                texts.titles.append(text)
            elif track not in with_notes:
                texts.comments.append(text)
            continue
        texts.comments.append(text)
        if not texts.encoder and (kind == _COPYRIGHT or _MADE_BY.search(text)):
            found = _MADE_BY.search(text)
            texts.encoder = found.group(1) if found else text
    return texts


def decode_text(raw: bytes) -> str:
    """The bytes as UTF-8, else as Windows' Latin (which most encoders used); control characters become spaces."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return text.strip()[:_MOST_CHARACTERS]
