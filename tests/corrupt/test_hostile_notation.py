"""Archives and XML that mean harm are refused before any parser of music sees them."""

import io
import sys
import zipfile

import pytest

from styleprint.reading import Limits, notation_guard, read_score_bytes
from styleprint.reading.registry import READERS, detect_format
from styleprint.support.errors import LimitError, ReadError

HEAD = '<?xml version="1.0"?>'
SCORE = f'{HEAD}<score-partwise version="4.0"><part-list/></score-partwise>'
CONTAINER = '<container><rootfiles><rootfile full-path="{}"/></rootfiles></container>'


def archive(**members):
    """A zip of members; `_` in a name stands for a dot, `__` for a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def lying_size(data):
    """The same archive with another size in its directory."""
    place = data.rindex(b"PK\x01\x02") + 24
    return data[:place] + (1).to_bytes(4, "little") + data[place + 4 :]


ENTITIES = (
    f'{HEAD}<!DOCTYPE score-partwise [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><score-partwise>&b;</score-partwise>'
)
OUTSIDE = (
    f'{HEAD}<!DOCTYPE score-partwise [<!ENTITY x SYSTEM "file:///etc/hostname">]><score-partwise>&x;</score-partwise>'
)
PARAMETER = f'{HEAD}<!DOCTYPE score-partwise [<!ENTITY % p SYSTEM "http://localhost:1/"> %p;]><score-partwise/>'

REFUSED = {
    "entities": ("R122", ENTITIES.encode()),
    "an entity outside the file": ("R122", OUTSIDE.encode()),
    "a parameter entity": ("R122", PARAMETER.encode()),
    "broken XML": ("R121", SCORE[:-3].encode()),
    "an unknown encoding": ("R121", SCORE.replace('"1.0"', '"1.0" encoding="klingon"').encode()),
    "depth": ("R102", (HEAD + "<score-partwise>" + "<a>" * 300 + "</a>" * 300 + "</score-partwise>").encode()),
    "a bomb": ("R102", archive(a_xml="0" * 50_000_000)),
    "an archive cut off": ("R120", archive(a_xml=SCORE)[:-10]),
    "an archive without a score": ("R120", archive(readme_txt="nothing")),
    "an archive of entities": ("R122", archive(a_xml=ENTITIES)),
    "a member that lies about its size": ("R120", lying_size(archive(a_xml=SCORE * 50))),
    "an archive that names a file outside it": (
        "R120",
        archive(**{"META-INF__container_xml": CONTAINER.format("/etc/passwd")}),
    ),
    "a page of the web": ("R104", b"<html><body>score</body></html>"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name):
    code, data = REFUSED[name]
    with pytest.raises(ReadError) as caught:
        read_score_bytes(data, "hostile.mxl")
    assert caught.value.code == code
    assert caught.value.place.startswith("hostile.mxl")


def test_no_parser_of_music_is_asked(monkeypatch):
    """The guard stands before music21: without it the answer is the same."""
    monkeypatch.setitem(sys.modules, "music21", None)
    with pytest.raises(ReadError, match="R122"):
        read_score_bytes(ENTITIES.encode(), "x")


def test_notes_are_counted_before_parsing():
    data = SCORE.replace("<part-list/>", "<note/>" * 11).encode()
    with pytest.raises(LimitError, match="notes"):
        notation_guard.check_xml(data, "x", Limits(notes=10))
    assert notation_guard.check_xml(data, "x", Limits(notes=11)).titles == []


def test_an_ordinary_doctype_is_no_harm():
    """MusicXML's own DTD is named in most files; it is never fetched."""
    kind = '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://localhost:1/partwise.dtd">'
    data = SCORE.replace(HEAD, HEAD + kind).replace("<part-list/>", "<work><work-title>A &amp; B</work-title></work>")
    assert notation_guard.check_xml(data.encode(), "x", Limits()).titles == ["A & B"]


DETECTED = {
    b"MThd\x00\x00": "midi",
    b"RIFF\x00\x00\x00\x00RMID": "midi",
    b"PK\x03\x04": "mxl",
    b"\xef\xbb\xbf<?xml version='1.0'?>\n<score-partwise>": "musicxml",
    b"<?xml version='1.0'?><mei xmlns='http://www.music-encoding.org/ns/mei'>": "mei",
    b"!!!COM: Bach\n**kern\t**kern\n": "kern",
    b"% tunes\nX: 1\nT: A tune\nK: G\n": "abc",
    b"X marks the spot": "",
    b"\x89PNG\r\n": "",
}


@pytest.mark.parametrize("data", DETECTED)
def test_formats_are_known_by_content(data):
    assert detect_format(data) == DETECTED[data]


def test_utf_16_is_text_too():
    for text, form in ((SCORE, "musicxml"), ("**kern\n4c\n*-\n", "kern"), ("X:1\nT:A\nK:C\nCDEF|\n", "abc")):
        assert detect_format(text.encode("utf-16")) == form


@pytest.mark.parametrize("name", READERS)
def test_every_format_has_a_reader(name):
    assert callable(READERS.load(name))
    assert name in DETECTED.values()


def test_without_music21_the_remedy_is_told(monkeypatch):
    """The extra is named, and MIDI needs it not."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ReadError, match=r"styleprint\[scores\]") as caught:
        read_score_bytes(b"**kern\n4c\n*-\n", "x.krn")
    assert caught.value.code == "R105"
