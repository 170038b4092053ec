"""Pictures of many cells as PNG: where one SVG mark a cell would be too many."""

import base64
import struct
import zlib

import numpy as np
import numpy.typing as npt

__all__ = ["PALETTE", "png_address", "png_bytes"]

_ANCHORS = (
    (0, 0, 4),
    (28, 16, 68),
    (79, 18, 123),
    (129, 37, 129),
    (181, 54, 122),
    (229, 80, 100),
    (251, 135, 97),
    (254, 194, 135),
    (252, 253, 191),
)


def _palette() -> npt.NDArray[np.uint8]:
    anchors = np.array(_ANCHORS, dtype=np.float64)
    place = np.linspace(0, len(anchors) - 1, 256)
    channels = [np.interp(place, np.arange(len(anchors)), channel) for channel in anchors.T]
    colours: npt.NDArray[np.uint8] = np.rint(np.stack(channels, axis=1)).astype(np.uint8)
    return colours


PALETTE = _palette()
"""256 colours of rising lightness: nine points of *magma* (Smith and van der Walt 2015, CC0), joined by lines."""


def png_address(cells: npt.NDArray[np.uint8]) -> str:
    """A picture as a ``data:`` address, for a page.

    Parameters
    ----------
    cells : ndarray of uint8, shape (height, width)
        As :func:`png_bytes` takes them.
    """
    return f"data:image/png;base64,{base64.b64encode(png_bytes(cells)).decode('ascii')}"


def png_bytes(cells: npt.NDArray[np.uint8]) -> bytes:
    """A picture as PNG (ISO/IEC 15948) of 256 colours, the same bytes for the same cells.

    Parameters
    ----------
    cells : ndarray of uint8, shape (height, width)
        Positions in `PALETTE`, the highest row first.
    """
    height, width = cells.shape
    lines = np.concatenate([np.zeros((height, 1), np.uint8), cells], axis=1)  # each line begins with its filter: none
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", PALETTE.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
