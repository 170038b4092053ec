"""Networks and n-grams answer together: what each is worth is learnt from rows held out.

Each member learns by itself in the same inner folds; one number a member, learnt from the rows held out, says what it
counts (:mod:`styleprint.models.pooling`). Stacks of other members differ from this one in what they read and in who may
be a member.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from styleprint.models.base import FloatArray, IndexArray, Inputs, State, Training
from styleprint.models.contributions import Pattern
from styleprint.models.held_out import Splits
from styleprint.models.lesson import nest, nested
from styleprint.models.pooling import learn_scales, pool_held_out, weigh
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.sequence_model import SEQUENCE_NEEDS, SequenceModel
from styleprint.models.stack_members import make_member, restore_member
from styleprint.support.errors import ModelError

__all__ = ["SequenceStackModel", "StackedMachine"]

_MOST_MEMBERS = 8


@dataclass(frozen=True, eq=False)
class StackedMachine:
    """Machines of several models and what each counts.

    Attributes
    ----------
    names : tuple of str
    members : tuple of machines
    scales : ndarray, shape (n_members,)
    """

    names: tuple[str, ...]
    members: tuple[Any, ...]
    scales: FloatArray

    def answer(self, inputs: Inputs) -> tuple[FloatArray, list[npt.NDArray[Any]]]:
        """Sum of the members' decisions, each times its scale, and the first array of each."""
        answers = [member.answer(inputs) for member in self.members]
        return weigh([found for found, _ in answers], self.scales), [vectors[0] for _, vectors in answers]

    def patterns(
        self, inputs: Inputs, rows: IndexArray | range, direction: FloatArray, count: int, n_against: int
    ) -> list[Pattern]:
        """The strongest patterns of all members."""
        found = []
        for member, scale in zip(self.members, self.scales, strict=True):
            found += member.patterns(inputs, rows, scale * direction, count, n_against)
        speaking = sorted((one for one in found if one.weight > 0), key=lambda one: -one.weight)
        opposing = sorted((one for one in found if one.weight < 0), key=lambda one: one.weight)
        return [*speaking[: count - n_against], *opposing[:n_against]]

    def weigh_passages(
        self, inputs: Inputs, borders: Mapping[str, npt.NDArray[np.int64]], direction: FloatArray
    ) -> FloatArray:
        """How much each passage of a single row speaks for a direction of decisions: the sum over the members."""
        parts = [member.weigh_passages(inputs, borders, direction) for member in self.members]
        return weigh(parts, self.scales)

    def to_state(self) -> dict[str, Any]:
        """Arrays, bytes and values."""
        state: dict[str, Any] = {"names": list(self.names), "scales": self.scales}
        for i, member in enumerate(self.members):
            state |= nest(f"member_{i}", member.to_state())
        return state


class SequenceStackModel(SequenceModel):
    """Networks and n-grams together.

    Parameters
    ----------
    members : str
        Names of models of sequences, separated by commas; each with its defaults.
    transposition_free : bool
        Whether every member leaves out what a transposition changes.
    optimise, inner_folds, random_state : as every model of sequences has them
        See :class:`styleprint.models.sequence_model.SequenceModel`.
    """

    needs: ClassVar = SEQUENCE_NEEDS
    members_are: ClassVar = "models of sequences"
    search_space: ClassVar[Mapping[str, Real | Integer | Choice]] = {
        "members": Choice(("convolutions,ngrams,relative_ngrams", "convolutions,ngrams", "lstm,ngrams")),
    }

    def __init__(
        self,
        members: str = "convolutions,ngrams,relative_ngrams",
        transposition_free: bool = False,
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.members = members
        self.transposition_free = transposition_free
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def learn(self, inputs: Inputs, training: Training, splits: Splits) -> tuple[FloatArray, StackedMachine]:
        """Each member learns in the same folds; a fold's scales come from the rows held out in the other folds."""
        names = _names(self.members)
        decisions, machines = [], []
        self.curves_: list[list[dict[str, float]]] = []
        for kind in self.choose_kinds(names):
            member = self.make_member(kind)
            found, machine = member.learn(member.restrict(inputs), training, splits)
            decisions.append(found)
            machines.append(machine)
            self.curves_ += getattr(member, "curves_", [])
        pooled, scales = pool_held_out(decisions, training, splits, self.weigh_members)
        return pooled, StackedMachine(names, tuple(machines), scales)

    def make_member(self, kind: Any) -> Any:
        """A member that has learnt nothing yet."""
        member = make_member(kind, inner_folds=self.inner_folds, random_state=self.random_state)
        if self.transposition_free and isinstance(member, SequenceModel):
            member.transposition_free = True
        return member

    def weigh_members(self, decisions: Sequence[FloatArray], training: Training, rows: IndexArray) -> FloatArray:
        """What each member counts, shape (n_members,), from some of the rows that were held out."""
        return learn_scales(decisions, training, rows)

    @classmethod
    def fits(cls, kind: Any) -> bool:
        """Whether a model may be a member: it learns from sequences alone."""
        is_usual = issubclass(kind, SequenceModel) and not kind.takes_features and kind.reads == "streams"
        return is_usual and not issubclass(kind, SequenceStackModel)

    @classmethod
    def choose_kinds(cls, names: tuple[str, ...]) -> list[Any]:
        """The classes of these names.

        Raises
        ------
        ModelError
            M118, where they are none, too many, repeated, or none that fit.
        """
        from styleprint.models.registry import MODELS, load_model

        kinds = [load_model(name) for name in names if name in MODELS]
        fit = [kind for kind in kinds if cls.fits(kind)]
        if not 1 <= len(fit) <= _MOST_MEMBERS or len(fit) < len(names) or len(set(names)) < len(names):
            raise ModelError(
                "M118",
                f"the members of {cls.__name__} must be {cls.members_are}, each once, but are "
                f"{', '.join(names)[:200] or 'none'}.",
                remedy=f"Choose from: {', '.join(name for name in MODELS if cls.fits(load_model(name)))}.",
            )
        return fit

    @classmethod
    def restore_machine(cls, state: State, n_classes: int) -> StackedMachine:
        """The machine of a state."""
        names = tuple(map(str, state["names"]))
        scales = np.asarray(state["scales"], np.float64)
        kinds = cls.choose_kinds(names)
        members = [restore_member(kind, nested(f"member_{i}", state), n_classes) for i, kind in enumerate(kinds)]
        if scales.shape != (len(names),):
            raise ValueError("each member must have a scale")
        return StackedMachine(names, tuple(members), scales)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in (part.strip() for part in text.split(",")) if name)
