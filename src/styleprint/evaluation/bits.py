"""What pieces cost models of language, in bits, and whether one model is better than another.

The bits of an event are −log₂ of the probability that a model gave it, given all events before; an event is a note. The
figure of a model is the sum over all pieces held out, by the number of their notes: works count by their length.
Intervals are percentiles of 2,000 bootstraps of whole groups, the same draws for all models, so that differences are
paired (:mod:`styleprint.evaluation.intervals`). They leave out the variation of training.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from styleprint.evaluation.intervals import GroupBootstrap, interval
from styleprint.evaluation.pieces import FloatArray
from styleprint.support.errors import InternalError

__all__ = ["LanguageEvaluation", "compare_bits"]

Interval = Mapping[str, float]


@dataclass(frozen=True)
class LanguageEvaluation:
    """What models of language cost on works that they had not seen.

    Attributes
    ----------
    model : str
    events, pieces, groups, folds : int
    bits : mapping of str to interval
        Model or baseline → bits a note.
    fields : mapping of str to mapping
        Model or baseline → field → bits a note.
    saved : mapping of str to interval
        Baseline → 1 − bits of the model / bits of the baseline.
    curves : tuple
        Of each fold, what the model says of its learning.
    notes : tuple of str
    seconds : float
    """

    model: str
    events: int
    pieces: int
    groups: int
    folds: int
    bits: Mapping[str, Interval]
    fields: Mapping[str, Mapping[str, float]]
    saved: Mapping[str, Interval]
    curves: tuple[Any, ...] = ()
    notes: tuple[str, ...] = field(default=())
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """For people."""
        what = f"{self.pieces} pieces of {self.groups} works, {self.events} notes"
        head = f"{what}, each held out once in {self.folds} folds."
        names = list(next(iter(self.fields.values())))
        width = max(map(len, self.bits))
        lines = [head, "", f"{'bits a note':{width}}  all    95 %            " + "  ".join(f"{n:>8}" for n in names)]
        for name, found in self.bits.items():
            parts = "  ".join(f"{self.fields[name][n]:8.3f}" for n in names)
            ends = f"{found['low']:.3f}–{found['high']:.3f}"
            lines.append(f"{name:{width}}  {found['value']:.3f}  {ends:15} {parts}")
        lines.append("")
        for name, found in self.saved.items():
            ends = f"{found['low']:+.1%} to {found['high']:+.1%}"
            change = f"{abs(found['value']):.1%} {'fewer' if found['value'] >= 0 else 'more'} bits"
            lines.append(f"{self.model} needs {change} than the {name} (saved: {ends}).")
        return "\n".join([*lines, *self.notes])

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "model": self.model,
            "events": self.events,
            "pieces": self.pieces,
            "groups": self.groups,
            "folds": self.folds,
            "bits_an_event": {name: dict(found) for name, found in self.bits.items()},
            "bits_a_field": {name: dict(found) for name, found in self.fields.items()},
            "saved": {name: dict(found) for name, found in self.saved.items()},
            "curves": list(self.curves),
            "notes": list(self.notes),
            "seconds": self.seconds,
        }

    def check(self, requirements: Any) -> None:
        """Nothing is required of a model of language: lower is better, and --require asks for more."""
        if tuple(requirements):
            raise InternalError("X102", "requirements of a model of language must have been refused before.")


def compare_bits(
    bits: Mapping[str, FloatArray],
    *,
    model: str,
    group: Sequence[str] | npt.NDArray[np.str_],
    offsets: npt.NDArray[np.int64],
    fields: Sequence[str],
    folds: int,
    seed: int,
) -> LanguageEvaluation:
    """Figures and intervals.

    Parameters
    ----------
    bits : mapping of str to ndarray, shape (n_events, n_fields)
        Of the model and of each baseline; NaN for events that were not held out.
    model : str
        Which of them is the model.
    group : sequence of str, one a piece
    offsets : ndarray of int, shape (n_pieces + 1,)
        Which events belong to each piece.
    fields : sequence of str
    folds, seed : int
    """
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    is_held = np.isfinite(bits[model]).all(axis=1)
    held = np.unique(owner[is_held])
    _, code = np.unique(np.asarray(group)[held], return_inverse=True)
    code = code.astype(np.intp)
    n = int(is_held.sum())

    def of_groups(values: FloatArray) -> FloatArray:
        pieces = np.bincount(owner[is_held], weights=values[is_held], minlength=len(offsets) - 1)[held]
        return np.bincount(code, weights=pieces).astype(np.float64)

    notes = of_groups(np.ones(len(owner)))
    cost = {name: of_groups(found.sum(axis=1)) for name, found in bits.items()}
    groups = np.arange(len(notes), dtype=np.intp)
    bootstrap = GroupBootstrap.of(np.zeros(len(notes), dtype=np.intp), groups, seed=seed)
    times = np.concatenate(list(bootstrap.blocks(len(notes))))
    total = times @ notes
    drawn = {name: times @ values for name, values in cost.items()}
    return LanguageEvaluation(
        model=model,
        events=n,
        pieces=len(held),
        groups=len(notes),
        folds=folds,
        bits={name: interval(float(cost[name].sum() / n), drawn[name] / total) for name in bits},
        fields={
            name: {field: float(found[is_held, i].mean()) for i, field in enumerate(fields)}
            for name, found in bits.items()
        },
        saved={
            name: interval(float(1 - cost[model].sum() / cost[name].sum()), 1 - drawn[model] / drawn[name])
            for name in bits
            if name != model
        },
    )
