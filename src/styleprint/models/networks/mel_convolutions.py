"""A convolutional network over mel-spectrograms: a clip is one example, its windows pooled by their own weights.

Windows of three seconds (64 moments of the stream ``mel_spectrogram``) pass three layers of two-dimensional
convolutions and one of convolutions over time. It is small on purpose: some 36,000 weights, learnt in minutes on one
core from a few hundred clips.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from styleprint.features.streams.registry import stream_levels
from styleprint.models.base import Inputs, Needs, Training, level_columns, read_inputs
from styleprint.models.networks.level_encoding import LevelEncoding, learn_level_encoding
from styleprint.models.networks.network_model import NETWORK_SPACE, NetworkModel, Own
from styleprint.models.search_space import Choice, Integer, Real

__all__ = ["MelConvolutionsModel"]


class MelConvolutionsModel(NetworkModel):
    """Convolutions over bands and time of mel-spectrograms, pooled over the recording.

    Parameters
    ----------
    width : int
        Of the last layers; the convolutions have an eighth, a quarter and a half as many channels.
    layers : int or None
        Of convolutions over time, after three over bands and time. None: one; so with `epochs` and `rate`.
    dropout : float
    window : int
        Moments of a window, at 21.5 a second.
    epochs : int or None
        At most; the best is chosen by the other folds.
    networks : int
        At most so many inner folds have a network; 0 for all.
    rate : float or None
        Largest step.
    decay, smoothing, focal : float
        Weight decay, smoothing of labels, exponent of the focal loss (0 for plain cross-entropy).
    curriculum, mixed_precision : bool
        As :class:`styleprint.models.networks.network_model.NetworkModel` has them.
    optimise, inner_folds, random_state : as every model of sequences has them
        See :class:`styleprint.models.sequence_model.SequenceModel`.
    """

    needs: ClassVar = Needs(streams=("mel_spectrogram",))
    reads: ClassVar = "levels"
    own: ClassVar = Own(layers=1, epochs=30, rate=0.003)
    batch: ClassVar = 8
    encoding_type: ClassVar = LevelEncoding
    search_space: ClassVar[Mapping[str, Real | Integer | Choice]] = {
        name: choices for name, choices in NETWORK_SPACE.items() if name != "longest"
    }
    longest: ClassVar = None  # type: ignore[misc]  # of tokens; levels have no runs
    transposition_free: ClassVar = False  # type: ignore[misc]  # the same

    def __init__(
        self,
        width: int = 64,
        layers: int | None = None,
        dropout: float = 0.3,
        window: int = 64,
        epochs: int | None = None,
        networks: int = 0,
        rate: float | None = None,
        decay: float = 0.1,
        smoothing: float = 0.05,
        focal: float = 0.0,
        curriculum: bool = False,
        mixed_precision: bool = False,
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.width = width
        self.layers = layers
        self.dropout = dropout
        self.window = window
        self.epochs = epochs
        self.networks = networks
        self.rate = rate
        self.decay = decay
        self.smoothing = smoothing
        self.focal = focal
        self.curriculum = curriculum
        self.mixed_precision = mixed_precision
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def read(self, X: Any) -> Inputs:
        """The levels of rows, with their moments."""
        return read_inputs(X, (), level_columns(X))

    def choose_columns(self, inputs: Inputs) -> tuple[str, ...]:
        """The levels of the first stream that has some."""
        return tuple(sorted(name for name in inputs.streams if stream_levels(name)))[:1]

    def learn_encoding(self, inputs: Inputs, training: Training) -> LevelEncoding:
        """Mean and deviation of each band."""
        return learn_level_encoding(inputs, self.choose_columns(inputs)[0], training.share)

    def make_front(self, encoding: LevelEncoding) -> Any:
        """Convolutions over bands and moments."""
        from styleprint.models.networks.mel_layers import MelConvolutions

        return MelConvolutions(encoding.n_columns, self.width)

    def make_body(self) -> Any:
        """Convolutions over time."""
        from styleprint.models.networks.layers import Convolutions

        return Convolutions(self.width, self.chosen.layers, self.dropout)
