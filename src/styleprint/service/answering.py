"""From a form to answers: file after file, in order, as many at once as there are workers."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from styleprint.bundle.identification import Identification
from styleprint.explaining.explanation import Explanation
from styleprint.service.desk import Desk
from styleprint.service.settings import ServiceSettings
from styleprint.service.uploads import Form, UploadedFile
from styleprint.support.errors import InternalError, StyleprintError
from styleprint.support.text import show_name
from styleprint.workflows.identify import status_of
from styleprint.workflows.identify_upload import Upload

__all__ = ["Answered", "answer_form"]

_LOG = logging.getLogger("styleprint.service")


@dataclass(frozen=True)
class Answered:
    """What became of one file.

    Attributes
    ----------
    identification : Identification
    explanation : Explanation or None
        Where it was asked for and there is an answer.
    error : StyleprintError or None
        Why there is no answer.
    """

    identification: Identification
    explanation: Explanation | None = None
    error: StyleprintError | None = None

    @property
    def record(self) -> dict[str, Any]:
        """What ``identify --json`` writes of the file."""
        return self.identification.to_json()

    @property
    def explained(self) -> dict[str, Any]:
        """What ``explain --json`` writes of the file."""
        return self.record if self.explanation is None else self.explanation.to_json()


async def answer_form(request: Request, form: Form, *, explained: bool = False) -> AsyncIterator[Answered]:
    """Answer the files of a form, in their order, each as soon as it and those before it are done."""
    desk: Desk = request.app.state.desk
    settings: ServiceSettings = request.app.state.settings
    counts: Counter[str] = Counter()
    request.state.answers = counts
    waiting: deque[asyncio.Task[Answered]] = deque()
    files = deque(form.files)
    try:
        while files or waiting:
            while files and len(waiting) < settings.workers:
                task = _answer_file(request, desk, settings, form, files.popleft(), explained)
                waiting.append(asyncio.create_task(task))
            found = await waiting.popleft()
            counts[found.identification.status] += 1
            yield found
    finally:
        for task_left in waiting:
            task_left.cancel()


async def _answer_file(
    request: Request, desk: Desk, settings: ServiceSettings, form: Form, file: UploadedFile, explained: bool
) -> Answered:
    upload = Upload(
        bundle=settings.bundle,
        identity=desk.facts.identity,
        name=file.name,
        data=bytes(file.data),
        prior=form.prior,
        is_lenient=form.is_lenient,
        explained=explained,
        engraved=explained and form.is_engraved,
    )
    file.data.clear()
    outcome = await desk.answer(upload)
    if outcome.error is None:
        answer = outcome.unwrap()
        return Answered(answer.identification, answer.explanation)
    reason = str(outcome.error)
    if isinstance(outcome.error, InternalError):
        _LOG.error(reason, extra={"fields": {"id": request.state.id}})
        reason = f"A fault of styleprint; the log of the service tells more of it, under {request.state.id}."
    found = Identification(show_name(file.name), status=status_of(outcome.error), reason=reason)
    return Answered(found, error=outcome.error)
