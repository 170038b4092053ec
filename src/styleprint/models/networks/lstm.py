"""A bidirectional LSTM over sequences, system E's network done right.

Chords are categories by root and quality, not magnitudes; padding is masked, and the backward direction begins at the
last token that is there; classes weigh alike while it learns (Hochreiter and Schmidhuber, *Neural Computation* 9, 1997;
Schuster and Paliwal, IEEE Transactions on Signal Processing 45, 1997).
"""

from typing import Any, ClassVar

from styleprint.models.networks.network_model import NETWORK_NEEDS, NetworkModel

__all__ = ["LstmModel"]


class LstmModel(NetworkModel):
    """A bidirectional LSTM, its states pooled over the piece.

    Parameters
    ----------
    width : int
        Of all layers.
    layers : int
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
        See :class:`styleprint.models.sequence_model.SequenceModel`.
    """

    needs: ClassVar = NETWORK_NEEDS

    def __init__(
        self,
        width: int = 64,
        layers: int = 1,
        dropout: float = 0.3,
        longest: int = 3,
        window: int = 128,
        epochs: int = 14,
        patience: int = 4,
        networks: int = 0,
        rate: float = 0.003,
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
        """The part of the network that sees tokens in their window."""
        from styleprint.models.networks.layers import Recurrent

        return Recurrent(self.width, self.layers, self.dropout)
