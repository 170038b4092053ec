"""How the pages are made: templates of the service over those of the reports, and files that pages ask for."""

import functools
import re
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from styleprint.support.hashing import hash_bytes
from styleprint.support.text import show_text

__all__ = ["ASSETS", "asset", "asset_tag", "card_html", "render"]

ASSETS = {"style.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
"""Name → media type of what pages ask for."""

_STYLE_ATTRIBUTE = re.compile(r'(<(?:svg|th|td)\b[^>]*?) style="[^"]*"')
_TAG_DIGITS = 12


def render(template: str, **values: Any) -> str:
    """A page, or a part of one, as HTML. Every value is escaped, but for Markup; control characters are shown.

    Figures and cells lose their ``style`` attributes, which the content policy forbids.
    """
    page = _environment().get_template(template).render(asset_tag=asset_tag, **values)
    return show_text(_STYLE_ATTRIBUTE.sub(r"\1", page))


def card_html(card: str) -> Markup:
    """The card of a bundle, which is Markdown, as HTML: no tags of its own, no links, no pictures."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image", "autolink"])
    return Markup(show_text(parser.render(card)))  # noqa: S704  # the parser escapes all that is not its own


@functools.cache
def asset(name: str) -> bytes:
    """One of `ASSETS`: style and script are those of the reports and our own."""
    reports = files("styleprint.reports").joinpath("templates")
    if name == "page.js":
        scripts = [reports.joinpath("player.js"), _own("static", "page.js")]
        return "\n".join(part.read_text(encoding="utf-8") for part in scripts).encode()
    if name == "style.css":
        parts = [reports.joinpath("page.css"), reports.joinpath("answer.css"), _own("static", "service.css")]
        return "\n".join(part.read_text(encoding="utf-8") for part in parts).encode()
    found: bytes = _own("static", name).read_bytes()
    return found


@functools.cache
def asset_tag(name: str) -> str:
    """What changes when the asset does."""
    return hash_bytes(asset(name))[:_TAG_DIGITS]


@functools.cache
def _environment() -> Environment:
    return Environment(loader=FunctionLoader(_read), autoescape=True, undefined=StrictUndefined)


def _own(folder: str, name: str) -> Any:
    return files("styleprint.service").joinpath(folder, name)


def _read(name: str) -> str | None:
    for place in (_own("templates", name), files("styleprint.reports").joinpath("templates", name)):
        if place.is_file():
            text: str = place.read_text(encoding="utf-8")
            return text
    return None
