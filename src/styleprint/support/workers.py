"""Work on many items in supervised processes.

A worker that takes too long, takes too much memory or dies costs the item that it had, never the run.
Results come in the order of the items, whatever the number of workers, and no more than a few are
ever waiting, so a million items need no more memory than a hundred.

Items travel in chunks. When a chunk fails as a whole (a time-out, a dead process), its items are
tried again one by one, so that only the guilty one is lost. The time of each item is limited by itself,
in the worker, where an item that turns out to be long is allowed more (`support/deadline.py`).
"""

import multiprocessing
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from styleprint.support.deadline import ALARM_EXIT_CODE, MOST_MORE_SECONDS, can_limit, limited
from styleprint.support.errors import InternalError, LimitError, StyleprintError, WriteError
from styleprint.support.progress import Progress, silent

__all__ = ["Outcome", "SupervisedWorker", "count_workers", "map_supervised"]

Item = TypeVar("Item")
Result = TypeVar("Result")

TIMEOUT_SECONDS = 60.0
MEMORY_BYTES = 2 << 30

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_TRACEBACK_LINES = 4


@dataclass(frozen=True)
class Outcome(Generic[Result]):
    """What became of one item: a value, or the error that it met."""

    value: Result | None = None
    error: StyleprintError | None = None

    def unwrap(self) -> Result:
        """The value; raises the error where there is one."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # None is then the function's own result


def count_workers(asked: int | None = None) -> int:
    """The number of workers asked for, or one for each processor that this process may use."""
    if asked is not None:
        return asked
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_supervised(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    workers: int,
    timeout_seconds: float = TIMEOUT_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
    chunk: int = 8,
    stage: str = "",
    progress: Progress = silent,
) -> Iterator[Outcome[Result]]:
    """Call `function` on each item and yield the outcomes in order.

    Parameters
    ----------
    function : callable
        Defined at the top of a module, so that it can travel to a worker.
    items : sequence
    workers : int
        Number of processes. 0 runs in this process, without supervision: for one file that a person
        waits for, and for tests.
    timeout_seconds : float
        For one item, and more where it allows itself more (:func:`styleprint.support.deadline.allow_more`).
    memory_bytes : int
        For one worker, beyond what it holds when it starts. Enforced where the system can.
    chunk : int
        Items a task.
    stage, progress
        What to report, and to whom.

    Yields
    ------
    Outcome
        A LimitError R191 for a time-out, R192 for memory, R193 for a process that died; the function's
        own StyleprintError; an InternalError X101 for any other exception.

    Raises
    ------
    WriteError
        As the function raises it: a full disk is no fault of the item, and would cost every other one too.
    """
    if workers == 0:
        outcomes: Iterator[Outcome[Result]] = (_call(function, item) for item in items)
    else:
        outcomes = _map_in_pool(function, items, workers, timeout_seconds, memory_bytes, chunk)
    for done, outcome in enumerate(outcomes, start=1):
        if isinstance(outcome.error, WriteError):
            raise outcome.error
        progress(stage, done, len(items))
        yield outcome


class SupervisedWorker:
    """One supervised process that stays, for a service that calls it again and again.

    A call that takes too long, takes too much memory or kills the process costs itself alone; the next one has a new
    process. Each worker has its own channel, so that a process killed at any moment leaves the other workers as they
    are. Calls come one at a time.

    Parameters
    ----------
    timeout_seconds : float
        For one call.
    memory_bytes : int
        For the process, beyond what it holds when it starts. Enforced where the system can.
    """

    def __init__(self, *, timeout_seconds: float = TIMEOUT_SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._timeout_seconds = timeout_seconds
        self._memory_bytes = memory_bytes
        self._pool = self._start()

    def call(
        self, function: Callable[[Item], Result], item: Item, *, timeout_seconds: float | None = None
    ) -> tuple[Outcome[Result], bool]:
        """Call `function` in the process and wait for it.

        Parameters
        ----------
        function : callable
            Defined at the top of a module.
        item : object
        timeout_seconds : float, optional
            Instead of the worker's own, for this call.

        Returns
        -------
        outcome : Outcome
            As of :func:`map_supervised`.
        is_lost : bool
            Whether the process was lost over it, and with it all that it had loaded.
        """
        limit = self._timeout_seconds if timeout_seconds is None else timeout_seconds
        for _ in range(2):  # once more where the process had died before the call reached it
            try:
                outcomes = _await(self._pool.schedule(_call_all, args=[function, [item]], timeout=limit), limit)
            except RuntimeError:  # the pool's own: its channel broke with the process
                self.close()
                self._pool = self._start()
                continue
            if isinstance(outcomes, LimitError):
                return Outcome(error=outcomes), True
            return outcomes[0], False
        return Outcome(error=_died(None)), True

    def close(self) -> None:
        """End the process."""
        self._pool.stop()
        self._pool.join()

    def _start(self) -> Any:
        from pebble import ProcessPool

        return ProcessPool(
            max_workers=1, context=_context(), initializer=_prepare_worker, initargs=(self._memory_bytes,)
        )


def _map_in_pool(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    workers: int,
    timeout_seconds: float,
    memory_bytes: int,
    chunk: int,
) -> Iterator[Outcome[Result]]:
    from pebble import ProcessPool

    starts = iter(range(0, len(items), chunk))
    waiting: deque[tuple[Sequence[Item], Any]] = deque()
    pool = ProcessPool(max_workers=workers, context=_context(), initializer=_prepare_worker, initargs=(memory_bytes,))
    finished = False
    try:
        while True:
            while len(waiting) < 3 * workers and (start := next(starts, None)) is not None:
                part = items[start : start + chunk]
                waiting.append((part, _schedule(pool, function, part, timeout_seconds)))
            if not waiting:
                break
            part, future = waiting.popleft()
            outcomes = _await(future, timeout_seconds)
            if isinstance(outcomes, LimitError):
                if len(part) == 1:
                    yield Outcome(error=outcomes)
                    continue
                singles = [_schedule(pool, function, [item], timeout_seconds) for item in part]
                waiting.extendleft([([item], single) for item, single in zip(part, singles, strict=True)][::-1])
                continue
            yield from outcomes
        finished = True
    finally:
        if finished:
            pool.close()
        else:
            pool.stop()
        pool.join()


def _schedule(pool: Any, function: Callable[[Item], Result], part: Sequence[Item], timeout_seconds: float) -> Any:
    """Give the pool a chunk: its items limit themselves; without alarms the pool does, and allows no more."""
    most = len(part) * (timeout_seconds + MOST_MORE_SECONDS) if can_limit() else timeout_seconds
    return pool.schedule(_call_all, args=[function, part, timeout_seconds], timeout=most)


def _await(future: Any, timeout_seconds: float) -> list[Outcome[Any]] | LimitError:
    from pebble import ProcessExpired

    try:
        outcomes: list[Outcome[Any]] = future.result()
    except TimeoutError:
        return _out_of_time(f"{timeout_seconds:g} s")
    except MemoryError:
        return _out_of_memory()
    except ProcessExpired as error:
        if error.exitcode == ALARM_EXIT_CODE:
            return _out_of_time(f"{timeout_seconds:g} s, and a sixth of its length more if it is a recording")
        return _died(error.exitcode)
    return outcomes


def _call_all(
    function: Callable[[Item], Result], items: Sequence[Item], timeout_seconds: float | None = None
) -> list[Outcome[Result]]:
    """In a worker; with a limit, that of each item."""
    if timeout_seconds is None:
        return [_call(function, item) for item in items]
    found = []
    for item in items:
        with limited(timeout_seconds):
            found.append(_call(function, item))
    return found


def _call(function: Callable[[Item], Result], item: Item) -> Outcome[Result]:
    try:
        return Outcome(value=function(item))
    except StyleprintError as error:
        return Outcome(error=error)
    except MemoryError:
        return Outcome(error=_out_of_memory())
    except Exception as error:  # noqa: BLE001  # a fault of ours on one item becomes its row, with its traceback
        lines = traceback.format_exception(error)[-_TRACEBACK_LINES:]
        message = f"a fault of styleprint: {type(error).__name__}: {error}\n{''.join(lines)}"
        return Outcome(error=InternalError("X101", message, remedy="Please report it with the file."))


def _died(exit_code: int | None) -> LimitError:
    how = "" if exit_code is None else f" (exit code {exit_code})"
    return LimitError(
        "R193",
        f"the process that worked on the piece died{how}.",
        remedy="The file is damaged in a way that a library does not survive; leave it out and report it.",
    )


def _out_of_time(limit: str) -> LimitError:
    return LimitError(
        "R191",
        f"a piece must be done within {limit}, and this one was not.",
        remedy="Leave the file out, or raise the limit.",
    )


def _out_of_memory() -> LimitError:
    return LimitError(
        "R192",
        "a piece must be done within the memory that a worker may take, and this one was not.",
        remedy="Leave the file out, or raise the limit.",
    )


def _context() -> Any:
    """Processes that inherit no threads and no locks, and start fast where the system can."""
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(["numpy", "styleprint.support.workers"])
    return context


def _prepare_worker(memory_bytes: int) -> None:
    """One thread a worker; Ctrl-C is the parent's to handle; memory is limited."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in _THREAD_VARIABLES:
        os.environ[variable] = "1"
    try:
        import resource
    except ImportError:  # not on Windows: there the time-out alone supervises
        return
    held = _data_bytes()
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = held + memory_bytes if hard == resource.RLIM_INFINITY else min(held + memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _data_bytes() -> int:
    """Private memory that the process holds, in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123  # a pseudo-file
            for line in file:
                if line.startswith("VmData:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0
