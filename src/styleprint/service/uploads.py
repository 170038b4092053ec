"""Files from a form, read as they stream in: every limit is checked before memory is spent.

Multipart forms as RFC 7578 has them. Nothing is written to disk.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from styleprint.service.problems import ProblemError
from styleprint.service.reception import Parcel
from styleprint.service.settings import ServiceSettings

__all__ = ["Form", "UploadedFile", "read_form"]

_FILES = "files"
_CHOICES = {"prior": ("corpus", "equal"), "lenient": ("false", "true"), "engraved": ("false", "true")}
"""Field → what it may say; the first is what holds without it."""

_FIELD_BYTES = 100
_NAME_LENGTH = 255


@dataclass
class UploadedFile:
    """A file as it was sent."""

    name: str
    data: bytearray = field(default_factory=bytearray)


@dataclass
class Form:
    """What was sent: files in order, and choices.

    Attributes
    ----------
    files : list of UploadedFile
    prior : str
    is_lenient, is_engraved : bool
    """

    files: list[UploadedFile]
    prior: str
    is_lenient: bool
    is_engraved: bool


async def read_form(request: Request, settings: ServiceSettings) -> Form:
    """Read the form that a request sends, and give the request its place in the queue once the form is whole.

    Raises
    ------
    ProblemError
        413 S101 for what is too large, 400 S102 for what is no form, 422 S103–S105 for what is not asked for,
        408 S106 for what takes too long, 503 S107 where there is no place.
    """
    boundary = _boundary(request.headers.get("content-type", ""))
    try:
        reader = _Reader(boundary, settings)
        async with asyncio.timeout(None) as limit:
            await _feed(request, reader, settings, limit)
    except TimeoutError as error:
        limits = f"within {settings.upload_seconds:g} s and without a pause of {settings.idle_seconds:g} s"
        raise ProblemError(408, "S106", "Sent too slowly", f"A request must be sent {limits}.") from error
    except FormParserError as error:
        raise ProblemError(400, "S102", "No form", f"The form is damaged: {error}.") from error
    form = reader.form()
    request.state.place.close()  # nothing of it is still being sent
    request.state.place.enter_context(request.app.state.desk.admit())
    return form


async def _feed(request: Request, reader: "_Reader", settings: ServiceSettings, limit: asyncio.Timeout) -> None:
    """Hand over the body as it comes. After a refusal some more is read and dropped, so that the sender hears of it."""
    received, refusal = 0, None
    parcel: Parcel = request.state.parcel
    now = asyncio.get_running_loop().time
    end = now() + settings.upload_seconds
    limit.reschedule(min(end, now() + settings.idle_seconds))
    async for chunk in request.stream():
        limit.reschedule(min(end, now() + settings.idle_seconds))
        received += len(chunk)
        request.state.bytes_in = received
        if refusal is not None:
            if received > 2 * settings.request_bytes:
                break
            continue
        try:
            if received > settings.request_bytes:
                raise _too_large("All that a request sends", settings.request_bytes)
            parcel.take(len(chunk))
            reader.write(chunk)
        except ProblemError as problem:
            refusal = problem
            reader.drop()
            parcel.drop()
    if refusal is not None:
        raise refusal


def _boundary(content_type: str) -> bytes:
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise ProblemError(
            415,
            "S102",
            "No form",
            "Files must be sent as multipart/form-data with a boundary, in parts named 'files'.",
            headers={"Accept-Post": "multipart/form-data"},
        )
    return boundary


def _too_large(what: str, limit: int) -> ProblemError:
    return ProblemError(413, "S101", "Too large", f"{what} may have at most {limit:,} bytes.")


class _Reader:
    """Takes parts as the parser finds them."""

    def __init__(self, boundary: bytes, settings: ServiceSettings) -> None:
        self._settings = settings
        self._files: list[UploadedFile] = []
        self._fields: dict[str, bytearray] = {}
        self._header = [bytearray(), bytearray()]
        self._disposition = b""
        self._target: bytearray = bytearray()
        self._limit = 0
        self._is_whole = False
        callbacks: Any = {
            "on_part_begin": self._begin_part,
            "on_header_field": self._add_to_header_name,
            "on_header_value": self._add_to_header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._add_data,
            "on_end": self._end,
        }
        self._parser = MultipartParser(boundary, callbacks)

    def write(self, chunk: bytes) -> None:
        """Parse some more of the body."""
        if chunk and not self._is_whole:
            self._parser.write(chunk)

    def drop(self) -> None:
        """Forget what was sent."""
        self._files, self._fields, self._target = [], {}, bytearray()

    def form(self) -> Form:
        """All that was sent."""
        if not self._is_whole:
            raise ProblemError(400, "S102", "No form", "The form ends before its last boundary.")
        files = [file for file in self._files if file.name or file.data]
        if not files:
            raise ProblemError(422, "S104", "No file", "A request must send at least one file, in parts named 'files'.")
        for file in files:
            file.name = file.name or "unnamed"
        choices = {name: self._choice(name) for name in _CHOICES}
        return Form(files, choices["prior"], choices["lenient"] == "true", choices["engraved"] == "true")

    def _choice(self, name: str) -> str:
        allowed = _CHOICES[name]
        value = self._fields.get(name, bytearray(allowed[0].encode())).decode(errors="replace")
        if value not in allowed:
            raise ProblemError(422, "S105", "Not a choice", f"'{name}' must be one of {', '.join(allowed)}.")
        return value

    def _begin_part(self) -> None:
        self._disposition = b""

    def _add_to_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end]

    def _add_to_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]

    def _end_header(self) -> None:
        if bytes(self._header[0]).lower() == b"content-disposition":
            self._disposition = bytes(self._header[1])
        self._header = [bytearray(), bytearray()]

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"").decode(errors="replace")
        if name == _FILES:
            if len(self._files) >= self._settings.files:
                raise ProblemError(
                    422, "S103", "Too many files", f"A request may send at most {self._settings.files} files."
                )
            shown = options.get(b"filename", b"").decode(errors="replace")[:_NAME_LENGTH]
            self._files.append(UploadedFile(shown))
            self._target, self._limit = self._files[-1].data, self._settings.file_bytes
        elif name in _CHOICES and name not in self._fields:
            self._target, self._limit = self._fields.setdefault(name, bytearray()), _FIELD_BYTES
        else:
            known = ", ".join((_FILES, *_CHOICES))
            raise ProblemError(422, "S105", "Not a choice", f"A form may have {known}, each but the first once.")

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if len(self._target) + end - start > self._limit:
            raise _too_large("A file" if self._limit > _FIELD_BYTES else "A field", self._limit)
        self._target += data[start:end]

    def _end(self) -> None:
        self._is_whole = True
