"""What a service serves, to whom, and how much it takes on."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from styleprint.support.errors import UsageError
from styleprint.support.workers import MEMORY_BYTES, TIMEOUT_SECONDS

__all__ = ["ServiceSettings"]

_MB = 1_000_000
_SHORTEST_KEY = 16


@dataclass(frozen=True)
class ServiceSettings:
    """How a service runs.

    Attributes
    ----------
    bundle : Path
    host : str
        Address to listen at.
    port : int
        0 takes a free one.
    workers : int
        Processes that read files and answer.
    queue : int
        Requests that may wait beside those that are being answered; more are refused with 503.
    api_key : str
        What every request must know, but for ``/health`` and ``/ready``; empty for none.
    file_bytes, request_bytes : int
        Size of one file, and of all that one request sends.
    files : int
        Files in one request.
    receiving, receiving_bytes : int
        Requests that may be under way at once, and bytes of them that are held, before they come to the queue.
    upload_seconds, idle_seconds : float
        In which a request must have been sent, and after which one that pauses is given up.
    timeout_seconds : float
    memory_bytes : int
        For one file in a worker.
    """

    bundle: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    queue: int = 16
    api_key: str = ""
    file_bytes: int = 10 * _MB
    request_bytes: int = 64 * _MB
    files: int = 50
    receiving: int = 256
    receiving_bytes: int = 512 * _MB
    upload_seconds: float = 60.0
    idle_seconds: float = 10.0
    timeout_seconds: float = TIMEOUT_SECONDS
    memory_bytes: int = MEMORY_BYTES

    def __post_init__(self) -> None:
        if 0 < len(self.api_key) < _SHORTEST_KEY or not self.api_key.isascii():
            raise UsageError(
                "U171",
                f"a key must be at least {_SHORTEST_KEY} ASCII characters, or it can be guessed.",
                remedy="python -c 'import secrets; print(secrets.token_urlsafe())' makes one.",
            )
        least = min(self.workers, self.file_bytes, self.request_bytes, self.files, self.receiving)
        if least < 1 or self.queue < 0 or self.receiving_bytes < self.request_bytes:
            raise UsageError(
                "U172",
                "workers, files and sizes must be at least 1, the queue at least 0, and what is being received as "
                "large as one request may be.",
            )

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
