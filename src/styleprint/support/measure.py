"""Seconds and peak memory of a block, workers included.

While the block runs, a thread adds up the resident memory of this process and of all that descend from
it, five times a second, and keeps the largest sum; pages that processes share are counted in each, so the
figure is never too small on that account. Where the system does not list processes (no ``/proc``), the
peaks of this process and of its largest child stand for it.
"""

import os
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

__all__ = ["Meter"]

_EVERY_SECONDS = 0.2
_KIB = 1024
_MIB = 1024 * 1024


class Meter:
    """Measure a ``with`` block.

    Attributes
    ----------
    seconds : float
        Wall time of the block; up to now while it runs.
    peak_memory_mb : float
        Largest sum of resident memory seen, in MiB.
    """

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._end: float | None = None
        self._peak_bytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Meter":
        self._start = time.perf_counter()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._sample()
        self._end = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Wall time."""
        return (self._end if self._end is not None else time.perf_counter()) - self._start

    @property
    def peak_memory_mb(self) -> float:
        """Largest sum of resident memory, MiB."""
        self._sample()
        return self._peak_bytes / _MIB

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            self._sample()

    def _sample(self) -> None:
        self._peak_bytes = max(self._peak_bytes, _tree_bytes() or _peaks_of_family())


def _tree_bytes() -> int:
    """Resident memory of this process and its descendants; 0 where the system does not tell."""
    try:
        numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    except OSError:
        return 0
    parents, resident = {}, {}
    page = os.sysconf("SC_PAGE_SIZE")
    for number in numbers:
        try:
            with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123  # pseudo-file
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        parents[number], resident[number] = int(fields[1]), int(fields[21]) * page
    own = os.getpid()
    return sum(size for number, size in resident.items() if _descends(number, own, parents))


def _descends(number: int, ancestor: int, parents: dict[int, int]) -> bool:
    for _ in range(len(parents)):
        if number == ancestor:
            return True
        if number not in parents:
            return False
        number = parents[number]
    return False


def _peaks_of_family() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    unit = 1 if sys.platform == "darwin" else _KIB
    return unit * sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
