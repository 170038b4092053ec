"""What surrounds learning that takes long: who hears how far it is, and where its state is kept meanwhile.

Estimators have scikit-learn's interface, which has no room for either; so a use case says it around them, and what
learns for long asks. No result depends on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path

from styleprint.support.progress import Progress, silent

__all__ = ["Surroundings", "learning_under", "surroundings"]


@dataclass(frozen=True)
class Surroundings:
    """Of whatever learns now.

    Attributes
    ----------
    progress : Progress
    states : Path or None
        Folder where the state of what is half learnt is kept, so that it goes on after a kill; None keeps none.
    """

    progress: Progress = field(default=silent)
    states: Path | None = None


_NOW: ContextVar[Surroundings | None] = ContextVar("styleprint_learning", default=None)


def surroundings() -> Surroundings:
    """Those of the innermost block; silent and without a folder outside of all."""
    return _NOW.get() or Surroundings()


@contextmanager
def learning_under(*, progress: Progress | None = None, states: Path | None = None) -> Iterator[None]:
    """Say both for as long as the block runs; what is None stays as it is around the block."""
    now = surroundings()
    token = _NOW.set(replace(now, progress=progress or now.progress, states=states or now.states))
    try:
        yield
    finally:
        _NOW.reset(token)
