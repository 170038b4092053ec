"""Models made of other models: who the members are, what they say of rows that they have not seen."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from styleprint.models.base import FloatArray, IndexArray, State
from styleprint.models.held_out import Splits
from styleprint.models.lesson import Lesson
from styleprint.models.registry import load_model, make_model
from styleprint.support.errors import UsageError

__all__ = ["held_out_rows", "learn_members", "make_member", "member_names", "restore_members"]


def member_names(text: str) -> tuple[str, ...]:
    """The names in a list of members.

    Raises
    ------
    UsageError
        U162, where there is none, or one that does not learn from features alone.
    """
    names = tuple(name for name in (part.strip() for part in text.split(",")) if name)
    wrong = [name for name in names if not hasattr(load_model(name), "fit_machine")]
    if wrong or not names:
        what = f"{wrong[0]!r} is none" if wrong else "there is none"
        raise UsageError("U162", f"members must be models of features alone, and {what}.")
    return names


def make_member(name: str, owner: Any) -> Any:
    """A member with its defaults, but for the owner's seed, folds and, where it states one, preparation."""
    member = make_model(name, seed=owner.random_state)
    member.set_params(inner_folds=owner.inner_folds)
    return member.set_params(preparation=owner.preparation) if owner.preparation else member


def learn_members(
    owner: Any, lesson: Lesson, splits: Splits
) -> tuple[tuple[str, ...], list[FloatArray], tuple[Any, ...]]:
    """Names of the members, their decisions about held-out rows (else NaN), and the machines that saw all rows."""
    names = member_names(owner.members)
    learnt = [make_member(name, owner).learn_all(lesson, splits) for name in names]
    return names, [decisions for decisions, _ in learnt], tuple(machine for _, machine in learnt)


def restore_members(names: Sequence[str], states: Sequence[State]) -> tuple[Any, ...]:
    """The machines of members from their states."""
    return tuple(load_model(name).restore_machine(state) for name, state in zip(names, states, strict=True))


def held_out_rows(lesson: Lesson, splits: Splits) -> IndexArray:
    """Rows that were held out from machines that knew their class."""
    answered = np.zeros(len(lesson), dtype=bool)
    for train, test in splits:
        answered[test] = np.isin(lesson.y[test], lesson.y[train])
    return np.flatnonzero(answered)
