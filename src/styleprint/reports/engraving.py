"""Passages of a score as they are printed, with the bars that hold evidence in colour: Verovio draws, in SVG.

Verovio (Pugin, Zitellini and Roland, ISMIR 2014; extra ``serve``) reads what a file holds by itself, so only files that
our own reader has passed come here, in a process that is supervised. What it draws is shown as a picture, in which no
script runs and nothing is fetched; a drawing with more in it than shapes and text is left out, for those who take it
from the JSON into a page of their own.
"""

import base64
import importlib.util
import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

import numpy as np
from markupsafe import Markup

from styleprint.explaining.evidence_places import Passage
from styleprint.music.score import Score
from styleprint.reading.limits import DEFAULT_LIMITS
from styleprint.reading.notation_guard import unpack_mxl
from styleprint.reading.registry import detect_format
from styleprint.support.errors import UsageError

__all__ = ["can_engrave", "engrave_passages", "show_engraving"]

_OPTIONS = {
    "pageWidth": 1800,
    "adjustPageHeight": True,
    "header": "none",
    "footer": "none",
    "scale": 40,
    "svgViewBox": True,
    "smuflTextFont": "none",
    "xmlIdSeed": 1,
}
_MOST_NOTES = 50_000
_MOST_BYTES = 600_000
_COLOUR = "#a8321a"
_TOLERANCE_QUARTERS = 1e-6
_SHAPES = ("circle", "defs", "desc", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "style", "svg")
_TEXTS = ("symbol", "text", "title", "tspan", "use")
_FETCHES = re.compile(r"url\(|@import|javascript:|\\", re.IGNORECASE)
"""What fetches or runs; a backslash would hide it from this pattern, and Verovio writes none."""

_MEASURE = re.compile(r'<g id="([^"]+)" class="measure">')


def can_engrave(data: bytes, score: Score) -> bool:
    """Whether the file is notation, of a length that is drawn in a moment."""
    return detect_format(data) not in ("", "midi") and len(score) <= _MOST_NOTES and len(score.measures.label) > 0


def engrave_passages(data: bytes, score: Score, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Each passage as SVG; empty where it cannot be drawn.

    Parameters
    ----------
    data : bytes
        The file that the score was read from; one that :func:`can_engrave`.
    score : Score
    passages : sequence of Passage

    Raises
    ------
    UsageError
        U177, without verovio.
    """
    if importlib.util.find_spec("verovio") is None:
        raise UsageError("U177", "engraving needs verovio.", remedy="pip install 'styleprint[serve]'")
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(_OPTIONS)
    text = unpack_mxl(data, score.source.path, DEFAULT_LIMITS) if detect_format(data) == "mxl" else data
    is_loaded = toolkit.loadData(text.decode("utf-8", "replace"))
    return tuple(_draw(toolkit, score, passage) if is_loaded else "" for passage in passages)


def show_engraving(svg: str, title: str) -> Markup:
    """The drawing as a picture: an ``img`` whose address is the drawing itself."""
    encoded = base64.b64encode(svg.encode()).decode()
    return Markup('<img class="engraved" alt="{}" src="data:image/svg+xml;base64,{}">').format(title, encoded)


def _draw(toolkit: object, score: Score, passage: Passage) -> str:
    start, end = passage.start_quarters, passage.start_quarters + passage.quarters
    first, last = _measure(score, start), _measure(score, end - 2 * _TOLERANCE_QUARTERS)
    toolkit.select({"measureRange": f"{first + 1}-{last + 1}"})  # type: ignore[attr-defined]  # verovio has no types
    toolkit.redoLayout()  # type: ignore[attr-defined]
    svg: str = toolkit.renderToSVG(1)  # type: ignore[attr-defined]
    drawn = _MEASURE.findall(svg)
    if not drawn or len(svg) > _MOST_BYTES or not _is_harmless(svg):
        return ""
    marked = {_measure(score, start + onset) - first for onset, _ in passage.marks}
    chosen = {name for i, name in enumerate(drawn) if i in marked}
    return _MEASURE.sub(
        lambda found: (
            found[0].replace(">", f' color="{_COLOUR}" fill="{_COLOUR}">') if found[1] in chosen else found[0]
        ),
        svg,
    )


def _is_harmless(svg: str) -> bool:
    """Whether it holds shapes and text alone: no script, and nothing from outside.

    MEI may carry drawings of its own, which Verovio copies.
    """
    try:
        elements = list(ET.fromstring(svg).iter())  # noqa: S314  # Verovio writes no declarations of entities
    except ET.ParseError:
        return False
    for element in elements:
        kind = element.tag.rpartition("}")[2]
        if kind not in (*_SHAPES, *_TEXTS) or (kind == "style" and _FETCHES.search(element.text or "")):
            return False
        for key, value in element.attrib.items():
            name = key.rpartition("}")[2].lower()
            if name.startswith("on") or (name == "href" and not value.startswith("#")) or _FETCHES.search(value):
                return False
    return True


def _measure(score: Score, onset: float) -> int:
    starts = score.measures.start_quarters
    return max(0, int(np.searchsorted(starts, onset + _TOLERANCE_QUARTERS, side="right")) - 1)
