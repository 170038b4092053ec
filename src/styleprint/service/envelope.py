"""What surrounds every request: who may ask, how many may send, security headers, metrics, one line in the log."""

import asyncio
import base64
import hmac
import logging
import secrets
import time
from contextlib import ExitStack, suppress
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from styleprint.service.metrics import Metrics
from styleprint.service.problems import ProblemError, problem_response
from styleprint.service.reception import Reception
from styleprint.service.settings import ServiceSettings

__all__ = ["CONTENT_POLICY", "Envelope"]

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_OPEN = ("/health", "/ready")
_QUEUED = ("/v1/identify", "/v1/explain", "/results")
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_BROKEN_OFF = 499
"""Who asked has gone; nobody hears of it, but it is counted (as nginx names it)."""

_DRAIN_SECONDS = 10.0
_LOG = logging.getLogger("styleprint.service")


class Envelope:
    """The outermost part of the service, as ASGI.

    Parameters
    ----------
    app : ASGI application
    settings : ServiceSettings
    reception : Reception
    metrics : Metrics
    """

    def __init__(self, app: ASGIApp, *, settings: ServiceSettings, reception: Reception, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._reception = reception
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.setdefault("state", {})
        state["id"] = secrets.token_hex(8)
        began, status = time.monotonic(), 0

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(MutableHeaders(scope=message), state["id"])
            await send(message)

        try:
            self._check(scope)
            with ExitStack() as place:
                if scope["method"] == "POST" and scope["path"] in _QUEUED:
                    state["place"], state["parcel"] = place, place.enter_context(self._reception.receive())
                await self._app(scope, receive, send_on)
        except ProblemError as problem:
            state["code"] = problem.content["code"]
            await _drain(receive, self._settings.request_bytes)
            await problem_response(problem)(scope, receive, send_on)
        except ClientDisconnect:
            status = _BROKEN_OFF
        except Exception:  # the last resort: our fault, told as such
            _LOG.exception("a fault of styleprint", extra={"fields": {"id": state["id"]}})
            if status:
                raise
            await problem_response(_our_fault(state["id"]))(scope, receive, send_on)
        finally:
            self._note(scope, state, status, time.monotonic() - began)

    def _check(self, scope: Scope) -> None:
        """Refuse who may not ask."""
        headers = Headers(scope=scope)
        if self._settings.is_loopback and _host_name(headers) not in (*_LOOPBACK, self._settings.host.lower()):
            raise ProblemError(403, "S110", "Not from here", "This service answers to names of this machine alone.")
        if scope["method"] == "POST" and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            raise ProblemError(403, "S110", "Not from here", "Another page may not send files here.")
        if self._settings.api_key and scope["path"] not in _OPEN and not self._knows_key(headers):
            kind = "Bearer" if scope["path"].startswith("/v1/") else 'Basic realm="styleprint", charset="UTF-8"'
            raise ProblemError(
                401,
                "S108",
                "Key needed",
                "Send the key as 'Authorization: Bearer KEY'; in a browser as the password, with any name.",
                headers={"WWW-Authenticate": kind},
            )

    def _knows_key(self, headers: Headers) -> bool:
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                given = base64.b64decode(given, validate=True).decode().partition(":")[2]
            except ValueError:  # neither base64 nor UTF-8
                return False
        elif kind.lower() != "bearer":
            return False
        return hmac.compare_digest(given.strip().encode(), self._settings.api_key.encode())

    def _note(self, scope: Scope, state: dict[str, Any], status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
        self._metrics.count_request(method, route, status)
        more = {name: state[name] for name in ("bytes_in", "answers", "code") if name in state}
        fields = {"id": state["id"], "method": method, "route": route, "status": status, "ms": round(1000 * seconds, 1)}
        _LOG.info("request", extra={"fields": fields | more})


def _complete(headers: MutableHeaders, identity: str) -> None:
    headers.update(_HEADERS)
    headers["x-request-id"] = identity
    headers.setdefault("cache-control", "no-store")


def _host_name(headers: Headers) -> str:
    host = headers.get("host", "").lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _our_fault(identity: str) -> ProblemError:
    return ProblemError(500, "X100", "A fault of styleprint", f"The log tells more of it, under {identity}.")


async def _drain(receive: Receive, most_bytes: int) -> None:
    """Drop what is still being sent, so that the sender hears the answer."""
    received = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            while received <= most_bytes:
                message = await receive()
                received += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
