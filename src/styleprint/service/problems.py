"""Errors of the service, as problem details (RFC 9457) with our codes."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from styleprint.support.errors import BundleError, InternalError, StyleprintError
from styleprint.support.text import show_json

__all__ = ["PROBLEM_JSON", "ProblemError", "problem_of", "problem_response", "show_http_error", "show_problem"]

PROBLEM_JSON = "application/problem+json"
_UNPROCESSABLE = 422
_OUR_FAULT = 500


class ProblemError(Exception):
    """Why a request has no answer.

    Parameters
    ----------
    status : int
        Of HTTP.
    code : str
        Stable, of the room S, or that of the error that a file met.
    title : str
        The kind of problem.
    detail : str
        What must hold and what came.
    headers : mapping of str to str, optional
    **more
        Further members.
    """

    def __init__(
        self, status: int, code: str, title: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        self.content = {
            "type": f"urn:styleprint:problem:{code}",
            "title": title,
            "status": status,
            "detail": detail,
            "code": code,
            **more,
        }


def problem_of(error: StyleprintError, **more: Any) -> ProblemError:
    """The problem that an error of ours is to who sent the file."""
    if isinstance(error, InternalError):
        return ProblemError(_OUR_FAULT, error.code, "A fault of styleprint", "Please report it with the file.", **more)
    detail = " ".join(part for part in (error.message, error.remedy) if part)
    if isinstance(error, BundleError):
        return ProblemError(
            _OUR_FAULT, error.code, "The bundle cannot answer", f"{error.message} {error.remedy}", **more
        )
    detail = " ".join(part for part in (error.message, error.remedy) if part)
    return ProblemError(_UNPROCESSABLE, error.code, "The file cannot be identified", detail, **more)


def problem_response(problem: ProblemError) -> Response:
    """The answer that tells it."""
    return Response(show_json(problem.content), problem.status, problem.headers, PROBLEM_JSON)


async def show_problem(request: Request, problem: Exception) -> Response:
    """Handle a ProblemError that a route raised."""
    if not isinstance(problem, ProblemError):
        raise problem
    request.state.code = problem.content["code"]
    return problem_response(problem)


async def show_http_error(request: Request, error: Exception) -> Response:
    """Handle what the framework raises where no route fits."""
    if not isinstance(error, HTTPException):
        raise error
    request.state.code = "S109"
    problem = ProblemError(
        error.status_code,
        "S109",
        error.detail,
        "There is nothing at this address for this method; /openapi.json lists what there is.",
        headers=error.headers,
    )
    return problem_response(problem)
