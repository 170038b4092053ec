"""How independent jobs are run: one after the other here, or side by side in other processes.

Results come in the order of the jobs and do not depend on how they ran.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Protocol, TypeVar

from styleprint.evaluation.folds import DataHandle, SharedData
from styleprint.support.errors import WriteError
from styleprint.support.progress import Progress, silent
from styleprint.support.workers import map_supervised

__all__ = ["ProcessMap", "RunMap", "SerialMap", "choose_map", "open_data"]

Job = TypeVar("Job")
Result = TypeVar("Result")

_TIMEOUT_SECONDS = 24 * 3600.0
_MEMORY_BYTES = 64 << 30


class RunMap(Protocol):
    """Calls a function on each job; `stage` names the work for whoever watches."""

    in_other_processes: bool

    def __call__(self, function: Callable[[Job], Result], jobs: Sequence[Job], stage: str) -> Iterator[Result]:
        """Yield the results in the order of the jobs."""


class SerialMap:
    """Run jobs one after the other in this process."""

    in_other_processes = False

    def __init__(self, progress: Progress = silent) -> None:
        self.progress = progress

    def __call__(self, function: Callable[[Job], Result], jobs: Sequence[Job], stage: str) -> Iterator[Result]:
        """Yield the results in the order of the jobs."""
        for done, job in enumerate(jobs, start=1):
            yield function(job)
            self.progress(stage, done, len(jobs))


class ProcessMap:
    """Run jobs in so many processes; an error in a job is raised here."""

    in_other_processes = True

    def __init__(self, workers: int, progress: Progress = silent) -> None:
        self.workers = workers
        self.progress = progress

    def __call__(self, function: Callable[[Job], Result], jobs: Sequence[Job], stage: str) -> Iterator[Result]:
        """Yield the results in the order of the jobs."""
        outcomes = map_supervised(
            function,
            jobs,
            workers=min(self.workers, len(jobs)),
            timeout_seconds=_TIMEOUT_SECONDS,
            memory_bytes=_MEMORY_BYTES,
            chunk=1,
            stage=stage,
            progress=self.progress,
        )
        for outcome in outcomes:
            yield outcome.unwrap()


@contextmanager
def open_data(data: SharedData, run_map: RunMap) -> Iterator[DataHandle]:
    """A handle to the data that jobs of `run_map` can load, as long as the block runs.

    Raises
    ------
    WriteError
        W102, where the temporary folder cannot hold it.
    """
    if not run_map.in_other_processes:
        yield DataHandle(data=data)
        return
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(TemporaryDirectory(prefix="styleprint-"))
            handle = DataHandle.spool(data, Path(folder) / "data.pickle")
        except OSError as error:
            raise WriteError(
                "W102",
                "the temporary folder must have room for the rows that processes share, "
                f"but the system says: {error.strerror or error}.",
                remedy="Free some room, set TMPDIR to a folder that has it, or run with --workers 1, which needs none.",
                place=gettempdir(),
            ) from error
        yield handle


def choose_map(workers: int, progress: Progress = silent) -> RunMap:
    """Serial for 0 or 1 workers, else processes."""
    return ProcessMap(workers, progress) if workers > 1 else SerialMap(progress)
