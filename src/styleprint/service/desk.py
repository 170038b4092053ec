"""Who answers: a few supervised processes that hold the bundle, and a queue with a bound."""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from styleprint.service.metrics import Metrics
from styleprint.service.problems import ProblemError
from styleprint.service.settings import ServiceSettings
from styleprint.support.errors import InternalError, LimitError, StyleprintError
from styleprint.support.workers import Outcome, SupervisedWorker
from styleprint.workflows.identify_upload import BundleFacts, Upload, UploadAnswer, answer_upload, open_bundle

__all__ = ["Desk"]

_OPENING_SECONDS = 300.0
_RETRY_SECONDS = (1.0, 5.0, 30.0)
_LOG = logging.getLogger("styleprint.service")


class Desk:
    """Takes requests and has them answered.

    Parameters
    ----------
    settings : ServiceSettings
    metrics : Metrics
    """

    def __init__(self, settings: ServiceSettings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._idle: asyncio.Queue[SupervisedWorker] = asyncio.Queue()
        self._tasks: set[asyncio.Task[object]] = set()
        self._workers = [self._hire() for _ in range(settings.workers)]
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="desk")
        self.in_hand = 0
        self.ready_workers = 0
        self.facts: BundleFacts

    def open(self) -> None:
        """Load the bundle in each worker; wait until all can answer.

        Raises
        ------
        StyleprintError
            Where the bundle cannot be served.
        """
        opened = [self._threads.submit(self._load, worker) for worker in self._workers]
        try:
            for future in opened:
                self.facts = future.result().unwrap()
        except LimitError as error:
            self.close()
            raise LimitError(
                error.code,
                f"a worker must load the bundle, and did not: {error.message}",
                remedy="Ask 'styleprint identify' with it, which shows what it needs, or serve it with fewer workers.",
                place=str(self._settings.bundle),
            ) from error
        except StyleprintError:
            self.close()
            raise
        for worker in self._workers:
            self._idle.put_nowait(worker)
        self.ready_workers = len(self._workers)

    def close(self) -> None:
        """End the workers."""
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    @contextmanager
    def admit(self) -> Iterator[None]:
        """Take a request in hand, once it is whole.

        Raises
        ------
        ProblemError
            503 S107, where as many wait as may.
        """
        if self.in_hand >= self._settings.workers + self._settings.queue:
            self._metrics.refused += 1
            raise ProblemError(
                503,
                "S107",
                "Busy",
                "As many requests wait as may. Try again in a moment.",
                headers={"Retry-After": str(1 + self._settings.queue // self._settings.workers)},
            )
        self.in_hand += 1
        try:
            yield
        finally:
            self.in_hand -= 1

    async def answer(self, upload: Upload) -> Outcome[UploadAnswer]:
        """Have one file answered, once a worker is free. Who stops waiting disturbs no worker."""
        worker = await self._idle.get()
        task = asyncio.create_task(self._work(worker, upload))
        self._keep(task)
        return await asyncio.shield(task)

    async def _work(self, worker: SupervisedWorker, upload: Upload) -> Outcome[UploadAnswer]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            outcome, is_lost = await loop.run_in_executor(self._threads, worker.call, answer_upload, upload)
        except Exception as error:  # noqa: BLE001  # the worker comes back and the request has an answer
            _LOG.exception("a worker cannot be asked")
            outcome, is_lost = Outcome[UploadAnswer](error=_unasked(error)), True
        status = "ok" if outcome.value is None else outcome.value.identification.status
        self._metrics.count_answer(outcome.error.code if outcome.error else status, loop.time() - began)
        if is_lost:
            self._metrics.lost_workers += 1
            self.ready_workers -= 1
            self._keep(asyncio.create_task(self._renew(worker)))
        else:
            self._idle.put_nowait(worker)
        return outcome

    async def _renew(self, worker: SupervisedWorker) -> None:
        """Load the bundle again in the process that took the place of a lost one."""
        loop = asyncio.get_running_loop()
        try:
            for delay in (*_RETRY_SECONDS, 0.0):
                error = await loop.run_in_executor(self._threads, self._try_to_load, worker)
                if error is None:
                    break
                _LOG.error("a worker cannot load the bundle", extra={"fields": {"code": error.code}})
                await asyncio.sleep(delay)
        finally:
            self._idle.put_nowait(worker)  # where the bundle is gone, each request hears why
            self.ready_workers += 1

    def _keep(self, task: "asyncio.Task[object]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _load(self, worker: SupervisedWorker) -> Outcome[BundleFacts]:
        return worker.call(open_bundle, self._settings.bundle, timeout_seconds=_OPENING_SECONDS)[0]

    def _try_to_load(self, worker: SupervisedWorker) -> StyleprintError | None:
        try:
            return self._load(worker).error
        except Exception as error:  # noqa: BLE001  # as where the system starts no process
            _LOG.exception("a worker cannot be asked")
            return _unasked(error)

    def _hire(self) -> SupervisedWorker:
        return SupervisedWorker(
            timeout_seconds=self._settings.timeout_seconds, memory_bytes=self._settings.memory_bytes
        )


def _unasked(error: Exception) -> InternalError:
    return InternalError(
        "X101",
        f"a fault of styleprint: a worker cannot be asked: {type(error).__name__}: {error}",
        remedy="Please report it with the log of the service.",
    )
