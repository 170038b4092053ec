"""A service as it runs: on a port of its own, in a thread, and what tests send to it."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import uvicorn

from styleprint.service.app import create_app
from styleprint.service.desk import Desk
from styleprint.service.metrics import Metrics
from styleprint.service.serving import listen
from styleprint.service.settings import ServiceSettings

__all__ = ["Running", "run_service"]


@dataclass(frozen=True)
class Running:
    """A service that listens."""

    address: str
    desk: Desk
    settings: ServiceSettings
    metrics: Metrics

    def identify(self, *files: tuple[str, bytes], accept: str = "*/*", **fields: str) -> httpx.Response:
        return self.send("/v1/identify", *files, accept=accept, **fields)

    def send(self, path: str, *files: tuple[str, bytes], accept: str = "*/*", **fields: str) -> httpx.Response:
        parts = [("files", file) for file in files]
        return httpx.post(self.address + path, files=parts, data=fields, headers={"Accept": accept}, timeout=60)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.address + path, headers=headers, timeout=60)


@contextlib.contextmanager
def run_service(settings: ServiceSettings) -> Iterator[Running]:
    """Serve while the block runs."""
    metrics = Metrics()
    desk = Desk(settings, metrics)
    desk.open()
    with listen(settings) as listener:
        app = create_app(settings, desk, metrics)
        server = uvicorn.Server(uvicorn.Config(app, http="h11", ws="none", log_config=None, server_header=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Running(f"http://127.0.0.1:{listener.getsockname()[1]}", desk, settings, metrics)
        finally:
            server.should_exit = True
            thread.join()
