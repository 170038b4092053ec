"""The service put together: API, page, and what surrounds them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from styleprint.service import api, page
from styleprint.service.desk import Desk
from styleprint.service.envelope import Envelope
from styleprint.service.metrics import Metrics
from styleprint.service.problems import ProblemError, show_http_error, show_problem
from styleprint.service.reception import Reception
from styleprint.service.records import ProblemDetails
from styleprint.service.settings import ServiceSettings
from styleprint.version import __version__

__all__ = ["create_app"]

_REFERENCE = "#/components/schemas/{model}"


def create_app(settings: ServiceSettings, desk: Desk, metrics: Metrics) -> FastAPI:
    """The service as an ASGI application; when it ends it closes the desk.

    Parameters
    ----------
    settings : ServiceSettings
    desk : Desk
        Open.
    metrics : Metrics
        Those of the desk.
    """

    @asynccontextmanager
    async def close_desk(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()

    app = FastAPI(
        title="styleprint",
        version=__version__,
        description="Whose music is this? Answers of one bundle, with how far to trust them.",
        docs_url=None,
        redoc_url=None,
        lifespan=close_desk,
        exception_handlers={ProblemError: show_problem, HTTPException: show_http_error},
    )
    app.state.settings, app.state.desk, app.state.metrics = settings, desk, metrics
    app.state.reception = Reception(settings, metrics)
    app.add_middleware(Envelope, settings=settings, reception=app.state.reception, metrics=metrics)
    app.include_router(api.router)
    app.include_router(page.router)
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]  # as FastAPI's documentation does it
    return app


def _describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the schema of problems, which no route returns as a model."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schema = ProblemDetails.model_json_schema(ref_template=_REFERENCE)
        schema.pop("$defs", None)
        found["components"]["schemas"]["ProblemDetails"] = schema
        if app.state.settings.api_key:
            found["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
            found["security"] = [{"key": []}]
        app.openapi_schema = found
    return app.openapi_schema
