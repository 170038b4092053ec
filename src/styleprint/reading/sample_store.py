"""Samples on their way from a decoder to a Recording: in memory, or in a file once they are many.

Two hours of stereo are 2.5 GB of float32, more than a worker may hold. From some twelve minutes of stereo on, samples
go to a temporary file that has no name, is gone with whoever holds it, and is mapped into memory: to all who look at
them they are an array, and the system keeps of it what fits. The folder for such files is Python's (``TMPDIR``).
"""

import tempfile
from types import TracebackType
from typing import IO

import numpy as np

from styleprint.music.recording import SampleArray
from styleprint.support.errors import ReadError

__all__ = ["MOST_IN_MEMORY", "SampleStore"]

MOST_IN_MEMORY = 1 << 26
"""Samples of all channels: 268 MB."""


class SampleStore:
    """Takes blocks of samples, and gives them back as one array.

    Parameters
    ----------
    channels : int
    place : str
        What messages call the recording.
    """

    def __init__(self, channels: int, place: str) -> None:
        self.count = 0
        self._channels = channels
        self._place = place
        self._blocks: list[SampleArray] = []
        self._file: IO[bytes] | None = None

    def __enter__(self) -> "SampleStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, block: SampleArray) -> None:
        """Take samples, shape (n, n_channels).

        Raises
        ------
        ReadError
            R146, where a file must hold them and the system has no room.
        """
        self.count += len(block)
        if self._file is None:
            self._blocks.append(block)
            if self.count * self._channels <= MOST_IN_MEMORY:
                return
        try:
            self._to_file(self._blocks if self._file is None else [block])
        except OSError as error:
            raise ReadError(
                "R146",
                f"a long recording is decoded into a temporary file, but the system says: {error.strerror or error}.",
                remedy="Free some room, or set TMPDIR to a folder that has some: an hour of stereo takes 1.3 GB.",
                place=self._place,
            ) from error

    def _to_file(self, blocks: list[SampleArray]) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="styleprint-")  # noqa: SIM115  # closed by __exit__
        for block in blocks:
            self._file.write(np.ascontiguousarray(block).data)
        self._blocks = []

    def samples(self) -> SampleArray:
        """All samples, shape (n_channels, n)."""
        if self._file is not None:
            self._file.flush()
            return np.memmap(self._file, np.float32, "r", shape=(self.count, self._channels)).T
        samples: SampleArray = np.empty((self._channels, self.count), np.float32)
        start = 0
        for place, block in enumerate(self._blocks):
            samples[:, start : start + len(block)] = block.T
            start += len(block)
            self._blocks[place] = block[:0].copy()  # so that memory is held once
        return samples
