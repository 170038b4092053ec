"""From tags, folders and file names to the artist and the album of a recording, which stand for work and collection.

Recordings of one artist share voices, instruments, studios and ways of mastering, so no split may divide them: for
recordings the *work* is the artist, and the *collection* the album. Evidence, strongest first:

1. ``file``: the artist in the file's tags, else the album there.
2. ``name``: the artist in a file name such as ``03 - Artist - Title``, else the folder below the label as the album.
3. ``stem``: neither; the recording stands alone.

"Various artists" and the like name nobody. Guests (*feat.*, or *with* in brackets) are left out. Folders such as CD1,
train or fold1 are no albums. A number before the artist is a track's where it has a leading zero, a dot or a dash, or
where artist, album and title follow; else it belongs to the name (50 Cent).
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from styleprint.corpus.catalogues import fold_text
from styleprint.corpus.works import Work

__all__ = ["artist_of", "find_artist"]

_NOBODY = frozenset({"various artists", "various", "unknown artist", "unknown", "va", "artist", "track"})
_GUESTS = re.compile(r"\s*[(\[]\s*(?:feat|ft|featuring|with)\b.*$|\s(?:feat|ft|featuring)\b.*$")
_TRACK = re.compile(r"(?i)^(?:cd ?\d+[ .-]+\d{1,3}|0\d{1,2}|\d{1,3}(?= *[._-]))(?:[ ._-]+|$)")
_BARE_NUMBER = re.compile(r"^\d{1,3} +")
_NO_ALBUM = re.compile(
    r"(?:cd|dis[ck]|side|part|fold|split|batch|set|folder)(?:-?(?:\d{1,3}|[a-d]))?|"
    r"(?:train(?:ing)?|tests?|testing|valid(?:ation)?|val|dev|eval(?:uation)?)(?:-?(?:set|data|\d{1,3}))?|"
    r"audio|music|songs|tracks|recordings|clips|samples|data|mp3s?|wavs?|flac|ogg|misc|various|unknown(?:-album)?"
)
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,4}$")


def find_artist(path: str, *, label: str = "", artist: str = "", album: str = "") -> Work:
    """The artist, as a work; the album as its collection.

    Parameters
    ----------
    path : str
        Relative to the corpus, with ``/``.
    label : str
        Its levels are folders that are no album.
    artist, album : str
        What tags say.
    """
    place = PurePosixPath(path)
    folders = place.parts[:-1][len(label.split("/")) if label else 0 :]
    named = [name for name in map(_slug, folders) if name and not _NO_ALBUM.fullmatch(name)]
    record = _slug(album) or (named[-1] if named else "")
    collection = f"album-{record}" if record else ""
    if name := artist_of(artist):
        return Work(f"artist-{name}", "file", collection)
    if name := artist_of(_artist_in_name(place.name)):
        return Work(f"artist-{name}", "name", collection)
    if record:
        return Work(collection, "file" if _slug(album) else "name", collection)
    return Work(_slug(_ENDING.sub("", path)) or "untitled", "stem")


def artist_of(name: str) -> str:
    """An artist's name in one way of writing; empty where it names nobody."""
    plain = _GUESTS.sub("", fold_text(name)).strip()
    return "" if plain in _NOBODY else _slug(plain)


def _artist_in_name(name: str) -> str:
    parts: Sequence[str] = [part.strip() for part in _ENDING.sub("", name).split(" - ")]
    parts = [part for part in parts if not part.isdecimal()]
    if len(parts) < 2:
        return ""
    artist = _TRACK.sub("", parts[0])
    return artist if len(parts) == 2 else _BARE_NUMBER.sub("", artist)


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", fold_text(text)).strip("-")
