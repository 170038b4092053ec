"""What a comparison of models found: one record, as JSON and as text."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any

from styleprint.evaluation.evaluation import jsonable
from styleprint.evaluation.intervals import INTERVAL_NOTE
from styleprint.evaluation.requirements import Requirement, check_requirements
from styleprint.version import __version__

__all__ = ["Comparison"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Figures of several models on the same folds.

    Attributes
    ----------
    metric : str
        What "better" is about.
    protocol : str
    folds, repeats, seed : int
    reference : str
    classes : tuple of str
    rows, groups : int
    baseline : mapping
        Figures that need no music.
    models : mapping of str to mapping
        The best first: figures (:func:`styleprint.evaluation.summary.summarise`), ``fold_values``, ``fold_mean``,
        ``fold_min``, ``fold_max``, ``fit_seconds`` (of one processor, a fold), ``predictions_per_second``.
    paired : mapping of str to mapping
        Model → ``difference`` (to the reference, with its interval over groups), ``fold_differences``, ``test``
        (:class:`styleprint.evaluation.paired.CorrelatedT`, or None where fits are too few) and ``p_holm``.
    nested : mapping
        ``applies`` and, where it does, the metrics of a model that is chosen in inner folds, ``chosen`` by fold,
        ``best`` and ``optimism``, how far the best figure lies above the nested one.
    failed : mapping of str to str
        Model → why it could not learn from this table.
    sentences, notes : tuple of str
    seconds, peak_memory_mb : float
    """

    metric: str
    protocol: str
    folds: int
    repeats: int
    seed: int
    reference: str
    classes: tuple[str, ...]
    rows: int
    groups: int
    baseline: Mapping[str, float]
    models: Mapping[str, Mapping[str, Any]]
    paired: Mapping[str, Mapping[str, Any]]
    nested: Mapping[str, Any]
    failed: Mapping[str, str]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float
    peak_memory_mb: float

    def with_sentences(self, sentences: Iterable[str]) -> "Comparison":
        """The same with other sentences."""
        return replace(self, sentences=tuple(sentences))

    def to_json(self) -> dict[str, Any]:
        """What ``compare --json`` writes; unknown figures are None."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        found["paired"] = {name: _plain(entry) for name, entry in self.paired.items()}
        found["notes"] = (*self.notes, INTERVAL_NOTE)
        return {"styleprint": __version__} | dict(jsonable(found))

    @property
    def text(self) -> str:
        """One line a model, the best first, then the sentences."""
        width = max(len(name) for name in self.models)
        head = f"{'':{width}}  {self.metric.replace('_', ' ')} (95 % interval)   folds            train    gap"
        lines = [f"{head}   fit s  answers/s"]
        for name, entry in self.models.items():
            figure = entry[self.metric]
            lines.append(
                f"{name:{width}}  {figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})   "
                f"{entry['fold_mean']:.3f} ({entry['fold_min']:.3f}–{entry['fold_max']:.3f})  "
                f"{entry['train_accuracy']:.3f}  {entry['gap_to_training']:+.3f}  "
                f"{entry['fit_seconds']:6.2f}  {entry['predictions_per_second']:9.0f}"
            )
        lines += [f"{name:{width}}  cannot learn from this table: {why}" for name, why in self.failed.items()]
        return "\n".join([*lines, "", *(f"- {text}" for text in (*self.sentences, *self.notes, INTERVAL_NOTE))])

    def check(self, requirements: Iterable[Requirement]) -> None:
        """Raise RequirementError E190 where a figure was missed; without a model, that of the nested choice."""
        first = {"nested": self.nested} if self.nested["applies"] else {}
        check_requirements({**first, **self.models}, requirements)


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    test = entry["test"]
    return {**entry, "test": asdict(test) if is_dataclass(test) and not isinstance(test, type) else None}
