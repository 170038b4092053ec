"""Pitches that are missing, found from all notes that are there: before them, with them and after them.

A model of language hears from left to right, but what comes after a missing note says much about it. So the pitches
are chosen together: those under which the whole piece, as far as it goes, is likeliest. Exactly that would need every
combination; a beam keeps the likeliest few at each missing note and hears on with each of them, as decoding of
sequences commonly does (Graves, *Sequence transduction with recurrent neural networks*, 2012, section 2.5). A beam of
one decides at once, and hears nothing of what follows.

When a missing note begins, whose it is and how long it lasts are known; its pitch alone is sought. Notes of one moment
are heard in the order of their parts, so a missing part is best made the last (:func:`in_order`): all others of the
moment are then known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax

from styleprint.models.language.rows import FIELDS, PITCH, SIZES, Events
from styleprint.support.errors import UsageError

__all__ = ["Filled", "fill_pitches", "in_order"]

_PART = FIELDS.index("part")


class Hearing(Protocol):
    """A piece that is heard event by event, as :class:`styleprint.models.language.machine.Continuation`."""

    def hear(self, event: npt.NDArray[np.integer]) -> None:
        """One event more."""

    def scores(self, chosen: Sequence[int]) -> npt.NDArray[np.float64]:
        """Of the next field, given the fields already chosen; their softmax are the probabilities."""

    def fork(self) -> Self:
        """Another that has heard the same."""


@dataclass(frozen=True, eq=False)
class Filled:
    """A piece whose pitches are all there.

    Attributes
    ----------
    events : ndarray of int, shape (n_events, 4)
    bits : float
        What the whole piece costs so.
    """

    events: Events
    bits: float


@dataclass(frozen=True, eq=False)
class _Path:
    """One way to fill what was heard so far."""

    log: float
    pitches: tuple[int, ...]
    hearing: Any


def fill_pitches(
    model: Any, events: Events, is_missing: npt.NDArray[np.bool_], *, pitches: Sequence[int], beam: int = 8
) -> Filled:
    """The likeliest pitches of the notes whose pitch is missing.

    Parameters
    ----------
    model : LanguageNetworkModel
        Fitted.
    events : ndarray of int, shape (n_events, 4)
        The pitches of missing notes are not looked at.
    is_missing : ndarray of bool, shape (n_events,)
    pitches : sequence of int
        Which may be chosen.
    beam : int
        So many ways are kept.

    Raises
    ------
    UsageError
        U137, without a pitch to choose or a way to keep.
    """
    if not len(pitches) or beam < 1 or not all(0 <= pitch < SIZES[PITCH] for pitch in pitches):
        raise UsageError("U137", f"pitches 0–127 and a beam of 1 are needed, but there are {pitches!r} and {beam}.")
    allowed = np.unique(np.asarray(pitches, dtype=np.int64))
    paths = [_Path(0.0, (), model.begin())]
    for event, missing in zip(events, is_missing.tolist(), strict=True):
        paths = _fill(paths, event, allowed, beam) if missing else [_go_on(path, event) for path in paths]
    best = max(paths, key=lambda path: path.log)
    filled = events.copy()
    filled[is_missing, PITCH] = best.pitches
    return Filled(filled, -best.log / float(np.log(2)))


def _go_on(path: _Path, event: npt.NDArray[np.integer], pitches: tuple[int, ...] = ()) -> _Path:
    """A way after one event, all of whose fields count."""
    log = path.log + sum(_log(path.hearing, event[:i].tolist())[token] for i, token in enumerate(event.tolist()))
    path.hearing.hear(event)
    return _Path(float(log), path.pitches + pitches, path.hearing)


def _fill(paths: list[_Path], event: npt.NDArray[np.integer], allowed: npt.NDArray[np.int64], beam: int) -> list[_Path]:
    """The likeliest ways after an event of unknown pitch; duration counts by the pitch that is chosen."""
    found = []
    for row, path in enumerate(paths):
        known = event[:PITCH].tolist()
        log = path.log + sum(_log(path.hearing, known[:i])[token] for i, token in enumerate(known))
        chances = _log(path.hearing, known)[allowed]
        for i in np.argsort(-chances, kind="stable")[:beam].tolist():
            pitch = int(allowed[i])
            lasting = _log(path.hearing, [*known, pitch])[int(event[PITCH + 1])]
            found.append((float(log + chances[i] + lasting), row, pitch))
    kept = []
    for total, row, pitch in sorted(found, key=lambda each: (-each[0], each[1], each[2]))[:beam]:
        hearing = paths[row].hearing.fork()
        whole = event.copy()
        whole[PITCH] = pitch
        hearing.hear(whole)
        kept.append(_Path(total, (*paths[row].pitches, pitch), hearing))
    return kept


def _log(hearing: Hearing, chosen: Sequence[int]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = log_softmax(hearing.scores(chosen))
    return found


def in_order(events: Events, order: Sequence[int]) -> Events:
    """The same notes with parts in another order: part ``order[i]`` becomes part i, others follow as they were.

    Parameters
    ----------
    events : ndarray of int, shape (n_events, 4)
    order : sequence of int
    """
    rest = [part for part in range(SIZES[_PART]) if part not in order]
    place = np.argsort(np.array([*order, *rest]))
    moment = np.cumsum(events[:, 0] != 0)
    moved = events.copy()
    moved[:, _PART] = place[events[:, _PART]]
    rows = np.lexsort((moved[:, 3], moved[:, PITCH], moved[:, _PART], moment))
    moved = moved[rows]
    moved[:, 0] = events[:, 0]
    return moved
