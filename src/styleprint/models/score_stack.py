"""A network over scores and the standard model answer together.

The standard model counts what a network must find, and is right more often; the hybrid hears the order of things. Each
learns by itself in the same inner folds, and one number a member, learnt from the rows held out, says what it counts
(:mod:`styleprint.models.pooling`): a network that is sure where it is wrong counts little.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from styleprint.features.registry import feature_names
from styleprint.models.base import FloatArray, IndexArray, Needs, Training
from styleprint.models.pooling import learn_scales
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.sequence_model import SEQUENCE_NEEDS, SequenceModel
from styleprint.models.sequence_stack import SequenceStackModel
from styleprint.models.stack_members import is_of_features, is_of_pieces

__all__ = ["ScoreStackModel"]


class ScoreStackModel(SequenceStackModel):
    """The hybrid, the standard model and others together, over features and sequences of scores.

    Parameters
    ----------
    members : str
        Names of models of sequences, of features, of both, or ``standard``, separated by commas; each with its
        defaults.
    transposition_free : bool
        Whether every member leaves out what a transposition changes.
    optimise, inner_folds, random_state : as every model of sequences has them
        See :class:`styleprint.models.sequence_model.SequenceModel`.
    """

    needs: ClassVar = Needs(feature_names(encoding_safe=True), SEQUENCE_NEEDS.streams)
    takes_features: ClassVar = True
    members_are: ClassVar = "models of features and of sequences, or the standard model"
    search_space: ClassVar[Mapping[str, Real | Integer | Choice]] = {
        "members": Choice(("hybrid,standard,discriminant", "hybrid,standard", "convolutions,standard,discriminant")),
    }

    def __init__(
        self,
        members: str = "hybrid,standard,discriminant",
        transposition_free: bool = False,
        optimise: str = "accuracy",
        inner_folds: int = 5,
        random_state: int = 0,
    ) -> None:
        super().__init__(members, transposition_free, optimise, inner_folds, random_state)

    def weigh_members(self, decisions: Sequence[FloatArray], training: Training, rows: IndexArray) -> FloatArray:
        """What each member counts: margins, votes and logarithms are brought to one scale first, each by itself."""
        alone = np.concatenate([learn_scales([found], training, rows) for found in decisions])
        scaled = [scale * found for scale, found in zip(alone, decisions, strict=True)]
        return alone * learn_scales(scaled, training, rows)

    @classmethod
    def fits(cls, kind: Any) -> bool:
        """Whether a model may be a member: it learns from tokens, from features, or from both."""
        is_of_tokens = issubclass(kind, SequenceModel) and kind.reads == "streams"
        is_usual = is_of_tokens or is_of_features(kind) or is_of_pieces(kind)
        return is_usual and not issubclass(kind, SequenceStackModel)
