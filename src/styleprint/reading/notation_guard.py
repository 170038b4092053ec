"""What notation files may do to a parser, checked before one sees them.

Archives: size and ratio before anything is unpacked, and only the one member that holds the score is
read, in memory. XML: depth, no entities, no DTD of its own; nothing outside the file is ever fetched.
"""

import io
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from styleprint.reading.limits import Limits, check_limit
from styleprint.support.errors import ReadError

__all__ = ["XmlTexts", "check_xml", "unpack_mxl"]

_ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    RuntimeError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
)
_CONTAINER = "META-INF/container.xml"
_MOST_MEMBERS = 1_000
_TITLES = {"work-title", "work-number", "movement-title", "movement-number", "title", "identifier"}
_ENCODERS = {"encoder", "software"}
_COMMENTS = {"rights", "source", "credit-words", "creator", "composer"}
_MOST_TEXTS = 200
_MOST_CHARACTERS = 1_000


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


class XmlTexts:
    """Texts that a score in XML says of itself."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.encoders: list[str] = []
        self.comments: list[str] = []


def unpack_mxl(data: bytes, place: str, limits: Limits) -> bytes:
    """The score in a compressed MusicXML file.

    Raises
    ------
    ReadError
        R120, where the archive is damaged or holds no score.
    LimitError
        R102.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            check_limit(len(members), _MOST_MEMBERS, "the number of files in an archive", "unpacked_bytes", place)
            unpacked = sum(member.file_size for member in members)
            check_limit(unpacked, limits.unpacked_bytes, "the unpacked size in bytes", "unpacked_bytes", place)
            check_limit(
                unpacked / max(len(data), 1), limits.unpacked_ratio, "the ratio of an archive", "unpacked_ratio", place
            )
            return _read_member(archive, _find_score(archive, place, limits), limits, place)
    except _ARCHIVE_ERRORS as error:
        raise _bad_archive(f"it cannot be unpacked: {error}", place) from error


def _find_score(archive: zipfile.ZipFile, place: str, limits: Limits) -> str:
    names = archive.namelist()
    if _CONTAINER in names:
        found: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "rootfile" and "full-path" in attributes:
                found.append(attributes["full-path"])

        _parse(_read_member(archive, _CONTAINER, limits, place), place, limits, start)
        if found and found[0] in names:
            return found[0]
    scores = [n for n in names if n.lower().endswith((".xml", ".musicxml")) and not n.startswith("META-INF/")]
    if not scores:
        raise _bad_archive("it holds no score", place)
    return scores[0]


def _read_member(archive: zipfile.ZipFile, name: str, limits: Limits, place: str) -> bytes:
    with archive.open(name) as member:
        content = member.read(limits.unpacked_bytes + 1)
    check_limit(len(content), limits.unpacked_bytes, "the unpacked size in bytes", "unpacked_bytes", place)
    return content


def _bad_archive(what: str, place: str) -> ReadError:
    return ReadError(
        "R120",
        f"a compressed MusicXML file must be a sound archive with a score in it, but {what}.",
        remedy="Export it again, or as plain MusicXML.",
        place=place,
    )


def check_xml(data: bytes, place: str, limits: Limits) -> XmlTexts:
    """Walk over the XML once, and collect what it says of itself.

    Raises
    ------
    ReadError
        R121 where it is no XML, R122 where it declares entities.
    LimitError
        R102: too deep, or too many notes.
    """
    texts = XmlTexts()
    collected: list[str] = []
    notes = 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal notes
        collected.clear()
        if name == "note":
            notes += 1
            if notes > limits.notes:
                check_limit(notes, limits.notes, "the number of notes", "notes", place)

    def end(name: str) -> None:
        _keep_text(texts, name.rpartition(":")[2], "".join(collected))
        collected.clear()

    def text(characters: str) -> None:
        if len(collected) < _MOST_CHARACTERS:
            collected.append(characters[:_MOST_CHARACTERS])

    _parse(data, place, limits, start, end, text)
    return texts


def _keep_text(texts: XmlTexts, name: str, content: str) -> None:
    kept = texts.titles if name in _TITLES else texts.encoders if name in _ENCODERS else None
    kept = texts.comments if kept is None and name in _COMMENTS else kept
    content = " ".join(content.split())[:_MOST_CHARACTERS]
    if kept is not None and content and len(kept) < _MOST_TEXTS and content not in kept:
        kept.append(content)


def _parse(
    data: bytes, place: str, limits: Limits, start: Start, end: End | None = None, text: End | None = None
) -> None:
    parser = expat.ParserCreate()
    depth = 0

    def count_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.xml_depth:
            check_limit(depth, limits.xml_depth, "the depth of XML elements", "xml_depth", place)
        start(name, attributes)

    def count_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name)

    def refuse(*_: object) -> None:
        raise ReadError(
            "R122",
            "a score may declare no entities, but this XML does.",
            remedy="Export it again without a DTD of its own.",
            place=place,
        )

    parser.StartElementHandler = count_start
    parser.EndElementHandler = count_end
    parser.EntityDeclHandler = refuse
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ReadError(
            "R121",
            f"the XML must be well-formed, but: {expat.ErrorString(error.code)}.",
            remedy="Export the score again.",
            place=f"{place}, line {error.lineno}",
        ) from error
    except (LookupError, ValueError) as error:
        raise ReadError(
            "R121", f"the XML cannot be read: {error}.", remedy="Export it as UTF-8.", place=place
        ) from error
