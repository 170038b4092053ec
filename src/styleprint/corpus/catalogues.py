"""Catalogue numbers in texts: ``"Nocturne_No.15_in_F_Minor_Opus.55_-1"`` is Chopin's op. 55 no. 1.

A catalogue belongs to a composer: K. 331 is Mozart's or Scarlatti's, D. 780 Schubert's alone. The
composer is found in the label or the path; where none is found, only catalogues that speak for
themselves (BWV, KV, RV, HWV, Hob., WoO …) and opus numbers count. The tables are in
:mod:`styleprint.corpus.catalogue_tables`.

Texts are compared in lower case, without accents, ``_`` read as a space. A range (``BWV 846-869``) names a
book, and is no work. Movement numbers after a catalogue number (``BWV 57.8``, ``K. 331/i``) are left out: a
movement shares the identity of its work. A letter after a BWV number marks a version of the same work
and is left out too; in Köchel's catalogue it is a number of its own.
"""

import functools
import re
import unicodedata
from dataclasses import dataclass

from styleprint.corpus.catalogue_tables import (
    BACH_SERIES,
    CATALOGUES,
    COLLECTION_RANGES,
    COMPLETE_OPUSES,
    COMPOSERS,
    GENRE_NUMBERS,
    NAMED_WORKS,
    OPUS_NUMBERS,
    OPUS_SIZES,
    SERIES,
)

__all__ = ["Entry", "find_composer", "find_number", "find_range", "find_table_work", "fold_text"]

_ORDINAL = r"(?:st|nd|rd|th)(?![a-z])"
_MOVEMENT_WORD = (  # what makes the number before it that of a movement or of parts; "5 mvt 1" is movement 1 of no. 5
    rf"[ .]?(?:{_ORDINAL}|(?:mov[a-z]*|mvm?t|satz|part)(?![a-z]|[. ]*\d)|hands?|parts|pieces|voices|pianos)"
)
_MARK = r"(?:no|nr|num(?:ero|ber)?|nb|n|#)[ .°]*"
_OPUS = re.compile(
    r"(?<![a-z])op(?:us|\.)?[ .]*(?:posth?(?:umous|\.)?[ .]*)?0*(?P<opus>\d{1,3})(?P<letter>[a-d](?![a-z]))?(?!\d)"
    rf"(?:[ .,()-]*{_MARK}0*(?P<marked>\d{{1,2}})(?!\d|{_MOVEMENT_WORD})"
    rf"|[ ]*[./,-] *0*(?P<joined>\d{{1,2}})(?!\d|{_MOVEMENT_WORD})"
    rf"| (?P<spaced>\d{{1,2}})(?!\d|{_MOVEMENT_WORD})(?=\s*$|\s*\())?"
)
_SHORT_OPUS = re.compile(r"[a-z]+ ?(?P<opus>[1-9]\d{1,2})no?0*(?P<number>\d{1,2})$")
_NUMBER_BEFORE = re.compile(rf"(?<![a-z]){_MARK}0*(?P<number>\d{{1,2}})(?!\d|{_MOVEMENT_WORD})")
_ANHANG = re.compile(r"(?<![a-z])anh(?:ang)?[ .]*0*(?P<number>\d+)(?:[ .]*(?:-|/|no\.?|nb) *(?P<sub>\d+))?")
_HOBOKEN = re.compile(
    r"(?<![a-z])(?:hob(?:oken|\.)?[ .:]*)(?P<group>[ivx]+[a-d]?)[ .:/-]*(?:n[or]\.? ?)?0*(?P<number>\d+)"
)
_TELEMANN = re.compile(r"(?<![a-z])twv[ .:]*(?P<group>\d+)[ .:-]+(?P<number>[a-h]?(?:es|is)?\d+)")
_HOBOKEN_BARE = re.compile(r"(?<![a-z])(?P<group>xv|xvi|xvii|i{1,3})[ .:/-]?0*(?P<number>\d+)(?!\d)")
_JOSQUIN_PROJECT = re.compile(r"^(?P<composer>[A-Z][a-z]{2})(?P<number>\d{4})[a-z]?(?=$|[-_. ])")
_RANGE = re.compile(
    r"(?<![a-z])(?P<catalogue>bwv|kv?|op(?:us)?|d|rv|hwv|woo|s|hob)[ .]*0*(?P<first>\d+) ?- ?0*(?P<last>\d+)"
    r"(?: op\d+)?"
)


@dataclass(frozen=True)
class Entry:
    """One composition of a catalogue, and the opus, book or set that it belongs to (empty for none)."""

    work: str
    collection: str = ""


def fold_text(text: str) -> str:
    """Lower case, without accents, ``_`` as a space, without the mark of a MIDI format."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    spaced = re.sub(r"\bformat ?[01]\b", " ", plain.casefold().replace("_", " "))
    return re.sub(r"\s+", " ", spaced).strip()


@functools.lru_cache(maxsize=4096)
def find_composer(text: str) -> str:
    """The composer whose name stands in a folded text; empty where none or no known one does."""
    for name, (spellings, _, _) in COMPOSERS.items():
        if any(re.search(rf"(?<![a-z])(?:{spelling})(?![a-z])", text) for spelling in spellings):
            return name
    return ""


def find_range(folder: str) -> str:
    """The book that a folder's name tells by a range of numbers: ``"bwv-846-869"``; empty where it has none."""
    match = _RANGE.search(fold_text(folder))
    if match is None or int(match["last"]) <= int(match["first"]):
        return ""
    return f"{match['catalogue']}-{match['first']}-{match['last']}"


def find_number(text: str, composer: str, *, raw: str = "") -> Entry | None:
    """The catalogue number that stands in a text.

    Parameters
    ----------
    text : str
        Folded, without ranges.
    composer : str
        As :func:`find_composer` gives it; empty for unknown.
    raw : str
        The text as written, for codes that live by their capitals (``Jos1402``).
    """
    catalogues, has_opus = _catalogues(composer)
    for name in catalogues:
        if found := _numbered(text, name):
            return _in_opus(found, composer)
    if composer in ("haydn", "") and (match := _HOBOKEN.search(text)):
        return Entry(f"hob-{match['group']}-{match['number']}")
    if composer in ("telemann", "") and (match := _TELEMANN.search(text)):
        return Entry(f"twv-{match['group']}-{match['number']}")
    if composer == "beethoven" and (match := _ANHANG.search(text)):
        return _with_sub("anh", match["number"], match["sub"])
    if composer == "haydn" and (match := _HOBOKEN_BARE.search(text)):
        return Entry(f"hob-{match['group']}-{match['number']}")
    if found := _series(text, composer):
        return found
    if match := _JOSQUIN_PROJECT.search(raw):
        return Entry(f"{match['composer'].lower()}-{match['number']}")
    return _opus(text, composer) if has_opus else None


def find_table_work(text: str, composer: str) -> Entry | None:
    """The work that a genre's number (``"Piano Sonata n14"``) or a well-known name (``"Eroica"``) stands for."""
    if work := _genre_work(text, composer):
        return _entry(work)
    for words, work in NAMED_WORKS.get(composer, ()):
        if re.search(rf"(?<![a-z0-9])(?:{words})", text):
            return _entry(work)
    return None


def _catalogues(composer: str) -> tuple[tuple[str, ...], bool]:
    if composer:
        return COMPOSERS[composer][1], COMPOSERS[composer][2]
    return tuple(name for name, (_, _, alone) in CATALOGUES.items() if alone), True


@functools.cache
def _catalogue_pattern(name: str) -> re.Pattern[str]:
    """A catalogue of one letter is neither a key ("in D 3") nor an ending ("Liszt's 2"); no number is an ordinal."""
    written = CATALOGUES[name][0]
    return re.compile(
        rf"(?<![a-z0-9])(?:(?<!\bin )(?<![a-z]['’])|(?=[a-z]{{2}}))(?:{written})"
        r"[ .:]*(?P<anh>anh(?:ang)?[ .]*)?(?:no[. ]*)?"
        rf"0*(?P<number>\d{{1,4}})(?!{_ORDINAL})(?P<letter>[a-z]{{1,2}}(?![a-z0-9]))?(?!\d)"
    )


def _numbered(text: str, name: str) -> Entry | None:
    match = _catalogue_pattern(name).search(text)
    if match is None:
        return None
    short = {"kv": "k", "scarlatti-k": "k", "longo": "l", "lesure": "l"}.get(name, name)
    anhang = "anh-" if match["anh"] else ""
    letter = (match["letter"] or "") if CATALOGUES[name][1] else ""
    return _entry(f"{short}-{anhang}{match['number']}{letter}")


def _with_sub(catalogue: str, number: str, sub: str | None) -> Entry:
    whole = f"{catalogue}-{number}"
    return Entry(f"{whole}-{int(sub)}", whole) if sub else Entry(whole, "")


def _entry(work: str) -> Entry:
    """An Entry with the collection that the number itself tells."""
    if match := re.fullmatch(r"(op-\d+[a-d]?)-\d+", work):
        return Entry(work, match[1])
    catalogue, _, number = work.partition("-")
    if number.isdigit():
        for first, last, name in COLLECTION_RANGES.get(catalogue, ()):
            if first <= int(number) <= last:
                return Entry(work, f"{catalogue}-{name}")
    return Entry(work)


def _series(text: str, composer: str) -> Entry | None:
    if composer == "bach":
        return _bach_series(text)
    for pattern, work in SERIES.get(composer, ()):
        if match := re.search(rf"(?<![a-z]){pattern}", text):
            numbers = [str(int(group)) for group in match.groups()]
            found = work.format(*numbers)
            return find_table_work(found, composer) if " " in found else _entry(found)
    return None


def _bach_series(text: str) -> Entry | None:
    for kind, pattern in BACH_SERIES:
        match = re.search(pattern, text)
        if match is None:
            continue
        if kind in ("bwv", "chorale") and 1 <= int(match["number"]) <= 1128:
            return _entry(f"bwv-{int(match['number'])}")
        if kind == "clavier":
            number = 10 * len(match["tens"]) + int(match["unit"] or 0)
            if 1 <= number <= 24:
                return _entry(f"bwv-{(845 if match['book'] in ('1', 'i') else 869) + number}")
    return None


def _opus(text: str, composer: str) -> Entry | None:
    match = _OPUS.search(text)
    if match is None:
        short = _SHORT_OPUS.match(text)
        return _entry(f"op-{short['opus']}-{short['number']}") if short else None
    opus = f"{match['opus']}{match['letter'] or ''}"
    number = _number_in_opus(text, match, composer, opus)
    work = _genre_work(text[: match.start()], composer) if number is None else ""
    if work == f"op-{opus}" or work.startswith(f"op-{opus}-"):
        return _entry(work)  # "Piano Sonata n14 op27": the genre's number says which piece of the opus it is
    numbers = OPUS_NUMBERS.get(composer, {}).get(opus, ())
    if number and number <= len(numbers):
        return Entry(f"{COMPOSERS[composer][1][0]}-{numbers[number - 1]}", f"op-{opus}")
    return _entry(f"op-{opus}-{number}") if number else _entry(f"op-{opus}")


def _in_opus(entry: Entry, composer: str) -> Entry:
    """With the opus as collection, where the composer's opuses are known by catalogue number."""
    number = entry.work.rpartition("-")[2]
    opus = next((o for o, ns in OPUS_NUMBERS.get(composer, {}).items() if number.isdigit() and int(number) in ns), "")
    return Entry(entry.work, f"op-{opus}") if opus else entry


def _number_in_opus(text: str, match: re.Match[str], composer: str, opus: str) -> int | None:
    """The number of a piece in its opus, where the opus holds several and the text tells it."""
    size = OPUS_SIZES.get(composer, {}).get(opus)
    if size is None and composer in COMPLETE_OPUSES:
        return None
    after = match["marked"] or match["joined"] or match["spaced"]
    if after is not None:
        number = int(after)
        return number if 1 <= number <= (size or 99) else None
    if size is None:
        return None  # "Symphony No. 5 Op. 67": a number before an opus counts the genre, unless we know better
    if (work := _genre_work(text[: match.start()], composer)) and work.startswith(f"op-{opus}-"):
        return None
    before = _NUMBER_BEFORE.search(text[: match.start()])
    return int(before["number"]) if before and 1 <= int(before["number"]) <= size else None


def _genre_work(text: str, composer: str) -> str:
    for genre, forbidden, works in GENRE_NUMBERS.get(composer, ()):
        if forbidden and re.search(rf"(?<![a-z])(?:{forbidden})", text):
            continue
        match = re.search(
            rf"(?<![a-z])(?:{genre})[ .,]*(?:in [a-g][a-z -]{{0,14}}?[ .,]+)?(?:{_MARK})?0*(?P<number>\d{{1,3}})"
            rf"(?!\d|{_MOVEMENT_WORD})",
            text,
        )
        if match and 1 <= int(match["number"]) <= len(works) and works[int(match["number"]) - 1]:
            return works[int(match["number"]) - 1]
    return ""
