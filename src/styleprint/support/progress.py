"""Progress on stderr: what is being done, how much of it, how fast, and how long it will take.

Functions that take long accept a `Progress`, a callable ``(stage, done, total)``, and call it as they
go. :func:`silent` does nothing; :func:`show_progress` draws bars, or plain lines where stderr is no terminal.
Rate and remaining time count from the first call of a stage, so what an earlier run had done does not flatter them.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["Pace", "Progress", "show_progress", "silent"]

Progress = Callable[[str, int, int], None]

_LINE_EVERY_SECONDS = 10.0
_PACE_AFTER_SECONDS = 0.5


@dataclass(frozen=True)
class Pace:
    """How fast a stage goes, from where it stood when it was first heard of.

    Attributes
    ----------
    done : int
    seconds : float
        On any clock.
    """

    done: int
    seconds: float

    def describe(self, done: int, total: int, seconds: float) -> str:
        """``"85 a second, 13 s left"``; empty until something is done."""
        rate = (done - self.done) / max(seconds - self.seconds, 1e-9)
        if done <= self.done or seconds - self.seconds < _PACE_AFTER_SECONDS:
            return ""
        speed = f"{rate:.0f} a second" if rate >= 10 else f"{rate:.2g} a second"
        left = round((total - done) / rate)
        if left <= 0:
            return speed
        hours, minutes = left // 3600, left // 60 % 60
        if hours:
            return f"{speed}, {hours} h {minutes} min left"
        return f"{speed}, {minutes} min {left % 60} s left" if minutes else f"{speed}, {left} s left"


def silent(stage: str, done: int, total: int) -> None:
    """Say nothing."""


@contextmanager
def show_progress(*, quiet: bool = False) -> Iterator[Progress]:
    """A Progress that draws on stderr while the block runs."""
    if quiet:
        yield silent
    elif sys.stderr.isatty():
        with _bars() as progress:
            yield progress
    else:
        yield _lines()


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}
        paces: dict[str, Pace] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(escape(stage), total=total, pace="")
                paces[stage] = Pace(done, time.monotonic())
            pace = paces[stage].describe(done, total, time.monotonic())
            bars.update(tasks[stage], completed=done, total=total, pace=pace)  # type: ignore[arg-type]  # TaskID is an int

        yield report


def _lines() -> Progress:
    last: dict[str, float] = {}
    paces: dict[str, Pace] = {}

    def report(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        pace = paces.setdefault(stage, Pace(done, now))
        if done >= total or now - last.setdefault(stage, now) >= _LINE_EVERY_SECONDS:
            last[stage] = now
            text = ", ".join(filter(None, (f"{stage}: {done} of {total}", pace.describe(done, total, now))))
            print(text, file=sys.stderr, flush=True)  # noqa: T201  # this is the progress

    return report
