"""A model's state and plain values as members of a bundle, and back.

A state is a flat mapping of names to arrays, text, bytes or values that JSON can hold. Arrays become
``folder/name.npy``, text ``folder/name.txt``, bytes ``folder/name.onnx``; all else stands in ``folder/values.json``.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from styleprint.bundle.arrays import array_from_bytes, array_to_bytes
from styleprint.support.errors import BundleError

__all__ = ["json_from_bytes", "json_to_bytes", "state_from_members", "state_to_members"]

_MAX_JSON_BYTES = 64 << 20
_HALF = re.compile(r"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")
"""An escaped surrogate: a bundle writes characters as they are, and half of one can be written nowhere."""


def state_to_members(folder: str, state: Mapping[str, Any]) -> dict[str, bytes]:
    """A state as members under a folder."""
    members: dict[str, bytes] = {}
    values: dict[str, Any] = {}
    for name, value in state.items():
        if isinstance(value, np.ndarray):
            members[f"{folder}/{name}.npy"] = array_to_bytes(value)
        elif isinstance(value, str):
            members[f"{folder}/{name}.txt"] = value.encode()
        elif isinstance(value, bytes):
            members[f"{folder}/{name}.onnx"] = value
        else:
            values[name] = value
    members[f"{folder}/values.json"] = json_to_bytes(values)
    return members


def state_from_members(folder: str, members: Mapping[str, bytes], place: str) -> dict[str, Any]:
    """The state that :func:`state_to_members` wrote.

    Raises
    ------
    BundleError
        Where a member is not what its name says.
    """
    values = json_from_bytes(members.get(f"{folder}/values.json", b"{}"), f"{place}, {folder}/values.json")
    if not isinstance(values, dict):
        raise BundleError("B112", "a model's values must be named.", place=f"{place}, {folder}/values.json")
    state: dict[str, Any] = dict(values)
    for path, data in members.items():
        if not path.startswith(f"{folder}/"):
            continue
        name, _, ending = path.removeprefix(f"{folder}/").rpartition(".")
        if ending == "npy":
            state[name] = array_from_bytes(data, f"{place}, {path}")
        elif ending == "txt":
            state[name] = _text(data, f"{place}, {path}")
        elif ending == "onnx":
            state[name] = data
    return state


def json_to_bytes(value: Any) -> bytes:
    """A value as JSON; no NaN, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def json_from_bytes(data: bytes, place: str) -> Any:
    """The value that JSON holds.

    Raises
    ------
    BundleError
        B113, where the bytes are no JSON, or more than a bundle holds.
    """
    if len(data) > _MAX_JSON_BYTES:
        raise BundleError("B113", f"JSON in a bundle may have {_MAX_JSON_BYTES} bytes.", place=place)
    try:
        text = _text(data, place)
        _check_characters(text)
        return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BundleError("B113", f"the member must hold JSON, but does not: {error}.", place=place) from error


def _text(data: bytes, place: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BundleError("B114", "text in a bundle must be UTF-8.", place=place) from error


def _check_characters(text: str) -> None:
    if _HALF.search(text):
        raise ValueError("it escapes half of a character")


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{number[:40]} is too large")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
