"""What an evaluation found: one record, as JSON, as text, as predictions."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from styleprint.evaluation.intervals import INTERVAL_NOTE
from styleprint.evaluation.requirements import Requirement, check_requirements
from styleprint.evaluation.sentences import with_interval
from styleprint.support.atomic import atomic_path
from styleprint.version import __version__

__all__ = ["Evaluation", "jsonable"]

_IN_TEXT = ("balanced_accuracy", "accuracy", "macro_f1")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Figures of one model on one table.

    Attributes
    ----------
    model : str
    classes : tuple of str
    rows, groups : int
        Rows that were scored or learnt from, and their groups.
    protocols : mapping
        Protocol → figures (:func:`styleprint.evaluation.summary.summarise`); the first is the headline.
    baseline : mapping
        Figures that need no music.
    audit : mapping
        As :func:`styleprint.evaluation.audit.audit` makes it.
    sections : mapping
        ``breakdowns``, ``each_work_once``, ``hardest_works``, ``confused_pairs``, ``epochs`` where networks learnt, and
        ``permutation`` and ``open_set`` where they were asked for.
    notes : tuple of str
        What a reader should know, in sentences.
    seconds, peak_memory_mb : float
        Memory summed over the process and its workers.
    predictions : DataFrame
        Out-of-fold predictions of all protocols, one row a piece, repeat and protocol.
    optimise : str
        What inner choices of the model maximised; empty where it was not asked.
    parameters : mapping
        Of the model, that were not its defaults.
    augment : str
        Which variants training sides held; empty for none.
    """

    model: str
    classes: tuple[str, ...]
    rows: int
    groups: int
    protocols: Mapping[str, Mapping[str, Any]]
    baseline: Mapping[str, float]
    audit: Mapping[str, Any]
    sections: Mapping[str, Any]
    notes: tuple[str, ...]
    seconds: float
    peak_memory_mb: float
    predictions: pd.DataFrame = field(repr=False)
    optimise: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    augment: str = ""

    def to_json(self) -> dict[str, Any]:
        """What ``evaluate --json`` writes; unknown figures are None."""
        found = {
            "styleprint": __version__,
            "model": self.model,
            "optimise": self.optimise,
            "parameters": self.parameters,
            "augment": self.augment,
            "classes": self.classes,
            "rows": self.rows,
            "groups": self.groups,
            "protocols": self.protocols,
            "baseline": self.baseline,
            "audit": self.audit,
            "seconds": self.seconds,
            "peak_memory_mb": self.peak_memory_mb,
            "notes": (*self.notes, INTERVAL_NOTE),
            **self.sections,
        }
        return dict(jsonable(found))

    @property
    def text(self) -> str:
        """The figures by protocol, then the audit's sentences."""
        lines = []
        for name, figures in self.protocols.items():
            lines.append(f"{name}: {figures['rows']} files, {figures['groups']} groups")
            lines += [f"  {metric.replace('_', ' '):18} {with_interval(figures[metric])}" for metric in _IN_TEXT]
        for name, by_protocol in self.sections.get("levels", {}).items():
            lines += [f"{p}, {name} alone: accuracy {with_interval(f['accuracy'])}" for p, f in by_protocol.items()]
        lines.append("")
        lines += [f"- {sentence}" for sentence in (*self.audit["sentences"], *self.notes, INTERVAL_NOTE)]
        return "\n".join(lines)

    def check(self, requirements: Iterable[Requirement]) -> None:
        """Raise RequirementError E190 where a figure was missed."""
        check_requirements(self.protocols, requirements)

    def write_predictions(self, path: Path) -> None:
        """Write the out-of-fold predictions as Parquet."""
        with atomic_path(path) as temporary:
            self.predictions.to_parquet(temporary, index=False, compression="zstd")


def jsonable(value: Any) -> Any:
    """The same in dicts, lists, numbers, strings and None: arrays become lists, numbers that are not finite None."""
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [jsonable(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
