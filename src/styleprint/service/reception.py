"""Requests that are still being sent: a bound of their own, so that who dawdles keeps no place in the queue."""

from collections.abc import Iterator
from contextlib import contextmanager

from styleprint.service.metrics import Metrics
from styleprint.service.problems import ProblemError
from styleprint.service.settings import ServiceSettings

__all__ = ["Parcel", "Reception"]


class Reception:
    """Counts the requests that are being sent, and the bytes of them that are held.

    Parameters
    ----------
    settings : ServiceSettings
    metrics : Metrics
    """

    def __init__(self, settings: ServiceSettings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self.requests = 0
        self.bytes_held = 0

    @contextmanager
    def receive(self) -> Iterator["Parcel"]:
        """Begin to receive a request, before its body is read; what is held of it counts until the block ends.

        Raises
        ------
        ProblemError
            503 S107, where as many are being sent as may.
        """
        if self.requests >= self._settings.receiving:
            raise self._refusal()
        parcel = Parcel(self)
        self.requests += 1
        try:
            yield parcel
        finally:
            self.requests -= 1
            parcel.drop()

    def hold(self, count: int) -> None:
        """Hold `count` more bytes.

        Raises
        ------
        ProblemError
            503 S107, where as many are held as may.
        """
        if self.bytes_held + count > self._settings.receiving_bytes:
            raise self._refusal()
        self.bytes_held += count

    def _refusal(self) -> ProblemError:
        self._metrics.refused += 1
        return ProblemError(
            503,
            "S107",
            "Busy",
            "As much is being sent as may. Try again in a moment.",
            headers={"Retry-After": f"{self._settings.idle_seconds:.0f}"},
        )


class Parcel:
    """What is held of one request.

    Parameters
    ----------
    reception : Reception
    """

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._bytes = 0

    def take(self, count: int) -> None:
        """Hold `count` more bytes of it; raises as :meth:`Reception.hold`."""
        self._reception.hold(count)
        self._bytes += count

    def drop(self) -> None:
        """Hold nothing of it any more."""
        self._reception.bytes_held -= self._bytes
        self._bytes = 0
