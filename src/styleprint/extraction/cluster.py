"""Parts made on a Dask cluster: tasks of some hundreds of files each.

The machines of the cluster must see the files under the same paths, and have this version of styleprint with the
same versions of features and streams: each task checks that before it reads a file. Within a task files are
read in a supervised process, so that one which hangs or takes too much memory costs its own row alone. A
worker that dies costs nothing: Dask gives its tasks to another. Where a task kills one worker after
another it is halved, until the guilty file is alone.

Results come back as they are done, no more than a few a worker at a time, and are put in order here.
"""

import multiprocessing
from collections.abc import Iterator, Sequence
from typing import Any

from styleprint.corpus.pieces import PieceReader
from styleprint.extraction.parts import Packed, pack
from styleprint.extraction.recipe import Recipe
from styleprint.support.errors import LimitError, UsageError
from styleprint.support.progress import Progress
from styleprint.support.workers import Outcome, map_supervised
from styleprint.version import __version__

__all__ = ["run_on_cluster"]

_WAIT_SECONDS = 30
_AHEAD = 2
"""Tasks that are given out for each thread of the cluster, so that none waits for the next."""


def run_on_cluster(
    locations: Sequence[str],
    reader: PieceReader,
    recipe: Recipe,
    *,
    address: str,
    files_a_task: int,
    progress: Progress,
) -> Iterator[tuple[range, Packed]]:
    """Read files on a cluster.

    Parameters
    ----------
    locations : sequence of str
        Paths that every machine of the cluster knows.
    reader : PieceReader
        Its hook makes digests.
    recipe : Recipe
    address : str
        Of the scheduler, as ``tcp://10.0.0.1:8786``.
    files_a_task : int
    progress : Progress

    Yields
    ------
    (range, Packed)
        Positions in `locations`, and what became of them; in the order in which tasks are done.

    Raises
    ------
    UsageError
        U190 without the extra ``cluster``; U191 where no cluster answers; U192 where a worker has no styleprint, or
        another version of it, of a feature or of a stream.
    """
    if not locations:
        return
    client = _connect(address)
    try:
        yield from _run(client, locations, reader, recipe, files_a_task, progress)
    finally:
        client.close()


def _run(
    client: Any, locations: Sequence[str], reader: PieceReader, recipe: Recipe, files_a_task: int, progress: Progress
) -> Iterator[tuple[range, Packed]]:
    from distributed import as_completed

    batches = [
        range(start, min(start + files_a_task, len(locations))) for start in range(0, len(locations), files_a_task)
    ]
    batches.reverse()
    running: dict[Any, range] = {}
    arriving, done = as_completed(loop=client.loop), 0

    def give_out() -> None:
        threads = sum(client.nthreads().values())
        while batches and len(running) < _AHEAD * max(1, threads):
            batch = batches.pop()
            task = client.submit(
                _work, [locations[i] for i in batch], reader, recipe.to_json(), __version__, pure=False
            )
            running[task] = batch
            arriving.add(task)

    give_out()
    while running:
        task = next(arriving)
        batch = running.pop(task)
        packed = _result_of(task)
        task.release()
        if packed is None and len(batch) > 1:
            half = len(batch) // 2
            batches.extend([batch[half:], batch[:half]])
        else:
            yield batch, packed or pack([Outcome(error=_killer())], recipe)
            done += len(batch)
            progress("reading", done, len(locations))
        give_out()


def _result_of(task: Any) -> Packed | None:
    """What a task returned; None where it killed every worker that it was given to."""
    from distributed import KilledWorker

    try:
        packed: Packed = task.result()
    except KilledWorker:
        return None
    except ModuleNotFoundError as error:
        raise _no_package(str(error)) from error
    return packed


def _work(locations: list[str], reader: PieceReader, recipe: dict[str, Any], version: str) -> Packed:
    """Read a batch of files: this runs on the cluster."""
    wanted = Recipe.from_json(recipe)
    if version != __version__:
        raise UsageError(
            "U192",
            f"a worker must have styleprint {version}, but has {__version__}.",
            remedy="Install the same version on all machines.",
            place=multiprocessing.current_process().name,
        )
    wanted.check_versions()
    process = multiprocessing.current_process()
    if process.daemon:  # Dask marks its workers so, and they could not start the process that is supervised
        process.daemon = False
    return pack(list(map_supervised(reader, locations, workers=1)), wanted)


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(
            "U190",
            "reading on a cluster needs the extra 'cluster', which is not installed.",
            remedy="pip install 'styleprint[cluster]'",
        ) from error
    try:
        client = Client(address, timeout=_WAIT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(
            "U191",
            f"a Dask scheduler must answer at {address!r}, but: {error}.",
            remedy="Start one with 'dask scheduler', and workers with 'dask worker ADDRESS'.",
        ) from error
    try:
        client.wait_for_workers(1, timeout=_WAIT_SECONDS)
    except TimeoutError as error:
        client.close()
        raise UsageError(
            "U191",
            f"the scheduler at {address!r} has no worker.",
            remedy="Start workers with 'dask worker ADDRESS'.",
        ) from error
    return client


def _no_package(message: str) -> UsageError:
    return UsageError(
        "U192",
        f"workers of the cluster must have styleprint and what it needs, but one says: {message}.",
        remedy="Install styleprint with the extras of this machine on all machines of the cluster.",
    )


def _killer() -> LimitError:
    return LimitError(
        "R193",
        "every worker of the cluster that was given the piece died.",
        remedy="The file is damaged in a way that a library does not survive; leave it out and report it.",
    )
