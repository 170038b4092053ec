"""A small transformer over sequences, with biases by relative distance.

(Vaswani and others, NIPS 2017; Shaw, Uszkoreit and Vaswani, NAACL 2018.) Attention stays inside a window; windows are
pooled by attention over the piece.
"""

from typing import Any, ClassVar

from styleprint.models.networks.network_model import NETWORK_NEEDS, NetworkModel, Own

__all__ = ["TransformerModel"]


class TransformerModel(NetworkModel):
    """Self-attention with relative positions, pooled over the piece.

    Parameters are those of :class:`styleprint.models.networks.network_model.NetworkModel`.
    """

    needs: ClassVar = NETWORK_NEEDS
    own: ClassVar = Own(layers=2, longest=3, epochs=14, rate=0.002)

    def make_body(self) -> Any:
        """The part of the network that sees tokens in their window."""
        from styleprint.models.networks.layers import Transformer

        return Transformer(self.width, self.chosen.layers, self.dropout)
