"""One process that listens: page and API over a bundle, until it is told to stop."""

import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType

import uvicorn

from styleprint.service.app import create_app
from styleprint.service.desk import Desk
from styleprint.service.logs import configure_logs
from styleprint.service.metrics import Metrics
from styleprint.service.settings import ServiceSettings
from styleprint.support.errors import UsageError

__all__ = ["listen", "serve"]

_GRACE_SECONDS = 30


def serve(settings: ServiceSettings, *, log_level: str = "info", say: Callable[[str], object]) -> None:
    """Serve until SIGTERM or Ctrl-C; what is in hand then is finished.

    Parameters
    ----------
    settings : ServiceSettings
    log_level : str
        ``info`` or ``warning``.
    say : callable
        Called with the address once it listens.

    Raises
    ------
    UsageError
        U173, where the address is not free.
    StyleprintError
        Where the bundle cannot be served.
    """
    with listen(settings) as listener:
        metrics = Metrics()
        desk = Desk(settings, metrics)
        desk.open()
        configure_logs(log_level)
        say(f"http://{_show_host(settings.host)}:{listener.getsockname()[1]}")
        config = uvicorn.Config(
            create_app(settings, desk, metrics),
            http="h11",
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        signal.signal(signal.SIGTERM, _leave)
        uvicorn.Server(config).run(sockets=[listener])


def listen(settings: ServiceSettings) -> socket.socket:
    """A socket bound to the address, before the bundle is loaded, so that what is wrong with it is told at once.

    It names its protocol, for asyncio lets what is written leave at once (``TCP_NODELAY``) only where a socket says
    that it is TCP; else each answer over a connection that is kept waits 40 ms to be confirmed (Nagle, RFC 896).

    Raises
    ------
    UsageError
        U173, where the address is not free.
    """
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        (family, kind, protocol, _, address), *_ = found
        with ExitStack() as opened:
            listener = opened.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            opened.pop_all()
    except OSError as error:
        raise UsageError(
            "U173",
            f"the service must be able to listen at {settings.host}, port {settings.port}, but the system says: "
            f"{error.strerror or error}.",
            remedy="Give another --host or --port; --port 0 takes a free one.",
        ) from error
    return listener


def _show_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _leave(_: int, __: FrameType | None) -> None:
    """After the server has finished what it had: SIGTERM is how one asks it to stop, so all is well."""
    sys.exit(0)
