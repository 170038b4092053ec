"""Small scores in notation formats, with what they mean worked out by hand."""

import pytest

from styleprint.reading import read_score_bytes
from styleprint.support.errors import ReadError

pytest.importorskip("music21", reason="notation formats need the extra 'scores'")

KERN = """!!!COM: Nobody
!!!OTL: Study
!!!SCT: BWV 9999
**kern\t**kern
*M3/4\t*M3/4
*k[b-]\t*k[b-]
*F:\t*F:
4FF\t4f
=1\t=1
[2.C\t4e-
.\t(qg
.\t2c 2e)
=2\t=2
2.C]\t4r
.\t2a
==\t==
*-\t*-
!!!ENC: A. Typist
"""

XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://localhost:1/partwise.dtd">
<score-partwise version="4.0">
  <work><work-number>Op. 1</work-number><work-title>Duet</work-title></work>
  <identification><encoding><software>Quill 1.0</software></encoding></identification>
  <part-list>
    <score-part id="P1"><part-name>Clarinet in Bb</part-name></score-part>
  </part-list>
  <part id="P1">
    <measure number="0" implicit="yes">
      <attributes><divisions>2</divisions><key><fifths>2</fifths><mode>major</mode></key>
        <time><beats>4</beats><beat-type>4</beat-type></time>
        <transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose></attributes>
      <note><pitch><step>D</step><octave>5</octave></pitch><duration>2</duration><voice>1</voice></note>
    </measure>
    <measure number="1">
      <note><pitch><step>F</step><alter>1</alter><octave>5</octave></pitch><duration>8</duration><voice>1</voice></note>
    </measure>
  </part>
</score-partwise>
"""


MEI = """<?xml version="1.0" encoding="UTF-8"?>
<mei xmlns="http://www.music-encoding.org/ns/mei">
  <meiHead><fileDesc><titleStmt><title>Étude</title></titleStmt></fileDesc></meiHead>
  <music><body><mdiv><score>
    <scoreDef meter.count="3" meter.unit="4" key.sig="1f">
      <staffGrp><staffDef n="1" lines="5" clef.shape="G" clef.line="2"/></staffGrp>
    </scoreDef>
    <section>
      <measure n="1"><staff n="1"><layer n="1">
        <note pname="c" oct="5" dur="4"/><note pname="e" oct="4" dur="2" accid="f"/>
      </layer></staff></measure>
      <measure n="2"><staff n="1"><layer n="1">
        <rest dur="4"/><chord dur="2"><note pname="f" oct="4"/><note pname="a" oct="4"/></chord>
      </layer></staff></measure>
    </section>
  </score></mdiv></body></music>
</mei>
"""


def rows(score):
    columns = (score.onset_quarters, score.duration_quarters, score.midi_pitch, score.part, score.is_grace)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_kern():
    """A pickup, a tie over the bar line, a grace note before a chord, two parts."""
    score = read_score_bytes(KERN.encode(), "study")
    by_pitch = {(onset, pitch): (duration, grace) for onset, duration, pitch, _, grace in rows(score)}
    assert by_pitch[1.0, 48] == (6.0, False)
    assert by_pitch[2.0, 67] == (0.0, True)
    assert by_pitch[2.0, 60] == by_pitch[2.0, 64] == (2.0, False)
    assert by_pitch[5.0, 69] == (2.0, False)
    assert len(score) == 8
    assert score.measures.start_quarters.tolist() == [0.0, 1.0, 4.0]
    assert score.measures.label[1:] == ("1", "2")
    assert score.key_signatures.fifths.tolist() == [-1]
    assert score.source.titles == ("Study", "BWV 9999")
    assert score.source.encoder == "A. Typist"
    assert score.source.comments == ("COM: Nobody",)
    assert score.source.format == "kern"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_mei(encoding):
    """Two bars of three quarters with a flat, a rest and a chord; a title beyond ASCII."""
    score = read_score_bytes(MEI.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding), "study")
    assert [(onset, duration, pitch) for onset, duration, pitch, *_ in rows(score)] == [
        (0.0, 1.0, 72),
        (1.0, 2.0, 63),
        (4.0, 2.0, 65),
        (4.0, 2.0, 69),
    ]
    assert score.measures.label == ("1", "2")
    assert score.key_signatures.fifths.tolist() == [-1]
    assert (score.step[1], score.alter[1]) == (2, -1)
    assert (score.source.format, score.source.titles) == ("mei", ("Étude",))


def test_a_bar_that_a_repeat_divides_keeps_its_number():
    """Its second half has none in the file; it is no bar 0."""
    divided = "**kern\n*M4/4\n4c\n=1\n1d\n=2\n2.e\n=:|!|:\n4f\n=3\n1g\n==\n*-\n"
    score = read_score_bytes(divided.encode(), "divided")
    assert score.measures.length_quarters.tolist() == [1.0, 4.0, 3.0, 1.0, 4.0]
    assert score.measures.label == ("0", "1", "2", "2", "3")


def test_spelling_is_kept():
    """E flat stays apart from D sharp."""
    score = read_score_bytes(KERN.encode(), "study")
    row = score.midi_pitch.tolist().index(63)
    assert (score.step[row], score.alter[row], score.octave[row]) == (2, -1, 4)


def test_musicxml_sounds_as_it_is_heard():
    """A clarinet in B flat sounds a tone lower than it is written, and so does its key."""
    score = read_score_bytes(XML.encode(), "duet")
    assert rows(score) == [(0.0, 1.0, 72, 0, False), (1.0, 4.0, 76, 0, False)]
    assert score.key_signatures.fifths.tolist() == [0]
    assert score.measures.length_quarters.tolist() == [1.0, 4.0]
    assert score.measures.label == ("0", "1")
    assert score.source.titles == ("Op. 1", "Duet")
    assert score.source.encoder == "Quill 1.0"
    assert score.parts.name == ("Clarinet in Bb",)


def test_abc():
    """Two measures in G: F is sharp."""
    score = read_score_bytes(b"X:1\nT:Tune\nM:2/4\nL:1/4\nK:G\nGF|A2|]\n", "tune")
    assert score.midi_pitch.tolist() == [67, 66, 69]
    assert score.duration_quarters.tolist() == [1.0, 1.0, 2.0]
    assert score.source.titles == ("Tune",)


def test_kept_scores_are_not_parsed_again(tmp_path, monkeypatch):
    """The second reading comes from the cache, under the name of the second file."""
    first = read_score_bytes(KERN.encode(), "first", cache=tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    second = read_score_bytes(KERN.encode(), "second", cache=tmp_path)
    assert rows(second) == rows(first)
    assert second.source.path == "second"
    assert second.source.titles == first.source.titles
    (kept,) = tmp_path.rglob("*.npz")
    kept.write_bytes(b"damaged")
    with pytest.raises(ReadError, match="R105"):
        read_score_bytes(KERN.encode(), "third", cache=tmp_path)
