"""What is done with features before a machine sees them, all of it learnt inside `fit`.

A preparation is written as a short text of steps, ``"quantile, union=30, smote=200, balanced"``, each at most once of
its kind, in any order. They are always done in this one:

1. gaps: NaN becomes the median of the training rows; columns that are constant there, or equal to an earlier one,
   are left out;
2. selection: ``variance=T``, ``union=K`` or ``recursive=K`` (:mod:`styleprint.models.selection`);
3. scaling: ``raw`` (the default), ``standard``, ``robust`` or ``quantile`` (:mod:`styleprint.models.scaling`);
4. whitening: ``whitened=S`` mixes features so that inside a class none goes with another, their covariance shrunk by S,
   a number above 0 and at most 1 (:mod:`styleprint.models.whitening`);
5. resampling: ``smote=N`` or ``noise=N`` (:mod:`styleprint.models.resampling`);
6. weights: ``balanced`` gives every class the same weight.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.models.base import MOST_STORED, FloatArray, IndexArray, State, read_count
from styleprint.models.lesson import Lesson, nest, nested
from styleprint.models.linear import balance
from styleprint.models.resampling import RESAMPLINGS, resample
from styleprint.models.scaling import SCALINGS, Scaling, learn_scaling
from styleprint.models.selection import SELECTIONS, select
from styleprint.models.whitening import learn_whitening
from styleprint.support.errors import UsageError

__all__ = ["Plan", "Preparation", "prepare", "read_plan"]

_WHITENED = "whitened"


@dataclass(frozen=True)
class Plan:
    """The steps that a text names.

    Attributes
    ----------
    scaling : str
    selection : (str, float) or None
    whitened : float or None
        The shrinkage.
    resampling : (str, int or None) or None
    balanced : bool
    """

    scaling: str = "raw"
    selection: tuple[str, float] | None = None
    whitened: float | None = None
    resampling: tuple[str, int | None] | None = None
    balanced: bool = False


def read_plan(text: str) -> Plan:
    """The plan that a text names.

    Raises
    ------
    UsageError
        U160, where a step is unknown, lacks its number, or stands beside another of its kind.
    """
    found: dict[str, Any] = {}
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        name, _, number = part.partition("=")
        kind, value = _read_step(name.strip(), number.strip(), part)
        if kind in found:
            raise _wrong(part, "there is another step of its kind")
        found[kind] = value
    return Plan(**found)


def _read_step(name: str, number: str, part: str) -> tuple[str, Any]:
    if (name in SCALINGS or name == "balanced") and number:
        raise _wrong(part, "it takes no number")
    if name in SCALINGS:
        return "scaling", name
    if name == "balanced":
        return "balanced", True
    try:
        value = float(number) if number else None
    except ValueError:
        value = -1.0
    if value is not None and not 0 < value < float("inf"):
        raise _wrong(part, "its number must be above 0")
    if name in SELECTIONS and value is not None:
        return "selection", (name, value)
    if name == _WHITENED and value is not None:
        if value > 1:
            raise _wrong(part, "its number must be at most 1")
        return _WHITENED, value
    if name in RESAMPLINGS:
        return "resampling", (name, None if value is None else int(value))
    raise _wrong(part, "it takes a number" if name in (*SELECTIONS, _WHITENED) else "there is no such step")


def _wrong(part: str, why: str) -> UsageError:
    names = (*SCALINGS, "balanced", *(f"{name}=NUMBER" for name in (*SELECTIONS, _WHITENED, *RESAMPLINGS)))
    return UsageError("U160", f"{part!r} is no step of a preparation: {why}.", remedy=f"Steps: {', '.join(names)}.")


@dataclass(frozen=True, eq=False)
class Preparation:
    """What was learnt of features.

    Attributes
    ----------
    columns : ndarray of int, shape (n_kept,)
        Which columns of the input are used.
    fill : ndarray, shape (n_kept,)
        What NaN becomes.
    scaling : Scaling
    n_columns : int
        Of the input.
    removed : mapping of str to tuple of int
        ``constant``, ``duplicate``, ``selection`` → columns left out for that reason.
    whitening : ndarray of float32, shape (n_kept, n_kept), or None
        What scaled rows are multiplied by.
    """

    columns: IndexArray
    fill: FloatArray
    scaling: Scaling
    n_columns: int
    removed: dict[str, tuple[int, ...]] = field(default_factory=dict)
    whitening: npt.NDArray[np.float32] | None = None

    def apply(self, rows: FloatArray) -> FloatArray:
        """Rows as the machine sees them, shape (n_rows, n_kept)."""
        kept = rows[:, self.columns]
        scaled = self.scaling.apply(np.where(np.isnan(kept), self.fill, kept))
        return scaled if self.whitening is None else scaled @ self.whitening

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        return {
            "columns": self.columns.astype(np.int32),
            "fill": self.fill,
            "n_columns": self.n_columns,
            "removed": {reason: list(columns) for reason, columns in self.removed.items()},
            **nest("scaling", self.scaling.to_state()),
            **({} if self.whitening is None else {"whitening": self.whitening}),
        }

    @classmethod
    def from_state(cls, state: State) -> "Preparation":
        """What :meth:`to_state` described."""
        columns = np.asarray(state["columns"], dtype=np.intp)
        n_columns = read_count(state["n_columns"], "columns", least=1, most=MOST_STORED)
        removed = {str(reason): tuple(map(int, gone)) for reason, gone in state["removed"].items()}
        scaling, whitening = Scaling.from_state(nested("scaling", state)), None
        if "whitening" in state:
            whitening = np.asarray(state["whitening"], dtype=np.float32)
            if whitening.shape != (len(columns), len(columns)):
                raise ValueError("whitening must mix the columns that are kept")
        found = cls(columns, np.asarray(state["fill"]), scaling, n_columns, removed, whitening)
        inside = ((columns >= 0) & (columns < n_columns)).all()
        if columns.ndim != 1 or not inside or not len(columns) == len(found.fill) == len(found.scaling):
            raise ValueError("columns, gaps and scaling must fit together")
        return found


def prepare(text: str, lesson: Lesson, seed: int) -> tuple[Preparation, Lesson]:
    """Learn a preparation from rows, and the lesson that a machine gets.

    Parameters
    ----------
    text : str
        As the module says.
    lesson : Lesson
        Raw rows.
    seed : int
        Of rows that are made.
    """
    plan = read_plan(text)
    rows, n_columns = lesson.rows, lesson.rows.shape[1]
    known = ~np.isnan(rows).all(axis=0)
    fill = np.zeros(n_columns)
    fill[known] = np.nanmedian(rows[:, known], axis=0)
    filled = np.where(np.isnan(rows), fill, rows)
    columns, removed = _useful(filled)
    if plan.selection is not None:
        chosen = columns[select(*plan.selection, replace(lesson, rows=filled[:, columns]))]
        removed["selection"] = tuple(sorted(set(columns.tolist()) - set(chosen.tolist())))
        columns = chosen
    scaling = learn_scaling(plan.scaling, filled[:, columns], lesson.weight)
    learnt = replace(lesson, rows=scaling.apply(filled[:, columns]))
    whitening = None
    if plan.whitened is not None:
        whitening = learn_whitening(plan.whitened, learnt.rows, learnt.y, learnt.weight)
        learnt = learnt if whitening is None else replace(learnt, rows=learnt.rows @ whitening)
    preparation = Preparation(columns, fill[columns], scaling, n_columns, removed, whitening)
    if plan.resampling is not None:
        learnt = resample(*plan.resampling, learnt, seed)
    if plan.balanced:
        learnt = replace(learnt, weight=balance(learnt.y, learnt.weight, learnt.n_classes))
    return preparation, learnt


def _useful(rows: FloatArray) -> tuple[IndexArray, dict[str, tuple[int, ...]]]:
    """Columns that vary and are equal to no earlier one; where none varies, the first."""
    varies = rows.max(axis=0) > rows.min(axis=0) if len(rows) else np.zeros(rows.shape[1], dtype=bool)
    seen: set[bytes] = set()
    kept: list[int] = []
    twice: list[int] = []
    for j in np.flatnonzero(varies):
        print_ = np.ascontiguousarray(rows[:, j]).tobytes()
        (twice if print_ in seen else kept).append(int(j))
        seen.add(print_)
    removed = {"constant": tuple(np.flatnonzero(~varies).tolist()), "duplicate": tuple(twice)}
    if not kept:
        kept, removed["constant"] = [0], removed["constant"][1:]
    return np.array(kept, dtype=np.intp), removed
