"""Counts and times in the text format of Prometheus (version 0.0.4)."""

import time
from collections import Counter
from collections.abc import Iterable

__all__ = ["METRICS_TYPE", "Metrics"]

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """What a service counts while it runs; all in one thread."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._answers: Counter[str] = Counter()
        self._at_most: Counter[float] = Counter()
        self._seconds = 0.0
        self.refused = 0
        self.lost_workers = 0

    def count_request(self, method: str, route: str, status: int) -> None:
        """One request, by the route that took it."""
        self._requests[method, route, status] += 1

    def count_answer(self, status: str, seconds: float) -> None:
        """One file, by the status of its answer, and how long it took from its turn on."""
        self._answers[status] += 1
        self._seconds += seconds
        self._at_most[next((limit for limit in _BUCKETS_SECONDS if seconds <= limit), float("inf"))] += 1

    def text(self, *, receiving: int, in_hand: int, ready_workers: int) -> str:
        """All of it.

        Parameters
        ----------
        receiving : int
            Requests that are still being sent.
        in_hand : int
            Requests that are being answered or wait.
        ready_workers : int
        """
        lines = [
            *_family("styleprint_requests_total", "counter", "Requests by route and status."),
            *(
                f'styleprint_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
                for (method, route, status), count in sorted(self._requests.items())
            ),
            *_family("styleprint_files_total", "counter", "Files by status of their answer."),
            *(f'styleprint_files_total{{status="{status}"}} {n}' for status, n in sorted(self._answers.items())),
            *_family("styleprint_file_seconds", "histogram", "Time for one file, from when a worker takes it."),
            *self._histogram(),
            *_single(
                "styleprint_refused_total",
                "counter",
                "Requests refused because as many were there as may.",
                self.refused,
            ),
            *_single("styleprint_lost_workers_total", "counter", "Workers that were lost.", self.lost_workers),
            *_single("styleprint_requests_receiving", "gauge", "Requests that are still being sent.", receiving),
            *_single("styleprint_requests_in_hand", "gauge", "Requests that are answered or wait.", in_hand),
            *_single("styleprint_ready_workers", "gauge", "Workers that can take a file or have one.", ready_workers),
            *_single(
                "styleprint_uptime_seconds", "gauge", "Since the start.", round(time.monotonic() - self._began, 3)
            ),
        ]
        return "\n".join(lines) + "\n"

    def _histogram(self) -> Iterable[str]:
        total = 0
        for limit in (*_BUCKETS_SECONDS, float("inf")):
            total += self._at_most[limit]
            shown = "+Inf" if limit == float("inf") else f"{limit:g}"
            yield f'styleprint_file_seconds_bucket{{le="{shown}"}} {total}'
        yield f"styleprint_file_seconds_sum {self._seconds:.6f}"
        yield f"styleprint_file_seconds_count {total}"


def _family(name: str, kind: str, text: str) -> tuple[str, str]:
    return f"# HELP {name} {text}", f"# TYPE {name} {kind}"


def _single(name: str, kind: str, text: str, value: float) -> tuple[str, str, str]:
    return (*_family(name, kind, text), f"{name} {value}")
