"""From a path and what the file says of itself to the work it is a piece of.

A *work* is what the catalogue lists as one composition: movements, variations and the numbers of a mass
share it. Numbered pieces of an opus or album (op. 28 no. 4) are works of their own and share a
*collection*. Evidence, strongest first:

1. ``file``: a catalogue number in what the file says (kern's OPR, OTL, SCT; MusicXML's work title and
   number; titles of a MIDI file). Where that tells only an opus and the path tells the number in it,
   the path completes it. Notation formats without a number still name their work by its title.
2. ``catalogue``: a catalogue number, the code of a known series, a genre's number or a well-known name
   in the file name, then in the folders, the deepest first. A range in a folder's name
   (``Bwv846-869``) is no work, but a collection.
3. ``name``: the file name as a title, without composer, movement, tempo words and marks of versions.
4. ``stem``: a file name that is no title, without movement. Weak: it holds a work together only where
   movements are numbered alike (``flute-1``, ``flute-2``).

Texts that a MIDI file carries without a number are mostly names of tracks and encoders: they are not
used as titles.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from styleprint.corpus.catalogues import (
    Entry,
    find_composer,
    find_number,
    find_range,
    find_table_work,
    fold_text,
)

__all__ = ["Work", "find_work"]


@dataclass(frozen=True)
class Work:
    """A composition.

    Attributes
    ----------
    work : str
    source : str
        The evidence for it: ``file``, ``catalogue``, ``name``, ``stem``.
    collection : str
        Opus, cycle or book; empty for none.
    rival : str
        The work that the path names where the file names another: one of the two is a slip, so groups
        join both. Empty where they agree.
    """

    work: str
    source: str
    collection: str = ""
    rival: str = ""


_MOVEMENTS = re.compile(
    r"\b(?:\d+(?:st|nd|rd|th)?[ .-]?(?:mov(?:ement|s|t)?|mvmt|mvt|satz|movs)\b(?:[ .]*\d+)?|"
    r"(?:mov(?:ement)?|mvmt|mvt|satz|part)[ .]*(?:\d+|[ivx]+)\b|format ?[01]\b)"
)
_TEMPO = re.compile(
    r"\b(?:molto |poco |assai |piu |non troppo )*(?:allegr(?:o|etto)|adagi(?:o|etto)|andant(?:e|ino)|presto|"
    r"prestissimo|largo|larghetto|lento|vivace|grave|moderato|maestoso|rondo finale|finale)"
    r"(?: ?(?:molto|assai|vivace|ma non troppo|non troppo|moderato|con brio|con moto|sostenuto|cantabile|maestoso))*\b"
)
_MASS = re.compile(r"\b(?:missa|mass|messe|requiem)\b")
_ORDINARY = re.compile(
    r"\b(?:kyrie|christe|gloria|credo|sanctus|benedictus|agnus|introitus|offertorium|lux aeterna|dies irae)\b.*$"
)
_NOISE = re.compile(r"\b(?:midi?|krn|xml|by|von|the|in|for|of|and|a|o)\b")
_FORM = re.compile(
    r"\b(?:symphon|sonat|concert|quartet|quintet|trio|suite|partita|mass\b|requiem|oratori|passion|serenade|divertimento)"
)
_ALBUM = re.compile(
    r"(?:note)?buc?h|notebook|album|cycle|book \d|for the young|fur die jugend|inventions|preludes|etudes|mazurkas|"
    r"nocturnes|waltzes|scenes|variations"
)
_WHOLE_OPUS = re.compile(r"op(?:us|\.)?[ .]*\d{1,3}[a-d]?")
_NUMBERED_STEM = re.compile(r"(?:no?|nr)?[ .]*0*\d{1,2}(?!\d)")
_LAST_NUMBER = re.compile(r"(?<=[a-z0-9])(?:[ -]\d{1,2}[a-d]?|(?<=[a-z])\d)$")
_MIDI_FORMATS = ("", "midi", "mid")
_FEWEST_LETTERS = 4


def find_work(path: str, *, label: str = "", titles: Sequence[str] = (), file_format: str = "midi") -> Work:
    """The work of a piece.

    Parameters
    ----------
    path : str
        Relative to the corpus, with ``/``.
    label : str
        Tells the composer, and so which catalogues count.
    titles : sequence of str
        What the file says of its work (:attr:`styleprint.music.score.Source.titles`).
    file_format : str
        Of the file; titles of notation formats are trusted without a number.
    """
    place = PurePosixPath(path)
    folders = list(place.parts[:-1])[::-1]
    stem = _strip_suffix(place.name)
    composer = _composer(label, place, stem, titles)
    album = next((name for name in map(find_range, folders) if name), "")

    named = _from_titles(titles, composer, find_number)
    found = _from_path(stem, folders, composer)
    if named is not None:
        return _from_file(named, found, album)
    if found is not None:
        return Work(found.work, "catalogue", found.collection or album)
    named = _from_titles(titles, composer, find_table_work)
    if named is not None:
        return _from_file(named, None, album)
    album = album or _album(folders, label)
    if titles and file_format not in _MIDI_FORMATS and (slug := _title_slug(titles[0], composer)):
        return Work(f"name-{slug}", "file", album)
    return _from_stem(stem, composer, album)


def _composer(label: str, place: PurePosixPath, stem: str, titles: Sequence[str]) -> str:
    texts = [label, *place.parts[:-1][::-1], stem, *titles]
    return next((name for name in (find_composer(fold_text(text)) for text in texts) if name), "")


def _strip_suffix(name: str) -> str:
    return re.sub(r"(?:\.(?:midi?|kar|krn|xml|musicxml|mxl|mei|abc|mscx|gz))+$", "", name, flags=re.IGNORECASE)


def _from_titles(titles: Sequence[str], composer: str, find: Callable[[str, str], Entry | None]) -> Entry | None:
    return next((entry for entry in (find(fold_text(title), composer) for title in titles) if entry), None)


def _from_path(stem: str, folders: Sequence[str], composer: str) -> Entry | None:
    """A number in the file name, then in the tables for it, then the same in each folder from the deepest."""
    text = fold_text(stem)
    if folders and _WHOLE_OPUS.fullmatch(fold_text(folders[0])) and _NUMBERED_STEM.match(text):
        text = f"{fold_text(folders[0])} no {text.lstrip('nor .')}"
    found = find_number(text, composer, raw=stem) or find_table_work(text, composer)
    if found is not None:
        return found
    for folder in folders:
        if find_range(folder):
            continue
        name = fold_text(folder)
        found = find_number(name, composer) or find_table_work(name, composer)
        if found is not None:
            return found
    return None


def _from_file(named: Entry, found: Entry | None, album: str) -> Work:
    """The work that the file names, completed by the path where both agree on the opus and the path knows more."""
    if found is not None and found.collection and found.collection == named.work:
        named = found
    agree = found is None or found.work in (named.work, named.collection)
    return Work(named.work, "file", named.collection or album, rival="" if agree or found is None else found.work)


def _album(folders: Sequence[str], label: str) -> str:
    """The album that the deepest folder below the label names: a notebook, a cycle, a book of pieces."""
    levels = len(label.split("/")) if label else 0
    for folder in folders[: max(len(folders) - levels, 0)]:
        name = fold_text(folder)
        if _ALBUM.search(name):
            return f"name-{_slug(name)}"
    return ""


def _from_stem(stem: str, composer: str, album: str) -> Work:
    slug = _title_slug(stem, composer)
    words = [word for word in slug.split("-") if len(word) >= _FEWEST_LETTERS and word.isalpha()]
    if len(words) > 1:
        return Work(f"name-{slug}", "name", album)
    plain = _MOVEMENTS.sub(" ", _without_composer(fold_text(stem), composer)).strip(" .,-")
    return Work(_slug(_LAST_NUMBER.sub("", plain)) or _slug(fold_text(stem)) or "untitled", "stem", album)


def _title_slug(title: str, composer: str) -> str:
    """A title without composer and movement.

    Tempo words go too where a form names the work, and the parts of the ordinary where it is a mass.
    """
    text = _MOVEMENTS.sub(" ", _without_composer(fold_text(title), composer))
    if _FORM.search(text):
        text = _TEMPO.sub(" ", text)
    if _MASS.search(text):
        text = _ORDINARY.sub(" ", text)
    return _slug(_NOISE.sub(" ", text))


def _without_composer(text: str, composer: str) -> str:
    if not composer:
        return text
    words = [word for word in text.split(" ") if find_composer(word.strip(".,'s")) != composer]
    return " ".join(words)


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text).strip("-")
