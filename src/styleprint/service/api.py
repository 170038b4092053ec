"""The HTTP API: thin doors to the same answers as the command line gives."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from styleprint.service.answering import Answered, answer_form
from styleprint.service.metrics import METRICS_TYPE
from styleprint.service.problems import PROBLEM_JSON, ProblemError, problem_of
from styleprint.service.records import EXAMPLE, EXPLAINED, Answer, BundleRecord, Explained, Failure, State
from styleprint.service.uploads import Form, read_form
from styleprint.support.text import show_json

__all__ = ["NDJSON", "router"]

NDJSON = "application/x-ndjson"
_JSON = "application/json"
_FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["files"],
                "additionalProperties": False,
                "properties": {
                    "files": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 50,
                        "items": {"type": "string", "format": "binary"},
                        "description": "Of a bundle of scores MIDI, and with the extra 'scores' MusicXML, MEI, "
                        "kern and ABC; of a bundle of recordings WAV, FLAC, Ogg, MP3, AIFF and AU.",
                    },
                    "prior": {
                        "type": "string",
                        "enum": ["corpus", "equal"],
                        "default": "corpus",
                        "description": "How likely each class is before the music is seen.",
                    },
                    "lenient": {
                        "type": "string",
                        "enum": ["false", "true"],
                        "default": "false",
                        "description": "Read damaged files as far as they go.",
                    },
                    "engraved": {
                        "type": "string",
                        "enum": ["false", "true"],
                        "default": "false",
                        "description": "Also draw the passages of notation as they are printed; of explanations alone.",
                    },
                },
            },
            "examples": {"one file": {"summary": "curl -F files=@unknown.mid", "value": {"files": ["(the file)"]}}},
        }
    },
}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        status: {"description": "Problem details", "content": {PROBLEM_JSON: {"schema": schema}}} for status in statuses
    }


router = APIRouter()


def _answers(kind: type[Answer]) -> dict[int | str, dict[str, Any]]:
    example = EXPLAINED if kind is Explained else EXAMPLE
    return {
        200: {
            "model": list[kind | Failure],  # type: ignore[valid-type]  # FastAPI reads it when it runs
            "content": {_JSON: {"example": [example]}, NDJSON: {"schema": {"type": "string"}}},
            "description": "One object a file, in order; as lines of JSON, each as soon as it is known, where "
            f"the request accepts {NDJSON}.",
        },
        **_problems(400, 401, 403, 408, 413, 415, 422, 500, 503),
    }


@router.post("/v1/identify", tags=["answers"], openapi_extra={"requestBody": _FORM}, responses=_answers(Answer))
async def identify(request: Request) -> Response:
    """Say of each file whether it is known, whose it may be, how likely, and why.

    A file that has no answer is an object with its reason; where none of the files has one, the answer is a problem
    with the code of the first.
    """
    return await _answer(request, explained=False)


@router.post("/v1/explain", tags=["answers"], openapi_extra={"requestBody": _FORM}, responses=_answers(Explained))
async def explain(request: Request) -> Response:
    """Say the same, and what is behind it: the value of each feature beside the range of each class, and passages."""
    return await _answer(request, explained=True)


async def _answer(request: Request, *, explained: bool) -> Response:
    form = await read_form(request, request.app.state.settings)
    if NDJSON in request.headers.get("accept", ""):
        return StreamingResponse(_lines(request, form, explained=explained), media_type=NDJSON)
    found = [answered async for answered in answer_form(request, form, explained=explained)]
    records = [answered.explained for answered in found]
    if not any(record["status"] == "ok" for record in records):
        raise _no_answer(found[0], records)
    return Response(show_json(records), media_type=_JSON)


async def _lines(request: Request, form: Form, *, explained: bool) -> AsyncIterator[str]:
    async for answered in answer_form(request, form, explained=explained):
        yield show_json(answered.explained) + "\n"


def _no_answer(first: Answered, records: list[dict[str, Any]]) -> ProblemError:
    if first.error is not None:
        return problem_of(first.error, answers=records)
    return ProblemError(422, "S111", "The file cannot be identified", first.identification.reason, answers=records)


@router.get("/v1/bundle", tags=["bundle"], responses={200: {"model": BundleRecord}, **_problems(401, 403)})
async def bundle(request: Request) -> Response:
    """What the bundle was trained on, how well it does, and what it must not be used for."""
    facts = request.app.state.desk.facts
    return Response(show_json({**facts.as_json, "identity": facts.identity}), media_type=_JSON)


@router.get("/health", tags=["operation"], responses={200: {"model": State}, **_problems(403)})
async def health() -> Response:
    """Whether the process lives."""
    return Response(show_json({"status": "ok"}), media_type=_JSON)


@router.get("/ready", tags=["operation"], responses={200: {"model": State}, **_problems(403, 503)})
async def ready(request: Request) -> Response:
    """Whether a worker has the bundle loaded."""
    if not request.app.state.desk.ready_workers:
        raise ProblemError(503, "S107", "Busy", "All workers are loading the bundle.", headers={"Retry-After": "5"})
    return Response(show_json({"status": "ok"}), media_type=_JSON)


@router.get(
    "/metrics",
    tags=["operation"],
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {}}}, **_problems(401, 403)},
)
async def metrics(request: Request) -> Response:
    """Counts and times for Prometheus."""
    desk, receiving = request.app.state.desk, request.app.state.reception.requests
    text = request.app.state.metrics.text(receiving=receiving, in_hand=desk.in_hand, ready_workers=desk.ready_workers)
    return Response(text, media_type=METRICS_TYPE)
