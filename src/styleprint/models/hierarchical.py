"""First the genre, then the subgenre by a specialist of the genre; their probabilities multiply.

Levels come from the names of the classes (``Electronic/Ambient``), or are learnt from what the model of the first
level mixes up (:mod:`styleprint.models.hierarchy`). Each specialist learns from the rows of its genre alone, and
chooses by inner folds of its own, made from groups, which of some candidates it is: a discriminant analysis or a
Gaussian support-vector machine, with all features or a selection of them, with less or more regularisation. What it
says is calibrated on the same held-out rows.

A genre with one subgenre has no specialist: its subgenre has the probability of the genre. A genre with too few
groups to choose (some subgenre has fewer than two, or the genre fewer than the inner folds) takes the first
candidate, uncalibrated.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy.special import log_softmax

from styleprint.models.base import FloatArray, IndexArray, State
from styleprint.models.calibration import fit_scales, to_probabilities
from styleprint.models.hierarchy import branches_from_confusion, branches_from_names
from styleprint.models.inner_score import score
from styleprint.models.lesson import Lesson, inner_splits, nest, nested
from styleprint.models.members import held_out_rows, member_names, restore_members
from styleprint.models.registry import make_model
from styleprint.models.search_space import Choice, Integer
from styleprint.models.table_model import TABLE_NEEDS, SearchSpace, TableModel

__all__ = ["HierarchicalModel", "Hierarchy", "Specialist"]

CANDIDATES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("discriminant", {"shrinkage": 0.2}),
    ("discriminant", {"shrinkage": 0.05}),
    ("discriminant", {"shrinkage": 0.6}),
    ("discriminant", {"shrinkage": 0.2, "preparation": "quantile, union=12"}),
    ("rbf_svm", {"strength": 1.0}),
    ("rbf_svm", {"strength": 10.0}),
    ("rbf_svm", {"strength": 1.0, "preparation": "quantile, union=12"}),
)
"""What a specialist may be; the first where it cannot choose."""

_LEAST_GROUPS = 2


@dataclass(frozen=True, eq=False)
class Specialist:
    """Who tells the classes of one branch apart.

    Attributes
    ----------
    classes : ndarray of int
        Of the branch.
    name : str
        Of the model that was chosen; empty for a branch of one class.
    machine : Machine or None
    scale : float
    """

    classes: IndexArray
    name: str = ""
    machine: Any = None
    scale: float = 1.0

    def decide(self, rows: FloatArray) -> FloatArray:
        """Log-probabilities of the classes of the branch, given the branch."""
        if self.machine is None:
            return np.zeros((len(rows), 1))
        found: FloatArray = log_softmax(self.scale * self.machine.decide(rows), axis=1)
        return found


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """The first level and its specialists.

    Attributes
    ----------
    general : str
        Name of the model of the first level.
    machine : Machine
        Of the first level.
    scale : float
    specialists : tuple of Specialist
        One a branch, in the order of the branches.
    """

    general: str
    machine: Any
    scale: float
    specialists: tuple[Specialist, ...]

    def decide(self, rows: FloatArray) -> FloatArray:
        """Log-probabilities of all classes: those of the branch and, given it, of the class."""
        branches = log_softmax(self.scale * self.machine.decide(rows), axis=1)
        found = np.empty((len(rows), sum(len(one.classes) for one in self.specialists)))
        for b, one in enumerate(self.specialists):
            found[:, one.classes] = branches[:, [b]] + one.decide(rows)
        return found

    def to_state(self) -> dict[str, Any]:
        """Arrays and values."""
        state: dict[str, Any] = {
            "general": self.general,
            "scale": self.scale,
            "names": [s.name for s in self.specialists],
        }
        state["branch_scales"] = [one.scale for one in self.specialists]
        state["branches"] = [one.classes.tolist() for one in self.specialists]
        state |= nest("machine", self.machine.to_state())
        for i, one in enumerate(self.specialists):
            state |= nest(f"specialist_{i}", one.machine.to_state() if one.machine is not None else {})
        return state

    @classmethod
    def from_state(cls, state: State) -> "Hierarchy":
        """What :meth:`to_state` described."""
        (machine,) = restore_members([str(state["general"])], [nested("machine", state)])
        specialists = []
        rows = zip(state["names"], state["branches"], state["branch_scales"], strict=True)
        for i, (name, classes, scale) in enumerate(rows):
            found = restore_members([name], [nested(f"specialist_{i}", state)])[0] if name else None
            specialists.append(Specialist(np.array(classes, dtype=np.intp), str(name), found, float(scale)))
            if found is None and len(classes) != 1:
                raise ValueError("a branch of several classes must have a specialist")
        every = sorted(k for one in specialists for k in one.classes.tolist())
        if every != list(range(len(every))) or not every:
            raise ValueError("each class must belong to one branch")
        return cls(str(state["general"]), machine, float(state["scale"]), tuple(specialists))


class HierarchicalModel(TableModel):
    """Genre first, then a specialist for each genre; probabilities multiply.

    Parameters
    ----------
    general : str
        Name of the model of features that tells genres apart.
    candidates : int
        Of how many candidates a specialist may choose: the first so many of :data:`CANDIDATES`.
    preparation : str
        Replaces that of the model of the first level; empty leaves it its own. Specialists choose theirs.
    optimise : str
        What the specialists' choice maximises.
    inner_folds, random_state : as every model of features has them
        See :class:`styleprint.models.table_model.TableModel`.
    """

    needs: ClassVar = TABLE_NEEDS
    search_space: ClassVar[SearchSpace] = {
        "general": Choice(("discriminant", "rbf_svm", "logistic", "extra_trees", "lightgbm")),
        "candidates": Integer(1, len(CANDIDATES)),
    }
    machine_type: ClassVar = Hierarchy

    def __init__(
        self,
        general: str = "rbf_svm",
        candidates: int = 7,
        preparation: str = "",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.general = general
        self.candidates = candidates
        self.preparation = preparation
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def fit_machine(self, lesson: Lesson) -> Hierarchy:
        """First level and specialists from raw rows."""
        (name,) = member_names(self.general)
        branch, names = self._branches(lesson, name)
        if len(names) == 1:  # a first level of one branch tells nothing apart: each class is then a branch
            branch, names = np.arange(lesson.n_classes), lesson.classes
        above = lesson.relabel(branch[lesson.y], names)
        scale, machine = self._calibrated(name, self._general_settings(), above)
        specialists = tuple(self._specialise(lesson, np.flatnonzero(branch == b)) for b in range(len(names)))
        return Hierarchy(name, machine, scale, specialists)

    def _general_settings(self) -> dict[str, Any]:
        return {"preparation": self.preparation} if self.preparation else {}

    def _branches(self, lesson: Lesson, name: str) -> tuple[IndexArray, tuple[str, ...]]:
        given = branches_from_names(lesson.classes)
        if given is not None:
            return given
        splits = inner_splits(lesson, self.inner_folds, self.random_state)
        decisions, _ = self._make(name, self._general_settings()).learn_all(lesson, splits)
        rows = held_out_rows(lesson, splits)
        scale = fit_scales([decisions[rows]], lesson.y[rows], lesson.weight[rows])
        return branches_from_confusion(to_probabilities([decisions[rows]], scale), lesson.y[rows], lesson.classes)

    def _make(self, name: str, settings: dict[str, Any]) -> Any:
        return make_model(name, seed=self.random_state).set_params(inner_folds=self.inner_folds, **settings)

    def _calibrated(self, name: str, settings: dict[str, Any], lesson: Lesson) -> tuple[float, Any]:
        splits = inner_splits(lesson, self.inner_folds, self.random_state)
        decisions, machine = self._make(name, settings).learn_all(lesson, splits)
        rows = held_out_rows(lesson, splits)
        return float(fit_scales([decisions[rows]], lesson.y[rows], lesson.weight[rows])[0]), machine

    def _specialise(self, lesson: Lesson, classes: IndexArray) -> Specialist:
        place = np.full(lesson.n_classes, -1)
        place[classes] = np.arange(len(classes))
        own = lesson.take(np.flatnonzero(place[lesson.y] >= 0))
        own = own.relabel(place[own.y].astype(np.intp), tuple(lesson.classes[k] for k in classes))
        if len(classes) == 1:
            return Specialist(classes)
        splits = inner_splits(own, self.inner_folds, self.random_state) if self._can_choose(own) else []
        best: tuple[float, Any] = (-np.inf, None)
        for name, settings in CANDIDATES[: max(1, self.candidates)] if splits else CANDIDATES[:1]:
            model = self._make(name, settings)
            if not splits:
                return Specialist(classes, name, model.fit_machine(own), 1.0)
            decisions = np.full((len(own), own.n_classes), np.nan)
            for train, test in splits:
                decisions[test] = model.fit_machine(own.take(train)).decide(own.rows[test])
            rows = held_out_rows(own, splits)
            scale = fit_scales([decisions[rows]], own.y[rows], own.weight[rows])
            value = score(self.optimise, to_probabilities([decisions[rows]], scale), own.y[rows], own.weight[rows])
            if value > best[0]:
                best = (value, (name, model, float(scale[0])))
        name, model, calibrated = best[1]
        return Specialist(classes, name, model.fit_machine(own), calibrated)

    def _can_choose(self, lesson: Lesson) -> bool:
        groups = [len(np.unique(lesson.groups[lesson.y == k])) for k in range(lesson.n_classes)]
        return min(groups) >= _LEAST_GROUPS and len(np.unique(lesson.groups)) >= self.inner_folds

    @classmethod
    def restore_machine(cls, state: State) -> Hierarchy:
        """The machine of a state."""
        return Hierarchy.from_state(state)

    def _learn(self, lesson: Lesson) -> Hierarchy:
        return self.fit_machine(lesson)
