"""What tuning a model found: one record, as JSON and as text."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from styleprint.evaluation.evaluation import jsonable
from styleprint.evaluation.intervals import INTERVAL_NOTE
from styleprint.evaluation.metrics import LOWER_IS_BETTER
from styleprint.evaluation.paired import MIN_FITS, CorrelatedT
from styleprint.evaluation.requirements import Requirement, check_requirements
from styleprint.evaluation.search import Trial
from styleprint.version import __version__

__all__ = ["Tuning"]


@dataclass(frozen=True, eq=False)
class Tuning:
    """Figures of a model as it comes and as a search makes it.

    Attributes
    ----------
    model, method, metric, protocol : str
    folds, repeats, seed : int
        Outer folds; a search ran in each.
    classes : tuple of str
    rows, groups : int
    best, defaults : mapping of str to value
        Parameters: what the search on all rows found, and those of the model as it comes.
    default, tuned : mapping
        Figures (:func:`styleprint.evaluation.summary.summarise`) on the outer test rows; `tuned` is nested.
    gain : mapping
        Of tuning, in the metric: ``value``, ``low``, ``high`` over groups; positive speaks for tuning.
    test : CorrelatedT or None
        Of the gains of the fits; None with fewer than ten.
    chosen : tuple of mapping
        What each outer fold's search found.
    inner_best : float
        The best trial's own score, which chose it and so is too good.
    trials : tuple of Trial
        Of the search on all rows.
    importances : mapping
        ``applies`` and ``values``, or ``reason``.
    notes : tuple of str
    seconds, peak_memory_mb : float
    """

    model: str
    method: str
    metric: str
    protocol: str
    folds: int
    repeats: int
    seed: int
    classes: tuple[str, ...]
    rows: int
    groups: int
    best: Mapping[str, Any]
    defaults: Mapping[str, Any]
    default: Mapping[str, Any]
    tuned: Mapping[str, Any]
    gain: Mapping[str, float]
    test: CorrelatedT | None
    chosen: tuple[Mapping[str, Any], ...]
    inner_best: float
    trials: tuple[Trial, ...]
    importances: Mapping[str, Any]
    notes: tuple[str, ...]
    seconds: float
    peak_memory_mb: float

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, most important first."""
        metric, figure = self.metric.replace("_", " "), self.tuned[self.metric]
        texts = [
            f"Tuned anew in each outer fold, on its training rows alone, {self.model} reaches {metric} "
            f"{figure['value']:.3f} (95 % interval {figure['low']:.3f}–{figure['high']:.3f}); as it comes, "
            f"{self.default[self.metric]['value']:.3f}.",
            self._gain(),
            f"The best trial's own score, {self.inner_best:.3f}, chose it among {len(self.trials)} trials and is "
            f"too good for that; it is no figure to quote.",
        ]
        if self.importances["applies"]:
            name, share = next(iter(self.importances["values"].items()))
            texts.append(f"Most of what the search changed hung on {name} ({100 * share:.0f} % of the variance).")
        different = [name for name in self.best if len({repr(each[name]) for each in self.chosen}) > 1]
        if different:
            texts.append(
                f"The folds did not agree on {', '.join(different)}: many values do about as well, or the rows are "
                f"too few to tell."
            )
        return tuple(texts)

    def _gain(self) -> str:
        gain, test = self.gain, self.test
        scale, unit = (1.0, "") if self.metric in LOWER_IS_BETTER else (100.0, " points")
        shown = f"{scale * gain['value']:+.2f}{unit} (95 % over groups {scale * gain['low']:+.2f} to "
        shown += f"{scale * gain['high']:+.2f})"
        if test is None:
            return (
                f"Tuning changes the figure by {shown}; {self.folds * self.repeats} outer fits are fewer than "
                f"{MIN_FITS}, so no test of it applies: add repeats."
            )
        says = "a real difference" if test.p_value < 0.05 else "not told apart from none"
        return (
            f"Tuning changes the figure by {shown}: {says} (corrected t-test, p = {test.p_value:.2g}; posterior "
            f"probability that it is better by more than one point {test.p_better:.2f}, the same within one point "
            f"{test.p_equivalent:.2f})."
        )

    def to_json(self) -> dict[str, Any]:
        """What ``tune --json`` writes; unknown figures are None."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        found["test"] = asdict(self.test) if self.test else None
        found["trials"] = [asdict(trial) for trial in self.trials]
        found["sentences"] = self.sentences
        found["notes"] = (*self.notes, INTERVAL_NOTE)
        return {"styleprint": __version__} | dict(jsonable(found))

    @property
    def text(self) -> str:
        """The sentences, the parameters, the classes, the trials."""
        lines = [f"- {text}" for text in self.sentences]
        lines += ["", "parameters (as it comes → best on all rows)"]
        lines += [f"  {name}: {self.defaults[name]!r} → {value!r}" for name, value in self.best.items()]
        lines += ["", f"{'F1 by class':24} default  tuned"]
        for name in self.classes:
            plain, tuned = (side["per_class"][name]["f1"] for side in (self.default, self.tuned))
            lines.append(f"  {name:22} {plain:7.3f}  {tuned:.3f}")
        lines += ["", f"trials of the search on all rows ({self.metric.replace('_', ' ')} of held-out inner rows)"]
        for trial in sorted(self.trials, key=lambda t: (t.state != "complete", -t.value if t.value == t.value else 0)):
            shown = ", ".join(f"{name}={_short(value)}" for name, value in trial.parameters.items())
            value = f"{trial.value:.4f}" if trial.state == "complete" else trial.state
            lines.append(f"  {trial.number:4d}  {value:8}  {shown}")
        return "\n".join([*lines, "", *(f"- {note}" for note in (*self.notes, INTERVAL_NOTE))])

    def check(self, requirements: Iterable[Requirement]) -> None:
        """Raise RequirementError E190 where a figure was missed; without a place, the tuned one."""
        check_requirements({"tuned": self.tuned, "default": self.default}, requirements)


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
