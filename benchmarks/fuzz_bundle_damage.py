"""Ways to damage a bundle, for ``fuzz_bundle.py`` and the tests: from a flipped bit to a forged manifest."""

import hashlib
import io
import json
import pickle
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["CANARY", "DAMAGES", "Good", "damage", "rehash", "sign", "zipped"]

CANARY = "STYLEPRINT_A_PICKLE_RAN"
HASH_BYTES = 71
HOSTILE: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 3, 7, 1 << 31, 1 << 40, 1 << 63, -(1 << 63), 10**40, 0.5, -0.0, 1e308, -1e308, "",
    "x", "../../etc/passwd", "\x1b[2J", "\ud800", "x" * 200_000, "os.system", [], {}, [[]], [1] * 1000, ["x"] * 1000,
    {"x": 1}, {"__reduce__": ["os.system", "true"]}, [1 << 40], [-1, 1], [0.1, "x"], list(range(100)),
)  # fmt: skip


@dataclass(frozen=True)
class Good:
    """A bundle that is sound."""

    data: bytes
    members: dict[str, bytes]

    @classmethod
    def read(cls, path: Path) -> "Good":
        """From a file."""
        data = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return cls(data, {name: archive.read(name) for name in archive.namelist()})


class Bomb:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[object, ...]:
        return os_putenv, (CANARY,)


def os_putenv(name: str) -> None:
    """Leave a sign that a pickle ran."""
    import os

    os.environ[name] = "1"


def damage(good: Good, source: np.random.Generator) -> tuple[str, bytes]:
    """The name of one kind of damage, and a bundle that has it."""
    name = list(DAMAGES)[int(source.integers(len(DAMAGES)))]
    return name, DAMAGES[name](good, source)


def sign(body_and_hash: bytes) -> bytes:
    """The same bytes with the outer hash made right."""
    body = body_and_hash[:-HASH_BYTES]
    return body + b"sha256:" + hashlib.sha256(body).hexdigest().encode()


def rehash(members: dict[str, bytes]) -> dict[str, bytes]:
    """The same members with the hashes in the manifest made right, where it has any."""
    try:
        manifest = json.loads(members["manifest.json"].decode())
        manifest["members"] = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in members.items()
            if name != "manifest.json"
        }
        return members | {"manifest.json": json.dumps(manifest).encode()}
    except (ValueError, KeyError, TypeError, RecursionError):
        return members


def zipped(
    members: list[tuple[str, bytes]],
    *,
    attributes: int = 0o644 << 16,
    method: int = zipfile.ZIP_DEFLATED,
    extra: bytes = b"",
    year: int = 1980,
) -> bytes:
    """Members as a signed container, in any order, twice too."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore")
        archive.comment = b"0" * HASH_BYTES
        for name, data in members:
            info = zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr, info.extra = method, attributes, extra
            archive.writestr(info, data)
    return sign(buffer.getvalue())


def _sealed(members: dict[str, bytes]) -> bytes:
    return zipped(sorted(rehash(members).items()))


def _bytes(data: bytes, source: np.random.Generator) -> bytes:
    """Flip, overwrite, cut, insert, repeat or append, once to four times."""
    changed = bytearray(data)
    for _ in range(int(source.integers(1, 5))):
        if not changed:
            break
        place = int(source.integers(len(changed)))
        span = int(min(source.integers(1, 64), len(changed) - place))
        kind = int(source.integers(8))
        if kind == 0:
            changed[place] ^= 1 << int(source.integers(8))
        elif kind == 1:
            changed[place : place + span] = bytes(span)
        elif kind == 2:
            del changed[place:]
        elif kind == 3:
            del changed[place : place + span]
        elif kind == 4:
            changed[place:place] = source.bytes(span)
        elif kind == 5:
            changed[place:place] = changed[place : place + span]
        elif kind == 6:
            changed += source.bytes(span)
        else:
            changed[place : place + 4] = b"\xff\xff\xff\x7f"
    return bytes(changed)


def _raw(good: Good, source: np.random.Generator) -> bytes:
    """Damage on the way; nobody made a hash right."""
    data = _bytes(good.data, source)
    return data if data != good.data else data[:-1]


def _raw_signed(good: Good, source: np.random.Generator) -> bytes:
    """The zip's bytes, most often those of its directory."""
    body = good.data[:-HASH_BYTES]
    start = struct.unpack_from("<I", body, len(body) - 6)[0] if source.integers(4) else 0
    return sign(body[:start] + _bytes(body[start:], source) + bytes(HASH_BYTES))


def _directory_field(good: Good, source: np.random.Generator) -> bytes:
    """One field of one entry of the directory: method, flags, sizes, offset, attributes."""
    body = bytearray(good.data[:-HASH_BYTES])
    entries, at = [], struct.unpack_from("<I", body, len(body) - 6)[0]
    while body[at : at + 4] == b"PK\x01\x02":
        entries.append(at)
        at += 46 + sum(struct.unpack_from("<HHH", body, at + 28))
    field, size = ((8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2), (38, 4), (42, 4))[
        int(source.integers(10))
    ]
    values = (0, 1, 8, 12, 14, 99, 0xFFFF, (1 << 31) - 1, (1 << 32) - 1, len(body), int(source.integers(1 << 32)))
    value = values[int(source.integers(len(values)))] & ((1 << 8 * size) - 1)
    place = entries[int(source.integers(len(entries)))] + field
    body[place : place + size] = value.to_bytes(size, "little")
    return sign(bytes(body) + bytes(HASH_BYTES))


def _directory(good: Good, source: np.random.Generator) -> bytes:
    """Members that no bundle has: twice, missing, swapped, further ones, with names that lead elsewhere, bombs."""
    members, names = dict(good.members), sorted(good.members)
    one, two = (names[int(source.integers(len(names)))] for _ in range(2))
    kind = int(source.integers(10))
    if kind == 0:
        return zipped([*sorted(members.items()), (one, members[two])])
    if kind == 1:
        del members[one]
        return _sealed(members) if source.integers(2) else zipped(sorted(members.items()))
    if kind == 2:
        members[one], members[two] = members[two], members[one]
        return _sealed(members)
    if kind == 3:
        strange = ("../x", "/etc/passwd", "a/../../b", "c:\\x", "x\x00y", "model/../manifest.json", "MODEL/x", "x/")
        return _sealed(members | {strange[int(source.integers(len(strange)))]: b"x"})
    if kind == 4:
        return _sealed(members | {("model/more.npy", "extra.txt", "model/state.pkl")[int(source.integers(3))]: b"x"})
    if kind == 5:
        return _sealed(members | {one: bytes(int(source.integers(1, 48)) << 20)})
    if kind == 6:
        return zipped(sorted(members.items()), attributes=(0o120777, 0o755, 0o40755)[int(source.integers(3))] << 16)
    if kind == 7:
        return zipped(sorted(members.items()), method=(zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 0)[int(source.integers(3))])
    if kind == 8:
        return zipped(sorted(members.items()), extra=struct.pack("<HHQQ", 1, 16, 1 << 40, 1 << 40))
    return zipped([*sorted(rehash(members).items()), *[(f"x{i}", b"") for i in range(5000)]])


def _member(good: Good, source: np.random.Generator) -> bytes:
    """The bytes of one member."""
    names = sorted(good.members)
    name = names[int(source.integers(len(names)))]
    return _sealed(good.members | {name: _bytes(good.members[name], source)})


def _json(good: Good, source: np.random.Generator) -> bytes:
    """One value somewhere in the JSON of one member."""
    names = [name for name in sorted(good.members) if name.endswith(".json")]
    name = names[int(source.integers(len(names)))]
    return _sealed(good.members | {name: json.dumps(_mutate(json.loads(good.members[name]), source)).encode()})


def _manifest(good: Good, source: np.random.Generator) -> bytes:
    """One value of the manifest, near its top."""
    manifest = json.loads(good.members["manifest.json"])
    key = sorted(manifest)[int(source.integers(len(manifest)))]
    if not source.integers(4):
        del manifest[key]
    elif source.integers(2):
        manifest[key] = _hostile(source)
    else:
        manifest[key] = _mutate(manifest[key], source)
    members = good.members | {"manifest.json": json.dumps(manifest).encode()}
    return zipped(sorted(members.items())) if key == "members" else _sealed(members)


def _json_text(good: Good, source: np.random.Generator) -> bytes:
    """JSON that costs: deep, wide, with huge numbers, with numbers that are none."""
    texts = (
        b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000, b"9" * 100_000, b"1e999", b"NaN",
        b"-Infinity", b"[" + b"[]," * 3_000_000 + b"[]]", b'"' + b"\\u0000" * 100 + b'"', b"{}", b"[]", b"null", b"",
        b"\xef\xbb\xbf{}", b'{"a":1}{"a":2}', b'["\xff"]', b'{"classes":1e999}',
    )  # fmt: skip
    names = [name for name in sorted(good.members) if name.endswith(".json")]
    name = names[int(source.integers(len(names)))]
    return _sealed(good.members | {name: texts[int(source.integers(len(texts)))]})


def _array(good: Good, source: np.random.Generator) -> bytes:
    """One array: other numbers, another type or shape, a header that lies, a pickle."""
    names = [name for name in sorted(good.members) if name.endswith(".npy")]
    name = names[int(source.integers(len(names)))]
    array = np.load(io.BytesIO(good.members[name]), allow_pickle=False)
    kind = int(source.integers(4))
    if kind == 0:
        return _sealed(good.members | {name: _saved(_other_numbers(array, source))})
    if kind == 1:
        return _sealed(good.members | {name: _saved(_other_shape(array, source))})
    if kind == 2:
        return _sealed(good.members | {name: _with_header(good.members[name], source)})
    bomb = np.empty(3, dtype=object)
    bomb[:] = Bomb()
    header = _header("|O", (3,))
    data = (header + pickle.dumps(bomb, protocol=2), pickle.dumps(Bomb(), protocol=2), _header("<f8", (3,)) + b"\x80")
    return _sealed(good.members | {name: data[int(source.integers(len(data)))]})


def _other_numbers(array: np.ndarray[Any, Any], source: np.random.Generator) -> np.ndarray[Any, Any]:
    changed = array.copy()
    flat = changed.reshape(-1)
    if not len(flat):
        return np.zeros(1, array.dtype)
    some = source.integers(len(flat), size=int(source.choice([1, 1, 3, len(flat)])))
    if array.dtype.kind == "f":
        largest = float(np.finfo(array.dtype).max)
        values = [np.nan, np.inf, -np.inf, 0.0, -1.0, largest, -largest, 1e-30, 1e4, -1e4]
    else:
        about = np.iinfo(array.dtype) if array.dtype.kind in "iu" else None
        values = [0, 1]
        if about is not None:
            values += [about.min, about.max, max(about.min, -1), about.max // 2, 5000 % about.max]
    with np.errstate(all="ignore"):
        flat[some] = np.array(values[int(source.integers(len(values)))]).astype(array.dtype)
    return changed


def _other_shape(array: np.ndarray[Any, Any], source: np.random.Generator) -> np.ndarray[Any, Any]:
    kinds = ("<f8", "<f4", "<f2", "<i8", "<u2", "|u1", "|b1", "<c16", "<U3", "<M8[s]", ">f8", "|S4")
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        choices: tuple[Callable[[], np.ndarray[Any, Any]], ...] = (
            lambda: array.reshape(-1)[:-1],
            lambda: array[:0],
            lambda: array.T,
            lambda: array[None],
            lambda: np.concatenate([array, array]),
            lambda: array.reshape(-1),
            lambda: array.reshape(*array.shape, 1, 1, 1, 1),
            lambda: np.asfortranarray(array),
            lambda: array.astype(kinds[int(source.integers(len(kinds)))]),
            lambda: np.zeros((1 << 16, 0), array.dtype),
            lambda: np.zeros((0, 1 << 16), array.dtype),
            lambda: np.array(array.reshape(-1)[0] if array.size else 0, array.dtype),
        )
        return choices[int(source.integers(len(choices)))]()


def _with_header(data: bytes, source: np.random.Generator) -> bytes:
    """The numbers under a header that does not fit them, or that costs much to read."""
    start = 10 + struct.unpack_from("<H", data, 8)[0]
    headers = (
        _header("<f8", (1 << 40,)), _header("<f8", (-1,)), _header("<f8", (1 << 20, 1 << 20, 1 << 24)),
        _header("|O", (1,)), _header("<f8", (True,)), _header("<f8", ("1",)), _header("<f8", (1.0,)),
        _header([("a", "<f8")], (1,)), _header("<V8", (1,)), _header("<f8", 5), _header("<f9", (1,)),
        data[:6] + b"\x02\x00" + data[8:start], data[:6] + b"\x01\x00\xff\xff" + data[10:start],
        b"\x93NUMPY\x01\x00" + struct.pack("<H", 900) + b"(" * 450 + b")" * 449 + b"\n",
        b"\x93NUMPY\x01\x00" + struct.pack("<H", 900) + b"-" * 899 + b"\n",
        b"\x93NUMPY\x01\x00" + struct.pack("<H", 20) + b"__import__('this')  ", data[:10], data[:9], b"",
    )  # fmt: skip
    return headers[int(source.integers(len(headers)))] + data[start:]


def _header(kind: Any, shape: Any) -> bytes:
    text = repr({"descr": kind, "fortran_order": False, "shape": shape}).encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def _saved(array: np.ndarray[Any, Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _hostile(source: np.random.Generator) -> Any:
    return HOSTILE[int(source.integers(len(HOSTILE)))]


def _mutate(value: Any, source: np.random.Generator) -> Any:
    """The value with something in it replaced, taken out or repeated."""
    if isinstance(value, dict) and value and source.integers(5):
        key = list(value)[int(source.integers(len(value)))]
        if not source.integers(6):
            return {name: item for name, item in value.items() if name != key}
        return value | {key: _mutate(value[key], source)}
    if isinstance(value, list) and value and source.integers(5):
        place, kind = int(source.integers(len(value))), int(source.integers(8))
        if kind == 0:
            return value[:place] + value[place + 1 :]
        if kind == 1:
            return value[: place + 1] + value[place:]
        return [*value[:place], _mutate(value[place], source), *value[place + 1 :]]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and source.integers(2):
        return value + (1, -1, 0.5, 1000, -value, 1e-3, 1e6)[int(source.integers(7))]
    return _hostile(source)


DAMAGES: dict[str, Callable[[Good, np.random.Generator], bytes]] = {
    "bytes": _raw,
    "bytes, signed": _raw_signed,
    "directory field, signed": _directory_field,
    "members of the zip": _directory,
    "bytes of a member": _member,
    "value in JSON": _json,
    "value in the manifest": _manifest,
    "costly JSON": _json_text,
    "array": _array,
}
"""Name → what makes it."""
