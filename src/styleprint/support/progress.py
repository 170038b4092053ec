"""Progress on stderr: what is being done, how much of it, how long it will take.

Functions that take long accept a `Progress`, a callable ``(stage, done, total)``, and call it as they
go. :func:`silent` does nothing; :func:`show_progress` draws bars, or plain lines where stderr is no terminal.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Progress", "show_progress", "silent"]

Progress = Callable[[str, int, int], None]

_LINE_EVERY_SECONDS = 10.0


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
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(escape(stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]  # rich's TaskID is an int

        yield report


def _lines() -> Progress:
    last: dict[str, float] = {}

    def report(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done >= total or now - last.setdefault(stage, now) >= _LINE_EVERY_SECONDS:
            last[stage] = now
            print(f"{stage}: {done} of {total}", file=sys.stderr, flush=True)  # noqa: T201  # this is the progress

    return report
