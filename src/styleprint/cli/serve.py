"""``styleprint serve``: page and HTTP API over a bundle."""

import os
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["check_serving", "serve", "serve_bundle"]

_NEEDED = ("fastapi", "markdown_it", "python_multipart", "uvicorn")


def serve(
    bundle: Annotated[Path, typer.Argument(help="What 'train' wrote.")],
    host: Annotated[str, typer.Option(help="Address to listen at; by default this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a processor.")] = None,
    queue: Annotated[int, typer.Option(min=0, help="Requests that may wait; more are told to come again.")] = 16,
    quiet: Annotated[bool, typer.Option("--quiet", help="No line in the log for each request.")] = False,
) -> None:
    """Answer in a browser and over HTTP, until Ctrl-C.

    Where the environment variable STYLEPRINT_API_KEY is set, every request must know it.
    """
    serve_bundle(bundle, host=host, port=port, workers=workers, queue=queue, quiet=quiet)


def check_serving() -> None:
    """All that serving needs must be there; said before long work, not after.

    Raises
    ------
    UsageError
        U174.
    """
    from importlib.util import find_spec

    from styleprint.support.errors import UsageError

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            "U174",
            f"the service needs {', '.join(missing)}, which is not installed.",
            remedy="pip install 'styleprint[serve]'",
        )


def serve_bundle(
    bundle: Path, *, host: str, port: int, workers: int | None = None, queue: int = 16, quiet: bool = False
) -> None:
    """Serve a bundle, if all that this needs is installed.

    Raises
    ------
    UsageError
        U174, where it is not; U175, where the variable of the key is set and empty.
    """
    check_serving()
    from styleprint.service.serving import serve
    from styleprint.service.settings import ServiceSettings
    from styleprint.support.errors import UsageError
    from styleprint.support.workers import count_workers

    key = os.environ.get("STYLEPRINT_API_KEY")
    if key == "":
        raise UsageError(
            "U175",
            "STYLEPRINT_API_KEY must hold a key, but it is empty.",
            remedy="Give it a key, or unset it to serve without one.",
        )
    settings = ServiceSettings(
        bundle=bundle,
        host=host,
        port=port,
        workers=count_workers(workers),
        queue=queue,
        api_key=key or "",
    )
    if not settings.api_key and not settings.is_loopback:
        typer.echo(f"Anyone who reaches {host} may ask this service: STYLEPRINT_API_KEY is not set.", err=True)
    serve(settings, log_level="warning" if quiet else "info", say=lambda address: typer.echo(f"Open {address}"))
