"""Features and a network over the mel-spectrogram answer together about recordings.

Each member learns by itself in the same inner folds; one number a member, learnt from the rows held out, says what it
counts (:mod:`styleprint.models.pooling`).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from styleprint.features.registry import feature_names
from styleprint.features.streams.registry import stream_levels
from styleprint.models.base import Inputs, Needs, level_columns, read_inputs
from styleprint.models.search_space import Choice, Integer, Real
from styleprint.models.sequence_stack import SequenceStackModel
from styleprint.models.stack_members import is_of_features

__all__ = ["RecordingStackModel"]


class RecordingStackModel(SequenceStackModel):
    """Models of features and networks over spectrograms together.

    Parameters
    ----------
    members : str
        Names of models of features and of spectrograms, separated by commas; each with its defaults.
    optimise, inner_folds, random_state : as every model of sequences has them
        See :class:`styleprint.models.sequence_model.SequenceModel`.
    """

    needs: ClassVar = Needs(feature_names(kind="recording"), ("mel_spectrogram",))
    reads: ClassVar = "levels"
    takes_features: ClassVar = True
    members_are: ClassVar = "models of features and of spectrograms"
    search_space: ClassVar[Mapping[str, Real | Integer | Choice]] = {
        "members": Choice(("discriminant,mel_convolutions", "discriminant,rbf_svm,mel_convolutions")),
    }
    transposition_free: ClassVar = False  # type: ignore[misc]  # levels have no keys

    def __init__(
        self,
        members: str = "discriminant,mel_convolutions",
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.members = members
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def read(self, X: Any) -> Inputs:
        """Features, and the levels of rows with their moments."""
        return read_inputs(X, None, level_columns(X))

    def choose_columns(self, inputs: Inputs) -> tuple[str, ...]:
        """All levels."""
        return tuple(sorted(name for name in inputs.streams if stream_levels(name)))

    @classmethod
    def fits(cls, kind: Any) -> bool:
        """Whether a model may be a member: it learns from features alone, or from levels alone."""
        is_of_levels = getattr(kind, "reads", "") == "levels" and not kind.takes_features
        return is_of_levels or is_of_features(kind)
