"""Arrays as bytes, in NumPy's own format, read without trust.

The format is NumPy's NPY 1.0 (NumPy Enhancement Proposal 1). Of it only what a model's weights need is
read: plain numbers in C order, with a header that says exactly how many bytes follow. Objects, records,
dates and text are refused; so are weights that are not finite.
"""

import ast
import io
import math
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.support.errors import BundleError

__all__ = ["array_from_bytes", "array_to_bytes"]

_MAGIC = b"\x93NUMPY\x01\x00"
_MAX_HEADER = 1024
_MAX_DIMENSIONS = 4
_TYPES = frozenset(("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"))


def array_to_bytes(array: npt.NDArray[Any]) -> bytes:
    """An array of numbers as bytes.

    Raises
    ------
    ValueError
        Where its type is none that is read back.
    """
    array = np.ascontiguousarray(array)
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in _TYPES or array.ndim > _MAX_DIMENSIONS:
        raise ValueError(f"arrays of {array.dtype} with {array.ndim} dimensions are not kept in bundles")
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def array_from_bytes(data: bytes, place: str) -> npt.NDArray[Any]:
    """The array that :func:`array_to_bytes` wrote.

    Raises
    ------
    BundleError
        B110, where the bytes are no such array; B111, where a number is not finite.
    """
    dtype, shape, start = _parse_header(data, place)
    count = math.prod(shape)
    if len(data) - start != count * dtype.itemsize:
        raise _no_array(place, f"its shape {shape} does not fit its {len(data) - start} bytes")
    array = np.frombuffer(data, dtype=dtype, count=count, offset=start).reshape(shape)
    if dtype.kind == "f" and not np.isfinite(array).all():
        raise BundleError("B111", "a model's numbers must be finite, but some are not.", place=place)
    return array


def _parse_header(data: bytes, place: str) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    if not data.startswith(_MAGIC) or len(data) < len(_MAGIC) + 2:
        raise _no_array(place, "it does not begin like one")
    (length,) = struct.unpack_from("<H", data, len(_MAGIC))
    start = len(_MAGIC) + 2 + length
    if length > _MAX_HEADER or start > len(data):
        raise _no_array(place, "its header is too long")
    try:
        header = ast.literal_eval(data[len(_MAGIC) + 2 : start].decode("ascii").strip())
    except (ValueError, SyntaxError, UnicodeDecodeError, MemoryError, RecursionError) as error:
        raise _no_array(place, "its header cannot be read") from error
    if not isinstance(header, dict) or set(header) != {"descr", "fortran_order", "shape"}:
        raise _no_array(place, "its header lacks what it must say")
    kind, shape = header["descr"], header["shape"]
    if not isinstance(kind, str) or kind not in _TYPES or header["fortran_order"] is not False:
        raise _no_array(place, "its type is none that a bundle holds")
    is_shape = isinstance(shape, tuple) and len(shape) <= _MAX_DIMENSIONS
    if not is_shape or not all(type(n) is int and 0 <= n <= len(data) for n in shape):
        raise _no_array(place, "its shape is none")
    return np.dtype(kind), shape, start


def _no_array(place: str, why: str) -> BundleError:
    return BundleError(
        "B110",
        f"a bundle's weights must be arrays of numbers, but {why}.",
        remedy="Train the bundle again.",
        place=place,
    )
