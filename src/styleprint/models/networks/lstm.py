"""A bidirectional LSTM over sequences, system E's network done right.

Chords are categories by root and quality, not magnitudes; padding is masked, and the backward direction begins at the
last token that is there; classes weigh alike while it learns (Hochreiter and Schmidhuber, *Neural Computation* 9, 1997;
Schuster and Paliwal, IEEE Transactions on Signal Processing 45, 1997).
"""

from typing import Any, ClassVar

from styleprint.models.networks.network_model import NETWORK_NEEDS, NetworkModel, Own

__all__ = ["LstmModel"]


class LstmModel(NetworkModel):
    """A bidirectional LSTM, its states pooled over the piece.

    Parameters are those of :class:`styleprint.models.networks.network_model.NetworkModel`.
    """

    needs: ClassVar = NETWORK_NEEDS
    own: ClassVar = Own(layers=1, longest=3, epochs=14, rate=0.003)

    def make_body(self) -> Any:
        """The part of the network that sees tokens in their window."""
        from styleprint.models.networks.layers import Recurrent

        return Recurrent(self.width, self.chosen.layers, self.dropout)
