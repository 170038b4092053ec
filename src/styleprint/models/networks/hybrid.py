"""System A's network, done right: windows of the whole piece, and two branches of features that ask them.

Convolutions, a bidirectional LSTM and self-attention see the tokens of each window, of all parts together; the windows
of a piece are pooled by their own weights, and once for each branch by cross-attention: a musical branch (melody,
rhythm, texture …) and a harmonic one, whose features, normal scores by rank, belong to the same piece. One piece is
one example. Rows without features are told by their windows alone.
"""

import functools
from typing import Any, ClassVar

from styleprint.features.registry import family_names, feature_names, load_feature
from styleprint.models.base import Needs
from styleprint.models.networks.encoding import Encoding
from styleprint.models.networks.fusion import split_columns
from styleprint.models.networks.network_model import NETWORK_NEEDS, NetworkModel

__all__ = ["HARMONIC_FAMILIES", "HybridModel"]

HARMONIC_FAMILIES = (
    "harmony",
    "tonality",
    "chords",
    "progressions",
    "cadences",
    "modulation",
    "harmonic_rhythm",
    "tension",
    "verticals",
)
"""Families whose features the harmonic branch reads; the musical branch reads all others."""


@functools.cache
def _harmonic_columns() -> frozenset[str]:
    names = [name for family in HARMONIC_FAMILIES if family in family_names() for name in feature_names(family=family)]
    return frozenset(column for name in names for column in load_feature(name).feature.columns)


class HybridModel(NetworkModel):
    """Convolutions, LSTM and self-attention over the piece, joined with features by cross-attention.

    Parameters
    ----------
    width : int
        Of all layers.
    layers : int
        Dilated convolutions, before one recurrent layer and one of self-attention.
    dropout : float
    longest : int
        Runs of 1 to so many tokens have embeddings of their own.
    window : int
        Tokens of a window.
    epochs, patience : int
        Learning ends after so many epochs without gain on the rows held out.
    networks : int
        At most so many inner folds have a network; 0 for all.
    rate, decay, smoothing, focal : float
        Largest step, weight decay, smoothing of labels, exponent of the focal loss.
    transposition_free, optimise, inner_folds, random_state : as every model of sequences has them
        See :class:`styleprint.models.sequence_model.SequenceModel`; features are used as they are.
    """

    needs: ClassVar = Needs(feature_names(encoding_safe=True), NETWORK_NEEDS.streams)
    takes_features: ClassVar = True

    def __init__(
        self,
        width: int = 64,
        layers: int = 2,
        dropout: float = 0.3,
        longest: int = 2,
        window: int = 128,
        epochs: int = 20,
        patience: int = 5,
        networks: int = 0,
        rate: float = 2e-3,
        decay: float = 0.1,
        smoothing: float = 0.05,
        focal: float = 0.0,
        transposition_free: bool = False,
        optimise: str = "accuracy",
        inner_folds: int = 3,
        random_state: int = 0,
    ) -> None:
        self.width = width
        self.layers = layers
        self.dropout = dropout
        self.longest = longest
        self.window = window
        self.epochs = epochs
        self.patience = patience
        self.networks = networks
        self.rate = rate
        self.decay = decay
        self.smoothing = smoothing
        self.focal = focal
        self.transposition_free = transposition_free
        self.optimise = optimise
        self.inner_folds = inner_folds
        self.random_state = random_state

    def make_body(self) -> Any:
        """Convolutions, then an LSTM, then self-attention."""
        from styleprint.models.networks.layers import Chain, Convolutions, Recurrent, Transformer

        return Chain(
            Convolutions(self.width, self.layers, self.dropout),
            Recurrent(self.width, 1, self.dropout),
            Transformer(self.width, 1, self.dropout),
        )

    def make_network(self, encoding: Encoding, n_classes: int, feature_names: tuple[str, ...]) -> Any:
        """A network with a branch for each kind of features that there is."""
        branches = split_columns(feature_names, _harmonic_columns())
        if not branches:
            return super().make_network(encoding, n_classes, feature_names)
        from styleprint.models.networks.layers import HybridNetwork

        return HybridNetwork(encoding.sizes, self.make_body(), self.width, n_classes, self.dropout, branches)
