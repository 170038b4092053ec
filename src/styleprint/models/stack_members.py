"""Models of every kind as members of a stack: who learns from what the stack reads, and how machines come back.

A member gives ``restrict(inputs)`` and ``learn(inputs, training, splits)`` as
:class:`styleprint.models.sequence_model.SequenceModel` has them. Networks and n-grams do so by themselves; models of
features and the standard model are given that form.
"""

from typing import Any

from styleprint.models.base import State
from styleprint.models.feature_member import FeatureMember
from styleprint.models.piece_member import PieceMember
from styleprint.models.sequence_model import SequenceModel
from styleprint.models.standard import StandardModel

__all__ = ["is_of_features", "is_of_pieces", "make_member", "restore_member"]


def is_of_features(kind: Any) -> bool:
    """Whether a model learns from features alone."""
    return hasattr(kind, "fit_machine")


def is_of_pieces(kind: Any) -> bool:
    """Whether it is the standard model."""
    return issubclass(kind, StandardModel)


def make_member(kind: Any, **parameters: Any) -> Any:
    """A member of that kind that has learnt nothing yet."""
    model = kind(**parameters)
    if isinstance(model, SequenceModel):
        return model
    return PieceMember(model) if is_of_pieces(kind) else FeatureMember(model)


def restore_member(kind: Any, state: State, n_classes: int) -> Any:
    """The machine of a member of that kind."""
    if issubclass(kind, SequenceModel):
        return kind.restore_machine(state, n_classes)
    return PieceMember.restore(state, n_classes) if is_of_pieces(kind) else FeatureMember.restore(kind, state)
