r"""Text from anywhere, made harmless: for a terminal, for a cell, for JSON.

Names of files, labels and messages of libraries come from anywhere. A control character in one of them can
disturb or command a terminal, a mark of direction can make a name read as another, and a name that is no valid
UTF-8 (which Python holds as surrogates) cannot be written at all. Each appears as an escape that can be read: ``\xff``,
``\x1b``.
"""

import json
import re
from typing import Any

__all__ = ["show_json", "show_name", "show_text"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, separators of lines, marks that turn the direction of text, and halves of characters."""

_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_FIRST_UNDECODED, _LAST_UNDECODED = "\udc80", "\udcff"


def show_name(name: str) -> str:
    """A name as one line that every encoding can hold and that no terminal obeys."""
    return _CONTROL.sub(_escape, name)


def show_text(text: str) -> str:
    """The same of several lines: tabs and line feeds stay."""
    return _CONTROL_BUT_LINES.sub(_escape, text)


def show_json(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON of which no character is a control character; what is read back is the value itself."""
    text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    return _CONTROL_BUT_LINES.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if _FIRST_UNDECODED <= character <= _LAST_UNDECODED:  # a byte of a name that is no UTF-8
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
