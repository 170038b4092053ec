"""Write TOML (1.0): the standard library only reads it.

Tables of tables, lists, text, numbers and truth values; None is left out, since TOML has none.
"""

import json
import math
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

__all__ = ["to_toml"]


def to_toml(value: Mapping[str, Any], *, comment: str = "") -> str:
    """The same as TOML text.

    Parameters
    ----------
    value : mapping of str to value
    comment : str
        Lines to begin with.

    Raises
    ------
    TypeError
        Where a value has no counterpart in TOML.
    """
    head = [f"# {line}" for line in comment.splitlines()]
    return "\n".join([*head, *_table(value, ())]).strip() + "\n"


def _table(value: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    plain = {key: each for key, each in value.items() if not isinstance(each, Mapping) and each is not None}
    lines = ["", f"[{'.'.join(map(_key, path))}]"] if path and (plain or not value) else []
    lines += [f"{_key(key)} = {_value(each)}" for key, each in plain.items()]
    for key, each in value.items():
        if isinstance(each, Mapping):
            lines += _table(each, (*path, key))
    return lines


def _key(name: str) -> str:
    is_bare = bool(name) and all(c.isascii() and (c.isalnum() or c in "-_") for c in name)
    return name if is_bare else _text(name)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | PurePath):
        return _text(str(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else {"inf": "inf", "-inf": "-inf"}.get(str(value), "nan")
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    raise TypeError(f"TOML has no counterpart of {type(value).__name__}")
