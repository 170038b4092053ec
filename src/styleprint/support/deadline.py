"""How long the piece at hand may take in this worker, and how what it turns out to hold gives it longer.

A supervised worker ends itself where a piece takes too long: the system's alarm does it, whatever the process is doing,
compiled code included. Whoever finds that a piece is long (a decoder that has made an hour of sound) allows it more
from within, so the supervisor need not know how long a file is before it is read. Where nothing is limited, nothing
happens.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["ALARM_EXIT_CODE", "MOST_MORE_SECONDS", "allow_more", "can_limit", "limited"]

MOST_MORE_SECONDS = 6_000.0
"""More than this is not allowed, however often more is asked for: a sixth of ten hours."""

ALARM_EXIT_CODE = -int(getattr(signal, "SIGALRM", 0))
"""What a process that ran out of time leaves."""


class _Allowance:
    """What may still be allowed to the piece at hand; None where its time is not limited."""

    left_seconds: float | None = None


def can_limit() -> bool:
    """Whether this system has alarms; Windows has none."""
    return hasattr(signal, "setitimer")


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """End this process where what is done within takes longer, and more was not allowed.

    Does nothing where the system has no alarms.
    """
    if not can_limit():
        yield
        return
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _Allowance.left_seconds = MOST_MORE_SECONDS
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        _Allowance.left_seconds = None


def allow_more(seconds: float) -> None:
    """Let the piece at hand take so much longer, if its time is limited at all."""
    if _Allowance.left_seconds is None:
        return
    more = min(seconds, _Allowance.left_seconds)
    _Allowance.left_seconds -= more
    signal.setitimer(signal.ITIMER_REAL, signal.getitimer(signal.ITIMER_REAL)[0] + more)
