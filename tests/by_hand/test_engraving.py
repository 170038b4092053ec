"""Passages as they are printed: the bars that hold evidence are in colour, and nothing in the picture acts."""

import base64
import re

import pytest

from styleprint.explaining.evidence_places import find_places
from styleprint.reading import read_score_bytes
from styleprint.reports.engraving import _is_harmless, can_engrave, engrave_passages, show_engraving

verovio = pytest.importorskip("verovio", reason="engraving needs the extra 'serve'")
pytest.importorskip("music21", reason="notation needs the extra 'scores'")

BARS = "\n".join(f"={n}\n4c\n4d\n4e\n4f" for n in range(1, 9))
KERN = f"!!!OTL: <script>alert(1)</script>\n**kern\n*clefG2\n*M4/4\n{BARS}\n==\n*-\n".encode()


def coloured(svg):
    """Which of the bars drawn have a colour of their own."""
    return [" color=" in tag for tag in re.findall(r'<g id="[^"]+" class="measure"[^>]*>', svg)]


def test_the_bars_of_the_evidence_are_in_colour():
    """Evidence in bars 2 and 4, a passage of four bars from bar 2: its first and its third bar."""
    score = read_score_bytes(KERN, "a.krn")
    places = find_places(score, [{"name": "bass: +2", "onset_quarters": [4.0, 13.0]}])
    assert places.passages[0].name == "bars 2 to 5"
    assert can_engrave(KERN, score)
    (svg,) = engrave_passages(KERN, score, places.passages)
    assert coloured(svg) == [True, False, True, False]
    assert svg == engrave_passages(KERN, score, places.passages)[0]


def test_mei_is_engraved():
    """The same bars as MEI, in which Verovio itself writes them."""
    toolkit = verovio.toolkit()
    toolkit.loadData(KERN.decode())
    data = toolkit.getMEI({}).encode()
    score = read_score_bytes(data, "a.mei")
    places = find_places(score, [{"name": "bass: +2", "onset_quarters": [4.0, 13.0]}])
    assert can_engrave(data, score)
    (svg,) = engrave_passages(data, score, places.passages)
    assert coloured(svg) == [True, False, True, False]


def test_a_bar_that_a_repeat_divides_is_counted_alike():
    """What follows a repeat within a bar is a measure of its own, to Verovio as to our reader."""
    bars = BARS.replace("=3\n4c\n", "=3\n4c\n=:|!|:\n")
    data = f"**kern\n*clefG2\n*M4/4\n{bars}\n==\n*-\n".encode()
    score = read_score_bytes(data, "a.krn")
    places = find_places(score, [{"name": "bass: +2", "onset_quarters": [12.0, 17.0]}])
    assert places.passages[0].name == "bars 4 to 7"
    (svg,) = engrave_passages(data, score, places.passages)
    assert coloured(svg) == [True, True, False, False]


def test_a_picture_is_one_address():
    """The drawing stands in the address of an image, whatever its texts say."""
    shown = show_engraving("<svg><script>alert(1)</script></svg>", 'bars "1"')
    assert "<script" not in shown
    address = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', shown)[1]
    assert base64.b64decode(address) == b"<svg><script>alert(1)</script></svg>"
    assert "&#34;1&#34;" in shown


def test_midi_is_not_engraved(unseen):
    """It holds no notation."""
    data = unseen.read_bytes()
    assert not can_engrave(data, read_score_bytes(data, "a.mid"))


@pytest.mark.parametrize(
    ("inside", "is_harmless"),
    [
        ('<g class="a"><use xlink:href="#b"/><text>url(x) &lt;script&gt;</text></g>', True),
        ("<script>alert(1)</script>", False),
        ('<image xlink:href="#b"/>', False),
        ('<use xlink:href="http://example.org/a.svg#b"/>', False),
        ('<g onload="alert(1)"/>', False),
        ("<style>@import 'http://example.org/a.css'</style>", False),
        ('<rect fill="url(http://example.org/a)"/>', False),
        ("<style>@\\69mport 'http://example.org/a.css'</style>", False),
        ("<g>", False),
    ],
)
def test_a_drawing_is_shapes_and_text_alone(inside, is_harmless):
    """Nothing that acts or is fetched, whoever shows it."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    assert _is_harmless(f"{head}{inside}</svg>") is is_harmless
